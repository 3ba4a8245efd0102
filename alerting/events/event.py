"""An alert event: alerts that belong together, of which people are told as one. Pure.

An alert belongs to an event of its kind at its river or in its area when it fires shortly before
or after another one of it, when a lower level of it stands at the same station, or when the event
has ended shortly before. People hear of an event when it begins, of each rise above the level that
they know, of further stations, and once of its end. One that comes and goes is told three times;
then it is held, and told once more with a count when it stays away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from alerting.alert import About, Alert, Level, State
from alerting.events.kinds import Kind
from alerting.wording.sentences import CLOCK_OFF, TWO_AGENTS
from config.catalogue.shapes import Station
from config.vocabulary.time import HOUR_MS

SETTLE_MS = 5_000
"""An event is told so long after its first alert: what fires together is told together."""
MOST_TIMES = 3
"""So often an event is told that comes and goes."""


class EventState(StrEnum):
    """Where an event stands."""

    STANDING = "standing"
    QUIET = "quiet"
    """No alert of it stands; it may come again."""
    OVER = "over"


class NoticeKind(StrEnum):
    """The kinds of what is told of an event."""

    BEGUN = "begun"
    AGAIN = "again"
    RISEN = "risen"
    FURTHER = "further"
    """It reaches further stations, or is graver at one than was told of that."""
    STANDS = "stands"
    """It still stands, now that nothing silences it."""
    DATA_LOST = "data-lost"
    COMES_AND_GOES = "comes-and-goes"
    OVER = "over"
    WITHDRAWN = "withdrawn"
    """Late readings showed that it never was."""
    STEP = "step"
    """Nobody has acknowledged it: a step of its escalation."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """When alerts belong together. ``kinds`` gives by the id of a rule the kind of pollution of
    which several rules tell, ``names`` what that is called.
    """

    together_ms: int = 3 * HOUR_MS
    again_ms: int = 6 * HOUR_MS
    kinds: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    spans_ms: Mapping[str, int] = field(default_factory=dict)
    """By kind, where it is another than ``together_ms``."""

    @classmethod
    def of(cls, kinds: Iterable[Kind], together_ms: int, again_ms: int) -> Grouping:
        """With the kinds of a district."""
        listed = list(kinds)
        rules = {rule: kind.id for kind in listed for rule in kind.rules}
        names = {kind.id: kind.name for kind in listed}
        spans = {of.id: of.together_hours * HOUR_MS for of in listed if of.together_hours}
        return cls(together_ms, again_ms, rules, names, spans)

    def kind_of(self, alert: Alert) -> str:
        """The kind of its event: a named kind of pollution, or the rule."""
        return self.kinds.get(alert.rule_id, alert.rule_id)


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """An event as people know it.

    ``latest_ms`` is the latest firing, ``due_ms`` when it may be told first, ``ended_ms`` since
    when none of its alerts stands; ``known_level`` is the gravest level that was told, 0: nothing
    was. The last five are of its escalation: policy, round and its beginning, the next step, and
    when that is due.
    """

    id: str
    about: About
    kind: str
    area: str
    began_ms: int
    latest_ms: int
    due_ms: int
    state: EventState = EventState.STANDING
    ended_ms: int | None = None
    times: int = 1
    gravest: int = 0
    known_level: int = 0
    known_stations: Mapping[str, int] = field(default_factory=dict)
    """By station the gravest level that was told of it."""
    held: bool = False
    """It came and went too often; nothing more is told until it stays away, but a rise."""
    silenced: bool = False
    """It is silenced after it was told."""
    data_lost: bool = False
    policy: str = ""
    round: int = 0
    round_ms: int | None = None
    step: int = 0
    step_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told of an event. ``alert`` is the one that stands for it, as it was then,
    ``stations`` are all those of which it speaks, ``times`` how often the event has come.
    """

    event: str
    kind: NoticeKind
    alert: Alert
    level: Level
    stations: tuple[str, ...]
    times: int
    at_ms: int
    round: int = 0
    step: int = 0

    @property
    def key(self) -> str:
        """Idempotency key, 32 hex digits: the same notice is written once."""
        text = f"{self.event}|{self.kind}|{self.times}|{int(self.level)}|{self.round}|{self.step}"
        if self.kind in (NoticeKind.FURTHER, NoticeKind.STANDS, NoticeKind.DATA_LOST):
            text += f"|{self.at_ms}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def area_of(alert: Alert, station: Station) -> str:
    """The river of an alert, the air, or the area; or the centre itself, which has none."""
    if not alert.station:
        return "centre"
    if station.river:
        return f"river {station.river}"
    return "air" if station.kind == "air" else f"area {station.area}"


def doubted(alert: Alert, standing: Sequence[Alert]) -> bool:
    """Whether the data of an alert of pollution are in doubt while these alerts of maintenance
    stand at its station: of its clock, of its agents, or of the very indicator.
    """
    return alert.about == "pollution" and any(
        other.station == alert.station
        and (
            other.rule_id in (TWO_AGENTS, CLOCK_OFF)
            or (other.indicator and other.indicator == alert.indicator)
        )
        for other in standing
    )


def joined(
    events: Iterable[AlertEvent],
    standing: Mapping[str, Collection[Alert]],
    alert: Alert,
    area: str,
    now_ms: int,
    grouping: Grouping,
) -> AlertEvent:
    """The event of an alert that stands, with the alert in it: one of those given, or a new one.
    ``standing`` has by event the alerts of it that stand.
    """
    kind = grouping.kind_of(alert)
    same = (alert.about, kind, area)
    near = [
        event
        for event in events
        if (event.about, event.kind, event.area) == same
        and event.state is not EventState.OVER
        and _near(event, standing.get(event.id, ()), alert, grouping)
    ]
    if not near:
        return AlertEvent(
            alert.id, alert.about, kind, area, alert.fired_ms, alert.fired_ms, now_ms + SETTLE_MS
        )
    event = max(near, key=lambda event: (event.state is EventState.STANDING, event.latest_ms))
    return replace(event, latest_ms=max(event.latest_ms, alert.fired_ms))


def _near(
    event: AlertEvent, standing: Collection[Alert], alert: Alert, grouping: Grouping
) -> bool:
    if event.state is EventState.QUIET:
        return True
    span_ms = grouping.spans_ms.get(event.kind, grouping.together_ms)
    if abs(alert.fired_ms - event.latest_ms) < span_ms:
        return True
    return any((of.rule_id, of.station) == (alert.rule_id, alert.station) for of in standing)


def advanced(
    event: AlertEvent,
    members: Sequence[Alert],
    is_silenced: Callable[[Alert], bool],
    now_ms: int,
    grouping: Grouping,
) -> tuple[AlertEvent, Notice | None]:
    """An event brought forward to now, and what is to be told of it, if anything; what remains
    comes with the next call. ``members`` are all of its alerts as they are on record.
    """
    standing = [alert for alert in members if alert.state is State.FIRING]
    if not standing:
        return _ended(event, members, now_ms, grouping)
    gravest = max(event.gravest, *(int(alert.level) for alert in standing))
    event = replace(event, gravest=gravest)
    if event.state is EventState.QUIET:
        event = replace(
            event,
            state=EventState.STANDING,
            ended_ms=None,
            times=event.times + 1,
            due_ms=now_ms + SETTLE_MS,
        )
    if now_ms < event.due_ms:
        return event, None
    audible = [alert for alert in standing if not is_silenced(alert)]
    if not audible:
        return replace(event, silenced=event.silenced or event.known_level > 0), None
    return _stands(event, audible, now_ms)


def _stands(
    event: AlertEvent, audible: Sequence[Alert], now_ms: int
) -> tuple[AlertEvent, Notice | None]:
    level = max(alert.level for alert in audible)
    levels: dict[str, int] = {}
    for alert in audible:
        levels[alert.station] = max(levels.get(alert.station, 0), int(alert.level))
    further = {name for name, of in levels.items() if of > event.known_stations.get(name, 0)}
    lost = all(alert.data_lost for alert in audible)
    kind: NoticeKind | None = None
    if event.times > MOST_TIMES and not event.held:
        kind = NoticeKind.COMES_AND_GOES
    elif event.held:
        kind = NoticeKind.RISEN if level > event.known_level else None
    elif event.known_level == 0:
        kind = NoticeKind.BEGUN if event.times == 1 else NoticeKind.AGAIN
    elif level > event.known_level:
        kind = NoticeKind.RISEN
    elif event.silenced:
        kind = NoticeKind.STANDS
    elif further:
        kind = NoticeKind.FURTHER
    elif lost and not event.data_lost:
        kind = NoticeKind.DATA_LOST
    if kind is None:
        return replace(event, data_lost=event.data_lost and lost), None
    among = (
        [of for of in audible if of.station in further] if kind is NoticeKind.FURTHER else audible
    )
    shown = max(among, key=lambda alert: (alert.level, -alert.fired_ms, alert.id))
    spoken = tuple(sorted({alert.station for alert in among}))
    gravest = max(alert.level for alert in among)
    notice = Notice(event.id, kind, shown, gravest, spoken, event.times, now_ms)
    return replace(
        event,
        known_level=max(event.known_level, int(level)),
        known_stations={**event.known_stations, **{name: levels[name] for name in further}},
        held=event.held or kind is NoticeKind.COMES_AND_GOES,
        silenced=False,
        data_lost=lost,
    ), notice


def _ended(
    event: AlertEvent, members: Sequence[Alert], now_ms: int, grouping: Grouping
) -> tuple[AlertEvent, Notice | None]:
    if event.state is EventState.STANDING:
        return _quiet(event, members, now_ms)
    if event.ended_ms is not None and now_ms - event.ended_ms < grouping.again_ms:
        return event, None
    over = replace(event, state=EventState.OVER)
    if not event.held:
        return over, None
    return replace(over, held=False), _of_the_end(event, members, NoticeKind.OVER, now_ms)


def _quiet(
    event: AlertEvent, members: Sequence[Alert], now_ms: int
) -> tuple[AlertEvent, Notice | None]:
    was = any(alert.state is not State.WITHDRAWN for alert in members)
    quiet = replace(
        event,
        state=EventState.QUIET if was else EventState.OVER,
        ended_ms=now_ms,
        silenced=False,
        data_lost=False,
        step_ms=None,
    )
    if event.known_level == 0 or event.held:
        return quiet, None
    quiet = replace(quiet, known_level=0, known_stations={})
    kind = NoticeKind.OVER if was else NoticeKind.WITHDRAWN
    return quiet, _of_the_end(event, members, kind, now_ms)


def _of_the_end(
    event: AlertEvent, members: Sequence[Alert], kind: NoticeKind, now_ms: int
) -> Notice:
    ended = [alert for alert in members if alert.state is State.RESOLVED] or list(members)
    shown = max(ended, key=lambda alert: (alert.level, alert.resolved_ms or 0, alert.id))
    stations = tuple(sorted({alert.station for alert in ended}))
    return Notice(event.id, kind, shown, Level(event.gravest), stations, event.times, now_ms)
