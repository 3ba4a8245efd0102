"""A round of messages as flat lists, one entry a sample and one a reading: decoded, not judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, NamedTuple, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from config.vocabulary import reports, topics, wire
from config.vocabulary.bounds import PerRow, Seq
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Numbered
from config.vocabulary.refusals import Details, Reason

Book = tuple[str, str]
"""Station and boot."""
Foreign = dict[str, str | None]
"""Codes with the wrong unit that they were sent in; None where the station has no such indicator.
"""
MOST_PLANS = 10_000
ABSENT = 255


class Readings(NamedTuple):
    """Columns of equal length, one entry a reading."""

    owner: NDArray[np.intp]
    """Of each reading its sample."""
    series: NDArray[np.intp]
    value: NDArray[np.float64]
    """In the indicator's unit; NaN where missing."""
    cause: NDArray[np.uint8]


@dataclass(slots=True)
class Batch:
    """The samples of a round. ``ids`` numbers the series that are known ("station/indicator")."""

    ids: Mapping[str, int]
    plans: dict[tuple[str, tuple[str, ...]], list[int]]
    """Series by station and codes, kept between rounds: stations repeat theirs."""
    speakers: dict[str, str]
    """The boot of each station that spoke live last, kept between rounds."""
    turns: list[Book] = field(default_factory=list)
    """Boots that spoke live after another one of their station."""
    books: dict[Book, int] = field(default_factory=dict)
    oldest: list[int] = field(default_factory=list)
    """The lowest seq of each book that its spool still holds."""
    message_index: list[int] = field(default_factory=list)
    """The message of each sample."""
    book: list[int] = field(default_factory=list)
    seq: list[int] = field(default_factory=list)
    t: list[int] = field(default_factory=list)
    clock: list[int] = field(default_factory=list)
    why: dict[int, Details] = field(default_factory=dict)
    """Of a sample that cannot be read the reason."""
    took: dict[str, int] = field(default_factory=dict)
    """By station the time, ms, from sending its quickest live message, by its own clock, to its
    arrival, by the centre's.
    """
    said: dict[str, reports.Status] = field(default_factory=dict)
    """Of a station its last status."""
    foreign: dict[int, Foreign] = field(default_factory=dict)
    """Of a sample the indicators of which nothing can be kept."""
    series: list[int] = field(default_factory=list)
    """Of each column of a message, whose readings are those of one series in samples that follow
    each other.
    """
    first: list[int] = field(default_factory=list)
    """Of each column its first sample."""
    length: list[int] = field(default_factory=list)
    value: list[float | None] = field(default_factory=list)
    """Of all columns, one behind the other."""
    cause: bytearray = field(default_factory=bytearray)
    """The same; ``ABSENT`` where the sample has no such reading."""

    def add(
        self, message_index: int, address: topics.Address, payload: bytes, arrived_ms: int | None
    ) -> None:
        """Decode one message and when it came; an imported one did not, and is nobody's turn to
        speak.

        Raises:
            wire.Malformed: it cannot be read; nothing of it was added.
        """
        if address.kind == "readings":
            live = wire.decode_live(payload)
            if arrived_ms is not None:
                self._note_turn(address)
                took_ms = arrived_ms - live.q
                self.took[address.station] = min(took_ms, self.took.get(address.station, took_ms))
            self._add_live(message_index, address, live)
        else:
            self._add_history(message_index, address, wire.decode_history(payload))

    def add_unreadable(
        self, message_index: int, address: topics.Address, payload: bytes, why: Details
    ) -> None:
        """Enter the seqs that a message certainly carries. A batch may leave out some of its
        span; those are under way elsewhere and must not be settled with it.
        """
        seqs = [address.first]
        if address.kind == "history":
            seqs = _numbers_inside(address, payload)
        for row in self._number(message_index, address, seqs, 1):
            self.t.append(-1)
            self.clock.append(Clock.SYNCHRONISED)
            self.why[row] = why

    def _note_turn(self, address: topics.Address) -> None:
        if self.speakers.setdefault(address.station, address.boot) != address.boot:
            self.speakers[address.station] = address.boot
            self.turns.append((address.station, address.boot))

    def _add_live(self, message_index: int, address: topics.Address, live: wire.Live) -> None:
        (row,) = self._number(message_index, address, [address.first], live.o)
        self.t.append(live.t)
        self.clock.append(live.k)
        found = live.r
        codes = tuple(found)
        series = self._known(address.station, codes)
        if len(series) < len(codes) or live.u:
            self.foreign[row] = self._foreign(address.station, codes, live.u)
            found = {c: pair for c, pair in found.items() if c not in self.foreign[row]}
            series = self._known(address.station, tuple(found))
        self._begin(series, row, 1)
        for value, cause in found.values():
            self.value.append(value)
            self.cause.append(cause)

    def _add_history(
        self, message_index: int, address: topics.Address, batch: wire.History
    ) -> None:
        if not batch.s or not all(address.first <= s <= address.last for s in batch.s):
            raise wire.malformed(Reason.WRONG_NUMBERS, "not those of the topic's span")
        rows = self._number(message_index, address, batch.s, batch.o)
        self.t += batch.t
        self.clock += batch.k
        foreign = self._foreign(address.station, tuple(batch.r), batch.u)
        for code, (values, causes) in batch.r.items():
            if code in foreign:
                for row, cause in zip(rows, causes, strict=True):
                    if cause is not None:
                        self.foreign.setdefault(row, {})[code] = foreign[code]
                continue
            self._begin([self.ids[f"{address.station}/{code}"]], rows.start, len(rows))
            self.value += values
            self.cause += _coded(causes)

    def _begin(self, series: Sequence[int], first: int, length: int) -> None:
        """Enter columns, but for their readings."""
        self.series += series
        self.first += [first] * len(series)
        self.length += [length] * len(series)

    def readings(self) -> Readings:
        """All readings that there are."""
        length = np.array(self.length, np.intp)
        begun = np.array(self.first, np.intp) - (np.cumsum(length) - length)
        cause = np.frombuffer(bytes(self.cause), np.uint8)
        found = Readings(
            np.repeat(begun, length) + np.arange(len(cause)),
            np.repeat(np.array(self.series, np.intp), length),
            np.array(self.value, np.float64),
            cause,
        )
        there = cause != ABSENT
        return found if there.all() else Readings(*(column[there] for column in found))

    def _number(
        self, message_index: int, address: topics.Address, seqs: Sequence[int], oldest: int
    ) -> range:
        """Enter samples; their places. Whoever sends a seq holds it still, whatever ``oldest``
        says.
        """
        key = (address.station, address.boot)
        book = self.books.setdefault(key, len(self.books))
        if book == len(self.oldest):
            self.oldest.append(1)
        self.oldest[book] = max(min(oldest, *seqs), self.oldest[book])
        first = len(self.seq)
        self.message_index += [message_index] * len(seqs)
        self.book += [book] * len(seqs)
        self.seq += seqs
        return range(first, first + len(seqs))

    def _foreign(self, station: str, codes: tuple[str, ...], units: Mapping[str, str]) -> Foreign:
        """Of a station's codes those of which nothing can be kept."""
        foreign: Foreign = {code: None for code in codes if f"{station}/{code}" not in self.ids}
        for code, unit in units.items():
            if code in codes and code not in foreign and unit != INDICATORS[code].unit:
                foreign[code] = unit
        return foreign

    def _known(self, station: str, codes: tuple[str, ...]) -> list[int]:
        """Series of those of a station's codes that it has."""
        key = (station, codes)
        if key not in self.plans:
            names = [f"{station}/{code}" for code in codes]
            found = [self.ids[name] for name in names if name in self.ids]
            if len(found) < len(codes):
                return found  # codes that nobody knows are without number
            if len(self.plans) >= MOST_PLANS:
                self.plans.clear()  # somebody never sends the same twice
            self.plans[key] = found
        return self.plans[key]


def details_of(codes: Foreign) -> list[Details]:
    """Why readings of a sample are refused: each letter holds the whole of the sample, so there is
    one for each reason.
    """
    wrong = {code: unit for code, unit in codes.items() if unit is not None}
    unknown = [code for code in codes if code not in wrong]
    both = (Reason.UNKNOWN_INDICATOR, unknown, ()), (Reason.WRONG_UNIT, wrong, wrong.values())
    return [Details.of_indicators(*one) for one in both if one[1]]


def _coded(causes: Sequence[Cause | None]) -> bytes:
    """One byte a cause. Few columns have holes, and without any they cost a third."""
    try:
        return bytes(cast(Sequence[Cause], causes))
    except TypeError:
        return bytes([ABSENT if cause is None else cause for cause in causes])


def by_book(work: Batch) -> dict[Book, NDArray[np.intp]]:
    """Of each book its samples, in the order in which they came."""
    of = np.array(work.book, np.intp)
    ends = np.cumsum(np.bincount(of, minlength=len(work.books)))
    rows = np.split(np.argsort(of, kind="stable"), ends)
    return dict(zip(work.books, rows, strict=False))  # behind the last end there is nothing


class Bodies:
    """The bytes kept of a refused sample: its own part, or once the whole of a body that cannot be
    read.
    """

    def __init__(self, work: Batch, payloads: Sequence[bytes]) -> None:
        self._work, self._payloads = work, payloads
        self._opened: dict[int, dict[int, Numbered]] = {}
        self._unreadable = set[int]()

    def of(self, row: int, address: topics.Address) -> bytes:
        """The body of the letter of one sample."""
        message_index, seq = self._work.message_index[row], self._work.seq[row]
        if row in self._work.why:
            again = message_index in self._unreadable
            self._unreadable.add(message_index)
            return b"" if again else self._payloads[message_index]
        if address.kind == "readings":
            return self._payloads[message_index]
        if message_index not in self._opened:
            batch = wire.samples_of(
                wire.decode_history(self._payloads[message_index]), address.boot
            )
            self._opened[message_index] = {sample.seq: sample for sample in reversed(batch)}
        return wire.encode_history([self._opened[message_index][seq]], oldest=seq, sent_ms=0)


class _Numbers(msgspec.Struct):
    """All that is asked of a batch that cannot be read otherwise."""

    s: Annotated[list[Seq], PerRow]


def _numbers_inside(address: topics.Address, payload: bytes) -> list[int]:
    ends = list(dict.fromkeys((address.first, address.last)))
    try:
        seqs = msgspec.json.decode(payload, type=_Numbers).s
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ends
    return [s for s in seqs if address.first <= s <= address.last] or ends
