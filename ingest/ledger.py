"""Which seq of which spool arrived: ranges, exact loss, duplicates, and what to acknowledge."""

from __future__ import annotations

import logging
import os
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from config.vocabulary.wire import ACK_RANGES, Range
from ingest.journal import Journal, Settled, Span

log = logging.getLogger(__name__)
_NOTHING = Span(0, 0)


@dataclass(slots=True)
class _Book:
    """Settled seqs of one boot as ascending, disjoint, non-adjacent spans."""

    spans: list[Span] = field(default_factory=list)
    floor: int = 1
    """Lowest seq that may still arrive; below it spans are folded."""
    folded: Span = _NOTHING
    """When what lies below the floor was taken."""
    lost: int = 0

    def hulls(self) -> list[Span]:
        """Everything kept, as spans of time."""
        return [self.folded, *self.spans]


class _Snapshot(msgspec.Struct):
    n: int
    books: list[tuple[str, str, _Book]]


class Ledger:
    """Books by station and boot."""

    def __init__(self) -> None:
        self._books: dict[str, dict[str, _Book]] = {}
        self._newest: dict[str, int] = {}
        self._repeated: dict[str, int] = {}

    @classmethod
    def rebuilt(cls, journal: Journal, snapshot: Path | None = None) -> Ledger:
        """The ledger that a journal gives, from its last snapshot on. One that is ahead of the
        journal, or broken, is passed over: a ledger claims nothing that the journal lacks.
        """
        ledger, after = cls(), 0
        known = _read(snapshot) if snapshot else None
        if known and known.n <= journal.last:
            after = known.n
            for station, boot, book in known.books:
                ledger._books.setdefault(station, {})[boot] = book
                ledger._note_newest(station, book.hulls())
        while entries := journal.read(after):
            for entry in entries:
                for settled in entry.settled:
                    ledger.settle(settled)
            after = entries[-1].n
        return ledger

    def save(self, snapshot: Path, n: int) -> None:
        """Write the books as of journal number ``n``, whole or not at all."""
        books = [
            (of, boot, book) for of, kept in self._books.items() for boot, book in kept.items()
        ]
        fresh = snapshot.with_suffix(".fresh")
        with fresh.open("wb") as file:
            file.write(msgspec.msgpack.encode(_Snapshot(n, books)))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(snapshot)
        folder = os.open(snapshot.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def settle(self, settled: Settled) -> None:
        """Enter what a journal record settled."""
        book = self._books.setdefault(settled.station, {}).setdefault(settled.boot, _Book())
        for span in settled.spans:
            book.spans = _joined(book.spans, span)
        self._note_newest(settled.station, settled.spans)
        _fold(book, settled.oldest)

    def unseen(self, station: str, boot: str, seqs: Iterable[int]) -> list[bool]:
        """For each seq whether it is new, here and to the ledger."""
        book = self._books.get(station, {}).get(boot, _Book())
        news, here = list[bool](), set[int]()
        for seq in seqs:
            news.append(seq not in here and not _holds(book, seq))
            here.add(seq)
        return news

    def note_repeats(self, repeats: Mapping[str, int]) -> None:
        """Count samples that arrived again, by station."""
        for station, n in repeats.items():
            self._repeated[station] = self._repeated.get(station, 0) + n

    def missing(self, station: str, held: Mapping[str, Range]) -> tuple[int, int]:
        """Of what a station's spool says that it holds: samples still to come, and samples of
        boots gone by that neither arrived nor are held, which nobody will send. The second number
        is for people alone: a cloned card may hold what this spool does not, so nothing is folded.
        """
        books = self._books.get(station, {})
        speaking = max(books, key=lambda boot: _newest_ms(books[boot]), default="")
        waiting = sum(
            _holes(books.get(boot, _Book()), low, high) for boot, (low, high) in held.items()
        )
        gone = [book for boot, book in books.items() if boot != speaking and boot not in held]
        lost = sum(_holes(book, 1, book.spans[-1].last) for book in gone if book.spans)
        return waiting, lost

    def taken_among(self, station: str, low_ms: int, high_ms: int) -> list[Span]:
        """Spans of a station in whose time something of ``low_ms`` to ``high_ms`` lies: only there
        can two samples be of one instant. Spans are kept apart where seqs are missing, so a
        backlog that fills a hole meets none.
        """
        if low_ms > self._newest.get(station, -1):
            return []
        return [
            span
            for book in list(self._books.get(station, {}).values())
            for span in book.hulls()
            if span.low_ms <= high_ms and span.high_ms >= low_ms
        ]

    def ack_for(self, station: str, boot: str) -> list[Range]:
        """What to acknowledge: the newest ranges first, at most ``ACK_RANGES``."""
        book = self._books.get(station, {}).get(boot)
        if book is None:
            return []
        below = [(1, book.floor - 1)] if book.floor > 1 else []
        ranges = below + [(span.first, span.last) for span in book.spans[-ACK_RANGES:]]
        return ranges[: -ACK_RANGES - 1 : -1]

    def stations(self) -> list[str]:
        """Every station that ever sent anything."""
        return list(self._books)

    def arrived(self, station: str) -> int:
        """Samples that are settled, kept and refused alike."""
        return sum(
            book.floor - 1 - book.lost + sum(span.last - span.first + 1 for span in book.spans)
            for book in list(self._books.get(station, {}).values())
        )

    def lost(self, station: str | None = None) -> int:
        """Samples that a spool gave up and the centre never had."""
        stations = list(self._books) if station is None else [station]
        return sum(book.lost for of in stations for book in list(self._books.get(of, {}).values()))

    def repeated(self, station: str | None = None) -> int:
        """Samples that arrived again after they were settled, since this process began."""
        return sum(n for of, n in self._repeated.items() if station in (None, of))

    def _note_newest(self, station: str, spans: Iterable[Span]) -> None:
        known = self._newest.get(station, -1)
        self._newest[station] = max([known, *(span.high_ms for span in spans)])


def _newest_ms(book: _Book) -> int:
    return max(span.high_ms for span in book.hulls())


def _holes(book: _Book, first: int, last: int) -> int:
    """Seqs of ``first`` to ``last`` that are not settled."""
    first = max(first, book.floor)
    if last < first:
        return 0
    inside = (min(span.last, last) - max(span.first, first) + 1 for span in book.spans)
    return last - first + 1 - sum(n for n in inside if n > 0)


def _fold(book: _Book, oldest: int) -> None:
    """Below ``oldest`` nothing can come any more: holes there are lost for good."""
    if oldest <= book.floor:
        return
    below = [span for span in book.spans if span.first < oldest]
    settled = sum(min(span.last, oldest - 1) - max(span.first, book.floor) + 1 for span in below)
    book.lost += oldest - book.floor - settled
    book.floor = oldest
    ended = [span for span in below if span.last < oldest]
    book.folded = _united([book.folded, *ended])
    left = book.spans[len(ended) :]
    if left and left[0].first < oldest:
        left[0] = left[0]._replace(first=oldest)
    book.spans = left


def _read(snapshot: Path) -> _Snapshot | None:
    try:
        return msgspec.msgpack.decode(snapshot.read_bytes(), type=_Snapshot)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        log.warning("%s does not decode (%s) and is passed over", snapshot, error)
        return None


def spans(seqs: Sequence[int], taken_ms: Sequence[int] | None = None) -> tuple[Span, ...]:
    """Ascending disjoint spans that hold exactly these seqs; ``taken_ms`` of each, negative where
    nothing of it is kept.
    """
    found: list[Span] = []
    for seq, t in sorted(zip(seqs, taken_ms or [-1] * len(seqs), strict=True)):
        span = Span(seq, seq, t, t) if t >= 0 else Span(seq, seq)
        if found and found[-1].last >= seq - 1:
            before = found.pop()
            low, high = min(before.low_ms, span.low_ms), max(before.high_ms, span.high_ms)
            span = Span(before.first, seq, low, high)
        found.append(span)
    return tuple(found)


def _united(parts: Sequence[Span]) -> Span:
    return Span(
        min(span.first for span in parts),
        max(span.last for span in parts),
        min(span.low_ms for span in parts),
        max(span.high_ms for span in parts),
    )


def _holds(book: _Book, seq: int) -> bool:
    if seq < book.floor:
        return True
    at = bisect_right(book.spans, seq, key=lambda span: span.first) - 1
    return at >= 0 and seq <= book.spans[at].last


def _joined(known: list[Span], fresh: Span) -> list[Span]:
    if known and known[-1].last < fresh.first - 1:
        return [*known, fresh]
    before = [span for span in known if span.last < fresh.first - 1]
    after = [span for span in known if span.first > fresh.last + 1]
    among = known[len(before) : len(known) - len(after)]
    return [*before, _united([fresh, *among]), *after]
