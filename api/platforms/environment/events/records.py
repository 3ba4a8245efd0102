"""An event with all that is on record of it, and input of people on its pages. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

from alerting.alert import Alert, Change, State
from alerting.escalation.policy import Policy
from alerting.events.event import AlertEvent
from alerting.events.repository import Act, Marks, Show
from api.platforms.environment.timeline import Told
from api.web.forms import LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault

AboutGiven = Literal["", "pollution", "maintenance"]
LevelGiven = Literal["", "notice", "warning", "alarm", "critical"]


@dataclass(frozen=True, slots=True)
class Row:
    """An event of the list, with its alerts."""

    event: AlertEvent
    marks: Marks
    alerts: Sequence[Alert]


@dataclass(frozen=True, slots=True)
class Seen:
    """An event with everything on record of it; ``changes`` are transitions of its alerts:
    alert, change, and instant.
    """

    event: AlertEvent
    marks: Marks
    alerts: Sequence[Alert]
    changes: Sequence[tuple[str, Change, int]]
    acts: Sequence[Act]
    told: Told
    policies: Mapping[str, Policy]


def shown(alerts: Sequence[Alert]) -> Alert | None:
    """The alert that stands for an event: the gravest that stands, else of those that were."""
    standing = [alert for alert in alerts if alert.state is State.FIRING]
    were = [alert for alert in alerts if alert.state is not State.WITHDRAWN]
    among = standing or were or alerts
    return max(among, key=lambda of: (of.level, of.fired_ms, of.id), default=None)


class Asked(BaseModel):
    """A search of events, as its form and the pages of its answer write it."""

    q: Annotated[str, StringConstraints(max_length=100)] = ""
    show: Show = "standing"
    level: LevelGiven = ""
    about: AboutGiven = ""
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.q or self.level or self.about)

    def query(self, **changes: str) -> str:
        """As part of an address, without the number of the page."""
        given = self.model_dump(exclude={"page"}, exclude_defaults=True)
        return urlencode(given | changes)


class Written(BaseModel):
    """The form of an event as it was sent."""

    note: str = ""

    def remark(self) -> str:
        """The note that it gives; it may be empty.

        Raises:
            NotAccepted: it is too long.
        """
        found = self.note.strip()
        if len(found) > LONGEST_WHY or "\0" in found:
            remedy = f"write at most {LONGEST_WHY} characters"
            raise NotAccepted(Fault("note", "is too long", remedy), "note")
        return found

    def comment(self) -> str:
        """The same, where there must be one.

        Raises:
            NotAccepted: it is empty, or too long.
        """
        found = self.remark()
        if not found:
            raise NotAccepted(Fault("note", "is empty", "write something"), "comment")
        return found
