"""Bytes to checked columns; what cannot be kept goes to the dead letters. No network, no clock.

Every message ends settled: its readings in the columns, or refused with a reason. One bad message
stops nothing. A round of messages becomes flat columns at once; only what is refused is looked at
one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from config.catalogue.shapes import Catalogue
from config.vocabulary import wire
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause, Quality, quality_of, worst
from config.vocabulary.reading import Clock
from ingest.deadletters import DeadLetters, Refusal
from ingest.gathering import Bodies, Book, Gathered
from ingest.journal import Columns, Settled, Span
from ingest.ledger import Ledger, spans
from ingest.quality.checks import out_of_range, to_resolution

YEAR_2000_MS = 946_684_800_000
FAR_AHEAD_MS = 24 * 3_600_000
AHEAD_MS = 120_000
DAY_MS = 86_400_000
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

_QUALITY = np.full(256, Quality.NOT_EVALUATED, np.uint8)
for _cause in Cause:
    _QUALITY[_cause] = quality_of(_cause)
_WORSE_OF_SUSPECT = np.array(
    [worst(Quality(q), Quality.SUSPECT) if q in list(Quality) else q for q in range(10)], np.uint8
)


@dataclass(frozen=True, slots=True)
class Message:
    """What the broker handed over; ``mid``, ``qos`` and ``session`` are for the bus alone."""

    topic: str
    payload: bytes
    mid: int = 0
    qos: int = 1
    session: int = 0
    imported: bool = False
    """From a file: it may be older than any spool holds."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a round of messages came to."""

    columns: Columns
    settled: tuple[Settled, ...]
    touched: frozenset[Book]
    """Station and boot of everything that deserves an ack, repeats included."""
    refused: tuple[Refusal, ...] = ()
    repeated: Mapping[str, int] = field(default_factory=dict)
    """Samples of each station that had arrived before."""
    turns: tuple[Book, ...] = ()
    """Who spoke live where somebody else of the same station had spoken before."""
    sent: Mapping[str, int] = field(default_factory=dict)
    """When a station sent its newest live message, ms by its own clock."""


class Intake:
    """Takes messages in; the ledger says what is new, the catalogue what is known."""

    def __init__(
        self,
        catalogue: Catalogue,
        ledger: Ledger,
        deadletters: DeadLetters,
        spool_days: int = 30,
        keeps_from_ms: Callable[[int], int] = lambda _: 0,
    ) -> None:
        """``keeps_from_ms`` gives by the time of now the earliest instant that the store keeps."""
        self._site, self._plans = catalogue.site.id, catalogue.plans
        self._ledger = ledger
        self._deadletters = deadletters
        self._spool_ms = spool_days * DAY_MS
        self._keeps_from_ms = keeps_from_ms
        self._names = tuple(f"{of}/{code}" for of, codes in self._plans.items() for code in codes)
        self._plans_of: dict[tuple[str, tuple[str, ...]], list[int]] = {}
        self._speakers: dict[str, str] = {}
        self._ids = {name: place for place, name in enumerate(self._names)}
        rows = [INDICATORS[name.partition("/")[2]] for name in self._names]
        self._low = np.array([row.low for row in rows], np.float64)
        self._high = np.array([row.high for row in rows], np.float64)

    def take(self, messages: Sequence[Message], now_ms: int) -> Taken:
        """Decode, check and number a round; refusals are on disk when this returns."""
        work = Gathered(self._ids, self._plans_of, self._speakers)
        refused = list[Refusal]()
        for place, message in enumerate(messages):
            try:
                self._gather(place, message, work)
            except wire.Malformed as error:
                body = message.payload
                refused.append(Refusal(now_ms, message.topic, "", "", 0, str(error), body))
        books = _by_book(work)
        fresh = self._fresh(work, books)
        kept = fresh.copy()
        letters = _Letters(work, messages, now_ms)
        for row, reason in self._judged(work, messages, fresh, now_ms):
            kept[row] = False
            refused.append(letters.of(row, reason, whole=True))
        for row, reasons in work.foreign.items():
            if kept[row]:
                refused += [letters.of(row, why, whole=False) for why in reasons.values()]
        self._deadletters.refuse(refused)
        settled = tuple(self._settled(work, books, fresh, kept))
        columns = self._columns(work, kept, now_ms)
        repeated = Counter[str]()
        for (station, _), rows in books.items():
            repeated[station] += len(rows) - int(fresh[rows].sum())
        books_touched, turns = frozenset(books), tuple(work.turns)
        return Taken(columns, settled, books_touched, tuple(refused), repeated, turns, work.sent)

    def _gather(self, place: int, message: Message, work: Gathered) -> None:
        address = wire.parse_topic(message.topic)
        if address.site != self._site or not _NAME.fullmatch(address.station):
            raise wire.Malformed(f"unknown station {address.site}/{address.station}")
        if address.kind == "status":
            return
        if not 1 <= address.first <= address.last:
            raise wire.Malformed("seqs begin at 1 and grow")
        # Settled whatever it is, or its spool would send it for ever.
        if address.station not in self._plans:
            reason = f"unknown station {address.site}/{address.station}"
            work.add_unreadable(place, address, message.payload, reason)
            return
        try:
            work.add(place, address, message.payload, imported=message.imported)
        except wire.Malformed as error:
            work.add_unreadable(place, address, message.payload, str(error))

    def _fresh(self, work: Gathered, books: dict[Book, NDArray[np.intp]]) -> NDArray[np.bool_]:
        """Of the samples those that neither the ledger nor an earlier one of the round is."""
        fresh = np.zeros(len(work.seq), bool)
        for book, rows in books.items():
            fresh[rows] = self._ledger.unseen(*book, [work.seq[row] for row in rows])
        return fresh

    def _judged(
        self, work: Gathered, messages: Sequence[Message], fresh: NDArray[np.bool_], now_ms: int
    ) -> Iterator[tuple[int, str]]:
        """New samples of which nothing can be kept, and why."""
        t = np.array(work.t, np.float64)
        possible = (t >= max(YEAR_2000_MS, now_ms - self._spool_ms)) & (t <= now_ms + FAR_AHEAD_MS)
        holding = np.zeros(len(t), bool)
        holding[work.owner] = True
        stays = t >= self._keeps_from_ms(now_ms)
        for row in np.flatnonzero(fresh & ~(possible & holding & stays)).tolist():
            imported = messages[work.place[row]].imported
            if row in work.why:
                yield row, work.why[row]
            elif not possible[row] and not (imported and YEAR_2000_MS <= work.t[row] <= now_ms):
                yield row, f"impossible time {work.t[row]}"
            elif not stays[row]:
                yield row, f"beyond retention of the store: {work.t[row]}"
            elif not holding[row]:
                reasons = work.foreign.get(row, {}).values()
                yield row, ", ".join(reasons) or "a sample without readings"

    def _settled(
        self,
        work: Gathered,
        books: dict[Book, NDArray[np.intp]],
        fresh: NDArray[np.bool_],
        kept: NDArray[np.bool_],
    ) -> Iterator[Settled]:
        """Every new sample; those of an instant that another may hold are named."""
        earlier: dict[str, list[Span]] = {}
        for (station, boot), rows in books.items():
            new = rows[fresh[rows]]
            if not len(new):
                continue
            seqs = [work.seq[row] for row in new]
            taken = [work.t[row] if kept[row] else -1 for row in new]
            news = spans(seqs, taken)
            instants = sorted((seq, t) for seq, t in zip(seqs, taken, strict=True) if t >= 0)
            clashing = tuple(self._clashing(station, instants, earlier.get(station, [])))
            earlier.setdefault(station, []).extend(news)
            oldest = work.oldest[work.books[station, boot]]
            yield Settled(station, boot, oldest, news, clashing)

    def _clashing(
        self, station: str, instants: list[tuple[int, int]], earlier: list[Span]
    ) -> Iterator[int]:
        """Seqs whose instant lies among those of other samples, or is that of another."""
        if not instants:
            return
        low, high = min(t for _, t in instants), max(t for _, t in instants)
        known = self._ledger.taken_among(station, low, high) + earlier
        if not known and all(one[1] < next_[1] for one, next_ in pairwise(instants)):
            return
        seen = set[int]()
        for seq, t in instants:
            if t in seen or any(span.low_ms <= t <= span.high_ms for span in known):
                yield seq
            seen.add(t)

    def _columns(self, work: Gathered, kept: NDArray[np.bool_], now_ms: int) -> Columns:
        owner = np.array(work.owner, np.intp)
        rows = kept[owner]
        owner, ids = owner[rows], np.array(work.series, np.intp)[rows]
        sent = np.array(work.value, np.float64)[rows]
        value = to_resolution(sent)
        cause = np.array(work.cause, np.uint8)[rows]
        cause[cause >= Cause.RANGE] = Cause.NORMAL  # the centre's own words, judged anew here
        quality = _QUALITY[cause]
        quality[np.isnan(sent)] = Quality.MISSING
        beyond = out_of_range(sent, self._low[ids], self._high[ids]) & (quality <= Quality.SUSPECT)
        quality[beyond], cause[beyond] = Quality.BAD, Cause.RANGE
        t = np.array(work.t, np.float64)[owner].astype(np.int64)  # what is kept is below 2**53
        clock = np.array(work.clock, np.uint8)[owner]
        doubted = (clock == Clock.NEVER_SET) | (t > now_ms + AHEAD_MS)
        present = doubted & (quality != Quality.MISSING)
        quality[present] = _WORSE_OF_SUSPECT[quality[present]]
        cause[doubted] = Cause.CLOCK
        used, series = np.unique(ids, return_inverse=True)
        return Columns(
            names=tuple(self._names[i] for i in used),
            series=series.astype(np.uint32),
            t=t,
            value=value,
            quality=quality,
            cause=cause,
            received=np.full(len(value), now_ms, np.int64),
            boots=tuple(boot for _, boot in work.books),
            boot=np.array(work.book, np.uint16)[owner],
            seq=np.array(work.seq, np.int64)[owner],
        )


def _by_book(work: Gathered) -> dict[Book, NDArray[np.intp]]:
    """Of each book its samples, in the order in which they came."""
    of = np.array(work.book, np.intp)
    ends = np.cumsum(np.bincount(of, minlength=len(work.books)))
    rows = np.split(np.argsort(of, kind="stable"), ends)
    return dict(zip(work.books, rows, strict=False))  # behind the last end there is nothing


class _Letters:
    """Refusals of a round's samples."""

    def __init__(self, work: Gathered, messages: Sequence[Message], now_ms: int) -> None:
        self._work, self._messages, self._now_ms = work, messages, now_ms
        self._bodies = Bodies(work, [message.payload for message in messages])

    def of(self, row: int, reason: str, *, whole: bool) -> Refusal:
        """A sample that is refused, or (not ``whole``) a reading of one that is kept."""
        topic = self._messages[self._work.place[row]].topic
        address = wire.parse_topic(topic)
        where = (address.station, address.boot, self._work.seq[row])
        body = self._bodies.of(row, address)
        return Refusal(self._now_ms, topic, *where, reason, body, whole)
