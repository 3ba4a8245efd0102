"""Input of people on the pages of the duty calendar, and the links to its feeds. Pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from alerting.duty.records import Held, Turn
from api.web.forms import FIRST_DAY, LAST_DAY, MOST_ID, NotAccepted, day
from config.vocabulary.errors import Fault
from config.vocabulary.time import ZONE, begins_ms

Short = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00]*$")
]
Why = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=1000, pattern=r"^[^\x00]*$")
]
Seen = Annotated[int, Field(ge=0, le=MOST_ID)] | None
"""The number of the newest entry that the person knew; none: whatever it is."""
LAST_MS = begins_ms(date.fromisoformat(LAST_DAY))
Instant = Annotated[int, Field(ge=0, le=LAST_MS)]
MOST_LINES = 100
OWN = "own"
"""Stands for one's own shifts, of every position."""


class RotaGiven(BaseModel):
    """An order by day or by week, or none: by hand alone."""

    model_config = ConfigDict(extra="forbid")
    name: Short
    turn: Short = "day"
    handover: Short = "08:30"
    first_day: Short
    people: Annotated[list[Short], Field(max_length=MOST_LINES)] = []
    off_people: Annotated[list[Short], Field(max_length=MOST_LINES)] = []
    backup: Short = ""
    clear: bool = False
    """Forget what is set by hand for days to come."""
    seen: Seen = None

    def ordered(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The people of working days and of days off, without lines that were left blank."""
        return tuple(filter(None, self.people)), tuple(filter(None, self.off_people))

    def kind(self) -> Turn:
        """How they follow each other; what is none is refused with the rest."""
        return cast(Turn, self.turn)

    def begins(self) -> str:
        """The first day, ISO text.

        Raises:
            NotAccepted: it is no day.
        """
        return day("first_day", self.first_day, needed=True) or ""

    def minute(self) -> int:
        """Of the hand-over in the day.

        Raises:
            NotAccepted: it is no time.
        """
        found = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", self.handover)
        if found is None:
            fault = Fault("handover", f"{self.handover!r} is no time", "write it like 08:30")
            raise NotAccepted(fault, "handover")
        return int(found[1]) * 60 + int(found[2])


class DaysGiven(BaseModel):
    """Who is on duty on which day, whatever the order says; empty: whom the order names."""

    model_config = ConfigDict(extra="forbid")
    days: Annotated[dict[Short, Short], Field(max_length=MOST_LINES)]
    seen: Seen = None

    def checked(self) -> Mapping[str, str]:
        """People by day.

        Raises:
            NotAccepted: one is no day.
        """
        return {day("days", each, needed=True) or "": who for each, who in self.days.items()}


class MonthGiven(BaseModel):
    """The form of a month: its days, and beside each a person."""

    model_config = ConfigDict(extra="forbid")
    day: Annotated[list[Short], Field(max_length=MOST_LINES)] = []
    person: Annotated[list[Short], Field(max_length=MOST_LINES)] = []
    seen: Seen = None

    def given(self) -> DaysGiven:
        """As programs send it."""
        return DaysGiven(days=dict(zip(self.day, self.person, strict=False)), seen=self.seen)


class EndGiven(BaseModel):
    """From which day on a position is kept no more; empty: from now on."""

    model_config = ConfigDict(extra="forbid")
    from_day: Short = ""
    seen: Seen = None

    def begins(self) -> str | None:
        """ISO text.

        Raises:
            NotAccepted: it is no day.
        """
        return day("from_day", self.from_day)


class SubstituteGiven(BaseModel):
    """Who stands in, and when; ``from_ms`` none: from now on."""

    model_config = ConfigDict(extra="forbid")
    from_ms: Instant | None = None
    until_ms: Instant
    person: Short
    reason: Why
    seen: Seen = None


class SubstituteForm(BaseModel):
    """The form of it; times are the district's."""

    model_config = ConfigDict(extra="forbid")
    begin: Short = ""
    end: Short = ""
    person: Short = ""
    reason: Why = ""
    seen: Seen = None

    def given(self) -> SubstituteGiven:
        """As programs send it.

        Raises:
            NotAccepted: a time is none.
        """
        return SubstituteGiven(
            from_ms=_instant("begin", self.begin) if self.begin else None,
            until_ms=_instant("end", self.end),
            person=self.person,
            reason=self.reason,
            seen=self.seen,
        )


class Span(BaseModel):
    """A span that somebody holds."""

    model_config = ConfigDict(extra="forbid")
    from_ms: Instant
    until_ms: Instant
    person: Short

    def held(self) -> Held:
        """As the calendar takes it."""
        return Held(self.from_ms, self.until_ms, self.person)


class SwapGiven(BaseModel):
    """Two spans whose people take each other's place."""

    model_config = ConfigDict(extra="forbid")
    one: Span
    other: Span
    reason: Why = ""
    seen: Seen = None


class SwapForm(BaseModel):
    """The form of it; a span is written as :func:`written` does, empty where none was chosen."""

    model_config = ConfigDict(extra="forbid")
    one: Short = ""
    other: Short = ""
    reason: Why = ""
    seen: Seen = None

    def given(self) -> SwapGiven:
        """As programs send it.

        Raises:
            NotAccepted: a span was not chosen.
        """
        one, other = _span("one", self.one), _span("other", self.other)
        return SwapGiven(one=one, other=other, reason=self.reason, seen=self.seen)


class WithdrawGiven(BaseModel):
    """A substitute or a swap that counts no more."""

    model_config = ConfigDict(extra="forbid")
    entry: Annotated[int, Field(ge=1, le=MOST_ID)]
    reason: Why = ""


def written(from_ms: int, until_ms: int, person: str) -> str:
    """A span as the form of a swap sends it."""
    return f"{from_ms}-{until_ms}-{person}"


def _span(where: str, text: str) -> Span:
    found = re.fullmatch(r"([0-9]{1,15})-([0-9]{1,15})-(.{1,40})", text)
    if found is None:
        raise NotAccepted(Fault(where, "is not chosen", "choose a shift"), "shift")
    return Span(
        from_ms=min(int(found[1]), LAST_MS), until_ms=min(int(found[2]), LAST_MS), person=found[3]
    )


def _instant(where: str, text: str) -> int:
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError:
        moment = None
    if moment is None or not FIRST_DAY <= f"{moment:%Y-%m-%d}" <= LAST_DAY:
        fault = Fault(where, f"{text!r} is no time", "write it like 2026-11-24T12:00")
        raise NotAccepted(fault, "time")
    return round(moment.timestamp() * 1000)


def local(at_ms: int) -> str:
    """An instant as a form writes it."""
    moment = datetime.fromtimestamp(at_ms / 1000, ZONE).replace(tzinfo=None)
    return moment.isoformat(timespec="minutes")


def month_of(text: str, today: date) -> date:
    """The first day of the month that an address names; of this one where it names none."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if FIRST_DAY < found.isoformat() < LAST_DAY else today.replace(day=1)


@dataclass(frozen=True, slots=True)
class Feeds:
    """Links to feeds, each bound to a person and to one position or the own shifts; nobody makes
    one without the key, and all of a person's end when the ``serial`` moves on.
    """

    key: bytes = field(repr=False)

    def token(self, username: str, scope: str, serial: int) -> str:
        """The part of the address that opens a feed."""
        named = json.dumps([username, scope], ensure_ascii=False).encode()
        return f"{_base64(named)}.{self._code(username, scope, serial)}"

    def named(self, token: str) -> tuple[str, str] | None:
        """Person and scope that a token names, true or not; None: it is none."""
        try:
            found = json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
        except (ValueError, binascii.Error):
            return None
        if not (isinstance(found, list) and len(found) == 2):
            return None
        username, scope = found
        both = isinstance(username, str) and isinstance(scope, str)
        return (username, scope) if both and "\0" not in username + scope else None

    def opens(self, token: str, username: str, scope: str, serial: int) -> bool:
        """Whether a token is the one that we gave."""
        due = self.token(username, scope, serial)
        return hmac.compare_digest(token.encode(), due.encode())

    def _code(self, username: str, scope: str, serial: int) -> str:
        signed = json.dumps([username, scope, serial]).encode()
        return _base64(hmac.digest(self.key, signed, hashlib.sha256))


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


Done = Literal["", "rota", "days", "substitute", "swap", "withdrawn", "ended", "renewed"]
"""The act that was done just now, as the address of the page says it."""
