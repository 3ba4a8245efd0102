"""Which seq of which spool arrived: ranges, exact loss, duplicates, and what to acknowledge."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise, repeat
from operator import lt
from pathlib import Path

import msgspec

from config.files import write_whole
from config.vocabulary.bounds import MOST
from config.vocabulary.wire import ACK_RANGES, Range
from ingest.arrival.time_spans import TimeSpan, TimeSpans
from ingest.journal.entry import Settled, Span
from ingest.journal.log import Journal

OPEN_BOOTS = 512
"""Most boots of a station that are open, more than a round has messages, so that each hears its
ack; beyond it the ones longest unused are forgotten. A sample of theirs that comes again is taken
as new. Its instant lies in the station's spans of time, so the store writer looks it up and drops
it.
"""
OPEN_SPANS = 1024
"""Of a boot; beyond it the lowest are forgotten, with the same effect."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Book:
    """Settled seqs of one boot as ascending, disjoint, non-adjacent spans."""

    spans: list[Span] = field(default_factory=list)
    floor: int = 1
    """Lowest seq that may still arrive; below it spans are folded."""
    forgotten: int = 0
    """Seqs above the floor that are settled and stand in no span any more."""
    newest_ms: int = -1
    """When the newest of it was taken."""

    def enter(self, fresh: Span) -> tuple[int, Span]:
        """Add a span; how many of its seqs are new, and the span that it is part of now."""
        at, end = self._met(fresh.first - 1, fresh.last + 1)
        among = self.spans[at:end]
        whole = _united([fresh, *among]) if among else fresh
        self.spans[at:end] = [whole]
        self.newest_ms = max(self.newest_ms, fresh.high_ms)
        new = _length(whole) - sum(map(_length, among))
        if len(self.spans) > OPEN_SPANS:
            half = len(self.spans) // 2
            self.forgotten += sum(map(_length, self.spans[:half]))
            del self.spans[:half]
        return new, whole

    def fold(self, oldest: int) -> int:
        """Below ``oldest`` nothing can come any more: holes there are lost for good; so many."""
        if oldest <= self.floor:
            return 0
        lost = self.holes(self.floor, oldest - 1)
        forgotten = min(self.forgotten, lost)
        self.forgotten -= forgotten
        self.floor = oldest
        at, _ = self._met(oldest, oldest)
        del self.spans[:at]
        if self.spans and self.spans[0].first < oldest:
            self.spans[0] = self.spans[0]._replace(first=oldest)
        return lost - forgotten

    def holes(self, first: int, last: int) -> int:
        """Seqs of ``first`` to ``last`` that stand in no span."""
        first = max(first, self.floor)
        if last < first:
            return 0
        at, end = self._met(first, last)
        among = self.spans[at:end]
        return (
            last
            - first
            + 1
            - sum(min(span.last, last) - max(span.first, first) + 1 for span in among)
        )

    def lacking(self) -> int:
        """Seqs up to the last one settled that are not."""
        if not self.spans:
            return 0
        return max(self.holes(1, self.spans[-1].last) - self.forgotten, 0)

    def holds(self, seq: int) -> bool:
        """Whether a seq is settled."""
        return not self.is_free(seq, seq)

    def is_free(self, first: int, last: int) -> bool:
        """Whether none of ``first`` to ``last`` is settled."""
        at, end = self._met(first, last)
        return first >= self.floor and at == end

    def _met(self, first: int, last: int) -> tuple[int, int]:
        """Places of the spans in which something of ``first`` to ``last`` lies."""
        at = bisect_left(self.spans, first, key=lambda span: span.last)
        return at, bisect_left(self.spans, last + 1, at, key=lambda span: span.first)


@dataclass(slots=True)
class _Station:
    """All of a station: its open books, the one used last at the end, and sums over all."""

    books: dict[str, _Book] = field(default_factory=dict)
    taken: TimeSpans = field(default_factory=TimeSpans)
    """When what is kept of it was taken, and perhaps more."""
    arrived: int = 0
    lost: int = 0
    lacking: int = 0
    """Samples of forgotten books that were neither settled nor given up."""

    def settle(self, settled: Settled) -> None:
        """Enter what a journal record settled of one boot."""
        book = self.books.pop(settled.boot, None) or _Book()
        self.books[settled.boot] = book
        for span in settled.spans:
            new, whole = book.enter(span)
            self.arrived += new
            self.taken.add(whole.low_ms, whole.high_ms)
        self.lost = min(self.lost + book.fold(settled.oldest), MOST)
        self.shut()

    def shut(self) -> None:
        """Forget the books longest unused that are too many."""
        while len(self.books) > OPEN_BOOTS:
            book = self.books.pop(next(iter(self.books)))
            self.lacking = min(self.lacking + book.lacking(), MOST)


class _Written(msgspec.Struct):
    """A book in a snapshot; ``folded`` and ``lost`` stand in those of a ledger that kept them with
    the book.
    """

    spans: list[Span]
    floor: int
    forgotten: int = 0
    newest_ms: int = -1
    folded: Span = Span(0, 0)
    lost: int = 0


class _Sums(msgspec.Struct):
    taken: list[TimeSpan]
    arrived: int
    lost: int
    lacking: int


class _Snapshot(msgspec.Struct):
    n: int
    books: list[tuple[str, str, _Written]]
    stations: dict[str, _Sums] = {}


class SequenceLedger:
    """Books by station and boot."""

    def __init__(self) -> None:
        self._stations: dict[str, _Station] = {}
        self._repeated: dict[str, int] = {}

    @classmethod
    def rebuilt(cls, journal: Journal, snapshot: Path | None = None) -> SequenceLedger:
        """The ledger that a journal gives, from its last snapshot on. One that is ahead of the
        journal, or broken, is passed over: a ledger claims nothing that the journal lacks.
        """
        ledger, after = cls(), 0
        known = _read(snapshot) if snapshot else None
        if known and known.n <= journal.last:
            after = known.n
            ledger._stations = _opened(known)
        while entries := journal.read(after):
            for entry in entries:
                for settled in entry.settled:
                    ledger.settle(settled)
            after = entries[-1].n
        return ledger

    def save(self, snapshot: Path, n: int) -> None:
        """Write the books as of journal number ``n``, whole or not at all."""
        books = [
            (of, boot, _Written(book.spans, book.floor, book.forgotten, book.newest_ms))
            for of, station in self._stations.items()
            for boot, book in station.books.items()
        ]
        sums = {
            of: _Sums(station.taken.spans, station.arrived, station.lost, station.lacking)
            for of, station in self._stations.items()
        }
        write_whole(snapshot, msgspec.msgpack.encode(_Snapshot(n, books, sums)))

    def settle(self, settled: Settled) -> None:
        """Enter what a journal record settled."""
        self._stations.setdefault(settled.station, _Station()).settle(settled)

    def unseen(self, station: str, boot: str, seqs: Sequence[int]) -> list[bool]:
        """For each seq whether it is new, here and to the ledger."""
        book = self._of(station).books.get(boot, _Book())
        if seqs and len(set(seqs)) == len(seqs) and book.is_free(min(seqs), max(seqs)):
            return [True] * len(seqs)
        news, here = list[bool](), set[int]()
        for seq in seqs:
            news.append(seq not in here and not book.holds(seq))
            here.add(seq)
        return news

    def given_up(self, station: str, boot: str, seqs: Iterable[int]) -> int:
        """How many of these lie below what their spool said that it still holds."""
        book = self._of(station).books.get(boot, _Book())
        return sum(seq < book.floor for seq in seqs)

    def note_repeats(self, repeats: Mapping[str, int]) -> None:
        """Count samples that arrived again, by station."""
        for station, n in repeats.items():
            self._repeated[station] = self._repeated.get(station, 0) + n

    def missing(
        self, station: str, held: Mapping[str, Range], further: int = 0
    ) -> tuple[int, int]:
        """Counts of missing samples: those that the station still holds and will send, and those
        of earlier boots that neither arrived nor are held. The second count is for people alone: a
        cloned card may hold what this spool does not, so their numbers stay open. ``held``: boot
        -> lowest and highest seq that the spool reports. ``further`` samples are held of boots
        that ``held`` does not name; then the second count is 0.
        """
        kept = self._of(station)
        books = kept.books
        speaking = max(books, key=lambda boot: books[boot].newest_ms, default="")
        waiting = further + sum(
            books.get(boot, _Book()).holes(low, high) for boot, (low, high) in held.items()
        )
        if further:
            return min(waiting, MOST), 0
        gone = [book for boot, book in books.items() if boot != speaking and boot not in held]
        lost = kept.lacking + sum(book.lacking() for book in gone)
        return min(waiting, MOST), min(lost, MOST)

    def taken_among(self, station: str, low_ms: int, high_ms: int) -> list[TimeSpan]:
        """Ascending spans of time of a station in which something of ``low_ms`` to ``high_ms``
        lies: only there can two samples be of one instant. They are kept apart where seqs are
        missing, so a backlog that fills a hole meets none.
        """
        return self._of(station).taken.meeting(low_ms, high_ms)

    def ack_for(self, station: str, boot: str) -> list[Range]:
        """The ranges to acknowledge: the newest ranges first, at most ``ACK_RANGES``."""
        book = self._of(station).books.get(boot)
        if book is None:
            return []
        below = [(1, book.floor - 1)] if book.floor > 1 else []
        ranges = below + [(span.first, span.last) for span in book.spans[-ACK_RANGES:]]
        return ranges[: -ACK_RANGES - 1 : -1]

    def stations(self) -> list[str]:
        """Every station that ever sent anything."""
        return list(self._stations)

    def arrived(self, station: str) -> int:
        """Samples that are settled, kept and refused alike."""
        return self._of(station).arrived

    def lost(self, station: str | None = None) -> int:
        """Samples that a spool gave up and the centre never had."""
        if station is not None:
            return self._of(station).lost
        return sum(kept.lost for kept in list(self._stations.values()))

    def repeated(self, station: str | None = None) -> int:
        """Samples that arrived again after they were settled, since this process began."""
        return sum(n for of, n in self._repeated.items() if station in (None, of))

    def _of(self, station: str) -> _Station:
        return self._stations.get(station) or _Station()


def _length(span: Span) -> int:
    return span.last - span.first + 1


def _opened(known: _Snapshot) -> dict[str, _Station]:
    """Stations as a snapshot has them. One that lacks the sums holds every book there was, so
    that they are the sums of its books.
    """
    stations: dict[str, _Station] = {}
    for of, boot, row in known.books:
        station = stations.setdefault(of, _Station())
        newest_ms = max([row.newest_ms, row.folded.high_ms, *(s.high_ms for s in row.spans)])
        station.books[boot] = _Book(row.spans, row.floor, row.forgotten, newest_ms)
        if of not in known.stations:
            for span in (row.folded, *row.spans):
                station.taken.add(span.low_ms, span.high_ms)
            station.arrived += row.floor - 1 - row.lost + sum(map(_length, row.spans))
            station.lost = min(station.lost + row.lost, MOST)
    for of, sums in known.stations.items():
        station = stations.setdefault(of, _Station())
        station.taken = TimeSpans(sums.taken)
        station.arrived, station.lost, station.lacking = sums.arrived, sums.lost, sums.lacking
    for station in stations.values():
        station.shut()
    return stations


def _read(snapshot: Path) -> _Snapshot | None:
    try:
        return msgspec.msgpack.decode(snapshot.read_bytes(), type=_Snapshot)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        log.warning("%s does not decode (%s) and is passed over", snapshot, error)
        return None


def spans(seqs: Sequence[int], taken_ms: Iterable[int] = repeat(-1)) -> tuple[Span, ...]:
    """Ascending disjoint spans that hold exactly these seqs; ``taken_ms`` of each, negative where
    nothing of it is kept.
    """
    samples = list(zip(seqs, taken_ms, strict=False))
    if not all(map(lt, seqs, islice(seqs, 1, None))):
        samples.sort()
        seqs = [seq for seq, _ in samples]
    if seqs and seqs[-1] - seqs[0] == len(seqs) - 1:
        return (_span(samples),)
    begun = [at for at, (one, next_) in enumerate(pairwise(seqs), 1) if next_ > one + 1]
    ends = [0, *begun, len(samples)] if samples else []
    return tuple(_span(samples[begin:end]) for begin, end in pairwise(ends))


def _span(samples: Sequence[tuple[int, int]]) -> Span:
    taken = [t for _, t in samples if t >= 0]
    times = (min(taken), max(taken)) if taken else ()
    return Span(samples[0][0], samples[-1][0], *times)


def _united(parts: Sequence[Span]) -> Span:
    return Span(
        min(span.first for span in parts),
        max(span.last for span in parts),
        min(span.low_ms for span in parts),
        max(span.high_ms for span in parts),
    )
