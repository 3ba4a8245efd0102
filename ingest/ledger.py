"""Which seq of which spool arrived: ranges, exact loss, duplicates, and what to acknowledge."""

from __future__ import annotations

import logging
import os
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from config.vocabulary.wire import ACK_RANGES, Range
from ingest.journal import Journal, Settled

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Book:
    """Settled seqs of one boot as ascending, disjoint, non-adjacent ranges."""

    ranges: list[Range] = field(default_factory=list)
    floor: int = 1
    """Lowest seq that may still arrive; below it ranges are folded."""
    lost: int = 0


class _Snapshot(msgspec.Struct):
    n: int
    books: list[tuple[str, str, _Book]]


class Ledger:
    """Books by station and boot."""

    def __init__(self) -> None:
        self._books: dict[tuple[str, str], _Book] = {}
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
                ledger._books[station, boot] = book
        while entries := journal.read(after):
            for entry in entries:
                for settled in entry.settled:
                    ledger.settle(settled)
            after = entries[-1].n
        return ledger

    def save(self, snapshot: Path, n: int) -> None:
        """Write the books as of journal number ``n``, whole or not at all."""
        books = [(*key, book) for key, book in self._books.items()]
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
        book = self._books.setdefault((settled.station, settled.boot), _Book())
        for first, last in settled.ranges:
            book.ranges = _joined(book.ranges, first, last)
        self._fold(book, settled.oldest)

    def unseen(self, station: str, boot: str, seqs: Iterable[int]) -> list[bool]:
        """For each seq whether it is new; repeats are counted."""
        book = self._books.get((station, boot))
        news = [book is None or not _holds(book, seq) for seq in seqs]
        repeats = news.count(False)
        if repeats:
            self._repeated[station] = self._repeated.get(station, 0) + repeats
        return news

    def ack_for(self, station: str, boot: str) -> list[Range]:
        """What to acknowledge: the newest ranges first, at most ``ACK_RANGES``."""
        book = self._books.get((station, boot))
        if book is None:
            return []
        below = [(1, book.floor - 1)] if book.floor > 1 else []
        ranges = below + book.ranges
        return ranges[: -ACK_RANGES - 1 : -1]

    def lost(self, station: str | None = None) -> int:
        """Samples that a spool gave up and the centre never had."""
        books = self._books.items()
        return sum(book.lost for (of, _), book in books if station in (None, of))

    def repeated(self, station: str | None = None) -> int:
        """Samples that arrived again after they were settled, since this process began."""
        return sum(n for of, n in self._repeated.items() if station in (None, of))

    @staticmethod
    def _fold(book: _Book, oldest: int) -> None:
        """Below ``oldest`` nothing can come any more: holes there are lost for good."""
        if oldest <= book.floor:
            return
        settled = sum(
            min(last, oldest - 1) - max(first, book.floor) + 1
            for first, last in book.ranges
            if first < oldest and last >= book.floor
        )
        book.lost += oldest - book.floor - settled
        book.floor = oldest
        book.ranges = [(max(f, oldest), last) for f, last in book.ranges if last >= oldest]


def _read(snapshot: Path) -> _Snapshot | None:
    try:
        return msgspec.msgpack.decode(snapshot.read_bytes(), type=_Snapshot)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        log.warning("%s does not decode (%s) and is passed over", snapshot, error)
        return None


def spans(seqs: Sequence[int]) -> tuple[Range, ...]:
    """Ascending disjoint ranges that hold exactly these seqs."""
    found: list[Range] = []
    for seq in sorted(set(seqs)):
        if found and found[-1][1] == seq - 1:
            found[-1] = (found[-1][0], seq)
        else:
            found.append((seq, seq))
    return tuple(found)


def _holds(book: _Book, seq: int) -> bool:
    if seq < book.floor:
        return True
    at = bisect_right(book.ranges, seq, key=lambda span: span[0]) - 1
    return at >= 0 and seq <= book.ranges[at][1]


def _joined(ranges: list[Range], first: int, last: int) -> list[Range]:
    before = [span for span in ranges if span[1] < first - 1]
    after = [span for span in ranges if span[0] > last + 1]
    among = ranges[len(before) : len(ranges) - len(after)]
    low = min([first, *(span[0] for span in among)])
    high = max([last, *(span[1] for span in among)])
    return [*before, (low, high), *after]
