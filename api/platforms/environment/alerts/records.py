"""The event of an alert, and input of people on its pages: a search. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import Field, StringConstraints

from alerting.alert import Level, State
from alerting.events.event import AlertEvent
from alerting.events.repository import Act
from alerting.record.repository import Kept
from alerting.record.search import Criteria, Group, Order
from api.platforms.environment.acts import Written
from api.platforms.environment.event_story import Story
from api.platforms.environment.timeline import Notices
from api.web.forms import Days
from config.vocabulary.time import HOUR_MS


@dataclass(frozen=True, slots=True)
class EventSeen:
    """The event of an alert, if it belongs to one, with what was done about it and told of it."""

    event: AlertEvent | None
    acts: Sequence[Act]
    notices: Notices


@dataclass(frozen=True, slots=True)
class Card:
    """A group as it is shown; ``story`` is of its event, None of an alert of none."""

    group: Group
    story: Story | None

    @property
    def first(self) -> Kept:
        """The alert that stands for it."""
        return self.group.rows[0]

    @property
    def stations(self) -> Iterator[tuple[str, list[Kept]]]:
        """Its stations, each with its alerts."""
        found: dict[str, list[Kept]] = {}
        for of in self.group.rows:
            found.setdefault(of.alert.station, []).append(of)
        yield from found.items()


class Chosen(Written):
    """The form by which many are reviewed: those that were ``chosen`` by group and state, or all
    that the search finds, which were in a ``state``.
    """

    which: Literal["chosen", "all"] = "chosen"
    chosen: tuple[Annotated[str, StringConstraints(max_length=100)], ...] = ()
    state: Annotated[str, StringConstraints(max_length=100)] = ""

    @property
    def states(self) -> dict[str, str]:
        """By group."""
        return dict(of.split(":", 1) for of in self.chosen if ":" in of)


Show = Literal["all", "firing", "waiting", "unreviewed"]
Hours = Literal["", "24", "168", "720"]


class Asked(Days):
    """A search of alerts, as its form and the pages of its answer write it."""

    q: Annotated[str, StringConstraints(max_length=100)] = ""
    show: Show = "all"
    level: Literal["", "notice", "warning", "alarm", "critical"] = ""
    station: Annotated[str, StringConstraints(max_length=100)] = ""
    river: Annotated[str, StringConstraints(max_length=100)] = ""
    rule: Annotated[str, StringConstraints(max_length=100)] = ""
    about: Literal["", "pollution", "maintenance"] = ""
    hours: Hours = ""
    order: Order = "standing"
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    @property
    def number(self) -> int:
        """Of the page, from 1."""
        return self.page

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        left_out = {"page", "show"}
        return bool(self.model_dump(exclude=left_out, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, without the number of the page."""
        given = self.model_dump(exclude={"page"}, exclude_defaults=True)
        return urlencode(given | changes)

    def criteria(
        self,
        names: Mapping[str, str],
        rules: Mapping[str, str],
        rivers: Mapping[str, str | None],
        now_ms: int,
    ) -> Criteria:
        """For the record; ``names`` of stations and ``rules`` are by id, and any part of them may
        be searched for. ``rivers`` are those of the stations.
        """
        since_ms = now_ms - int(self.hours) * HOUR_MS if self.hours else 0
        along = [station for station, river in rivers.items() if river == self.river]
        return Criteria(
            stations=_matching(names, self.q),
            rules=_matching(rules, self.q),
            station=self.station or None,
            level=Level[self.level.upper()] if self.level else None,
            state=State.FIRING if self.show == "firing" else None,
            unreviewed=self.show == "unreviewed",
            about=self.about or None,
            rule=self.rule or None,
            among=along if self.river else None,
            waiting=self.show == "waiting",
            from_ms=max(self.from_ms or 0, since_ms) or None,
            until_ms=self.until_ms,
            order=self.order,
        )


def _matching(names: Mapping[str, str], part: str) -> list[str] | None:
    part = part.strip().casefold()
    return [key for key, name in names.items() if part in name.casefold()] if part else None
