"""Rules tried on a history, by the same engine and the same stages of notification as live. Pure.

The outcome is the record as amended in the end: the alerts of the readings as they are known now.
Notifications at the time, while some readings were missing, may have been fewer or more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import numpy as np
from numpy.typing import NDArray

from alerting.alert import Alert, Verdict
from alerting.evaluation.rule_instance import RuleInstance, rule_instances
from alerting.evaluation.whole_history import alerts_of_history, alerts_of_signal
from alerting.events.event import Grouping
from alerting.notify.playback import Heard, Manner, played
from alerting.notify.readers import of_role
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import FOR_EVER_MS, HOUR_MS

EAST = timezone(timedelta(hours=8))
NIGHT_FROM_HOUR, NIGHT_TO_HOUR = 22, 6
"""Hours between which a message disturbs a night, Asia/Shanghai."""
Readings = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Good readings of a series by time, t in UTC epoch ms."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures of an outcome. ``hours``: in which at least one alert stood. The last three are by
    role: messages, of these at night, and nights with one.
    """

    alerts: int
    by_level: dict[str, int]
    by_station: dict[str, int]
    by_month: dict[str, int]
    hours: float
    messages: dict[str, int]
    at_night: dict[str, int]
    nights: dict[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of rules on a history. ``alerts`` by beginning; ``messages`` by time, to a
    deputy and to an officer who wish nothing.
    """

    alerts: tuple[Alert, ...]
    messages: tuple[Heard, ...]
    end_ms: int

    def counts(self) -> Counts:
        """In figures."""
        told = [(heard.reader, _east(heard.at_ms)) for heard in self.messages]
        night = [(who, _night(at)) for who, at in told if _is_night(at)]
        return Counts(
            len(self.alerts),
            _counted(alert.level.name.lower() for alert in self.alerts),
            _counted(alert.station for alert in self.alerts),
            _counted(f"{_east(alert.began_ms):%Y-%m}" for alert in self.alerts),
            round(_hours(self.alerts, self.end_ms), 2),
            _counted(who for who, _ in told),
            _counted(who for who, _ in night),
            _counted(who for who, _ in set(night)),
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions compared: alerts of one level and series that overlap are the same one."""

    only_first: tuple[Alert, ...]
    only_second: tuple[Alert, ...]
    both: tuple[tuple[Alert, Alert], ...]


@dataclass(frozen=True, slots=True)
class Caught:
    """Counts of reviewed alerts in an outcome: true alarms, and false ones with faults of sensors
    and planned work.
    """

    true_kept: int
    true_all: int
    false_kept: int
    false_all: int


def tried(
    rules: Sequence[Rule],
    catalogue: Catalogue,
    readings: Callable[[str], Readings],
    end_ms: int,
    progress: Callable[[float], None] = lambda _: None,
    grouping: Grouping | None = None,
    heard: Callable[[str], int] = lambda _: 0,
    apart_ms: int = FOR_EVER_MS,
) -> Outcome:
    """The outcome of rules on a history.

    ``readings`` gives the good readings of a stored series; ``end_ms`` is how far silence is
    known. ``progress`` hears the share that is done, ``grouping`` says which alerts are one event.
    ``heard`` says from when on a station's silence is one, UTC epoch ms; one that is longer than
    ``apart_ms`` is none.
    """
    alerts: list[Alert] = []
    every = [instance for rule in rules for instance in rule_instances(rule, catalogue)]
    for target, instance in enumerate(every, 1):
        members = [readings(name) for name in instance.members]
        heard_ms = heard(instance.target.station.id)
        alerts += alerts_of_history(instance, members, end_ms, heard_ms, apart_ms)
        progress(target / len(every))
    return _outcome(alerts, catalogue, end_ms, grouping or Grouping())


def judged(
    rule: Rule,
    catalogue: Catalogue,
    seen: Callable[[RuleInstance], Readings],
    end_ms: int,
    grouping: Grouping,
) -> Outcome:
    """The transitions of a rule at each of its evaluation targets."""
    every = rule_instances(rule, catalogue)
    alerts = [
        alert for instance in every for alert in alerts_of_signal(instance, seen(instance), end_ms)
    ]
    return _outcome(alerts, catalogue, end_ms, grouping)


def _outcome(
    alerts: list[Alert], catalogue: Catalogue, end_ms: int, grouping: Grouping
) -> Outcome:
    alerts.sort(key=lambda alert: (alert.began_ms, alert.rule_id, alert.level, alert.station))
    return Outcome(tuple(alerts), tuple(_messages(alerts, catalogue, grouping)), end_ms)


def compared(first: Outcome, second: Outcome) -> Difference:
    """Which alerts of one there are in the other."""
    left, both = list(second.alerts), list[tuple[Alert, Alert]]()
    only = list[Alert]()
    for alert in first.alerts:
        match = next((other for other in left if _same(alert, other)), None)
        if match is None:
            only.append(alert)
        else:
            left.remove(match)
            both.append((alert, match))
    return Difference(tuple(only), tuple(left), tuple(both))


def caught(outcome: Outcome, reviewed: Sequence[tuple[Alert, Verdict]]) -> Caught:
    """How many of the alerts that people reviewed an outcome has: one of the same rule, station
    and indicator, at any level, that overlaps. Alerts that began behind the outcome's end do not
    count; the caller leaves out those that began before its readings.
    """
    kept, known = Counter[bool](), Counter[bool]()
    for alert, verdict in reviewed:
        if alert.began_ms <= outcome.end_ms:
            true = verdict is Verdict.TRUE
            known[true] += 1
            kept[true] += any(_meet(alert, other) for other in outcome.alerts)
    return Caught(kept[True], known[True], kept[False], known[False])


def _messages(alerts: Sequence[Alert], catalogue: Catalogue, grouping: Grouping) -> list[Heard]:
    """The messages of the stages that notify live."""
    readers = [of_role("deputy", "zh-CN"), of_role("officer", "zh-CN")]
    found = played(alerts, catalogue, readers, Manner(grouping))
    return sorted(found, key=lambda heard: (heard.at_ms, heard.reader))


def _same(one: Alert, other: Alert) -> bool:
    return one.level == other.level and _meet(one, other)


def _meet(one: Alert, other: Alert) -> bool:
    """Whether two alerts of a rule at one series, of whatever level, overlap."""
    ends = [a.resolved_ms if a.resolved_ms is not None else FOR_EVER_MS for a in (one, other)]
    alike = (one.rule_id, one.station, one.indicator) == (
        other.rule_id, other.station, other.indicator,
    )  # fmt: skip
    return alike and one.began_ms <= ends[1] and other.began_ms <= ends[0]


def _hours(alerts: Sequence[Alert], end_ms: int) -> float:
    """Time with at least one alert; ``alerts`` by beginning."""
    total, reached = 0, -1
    for alert in alerts:
        end = end_ms if alert.resolved_ms is None else alert.resolved_ms
        total += max(0, end - max(alert.began_ms, reached))
        reached = max(reached, end)
    return total / HOUR_MS


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _east(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, EAST)


def _is_night(at: datetime) -> bool:
    return at.hour >= NIGHT_FROM_HOUR or at.hour < NIGHT_TO_HOUR


def _night(at: datetime) -> str:
    """The evening to which a night belongs."""
    return f"{at - timedelta(hours=NIGHT_TO_HOUR):%Y-%m-%d}"
