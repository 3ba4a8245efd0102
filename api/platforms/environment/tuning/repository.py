"""Signals of rules in the past, read from the store and kept for a while.

So that a line on the move is answered from memory. Spans corrected since are read again.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Generic, TypeVar

import numpy as np

from alerting.backtest.backtest import Readings
from alerting.evaluation.rule_instance import ALL, RuleInstance
from alerting.rules.conditions.signal import ANY, NOTHING
from api.platforms.environment.tuning.records import LONGEST_FOR_MS, Sighting
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS, HOUR_MS
from ingest.store.protocol import Store

PART_MS = 62 * DAY_MS
"""Read at once, so that too much is noticed early."""
MOST_READINGS = 6_000_000
"""Of one trial: ten stations of one-minute data of a year; 96 MB."""
AVERAGED = 4
"""So many times more may be read of what looks at means of hours, which are few."""
MOST_SUMMED = 20_000_000_000
"""By the means of one place: seconds; a week's mean of a year of one-minute data is a quarter."""
MOST_KEPT = 8_000_000
"""Rows in memory of readings, and as many of what is seen of them."""
KEPT_S = 120.0
"""How long: a backlog that arrives is seen no later than that."""

T = TypeVar("T")


class _Kept(Generic[T]):
    """The results made last, by key, up to so many rows; who asks for what is being made waits."""

    def __init__(self, rows: Callable[[T], int]) -> None:
        self._rows = rows
        self._lock = threading.Lock()
        self._made: OrderedDict[object, tuple[float, Future[T]]] = OrderedDict()

    def of(self, key: object, make: Callable[[], T]) -> T:
        """The result of a key, made if it is not there."""
        with self._lock:
            began_s, found = self._made.pop(key, (0.0, None))
            mine = found is None or time.monotonic() - began_s > KEPT_S
            if found is None or mine:
                began_s, found = time.monotonic(), Future[T]()
            self._made[key] = began_s, found
        if mine:
            self._make(key, found, make)
        return found.result()

    def _make(self, key: object, found: Future[T], make: Callable[[], T]) -> None:
        try:
            made = make()
        except BaseException as error:
            with self._lock:
                self._made.pop(key, None)
            found.set_exception(error)
            raise
        found.set_result(made)
        with self._lock:
            left = MOST_KEPT
            for other, (_, each) in reversed(list(self._made.items())):
                left -= self._rows(each.result()) if each.done() else 0
                if left < 0:
                    del self._made[other]


class Histories:
    """Signals of rules in the spans that were asked for last."""

    def __init__(self) -> None:
        self._readings = _Kept[Readings](lambda readings: len(readings[0]))
        self._seen = _Kept[Sighting](lambda seen: len(seen.readings[0]))

    def seen(
        self, services: Services, rule_instances: Sequence[RuleInstance], from_ms: int, to_ms: int
    ) -> dict[str, Sighting]:
        """The signal of each in ``from_ms <= t < to_ms``, or at the end of an hour of that, by its
        key, of readings as judged and corrected.

        Raises:
            NotAccepted: they are too many.
        """
        # Asked for first: what is decided while we read has a later revision.
        revision = services.corrections.revision()
        found: dict[str, Sighting] = {}
        rows: dict[str, int] = {}
        for instance in rule_instances:
            most = MOST_READINGS * (AVERAGED if instance.hours else 1)
            rule = instance.rule
            heard_ms = ALL
            if instance.kind.by_silence:
                heard_ms = _heard_ms(services, instance.target.station.id)
            key = (rule.kind, rule.signal, instance.series, from_ms, to_ms, revision, heard_ms)
            left = most - sum(rows.values())
            span = (from_ms, to_ms)
            made = partial(self._review, services.store, instance, span, revision, left, heard_ms)
            found[instance.key] = self._seen.of(key, made)
            rows |= found[instance.key].rows
            if sum(rows.values()) > most:
                raise _too_many()
        return found

    def _review(
        self,
        store: Store,
        instance: RuleInstance,
        span: tuple[int, int],
        revision: int,
        left: int,
        heard_ms: int,
    ) -> Sighting:
        from_ms, to_ms = span
        silence = instance.kind.by_silence
        reach_ms = LONGEST_FOR_MS if silence else instance.reach_ms(from_ms)
        first = max(from_ms - reach_ms, 0)
        members, rows = [], {}
        hours: set[int] = set()
        for name in instance.members:
            read = partial(_read, store, name, first, to_ms, left)
            t, value = self._readings.of((name, first, to_ms, revision), read)
            members.append((t, value))
            inside = t[np.searchsorted(t, from_ms) :]
            rows[name] = len(inside)
            hours.update(np.unique(inside // HOUR_MS).tolist())
            left -= len(t)
        if _summed(instance, max(map(len, (t for t, _ in members)))) > MOST_SUMMED:
            raise _too_many()
        # Silence may have begun before the span, but not before the station was heard.
        after = heard_ms - 1 if silence else from_ms - 1
        return Sighting(instance.of_history(members, after, to_ms), rows, frozenset(hours))


def _heard_ms(services: Services, station: str) -> int:
    """From when on silence of a station is one."""
    _, engine = services.alerts.engine_snapshot()
    return engine.heard_ms(station)


def _summed(instance: RuleInstance, rows: int) -> int:
    """How many readings the means over windows add up, nearly."""
    kind = instance.kind
    longest_ms = max(kind.mean_windows_ms(kind.of(instance.rule)), default=0)
    return rows * min(rows, longest_ms // instance.target.station.cadence_ms)


def _read(store: Store, name: str, from_ms: int, to_ms: int, left: int) -> Readings:
    """Good readings of a series, or the causes of all."""
    pieces: list[Readings] = [NOTHING]
    for begin in range(from_ms, to_ms, PART_MS):
        end = min(begin + PART_MS, to_ms)
        if name.endswith(ANY):
            track = store.track(name.removesuffix(ANY), begin, end)
            pieces.append((track.t, track.cause.astype(np.float64)))
        else:
            pieces.append(store.good(name, begin, end))
        left -= len(pieces[-1][0])
        if left < 0:
            raise _too_many()
    t, value = (np.concatenate(columns) for columns in zip(*pieces, strict=True))
    return t, value


def _too_many() -> NotAccepted:
    fault = Fault("from_ms", "holds too many readings", "take one station or a shorter span")
    return NotAccepted(fault, "large")
