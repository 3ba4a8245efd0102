"""Input of people on silences and maintenance windows, and what it comes to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from alerting.alert import Level
from alerting.escalation.policy import LEVELS, LevelName
from alerting.silences.silence import LONGEST_MS, Scope, SilenceKind
from api.web.forms import LAST_MS, LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS, HOUR_MS, ZONE, begins_ms, day_of

LONGEST_CREW = 100
LATEST_BEGIN_MS = 90 * DAY_MS
"""So far ahead a maintenance window may be planned."""
MORNING_MS = 8 * HOUR_MS
Preset = Literal["1h", "4h", "morning", "3d", "7d", "at"]
PRESETS: tuple[Preset, ...] = get_args(Preset)
_SPANS_MS: Mapping[str, int] = {
    "1h": HOUR_MS, "4h": 4 * HOUR_MS, "3d": 3 * DAY_MS, "7d": 7 * DAY_MS,
}  # fmt: skip
FIELDS = ("stations", "indicators", "rules", "rivers", "areas")
"""Of a scope, in the order in which people choose."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Name = Annotated[str, StringConstraints(max_length=200)]
Names = Annotated[list[Name], Field(max_length=500)]
Instant = Annotated[int, Field(ge=0, le=LAST_MS)]


@dataclass(frozen=True, slots=True)
class Draft:
    """A silence that holds together, before somebody saves it."""

    kind: SilenceKind
    scope: Scope
    level: Level
    reason: str
    crew: str
    from_ms: int
    until_ms: int


class Scoped(BaseModel):
    """The alerts that are meant: they have one of the values of each list that is not empty.
    ``level`` is the gravest of them: people hear of what is graver.
    """

    model_config = ConfigDict(extra="forbid")
    kind: SilenceKind = "silence"
    stations: Names = []
    indicators: Names = []
    rules: Names = []
    rivers: Names = []
    areas: Names = []
    level: LevelName = "warning"
    reason: Line = ""
    crew: Line = ""

    def drafted(
        self, from_ms: int, until_ms: int, known: Mapping[str, Collection[str]], now_ms: int
    ) -> Draft:
        """The silence of a span; ``known`` has by field the values that there are.

        Raises:
            NotAccepted: something of it does not hold.
        """
        chosen = {name: tuple(dict.fromkeys(getattr(self, name))) for name in FIELDS}
        for name, values in chosen.items():
            if unknown := set(values) - set(known[name]):
                what = f"names {min(unknown)!r}, which there is not"
                raise NotAccepted(Fault(name, what, "choose of those that there are"), "unknown")
        scope = Scope(**chosen)
        if scope.is_empty:
            fault = Fault("stations", "nothing is named", "name a station, rule, river or area")
            raise NotAccepted(fault, "nothing")
        crew = self.crew if self.kind == "maintenance" else ""
        if self.kind == "maintenance" and not 0 < len(crew) <= LONGEST_CREW:
            raise NotAccepted(Fault("crew", "is blank or too long", "say who works there"), "crew")
        return Draft(
            self.kind,
            scope,
            Level(LEVELS[self.level]),
            reasoned(self.reason),
            crew,
            *spanned(self.kind, from_ms, until_ms, now_ms),
        )


class NewSilence(Scoped):
    """One over the API; a silence begins at once, whatever ``from_ms`` says."""

    from_ms: Instant | None = None
    until_ms: Instant

    def draft(self, known: Mapping[str, Collection[str]], now_ms: int) -> Draft:
        """The silence that it asks for.

        Raises:
            NotAccepted: something of it does not hold.
        """
        return self.drafted(self.from_ms or now_ms, self.until_ms, known, now_ms)


class Written(Scoped):
    """The form as it was sent: an end by a name or a time, a beginning of maintenance by a time;
    ``event`` is the alert event from which it was begun.
    """

    ends: Preset = "4h"
    begin: Name = ""
    until: Name = ""
    event: Annotated[str, StringConstraints(max_length=20, pattern="^[0-9a-f]*$")] = ""

    def draft(self, known: Mapping[str, Collection[str]], now_ms: int) -> Draft:
        """The silence that it asks for.

        Raises:
            NotAccepted: something of it does not hold.
        """
        begins = now_ms
        if self.kind == "maintenance" and self.begin:
            begins = instant_of("begin", self.begin)
        until = end_of(self.ends, self.until, max(begins, now_ms))
        return self.drafted(begins, until, known, now_ms)


class Renewed(BaseModel):
    """The new end of one, by a name or a time."""

    model_config = ConfigDict(extra="forbid")
    ends: Preset = "4h"
    until: Name = ""


def reasoned(reason: str) -> str:
    """A reason that says something.

    Raises:
        NotAccepted: it is blank or too long.
    """
    if not 0 < len(reason) <= LONGEST_WHY or "\0" in reason:
        remedy = f"say why, in at most {LONGEST_WHY} characters"
        raise NotAccepted(Fault("reason", "is blank or too long", remedy), "reason")
    return reason


def spanned(kind: SilenceKind, from_ms: int, until_ms: int, now_ms: int) -> tuple[int, int]:
    """From and until when it holds; none begins in the past, and a silence begins at once.

    Raises:
        NotAccepted: it ends before it begins, is too long, or too far ahead.
    """
    begins = now_ms if kind == "silence" else max(from_ms, now_ms)
    if begins > now_ms + LATEST_BEGIN_MS:
        raise NotAccepted(Fault("begin", "lies over 90 days ahead", "plan it later"), "far")
    if until_ms <= begins:
        raise NotAccepted(Fault("until", "does not lie ahead", "give a later end"), "over")
    if until_ms > begins + LONGEST_MS:
        fault = Fault("until", "lies over 7 days behind its beginning", "renew it then")
        raise NotAccepted(fault, "long")
    return begins, until_ms


def end_of(ends: Preset, until: str, from_ms: int) -> int:
    """The end that a form names, for what begins then.

    Raises:
        NotAccepted: it is no time.
    """
    if ends == "at":
        return instant_of("until", until)
    if ends == "morning":
        following = date.fromisoformat(day_of(from_ms)) + timedelta(days=1)
        return begins_ms(following) + MORNING_MS
    return from_ms + _SPANS_MS[ends]


def instant_of(field: str, text: str) -> int:
    """An instant that a form gives in the district's time.

    Raises:
        NotAccepted: it is none.
    """
    try:
        found = round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)
    except (ValueError, OverflowError):
        found = -1
    if not 0 <= found <= LAST_MS:
        fault = Fault(field, f"{text!r} is no time", "write it like 2026-11-24T12:00")
        raise NotAccepted(fault, "time")
    return found


def local(at_ms: int) -> str:
    """An instant as a form writes it, to the minute."""
    moment = datetime.fromtimestamp(at_ms / 1000, ZONE).replace(tzinfo=None)
    return moment.isoformat(timespec="minutes")
