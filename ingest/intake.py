"""Bytes to checked columns; what cannot be kept goes to the dead letters. No network, no clock.

Every message ends settled: its readings in the columns, or refused with a reason. One bad message
stops nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np

from config.catalogue.shapes import Catalogue
from config.vocabulary import wire
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause, Quality, quality_of, worst
from config.vocabulary.reading import Clock, Measured, Numbered, Sample
from ingest.deadletters import DeadLetters, Refusal
from ingest.journal import Columns, Settled
from ingest.ledger import Ledger, spans
from ingest.quality.checks import out_of_range

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


@dataclass(frozen=True, slots=True)
class Taken:
    """What a round of messages came to."""

    columns: Columns
    settled: tuple[Settled, ...]
    touched: frozenset[tuple[str, str]]
    """Station and boot of everything that deserves an ack, repeats included."""


@dataclass(slots=True)
class _Round:
    """Rows under way to columns, and what is refused."""

    now_ms: int
    rows: list[tuple[str, int, float, int, str, int]] = field(default_factory=list)
    clock_doubted: list[bool] = field(default_factory=list)
    seqs: dict[tuple[str, str], dict[int, None]] = field(default_factory=dict)
    oldest: dict[tuple[str, str], int] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    touched: set[tuple[str, str]] = field(default_factory=set)


class Intake:
    """Takes messages in; the ledger says what is new, the catalogue what is known."""

    def __init__(
        self, catalogue: Catalogue, ledger: Ledger, deadletters: DeadLetters, spool_days: int = 30
    ) -> None:
        self._catalogue = catalogue
        self._plans = {name: frozenset(codes) for name, codes in catalogue.plans.items()}
        self._ledger = ledger
        self._deadletters = deadletters
        self._spool_ms = spool_days * DAY_MS

    def take(self, messages: Sequence[Message], now_ms: int) -> Taken:
        """Decode, check and number a round; refusals are on disk when this returns."""
        work = _Round(now_ms)
        for message in messages:
            try:
                self._take_message(message, work)
            except wire.Malformed as error:
                work.refused.append(
                    Refusal(now_ms, message.topic, "", "", 0, str(error), message.payload)
                )
        self._deadletters.refuse(work.refused)
        settled = tuple(
            Settled(station, boot, work.oldest[station, boot], spans(list(seqs)))
            for (station, boot), seqs in work.seqs.items()
            if seqs
        )
        return Taken(_columns(work), settled, frozenset(work.touched))

    def _take_message(self, message: Message, work: _Round) -> None:
        address = wire.parse_topic(message.topic)
        if address.site != self._catalogue.site.id or not _NAME.fullmatch(address.station):
            raise wire.Malformed(f"unknown station {address.site}/{address.station}")
        if address.kind == "status":
            return
        if not 1 <= address.first <= address.last:
            raise wire.Malformed("seqs begin at 1 and grow")
        try:
            samples, oldest = self._samples(message, address)
        except (wire.Malformed, RecursionError) as error:  # the latter of endless nesting
            self._refuse_whole(message, address, str(error), work)
            return
        self._take_samples(message, address, samples, oldest, work)

    def _samples(self, message: Message, address: wire.Address) -> tuple[list[Numbered], int]:
        if address.station not in self._plans:
            raise wire.Malformed(f"unknown station {address.site}/{address.station}")
        if address.kind == "readings":
            live = wire.decode_live(message.payload)
            readings = {code: Measured(*pair) for code, pair in live.r.items()}
            sample = Sample(live.t, live.k, readings)
            return [Numbered(address.boot, address.first, sample)], live.o
        history = wire.decode_history(message.payload)
        if not history.s or not all(address.first <= s <= address.last for s in history.s):
            raise wire.Malformed("the seqs are not those of the span that the topic names")
        return wire.samples_of(history, address.boot), history.o

    def _refuse_whole(
        self, message: Message, address: wire.Address, reason: str, work: _Round
    ) -> None:
        """Settle what cannot be read, or its spool would send it for ever."""
        payload = message.payload
        for seq in self._news(address, _seqs_inside(message, address), 1, work):
            where = (work.now_ms, message.topic, address.station, address.boot, seq)
            work.refused.append(Refusal(*where, reason, payload))
            payload = b""  # once is enough

    def _news(
        self, address: wire.Address, seqs: list[int], oldest: int, work: _Round
    ) -> Iterator[int]:
        """Of these seqs those that neither the ledger nor this round has; they are settled."""
        key = (address.station, address.boot)
        work.touched.add(key)
        # Whoever sends a seq holds it still, whatever its ``o`` says.
        oldest = min(oldest, *seqs)
        work.oldest[key] = max(oldest, work.oldest.get(key, 1))
        settled = work.seqs.setdefault(key, {})
        for seq, new in zip(seqs, self._ledger.unseen(*key, seqs), strict=True):
            if new and seq not in settled:
                settled[seq] = None
                yield seq

    def _take_samples(
        self,
        message: Message,
        address: wire.Address,
        samples: list[Numbered],
        oldest: int,
        work: _Round,
    ) -> None:
        rows = {row.seq: row for row in reversed(samples)}
        for seq in self._news(address, [row.seq for row in samples], oldest, work):
            self._take_sample(message, address, rows[seq], work)

    def _take_sample(
        self, message: Message, address: wire.Address, row: Numbered, work: _Round
    ) -> None:
        station, plan = address.station, self._plans[address.station]

        def refuse(reason: str, *, whole: bool) -> None:
            # Of a batch its one sample is kept, in the batch's own form.
            body = message.payload
            if address.kind == "history":
                body = wire.encode_history([row], oldest=row.seq, sent_ms=0)
            where = (work.now_ms, message.topic, station, row.boot, row.seq)
            work.refused.append(Refusal(*where, reason, body, whole))

        taken_ms, clock, readings = row.sample.taken_ms, row.sample.clock, row.sample.readings
        earliest = max(YEAR_2000_MS, work.now_ms - self._spool_ms)
        if not earliest <= taken_ms <= work.now_ms + FAR_AHEAD_MS:
            refuse(f"impossible time {taken_ms}", whole=True)
            return
        doubted = clock is Clock.NEVER_SET or taken_ms > work.now_ms + AHEAD_MS
        nothing_kept = plan.isdisjoint(readings)
        if not readings:
            refuse("a sample without readings", whole=True)
        for code, (value, cause) in readings.items():
            if code not in plan:
                refuse(f"unknown indicator {code} at this station", whole=nothing_kept)
                continue
            number = float("nan") if value is None else value
            work.rows.append((f"{station}/{code}", taken_ms, number, cause, row.boot, row.seq))
            work.clock_doubted.append(doubted)


class _Numbers(msgspec.Struct):
    """All that is asked of a batch that cannot be read otherwise."""

    s: list[int]


def _seqs_inside(message: Message, address: wire.Address) -> list[int]:
    """Seqs that a message certainly carries. A batch may leave out some of its span; those are
    under way elsewhere and must not be settled with it.
    """
    if address.kind == "readings":
        return [address.first]
    ends = list(dict.fromkeys((address.first, address.last)))
    try:
        seqs = msgspec.json.decode(message.payload, type=_Numbers).s
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ends
    return [s for s in seqs if address.first <= s <= address.last] or ends


def _columns(work: _Round) -> Columns:
    if not work.rows:
        return Columns.empty()
    names, t, value, cause, boots, seq = zip(*work.rows, strict=True)
    name_index = {name: i for i, name in enumerate(dict.fromkeys(names))}
    boot_index = {boot: i for i, boot in enumerate(dict.fromkeys(boots))}
    values = np.array(value, np.float64)
    causes = np.array(cause, np.uint8)
    series = np.array([name_index[name] for name in names], np.uint32)
    quality = _QUALITY[causes]
    quality[np.isnan(values)] = Quality.MISSING
    _judge(list(name_index), series, values, quality, causes)
    doubted = np.array(work.clock_doubted) & (quality != Quality.MISSING)
    quality[doubted] = _WORSE_OF_SUSPECT[quality[doubted]]
    causes[np.array(work.clock_doubted)] = Cause.CLOCK
    return Columns(
        names=tuple(name_index),
        series=series,
        t=np.array(t, np.int64),
        value=values,
        quality=quality,
        cause=causes,
        received=np.full(len(values), work.now_ms, np.int64),
        boots=tuple(boot_index),
        boot=np.array([boot_index[boot] for boot in boots], np.uint16),
        seq=np.array(seq, np.int64),
    )


def _judge(
    names: list[str],
    series: np.ndarray[tuple[int], np.dtype[np.uint32]],
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
    quality: np.ndarray[tuple[int], np.dtype[np.uint8]],
    causes: np.ndarray[tuple[int], np.dtype[np.uint8]],
) -> None:
    """Range check, in place; the instrument's own word for a bad value stands."""
    rows = [INDICATORS[name.partition("/")[2]] for name in names]
    low = np.array([row.low for row in rows], np.float64)[series]
    high = np.array([row.high for row in rows], np.float64)[series]
    beyond = out_of_range(values, low, high) & (quality != Quality.BAD)
    quality[beyond] = Quality.BAD
    causes[beyond] = Cause.RANGE
