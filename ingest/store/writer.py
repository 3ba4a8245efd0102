"""Journal -> store, at the store's pace; of one series and instant the first reading stands."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from config.vocabulary import topics, wire
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Clock, Measured, Sample
from config.vocabulary.refusals import Details, PassedOver, Reason
from ingest.journal.columns import Columns
from ingest.journal.deadletters import DeadLetters
from ingest.journal.entry import Entry
from ingest.journal.log import Journal
from ingest.journal.refusal import Refusal
from ingest.journal.rounds import Rounds
from ingest.loops import Loop
from ingest.store.protocol import Store, StoreAway

PATIENCE_S = 0.5
FEW_ENTRIES, REST_S = 32, 0.2
"""With no more than that behind it the store rests between two writes, which then take more at
once: what a write costs hardly grows with its size, and rules need the processor more.
"""
FIRST_BACKOFF_S, LONGEST_BACKOFF_S = 0.5, 5.0

log = logging.getLogger(__name__)


@dataclass(slots=True)
class StoreWriter:
    """The first reader of the journal; its position is the store's own."""

    journal: Journal
    store: Store
    deadletters: DeadLetters
    site: str
    failpoint: Callable[[str], None] = lambda _: None
    away: bool = False
    """Whether the store did not answer when it was asked last."""
    stored: int = 0
    passed_over: Counter[tuple[str, PassedOver]] = field(default_factory=Counter)
    """By station the readings that the store had already; never changed in place."""
    firm: int = 0
    """The store's last answers: its position, and the number that it cannot forget. Others ask
    here, so that a store that hangs holds nobody up.
    """
    loop: Loop = field(default_factory=lambda: Loop("store writer"))
    _backoff_s: float = FIRST_BACKOFF_S
    _rounds: Rounds = field(init=False)

    def __post_init__(self) -> None:
        self._rounds = Rounds(self.journal)

    def run(self, stop: threading.Event) -> None:
        """Keep until told to stop; a store that fails is tried again, later each time."""
        self.loop.run(stop, lambda: self._turn(stop))

    def _turn(self, stop: threading.Event) -> None:
        try:
            busy = self.step()
            self.stored, self.firm = self.store.position(), self.store.firm()
            if not busy:
                self.journal.wait(self.store.position(), PATIENCE_S)
            elif self.journal.last - self.stored < FEW_ENTRIES:
                stop.wait(REST_S)
            self._backoff_s, self.away = FIRST_BACKOFF_S, False
        except StoreAway as away:
            self.away = True
            log.warning("the journal keeps what waits for the store: %s", away)
            stop.wait(self._backoff_s)
            self._backoff_s = min(2 * self._backoff_s, LONGEST_BACKOFF_S)

    def step(self) -> bool:
        """Keep what the journal holds; False when there was nothing new."""
        entries = self._rounds.read(self.store.position())
        for batch in _batches(entries):
            columns = Columns.joined([entry.columns for entry in batch])
            equal = Counter[tuple[str, PassedOver]]()
            if _clashes(batch[0]):
                columns, equal = self._undisputed(batch[0])
            self.store.append(batch[-1].n, columns)
            if equal:
                self.passed_over = self.passed_over + equal
            if len(columns):
                self.failpoint("stored")
        if entries:
            self._rounds.end(self.journal.last - entries[-1].n)
        return bool(entries)

    def _undisputed(self, entry: Entry) -> tuple[Columns, Counter[tuple[str, PassedOver]]]:
        """Without readings of an instant that the store has; those that differ are refused, the
        equal ones counted.
        """
        columns = entry.columns
        keep = np.ones(len(columns), bool)
        disputes: list[tuple[int, float]] = []
        for series in np.unique(columns.series[_marked(entry)]).tolist():
            rows = np.flatnonzero(columns.series == series)
            low, high = int(columns.t[rows].min()), int(columns.t[rows].max())
            track = self.store.track(columns.names[series], low, high + 1)
            first = dict(zip(track.t.tolist(), track.value.tolist(), strict=True))
            for row in rows.tolist():
                t, value = int(columns.t[row]), float(columns.value[row])
                keep[row] = t not in first
                stands = first.setdefault(t, value)
                if stands != value and not np.isnan([stands, value]).all():
                    disputes.append((row, stands))
        self.deadletters.refuse(list(self._refusals(columns, disputes)))
        equal = ~keep
        equal[[row for row, _ in disputes]] = False
        series = columns.series[equal].tolist()
        stations = (columns.names[of].partition("/")[0] for of in series)
        return columns.where(keep), Counter((of, PassedOver.EQUAL) for of in stations)

    def _refusals(
        self, columns: Columns, disputes: Sequence[tuple[int, float]]
    ) -> Iterator[Refusal]:
        samples = list(zip(columns.boot.tolist(), columns.seq.tolist(), strict=True))
        readings, disputed = Counter(samples), Counter(samples[row] for row, _ in disputes)
        for row, stands in disputes:
            station, _, code = columns.names[columns.series[row]].partition("/")
            boot, seq = columns.boots[columns.boot[row]], int(columns.seq[row])
            value, t = float(columns.value[row]), int(columns.t[row])
            measured = Measured(None if np.isnan(value) else value, Cause(int(columns.cause[row])))
            sample = Sample(t, Clock.SYNCHRONISED, {code: measured})
            yield Refusal(
                int(columns.received[row]),
                topics.readings_topic(self.site, station, boot, seq),
                station,
                boot,
                seq,
                Details(
                    Reason.CONFLICT,
                    (code,),
                    t=t,
                    kept=None if np.isnan(stands) else stands,
                    refused=measured.value,
                ),
                wire.encode_live(sample, oldest=seq, sent_ms=t),
                whole=readings[samples[row]] == disputed[samples[row]],
            )


def _clashes(entry: Entry) -> bool:
    return any(settled.clashing for settled in entry.settled)


def _batches(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Entries to be kept together: a store that lags catches up in few steps. One whose instants
    may be taken stands alone, behind all that came before it.
    """
    batch: list[Entry] = []
    for entry in entries:
        if batch and (_clashes(entry) or _clashes(batch[-1])):
            yield batch
            batch = []
        batch.append(entry)
    if batch:
        yield batch


def _marked(entry: Entry) -> NDArray[np.bool_]:
    """Rows of samples that the intake named."""
    columns = entry.columns
    marked = np.zeros(len(columns), bool)
    for settled in entry.settled:
        if settled.clashing:
            boot = columns.boots.index(settled.boot)
            marked |= (columns.boot == boot) & np.isin(columns.seq, settled.clashing)
    return marked
