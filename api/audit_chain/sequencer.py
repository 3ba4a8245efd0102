"""The one who chains: gives rows their places, checks the whole chain day by day, and lays its
head where a hand in the database does not reach.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from api import audit
from api.audit_chain import heads
from api.audit_chain.links import Checked, Head, chain, check, holds
from config.vocabulary.reports import AuditPulse
from config.vocabulary.time import DAY_MS
from ingest.loops import Loop
from ingest.state.database import State

SEAL = "audit.seal"
"""Action of the row with which a chain of before there was a key goes on."""
LOOK_S = 1.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Sequencer:
    """Chains what enters, and checks the whole chain at its start and once a day. One core has it;
    ``folder`` is that one's data directory, ``key`` the site's for the audit, ``checked`` what was
    found last.
    """

    state: State
    folder: Path
    key: bytes = field(repr=False)
    now_ms: Callable[[], int]
    publish: Callable[[Head], None] = lambda _head: None
    """Sends the head of a day to whoever keeps it elsewhere."""
    loop: Loop = field(default_factory=lambda: Loop("audit"))
    checked: AuditPulse | None = None
    _accepted: Head | None = None

    @property
    def broken(self) -> bool | None:
        """Whether a fault was found; None before there was a check."""
        return bool(self.checked.fault) if self.checked else None

    def run(self, stop: threading.Event) -> None:
        """Chain until told to stop."""
        self.loop.run(stop, lambda: None if self.step() else stop.wait(LOOK_S))

    def step(self) -> bool:
        """Check where it is time, then chain; whether there was anything to chain. A kept head
        that is not in the database any more stays: it alone shows what was cut off.
        """
        now = self.now_ms()
        if self._is_due(now):
            found = self._check(now)
            if not found.fault and not found.sealed:
                self._seal(found.head, now)
            self.publish(found.head)
        head = chain(self.state, self.key)
        if head is None:
            return False
        kept = heads.kept(self.folder)
        if kept is None or holds(self.state, kept):
            heads.keep(self.folder, head)
        else:
            self._check(now)
        return True

    def _is_due(self, now: int) -> bool:
        """Once a day, and when people have accepted what was found."""
        if self.checked is None or heads.accepted(self.folder) != self._accepted:
            return True
        return not 0 <= now - self.checked.checked_ms < DAY_MS

    def _check(self, now: int) -> Checked:
        """The log lies elsewhere than the database: the head in it shows what was cut off."""
        self._accepted = heads.accepted(self.folder)
        found = check(self.state, self.key, heads.kept(self.folder), self._accepted)
        if found.fault:
            log.error("the audit is broken behind head %s: %s", found.head, found.fault)
        else:
            log.info("the audit is whole, its head is %s", found.head)
        self.checked = AuditPulse(now, found.head.position, found.fault)
        return found

    def _seal(self, head: Head, now: int) -> None:
        """A row of its own, so that no chain of before waits for the next deed to be covered."""
        with self.state.begin() as connection:
            audit.record(
                connection,
                by=audit.CENTRE,
                action=SEAL,
                subject=str(head.position),
                detail=head.chain,
                at_ms=now,
            )
