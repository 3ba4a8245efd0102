"""Where what arrives is settled: dead letters, journal, ledger, in this order and one at a time.

The core, a replay and an import all come through here, each on its own thread.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.vocabulary.refusals import PassedOver
from ingest.arrival.intake import Intake, Message, NotTaken, Taken
from ingest.arrival.sequence_ledger import SequenceLedger
from ingest.journal.columns import Columns
from ingest.journal.log import Journal

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Committer:
    """Intake, journal and ledger as one; ``now_ms`` is the centre's clock, looked at in turn and
    never followed backwards, so that samples received later stand later in the journal.
    """

    intake: Intake
    journal: Journal
    ledger: SequenceLedger
    now_ms: Callable[[], int]
    passed_over: Counter[tuple[str, PassedOver]] = field(default_factory=Counter)
    """By station and kind, since this process began; never changed in place."""
    _turn: threading.RLock = field(default_factory=threading.RLock)
    _last_ms: int = 0

    def take(self, messages: Sequence[Message]) -> Taken:
        """Settle messages: when this returns, their samples are on disk. Where they cannot be
        taken together their halves are, and one that cannot be taken alone is a dead letter.

        Raises:
            JournalFull: not all of them are settled; the same messages may be taken again.
        """
        with self._turn:
            self._last_ms = max(self._last_ms, self.now_ms())
            try:
                taken = self.intake.take(messages, self._last_ms)
            except NotTaken as error:
                if len(messages) > 1:
                    half = len(messages) // 2
                    return self.take(messages[:half]).followed_by(self.take(messages[half:]))
                log.exception("a message of the intake cannot be taken")
                taken = self.intake.refuse(messages[0], error, self._last_ms)
            if taken.settled or len(taken.columns):
                self.journal.append(taken.columns, taken.settled)
            for settled in taken.settled:
                self.ledger.settle(settled)
            self.ledger.note_repeats(taken.repeated)
            if taken.passed_over:
                self.passed_over = self.passed_over + Counter(taken.passed_over)
        return taken

    def mark(self, upto_ms: int) -> None:
        """Journal the instant up to which silence is known.

        Raises:
            JournalFull: it is not.
        """
        with self._turn:
            self.journal.append(Columns.empty(), upto_ms=upto_ms)

    def keep_ledger(self, snapshot: Path) -> int:
        """Write the ledger down; the journal number at which it stands.

        Raises:
            OSError: it is not written; an older snapshot stands.
        """
        with self._turn:
            self.ledger.save(snapshot, self.journal.last)
            return self.journal.last

    def cut(self) -> int:
        """An instant, ms: settled samples were received up to it, all that follow later."""
        with self._turn:
            cut_ms = max(self._last_ms, self.now_ms())
            self._last_ms = cut_ms + 1
            return cut_ms

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nothing is settled inside this context."""
        with self._turn:
            yield
