"""The lines of a CSV file into the journal, under a boot and seqs that are the same every time.

Only lines of which something is kept are numbered, without holes: a hole would be taken for loss.
Which lines those are depends on the file, the plan and the lines that lie in the future, so these
make the boot. An import that ended anywhere goes on where the ledger has come to; of one that is
repeated nothing is new.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from config.catalogue.cadences import CadenceSpan
from config.vocabulary import topics, wire
from config.vocabulary.bounds import HISTORY_SAMPLES
from config.vocabulary.errors import Fault, FaultyInput, Refused
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured
from config.vocabulary.refusals import Reason
from config.vocabulary.time import DAY_MS
from ingest.arrival.commit import Committer
from ingest.arrival.intake import YEAR_2000_MS, Message
from ingest.importing.plan import Plan
from ingest.importing.steps import spans_of
from ingest.journal.deadletters import DeadLetters
from ingest.journal.refusal import Chosen, Refusal
from tabular.cells import Decimals, NoNumber, measured
from tabular.columns import Table
from tabular.instants import NoInstant
from tabular.readings import cadence_ms, shift_ms

FORM = 2
"""Of how lines are read; it grows with every change that makes a line of another kind."""
LINES = 5000
"""Lines that are settled at once; what arrives meanwhile waits for as long."""
LOOK_LINES = 50_000
_ITEMS_SHOWN = 40

TOO_OLD = f"{Reason.IMPOSSIBLE_TIME}: before 2000"
AHEAD = f"{Reason.IMPOSSIBLE_TIME}: in the future"
TOO_FEW, TOO_MANY = "too few fields", "too many fields"
SAME_INSTANT = "the instant of an earlier line"
CLOCK = "write its offset, as in +01:00, or name the zone of the logger's clock"
REMEDIES = {
    NoInstant.NO_TIME: "write it as 2026-03-01 08:00",
    NoInstant.YEARLESS: "write the year in front, as in 2026-03-01 08:00",
    NoInstant.YEAR_LAST: "say --dates dmy or --dates mdy for the whole file",
    NoInstant.PASSED_OVER: CLOCK,
    NoInstant.TWICE: CLOCK,
    NoNumber.NUMBER: "write a plain number, or say with --missing what stands for no value",
    NoNumber.LIMIT: "write the limit, as in <0.02, or set it in the station's quality control",
    TOO_OLD: "mend the date",
    AHEAD: "mend the date, or say --zone",
    TOO_FEW: "give the line as many cells as the header has",
    TOO_MANY: "put a cell with the delimiter in it into quotes",
    SAME_INSTANT: "leave one of them out",
}
"""By reason what to do; for whatever else, readings are corrected on their page."""
CORRECT = "correct the reading on its page if the file is right"


class Objection(NamedTuple):
    """A line or cell that is not taken: a cell, or for its time or its shape a line."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Survey:
    """A file read once before any line is taken; ``now_ms`` is where the future begins,
    ``cadence_ms`` the median step of its instants, and ``shift_ms`` lies between a stamp and the
    beginning of what it is the end of.
    """

    boot: str
    digest: str
    now_ms: int
    cadence_ms: int
    shift_ms: int = 0
    spans: tuple[CadenceSpan, ...] = ()
    """Cadences of what it holds."""
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
    """Read a file once for its digest, its cadence, the lines that lie in the future, and those
    before what the store keeps. Yields the share read.

    Raises:
        FaultyInput: it cannot be read to its end, or not be taken as a whole; nothing of it was.
    """
    lines = plan.table.lines()
    found = _Found(plan.table, keeps_from_ms + DAY_MS)
    for count, (number, fields) in enumerate(lines):
        if count % LOOK_LINES == 0:
            yield lines.share
        found.see(number, fields)
    found.judge()
    t = np.array(found.t, np.int64)
    shift = shift_ms(plan.table, t)
    ahead = int(np.count_nonzero(t - shift > now_ms))
    too_old = tuple(text for at, text in found.early.values() if at - shift < keeps_from_ms)
    known = msgspec.json.encode([FORM, *plan.identity, ahead, lines.digest])
    boot = hashlib.blake2b(known, digest_size=16).hexdigest()
    spans = tuple(found.spans(t - shift, now_ms, plan.cadence_ms))
    return Survey(boot, lines.digest, now_ms, cadence_ms(t), shift, spans, too_old)


class _Found:
    """The lines of a file taken together; the store keeps what was measured from an instant on."""

    def __init__(self, table: Table, kept_from_ms: int) -> None:
        self.t, self.early = array("q"), dict[str, tuple[int, str]]()
        self._kept_from_ms = kept_from_ms
        self._table, self._decimals = table, Decimals(table.delimiter)
        self._items = dict[str, None]()
        self._there = [bytearray() for _ in table.columns]
        """Of each instant whether a column has something there."""

    def see(self, number: int, fields: list[str]) -> None:
        """A line."""
        table = self._table
        self._note_instant(table.stamp(fields), fields)
        if len(fields) < table.width:
            return
        if table.item is not None and len(self._items) < _ITEMS_SHOWN:
            self._items[fields[table.item].strip()] = None
        if table.guards_decimals and self._decimals.sees(fields):
            for place in table.held(fields):
                column = table.columns[place]
                self._decimals.see(number, column.name, fields[column.position].strip())

    def _note_instant(self, stamp: str, fields: list[str]) -> None:
        """When a line was measured, and of what. Of those before what the store keeps, the first
        one of a day is remembered.
        """
        at = self._table.instant(stamp)
        if not isinstance(at, int):
            return
        self.t.append(at)
        self._note_cells(fields)
        if YEAR_2000_MS <= at < self._kept_from_ms:
            day = stamp[:10]
            self.early[day] = min(self.early.get(day, (at, stamp)), (at, stamp))

    def _note_cells(self, fields: list[str]) -> None:
        held, words = self._table.held(fields), self._table.marks.words
        for place, column in enumerate(self._table.columns):
            text = fields[column.position].strip() if column.position < len(fields) else ""
            self._there[place].append(place in held and bool(text) and text not in words)

    def spans(self, t: NDArray[np.int64], now_ms: int, named_ms: int | None) -> list[CadenceSpan]:
        """The cadences of what can be taken, by the instants of the lines."""
        taken = (t >= YEAR_2000_MS) & (t <= now_ms)
        there = (np.frombuffer(of, np.bool_) for of in self._there)
        columns = zip(self._table.columns, there, strict=True)
        return spans_of({column.code: t[taken & of] for column, of in columns}, named_ms)

    def judge(self) -> None:
        """Refuse the file where its lines speak against it as a whole.

        Raises:
            FaultyInput: they do.
        """
        faults = [self._decimals.fault(str(self._table.file))]
        if 0 < len(self._items) < _ITEMS_SHOWN:
            absent = (of.name for of in self._table.columns if of.name not in self._items)
            known = f"it has {', '.join(self._items)}"
            faults += [Fault("--map", f"no line holds {name!r}", known) for name in absent]
        if any(faults):
            raise FaultyInput([fault for fault in faults if fault])


class Feed:
    """One import on its way; ``tally`` grows with it."""

    def __init__(self, plan: Plan, survey: Survey, committer: Committer) -> None:
        self._plan, self._survey, self._settling = plan, survey, committer
        self.tally = Tally()
        own = len(plan.table.columns) if plan.table.item is not None else 1
        self._instants = [_Instants() for _ in range(own)]
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
            JournalFull: lines taken before stand; the same import again goes on there.
        FaultyInput, Refused: the file was changed while it was read.
        """
        lines = self._plan.table.lines()
        for line, fields in lines:
            self._read(line, fields)
            if len(self._t) + len(self._objections) >= LINES:
                yield self._send(lines.share)
        yield self._send(1.0)
        if lines.digest != self._survey.digest:
            remedy = "import it again now that it stands still"
            raise Refused(str(self._plan.table.file), "was changed while it was read", remedy)

    def disputes(self, deadletters: DeadLetters) -> list[Objection]:
        """Refusals of the intake and the store writer in this import, this time or before."""
        ours = deadletters.listed(Chosen(boot=self._survey.boot))
        found = [objection for letter in ours for objection in self._disputed(letter.refusal)]
        return sorted(found)

    def _read(self, line: int, fields: list[str]) -> None:
        """Enter a line into the batch, or say why not."""
        table = self._plan.table
        held = table.held(fields)
        if not held and len(fields) >= table.width:
            return
        self.tally.lines += 1
        known = self._instants[held[0] if table.item is not None and held else 0]
        t = self._instant(line, fields, known)
        cells: list[Measured | None] = [None] * len(table.columns)
        for place in held if t is not None else ():
            column = table.columns[place]
            text = fields[column.position].strip()
            found = measured(text, table.marks, column.factor, column.limit)
            if isinstance(found, Measured):
                cells[place] = found
            else:
                self._objections.append(Objection(line, column.name, text, found))
        if t is None or not any(cells):
            self.tally.refused += 1
            return
        known.add(t)
        self._note_position(line)
        self._t.append(t)
        for cell, values, causes in zip(cells, self._values, self._causes, strict=True):
            values.append(cell.value if cell else None)
            causes.append(cell.cause if cell else None)

    def _instant(self, line: int, fields: list[str], known: _Instants) -> int | None:
        """When a line was measured; None where none of it can be taken."""
        table, reason = self._plan.table, ""
        if len(fields) < table.width:
            reason = TOO_FEW
        elif any(fields[table.width :]):
            reason = TOO_MANY
        if reason:
            self._objections.append(Objection(line, "", table.delimiter.join(fields), reason))
            return None
        stamp = table.stamp(fields)
        at = table.instant(stamp)
        if isinstance(at, NoInstant):
            self._objections.append(Objection(line, table.time_name, stamp, at))
            return None
        t = at - self._survey.shift_ms
        if t < YEAR_2000_MS:
            reason = TOO_OLD
        elif t > self._survey.now_ms:
            reason = AHEAD
        elif t in known:
            reason = SAME_INSTANT
        if reason:
            self._objections.append(Objection(line, table.time_name, stamp, reason))
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
            yield Objection(line, "", "", str(refusal.details))
            return
        names = {column.code: column.name for column in self._plan.table.columns}
        for code, (value, _) in readings.items():
            text = "" if value is None else f"{value:g}"
            yield Objection(line, names.get(code, code), text, str(refusal.details))


class _Instants:
    """Instants of the lines that were taken, in eight bytes each. Membership needs no search while
    instants come in ascending or descending order.
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
