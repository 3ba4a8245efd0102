"""Rows of the list of events, and the search that they answer. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import Field, StringConstraints

from alerting.alert import Alert, Level, State
from alerting.events.event import AlertEvent
from alerting.events.repository import Marks, Show
from alerting.record.repository import Review
from api.platforms.environment.acts import Written
from api.platforms.environment.event_story import MOST_STATIONS, unreviewed
from api.web.forms import Days

AboutGiven = Literal["", "pollution", "maintenance"]
LevelGiven = Literal["", "notice", "warning", "alarm", "critical"]


@dataclass(frozen=True, slots=True)
class Row:
    """An event of the list, with its alerts and, by alert, their reviews."""

    event: AlertEvent
    marks: Marks
    alerts: Sequence[Alert]
    reviews: Mapping[str, Review]

    @property
    def stations(self) -> list[tuple[str, Level]]:
        """Its first stations, each with the gravest level there; withdrawn alerts are left out."""
        found: dict[str, Level] = {}
        for of in self.alerts:
            if of.state is not State.WITHDRAWN:
                found[of.station] = max(of.level, found.get(of.station, of.level))
        return list(found.items())[:MOST_STATIONS]

    @property
    def unreviewed(self) -> int:
        """How many of its alerts wait for their review."""
        return len(unreviewed(self.alerts, self.reviews))


class NewVerdict(Written):
    """The form of a review; ``seen`` is the state of the alerts to which it was sent."""

    seen: str = ""


def state_of(alerts: Iterable[Alert]) -> str:
    """Which alerts somebody sees: another one as soon as one comes or goes."""
    ids = sorted(of.id for of in alerts)
    return hashlib.sha256(" ".join(ids).encode()).hexdigest()[:16]


class Asked(Days):
    """A search of events, as its form and the pages of its answer write it."""

    q: Annotated[str, StringConstraints(max_length=100)] = ""
    show: Show = "standing"
    level: LevelGiven = ""
    about: AboutGiven = ""
    kind: Annotated[str, StringConstraints(max_length=100)] = ""
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page", "show"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, without the number of the page."""
        given = self.model_dump(exclude={"page"}, exclude_defaults=True)
        return urlencode(given | changes)
