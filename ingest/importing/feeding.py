"""The lines of a CSV file into the journal, under a boot and seqs that are the same every time.

Only lines of which something is kept are numbered, without holes: a hole would be taken for loss.
Which lines those are depends on the file, the plan and the lines that lie in the future, so these
make the boot. An import that ended anywhere goes on where the ledger has come to; of one that is
repeated nothing is new.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from config.vocabulary import topics, wire
from config.vocabulary.bounds import HISTORY_SAMPLES
from config.vocabulary.errors import Refused
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock
from ingest.arrival.commit import Committer
from ingest.arrival.intake import YEAR_2000_MS, Message
from ingest.importing.plan import Plan
from ingest.journal.deadletters import DeadLetters, Refusal
from tabular.cells import instant, measured
from tabular.lines import Lines

FORM = 1
"""Of how lines are read; it grows with every change that makes a line of another kind."""
LINES = 5000
"""Lines that are settled at once; what arrives meanwhile waits for as long."""
LOOK_LINES = 50_000
_FAR_PAST_MS = 4 * 86_400_000
_ALL = 1 << 62

NO_TIME, NO_NUMBER = "not a time", "not a number"
TOO_OLD, AHEAD = "before 2000", "in the future"
TOO_FEW, TOO_MANY = "too few fields", "too many fields"
SAME_INSTANT = "the instant of an earlier line"


class Objection(NamedTuple):
    """What of a file is not taken: a cell, or for its time or its shape a line."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen of a file before anything of it is taken; ``now_ms`` is where the future
    begins.
    """

    boot: str
    digest: str
    now_ms: int
    too_old: tuple[str, ...] = ()
    """Texts of the first instants that lie before what the store keeps, one a day."""


@dataclass(slots=True)
class Tally:
    """How far an import has come, in lines. Some of the lines that are not taken were refused."""

    share: float = 0.0
    lines: int = 0
    taken: int = 0
    known: int = 0
    """Were there already."""
    refused: int = 0
    """Nothing of them is kept."""


def surveyed(plan: Plan, now_ms: int, keeps_from_ms: int = 0) -> Generator[float, None, Survey]:
    """Read a file once for its digest, the lines that lie in the future, and those before what
    the store keeps. Yields the share read.

    Raises:
        FaultyInput: it cannot be read to its end; nothing of it was taken.
    """
    past, ahead, position = set[str](), 0, plan.table.time
    too_old: dict[str, str] = {}
    with Lines(plan.table.file, plan.table.delimiter) as lines:
        for count, (_, fields) in enumerate(lines):
            if count % LOOK_LINES == 0:
                yield lines.share
            text = fields[position].strip() if len(fields) > position else ""
            # Texts that begin alike are of one day or two; nearly all are long past.
            if text[:10] in past:
                continue
            t = instant(text, plan.table.zone)
            if t is None:
                continue
            if t < now_ms - _FAR_PAST_MS and abs(t - keeps_from_ms) > _FAR_PAST_MS:
                past.add(text[:10])
            if YEAR_2000_MS <= t < keeps_from_ms:
                too_old.setdefault(text[:10], text)
            ahead += t > now_ms
        digest = lines.digest
    known = msgspec.json.encode([FORM, *plan.identity, ahead, digest])
    boot = hashlib.blake2b(known, digest_size=16).hexdigest()
    return Survey(boot, digest, now_ms, tuple(too_old.values()))


class Feed:
    """One import on its way; ``tally`` grows with it."""

    def __init__(self, plan: Plan, survey: Survey, committer: Committer) -> None:
        self._plan, self._survey, self._settling = plan, survey, committer
        self.tally = Tally()
        self._instants = _Instants()
        self._seq = 1
        self._skips: list[tuple[int, int]] = []
        self._objections: list[Objection] = []
        self._empty()

    def _empty(self) -> None:
        self._t: list[int] = []
        self._values: list[list[float | None]] = [[] for _ in self._plan.table.columns]
        self._causes: list[list[Cause | None]] = [[] for _ in self._plan.table.columns]

    def steps(self) -> Iterator[list[Objection]]:
        """Take some ``LINES`` lines after the other; what of them is not taken.

        Raises:
            JournalFull: what came before stands; the same import again goes on there.
            FaultyInput, Refused: the file was changed while it was read.
        """
        with Lines(self._plan.table.file, self._plan.table.delimiter) as lines:
            rows = iter(lines)
            next(rows, None)  # the header
            for line, fields in rows:
                self._read(line, fields)
                if len(self._t) + len(self._objections) >= LINES:
                    yield self._send(lines.share)
            yield self._send(1.0)
            if lines.digest != self._survey.digest:
                remedy = "import it again now that it stands still"
                raise Refused(str(self._plan.table.file), "was changed while it was read", remedy)

    def disputes(self, deadletters: DeadLetters) -> list[Objection]:
        """What the intake and the store writer refused of this import, this time or before."""
        ours = [
            refusal for refusal in deadletters.newest(_ALL) if refusal.boot == self._survey.boot
        ]
        found = [objection for refusal in ours for objection in self._disputed(refusal)]
        return sorted(found)

    def _read(self, line: int, fields: list[str]) -> None:
        """Enter a line into the batch, or say why not."""
        plan = self._plan
        self.tally.lines += 1
        t = self._instant(line, fields)
        if t is None:
            self.tally.refused += 1
            return
        cells = []
        for column in plan.table.columns:
            text = fields[column.position].strip()
            cell = measured(text, plan.missing, plan.missing_numbers, column.factor)
            if cell is None:
                self._objections.append(Objection(line, column.name, text, NO_NUMBER))
            cells.append(cell)
        if not any(cells):
            self.tally.refused += 1
            return
        self._instants.add(t)
        self._note_position(line)
        self._t.append(t)
        for cell, values, causes in zip(cells, self._values, self._causes, strict=True):
            values.append(cell.value if cell else None)
            causes.append(cell.cause if cell else None)

    def _instant(self, line: int, fields: list[str]) -> int | None:
        """When a line was measured; None where none of it can be taken."""
        plan, reason = self._plan, ""
        if len(fields) < plan.table.width:
            reason = TOO_FEW
        elif any(fields[plan.table.width :]):
            reason = TOO_MANY
        if reason:
            self._objections.append(Objection(line, "", plan.table.delimiter.join(fields), reason))
            return None
        text = fields[plan.table.time].strip()
        t = instant(text, plan.table.zone)
        if t is None:
            reason = NO_TIME
        elif t < YEAR_2000_MS:
            reason = TOO_OLD
        elif t > self._survey.now_ms:
            reason = AHEAD
        elif t in self._instants:
            reason = SAME_INSTANT
        if reason:
            self._objections.append(Objection(line, plan.table.time_name, text, reason))
            return None
        return t

    def _send(self, share: float) -> list[Objection]:
        plan, boot, first = self._plan, self._survey.boot, self._seq
        seqs = range(first, first + len(self._t))
        with self._settling.still():
            news = self._settling.ledger.unseen(plan.station, boot, seqs)
        if any(news):
            # Intake passes over those of them that it has.
            self._settling.take(list(self._messages(first)))
        self._seq += len(seqs)
        self.tally.share = share
        self.tally.taken += sum(news)
        self.tally.known += len(news) - sum(news)
        objections, self._objections = self._objections, []
        self._empty()
        return objections

    def _messages(self, first: int) -> Iterator[Message]:
        plan, boot = self._plan, self._survey.boot
        for at in range(0, len(self._t), HISTORY_SAMPLES):
            rows = slice(at, at + HISTORY_SAMPLES)
            t = self._t[rows]
            seqs = range(first + at, first + at + len(t))
            columns = zip(plan.table.columns, self._values, self._causes, strict=True)
            body = wire.History(
                v=wire.VERSION,
                o=1,
                q=self._survey.now_ms,
                s=list(seqs),
                t=t,
                k=[Clock.SYNCHRONISED] * len(t),
                r={column.code: (of[rows], why[rows]) for column, of, why in columns},
            )
            topic = topics.history_topic(plan.site, plan.station, boot, seqs[0], seqs[-1])
            yield Message(topic, msgspec.json.encode(body), imported=True)

    def _note_position(self, line: int) -> None:
        """Remember how far lines are ahead of seqs, where that changes."""
        seq = self._seq + len(self._t)
        if not self._skips or self._skips[-1][1] != line - seq:
            self._skips.append((seq, line - seq))

    def _line_of(self, seq: int) -> int:
        at = bisect_right(self._skips, seq, key=lambda skip: skip[0]) - 1
        return seq + self._skips[at][1] if at >= 0 else 0

    def _disputed(self, refusal: Refusal) -> Iterator[Objection]:
        line = self._line_of(refusal.seq)
        try:
            readings = wire.decode_live(refusal.payload).r
        except wire.Malformed:
            yield Objection(line, "", "", refusal.reason)
            return
        names = {column.code: column.name for column in self._plan.table.columns}
        for code, (value, _) in readings.items():
            text = "" if value is None else f"{value:g}"
            yield Objection(line, names.get(code, code), text, refusal.reason)


class _Instants:
    """Instants of the lines that were taken, in eight bytes each. A file in order of time, either
    way, is never searched.
    """

    def __init__(self) -> None:
        self._low = self._high = -1
        self._fresh = set[int]()
        self._sorted: list[NDArray[np.int64]] = []

    def __contains__(self, t: int) -> bool:
        if not self._low <= t <= self._high:
            return False
        return t in self._fresh or any(_holds(some, t) for some in self._sorted)

    def add(self, t: int) -> None:
        """One more, which is not among them."""
        self._low = t if self._high < 0 else min(t, self._low)
        self._high = max(t, self._high)
        self._fresh.add(t)
        if len(self._fresh) >= LINES:
            self._put_away()

    def _put_away(self) -> None:
        """Arrays that double in length: there are few to be searched."""
        some = np.array(sorted(self._fresh), np.int64)
        while self._sorted and len(self._sorted[-1]) <= len(some):
            some = np.sort(np.concatenate([self._sorted.pop(), some]), kind="stable")
        self._sorted.append(some)
        self._fresh.clear()


def _holds(some: NDArray[np.int64], t: int) -> bool:
    at = int(np.searchsorted(some, t))
    return at < len(some) and int(some[at]) == t
