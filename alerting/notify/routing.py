"""Decides for one reader and one notice: told now, held for later, or not told, and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from alerting.alert import About, Level
from alerting.escalation.policy import LEVELS, LevelName
from alerting.events.event import Notice, NoticeKind
from alerting.notify.readers import Reader
from alerting.notify.wishes import Quiet
from config.catalogue.shapes import Station
from config.settings import NotifySettings
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS, midnight_ms

GATHER_MS = 10 * MINUTE_MS
"""Further stations of an event wait so long for others."""
MOST_FURTHER_A_DAY = 3
"""So many messages of further stations a reader has in a day; more wait for the morning."""
Outcome = Literal["told", "held", "muted"]
ROLE_LEAST: dict[tuple[str, About], int] = {
    ("deputy", "pollution"): Level.WARNING,
    ("officer", "pollution"): Level.NOTICE,
    ("officer", "maintenance"): Level.NOTICE,
}
_FIRST = (NoticeKind.BEGUN, NoticeKind.AGAIN, NoticeKind.RISEN, NoticeKind.COMES_AND_GOES)
"""Of these everybody hears whom the event concerns; of others who heard of the event."""
_URGENT = (NoticeKind.BEGUN, NoticeKind.RISEN)


class Why(StrEnum):
    """Why a reader is not told, or not yet."""

    ROLE = "role"
    """Events of this level or kind are not of the role."""
    LEVEL = "level"
    PLACE = "place"
    KIND = "kind"
    NOT_HEARD = "not-heard"
    """The reader heard nothing of the event."""
    NIGHT = "night"
    GATHERING = "gathering"
    NO_HURRY = "no-hurry"
    ENOUGH = "enough"
    """There were as many messages as a reader is to have in an hour or a day."""
    OLD = "old"
    """It was over before it could be told."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``due_ms`` is when what is held is told at the latest."""

    outcome: Outcome
    why: Why | None = None
    due_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The knowledge of a reader: whether of this event, when in the last hour, and how
    often of further stations today.
    """

    event: bool = False
    lately_ms: tuple[int, ...] = ()
    further_today: int = 0


@dataclass(frozen=True, slots=True)
class Night:
    """The hours in which a role is spared what is less grave."""

    begin: str
    until: str
    deputy: LevelName = "alarm"
    officer: LevelName = "warning"

    @classmethod
    def of_site(cls, settings: NotifySettings) -> Night:
        """As the settings have it."""
        return cls(settings.night_from, settings.night_until, settings.night_level)

    def of(self, reader: Reader) -> Quiet:
        """Quiet hours of a reader who wishes no others."""
        return Quiet(
            self.begin, self.until, self.deputy if reader.role == "deputy" else self.officer
        )

    def next_morning_ms(self, now_ms: int) -> int:
        """When the night after an instant ends, or the one in which it lies."""
        minute = int(self.until[:2]) * 60 + int(self.until[3:])
        end_ms = midnight_ms(now_ms) + minute * MINUTE_MS
        return end_ms if end_ms > now_ms else end_ms + DAY_MS


TOLD = Decision("told")


def routed(
    reader: Reader,
    notice: Notice,
    kind: str,
    stations: Sequence[Station],
    known: Known,
    now_ms: int,
    night: Night,
    most_an_hour: int,
) -> Decision:
    """Whether a reader is told. ``kind`` is the event's, ``stations`` those of the notice."""
    if why := _not_concerned(reader, notice, kind, stations, known):
        return Decision("muted", why)
    if (morning_ms := _spared_until(reader, notice, now_ms, night)) is not None:
        return Decision("held", Why.NIGHT, morning_ms)
    if _may_wait(reader, notice):
        return Decision("held", Why.NO_HURRY, night.next_morning_ms(now_ms))
    room_ms = _room_ms(known, most_an_hour)
    if notice.kind is NoticeKind.FURTHER and known.event:
        if known.further_today >= MOST_FURTHER_A_DAY:
            return Decision("held", Why.ENOUGH, night.next_morning_ms(now_ms))
        return Decision("held", Why.GATHERING, max(now_ms + GATHER_MS, room_ms))
    waits = notice.kind not in _URGENT and room_ms > now_ms
    return Decision("held", Why.ENOUGH, room_ms) if waits else TOLD


def decided(reader: Reader, night: Night, now_ms: int, *, urgent: bool) -> Decision:
    """Whether a reader is told what a platform has for this one: what is not urgent spares the
    quiet hours.
    """
    ends_ms = (reader.wishes.quiet or night.of(reader)).ends_ms(now_ms)
    return TOLD if urgent or ends_ms is None else Decision("held", Why.NIGHT, ends_ms)


def _not_concerned(
    reader: Reader, notice: Notice, kind: str, stations: Sequence[Station], known: Known
) -> Why | None:
    if (reader.role, notice.alert.about) not in ROLE_LEAST:
        return Why.ROLE
    if notice.kind not in (*_FIRST, NoticeKind.FURTHER):
        return None if known.event else Why.NOT_HEARD
    return unwished(reader, notice.alert.about, notice.level, kind, stations)


def unwished(
    reader: Reader, about: About, level: int, kind: str, stations: Sequence[Station]
) -> Why | None:
    """Why a reader need not hear of an event; None: it is wished for. Whoever is on duty hears
    all that is of the role.
    """
    of_role, wishes = ROLE_LEAST.get((reader.role, about)), reader.wishes
    if of_role is None:
        return Why.ROLE
    if reader.on_duty:
        return Why.ROLE if level < of_role else None
    if level < (LEVELS[wishes.least] if wishes.least else of_role):
        return Why.LEVEL if wishes.least else Why.ROLE
    if not wishes.of_kind(kind):
        return Why.KIND
    rivers = [station.river for station in stations if station.river]
    areas, ids = [station.area for station in stations], [station.id for station in stations]
    return None if wishes.of_location(rivers, areas, ids) else Why.PLACE


def _spared_until(reader: Reader, notice: Notice, now_ms: int, night: Night) -> int | None:
    """The end of the quiet hours, where what is told may wait until then: all that is not grave
    enough, and what only continues or ends.
    """
    quiet = reader.wishes.quiet or night.of(reader)
    ends_ms = quiet.ends_ms(now_ms)
    if ends_ms is None:
        return None
    least = min(LEVELS[quiet.least], Level.WARNING) if reader.on_duty else LEVELS[quiet.least]
    wakes = notice.level >= least and notice.kind in (*_FIRST, NoticeKind.FURTHER)
    return None if wakes else ends_ms


def _may_wait(reader: Reader, notice: Notice) -> bool:
    """Whether the next morning's digest will do: for a deputy, of the end of a lesser event."""
    return (
        reader.role == "deputy" and notice.kind is NoticeKind.OVER and notice.level < Level.ALARM
    )


def _room_ms(known: Known, most_an_hour: int) -> int:
    """When one more message is within the limit of an hour."""
    if len(known.lately_ms) < most_an_hour:
        return 0
    return sorted(known.lately_ms)[-most_an_hour] + HOUR_MS
