"""Bytes to checked columns; what cannot be kept goes to the dead letters. No network, no clock.

Every message ends settled: its readings in the columns, or refused with a reason. One bad message
stops nothing. A round of messages becomes flat columns at once; only what is refused is looked at
one by one.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from config.catalogue.shapes import Catalogue
from config.vocabulary import reports, topics, wire
from config.vocabulary.bounds import BODY_BYTES, cut
from config.vocabulary.errors import QingyuanError
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause, Quality, quality_of, worst
from config.vocabulary.reading import Clock
from config.vocabulary.refusals import Details, PassedOver, Reason
from config.vocabulary.time import DAY_MS
from ingest.arrival.batch import Batch, Bodies, Book, Readings, by_book, details_of
from ingest.arrival.sequence_ledger import SequenceLedger, spans
from ingest.arrival.time_spans import TimeSpans
from ingest.journal.columns import Columns, grouped
from ingest.journal.deadletters import DeadLetters
from ingest.journal.entry import Settled
from ingest.journal.refusal import Refusal
from ingest.quality.checks import out_of_range, to_resolution

YEAR_2000_MS = 946_684_800_000
FAR_AHEAD_MS = 24 * 3_600_000
AHEAD_MS = 120_000
LETTER_BYTES = 4096
"""So much is kept of a body that is too large."""
LONGEST_TOPIC = 200
"""So much is kept of a topic that is not one of ours; those are shorter."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")

_QUALITY = np.full(256, Quality.NOT_EVALUATED, np.uint8)
for _cause in Cause:
    _QUALITY[_cause] = quality_of(_cause)
_WORSE_OF_SUSPECT = np.array(
    [worst(Quality(q), Quality.SUSPECT) if q in list(Quality) else q for q in range(10)], np.uint8
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the broker; ``mid``, ``qos`` and ``session`` are for the bus alone.
    ``received_s`` is when, by the monotonic clock, where it may have waited since.
    """

    topic: str
    payload: bytes
    mid: int = 0
    qos: int = 1
    session: int = 0
    imported: bool = False
    """From a file: it may be older than any spool holds, and its body larger."""
    received_s: float | None = None


class NotTaken(QingyuanError):
    """The messages' figures cannot be computed with. It was raised before anything was written and
    by what needs no disk, so neither a full disk nor a broken file can be the reason.
    """


@dataclass(frozen=True, slots=True)
class Taken:
    """The outcome of a round of messages."""

    columns: Columns
    settled: tuple[Settled, ...]
    touched: frozenset[Book]
    """Station and boot of everything that deserves an ack, repeats included."""
    refused: tuple[Refusal, ...] = ()
    repeated: Mapping[str, int] = field(default_factory=dict)
    """Samples of each station that had arrived before."""
    passed_over: Mapping[tuple[str, PassedOver], int] = field(default_factory=dict)
    """By station and kind."""
    turns: tuple[Book, ...] = ()
    """Boots that spoke live where another one of the same station had spoken before."""
    took: Mapping[str, int] = field(default_factory=dict)
    """By station the time, ms, from sending its quickest live message, by its own clock, to its
    arrival, by the centre's.
    """
    said: Mapping[str, reports.Status] = field(default_factory=dict)
    """The last status of each station."""

    def followed_by(self, later: Taken) -> Taken:
        """Both, as one round."""
        both = [self.took, later.took]
        return Taken(
            Columns.joined([self.columns, later.columns]),
            self.settled + later.settled,
            self.touched | later.touched,
            self.refused + later.refused,
            Counter(self.repeated) + Counter(later.repeated),
            Counter(self.passed_over) + Counter(later.passed_over),
            self.turns + later.turns,
            {of: min(took[of] for took in both if of in took) for took in both for of in took},
            {**self.said, **later.said},
        )


class Intake:
    """Takes messages in; the ledger says what is new, the catalogue what is known."""

    def __init__(
        self,
        catalogue: Catalogue,
        ledger: SequenceLedger,
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
        self._ids = {name: message_index for message_index, name in enumerate(self._names)}
        rows = [INDICATORS[name.partition("/")[2]] for name in self._names]
        self._low = np.array([row.low for row in rows], np.float64)
        self._high = np.array([row.high for row in rows], np.float64)

    def take(self, messages: Sequence[Message], now_ms: int) -> Taken:
        """Decode, check and number a round; refusals are on disk when this returns.

        Raises:
            NotTaken: the fault is in one of the messages; nothing of any is kept.
        """
        try:
            taken = self._taken(messages, now_ms)
        except MemoryError:
            raise
        except Exception as error:
            raise NotTaken(repr(error)) from error
        self._deadletters.refuse(taken.refused)
        return taken

    def refuse(self, message: Message, error: NotTaken, now_ms: int) -> Taken:
        """Take a message for a dead letter without a look at its body."""
        details = Details(Reason.NOT_TAKEN, fault=cut(str(error)))
        taken = self._taken([message], now_ms, details)
        self._deadletters.refuse(taken.refused)
        return taken

    def _taken(
        self, messages: Sequence[Message], now_ms: int, refusing: Details | None = None
    ) -> Taken:
        """All that follows from the messages; nothing is written."""
        work = Batch(self._ids, self._plans_of, self._speakers)
        refused = list[Refusal]()
        for message_index, message in enumerate(messages):
            try:
                self._gather(message_index, message, work, now_ms, refusing)
            except wire.Malformed as error:
                topic, of = message.topic[:LONGEST_TOPIC], self._station_of(message.topic)
                refused.append(Refusal(now_ms, topic, of, "", 0, error.details, _kept(message)))
        books, readings = by_book(work), work.readings()
        seq = np.array(work.seq, np.int64)
        fresh = np.zeros(len(seq), bool)
        for book, rows in books.items():
            fresh[rows] = self._ledger.unseen(*book, seq[rows].tolist())
        kept = fresh.copy()
        letters = _Refusals(work, messages, now_ms)
        for row, details in self._judged(work, readings, messages, fresh, now_ms):
            kept[row] = False
            refused.append(letters.of(row, details, whole=True))
        for row, codes in work.foreign.items():
            if kept[row]:
                refused += [letters.of(row, why, whole=False) for why in details_of(codes)]
        repeated = Counter[str]()
        for (station, _), rows in books.items():
            repeated[station] += len(rows) - int(fresh[rows].sum())
        return Taken(
            columns=self._columns(work, readings, kept, now_ms),
            settled=tuple(self._settled(work, books, fresh, kept)),
            touched=frozenset(books),
            refused=tuple(refused),
            repeated=repeated,
            passed_over=self._passed_over(work, readings, books, fresh, kept),
            turns=tuple(work.turns),
            took=work.took,
            said=work.said,
        )

    def _gather(
        self,
        message_index: int,
        message: Message,
        work: Batch,
        now_ms: int,
        refusing: Details | None,
    ) -> None:
        address = topics.parse_topic(message.topic)
        if address.site != self._site or not _NAME.fullmatch(address.station):
            raise wire.malformed(Reason.UNKNOWN_STATION)
        body, why = message.payload, refusing or _too_large(message)
        if address.kind == "status":
            if why:
                raise wire.Malformed(why)
            work.said[address.station] = reports.decode_status(body)
            return
        if not 1 <= address.first <= address.last:
            raise wire.malformed(Reason.WRONG_NUMBERS, "they begin at 1 and grow")
        # Settled whatever it is, or its spool would send it for ever.
        if why:
            work.add_unreadable(message_index, address, b"", why)
            return
        if address.station not in self._plans:
            why = Details(Reason.UNKNOWN_STATION)
            work.add_unreadable(message_index, address, body, why)
            return
        try:
            work.add(message_index, address, body, _arrived_ms(message, now_ms))
        except wire.Malformed as error:
            work.add_unreadable(message_index, address, body, error.details)

    def _station_of(self, topic: str) -> str:
        """The station of a letter; empty where the topic does not say."""
        with suppress(wire.Malformed):
            address = topics.parse_topic(topic)
            if address.site == self._site and _NAME.fullmatch(address.station):
                return address.station
        return ""

    def _judged(
        self,
        work: Batch,
        readings: Readings,
        messages: Sequence[Message],
        fresh: NDArray[np.bool_],
        now_ms: int,
    ) -> Iterator[tuple[int, Details]]:
        """New samples of which nothing can be kept, and why."""
        t = np.array(work.t, np.int64)
        earliest, latest = max(YEAR_2000_MS, now_ms - self._spool_ms), now_ms + FAR_AHEAD_MS
        keeps_from = self._keeps_from_ms(now_ms)
        possible = (t >= earliest) & (t <= latest)
        holding = np.zeros(len(t), bool)
        holding[readings.owner] = True
        stays = t >= keeps_from
        for row in np.flatnonzero(fresh & ~(possible & holding & stays)).tolist():
            imported, at = messages[work.message_index[row]].imported, work.t[row]
            if row in work.why:
                yield row, work.why[row]
            elif not possible[row] and not (imported and YEAR_2000_MS <= at <= now_ms):
                low, high = (YEAR_2000_MS, now_ms) if imported else (earliest, latest)
                yield row, Details(Reason.IMPOSSIBLE_TIME, t=at, earliest=low, latest=high)
            elif not stays[row]:
                yield row, Details(Reason.BEYOND_RETENTION, t=at, earliest=keeps_from)
            elif not holding[row]:
                for why in details_of(work.foreign.get(row, {})) or [Details(Reason.NO_READINGS)]:
                    yield row, why

    def _passed_over(
        self,
        work: Batch,
        readings: Readings,
        books: dict[Book, NDArray[np.intp]],
        fresh: NDArray[np.bool_],
        kept: NDArray[np.bool_],
    ) -> Counter[tuple[str, PassedOver]]:
        found = Counter[tuple[str, PassedOver]]()
        owner = readings.owner[readings.cause >= Cause.RANGE]
        rows = np.array(work.book, np.intp)[owner[kept[owner]]]
        for (station, _), n in zip(books, np.bincount(rows).tolist(), strict=False):
            found[station, PassedOver.OWN_CAUSE] += n
        for book, of in books.items():
            seqs = [work.seq[row] for row in of[~fresh[of]]]
            found[book[0], PassedOver.GIVEN_UP] += self._ledger.given_up(*book, seqs)
        return +found

    def _settled(
        self,
        work: Batch,
        books: dict[Book, NDArray[np.intp]],
        fresh: NDArray[np.bool_],
        kept: NDArray[np.bool_],
    ) -> Iterator[Settled]:
        """Every new sample; those of an instant that another may hold are named."""
        earlier: dict[str, TimeSpans] = {}
        seq = np.array(work.seq, np.int64)
        taken_ms = np.where(kept, np.array(work.t, np.int64), -1)
        for (station, boot), rows in books.items():
            new = rows[fresh[rows]]
            if not len(new):
                continue
            seqs, taken = seq[new].tolist(), taken_ms[new].tolist()
            news = spans(seqs, taken)
            before = earlier.setdefault(station, TimeSpans())
            clashing = tuple(self._clashing(station, seqs, taken, before))
            for span in news:
                before.add(span.low_ms, span.high_ms)
            oldest = work.oldest[work.books[station, boot]]
            yield Settled(station, boot, oldest, news, clashing)

    def _clashing(
        self, station: str, seqs: list[int], taken: list[int], earlier: TimeSpans
    ) -> Iterator[int]:
        """Seqs whose instant (-1: not kept) lies among those of others, or is that of another."""
        times = [t for t in taken if t >= 0]
        if not times:
            return
        known = TimeSpans(self._ledger.taken_among(station, min(times), max(times)))
        among = known.spans or earlier.meeting(min(times), max(times))
        if not among and len(set(times)) == len(times):
            return
        seen = set[int]()
        for seq, t in sorted((seq, t) for seq, t in zip(seqs, taken, strict=True) if t >= 0):
            if t in seen or known.holds(t) or earlier.holds(t):
                yield seq
            seen.add(t)

    def _columns(
        self, work: Batch, readings: Readings, kept: NDArray[np.bool_], now_ms: int
    ) -> Columns:
        rows = np.flatnonzero(kept[readings.owner])
        rows = rows[grouped(readings.series[rows], len(self._names))]  # as readers ask for them
        owner, ids = readings.owner[rows], readings.series[rows]
        sent, cause = readings.value[rows], readings.cause[rows]
        cause[cause >= Cause.RANGE] = Cause.NORMAL  # the centre's own words, judged anew here
        quality = _QUALITY[cause]
        quality[np.isnan(sent)] = Quality.MISSING
        beyond = out_of_range(sent, self._low[ids], self._high[ids]) & (quality <= Quality.SUSPECT)
        quality[beyond], cause[beyond] = Quality.BAD, Cause.RANGE
        t = np.array(work.t, np.int64)[owner]
        clock = np.array(work.clock, np.uint8)[owner]
        doubted = (clock == Clock.NEVER_SET) | (t > now_ms + AHEAD_MS)
        present = doubted & (quality != Quality.MISSING)
        quality[present] = _WORSE_OF_SUSPECT[quality[present]]
        cause[doubted] = Cause.CLOCK
        used = np.flatnonzero(np.bincount(ids, minlength=len(self._names)))
        numbers = np.zeros(len(self._names), np.uint32)
        numbers[used] = np.arange(len(used))
        return Columns(
            names=tuple(self._names[i] for i in used),
            series=numbers[ids],
            t=t,
            value=to_resolution(sent),
            quality=quality,
            cause=cause,
            received=np.full(len(sent), now_ms, np.int64),
            boots=tuple(boot for _, boot in work.books),
            boot=np.array(work.book, np.uint16)[owner],
            seq=np.array(work.seq, np.int64)[owner],
        )


def _too_large(message: Message) -> Details | None:
    size = len(message.payload)
    if message.imported or size <= BODY_BYTES:
        return None
    return Details(Reason.TOO_LARGE, size=size, largest=BODY_BYTES)


def _kept(message: Message) -> bytes:
    """The part of a body that a dead letter may hold."""
    return message.payload[:LETTER_BYTES] if _too_large(message) else message.payload


def _arrived_ms(message: Message, now_ms: int) -> int | None:
    """When it came from the broker, by the centre's clock; None where it came from a file."""
    if message.imported:
        return None
    if message.received_s is None:
        return now_ms
    return now_ms - round(1000 * (time.monotonic() - message.received_s))


class _Refusals:
    """Refusals of a round's samples."""

    def __init__(self, work: Batch, messages: Sequence[Message], now_ms: int) -> None:
        self._work, self._messages, self._now_ms = work, messages, now_ms
        self._bodies = Bodies(work, [_kept(message) for message in messages])

    def of(self, row: int, details: Details, *, whole: bool) -> Refusal:
        """A sample that is refused, or (not ``whole``) a reading of one that is kept."""
        topic = self._messages[self._work.message_index[row]].topic
        address = topics.parse_topic(topic)
        where = (address.station, address.boot, self._work.seq[row])
        body = self._bodies.of(row, address)
        return Refusal(self._now_ms, topic, *where, details, body, whole)
