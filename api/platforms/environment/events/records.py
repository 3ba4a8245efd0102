"""The search that the list of events answers, and the form of a review. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import Field, StringConstraints

from alerting.alert import Alert
from alerting.events.repository import Show
from api.platforms.environment.acts import Written
from api.web.forms import Days

AboutGiven = Literal["", "pollution", "maintenance"]
LevelGiven = Literal["", "notice", "warning", "alarm", "critical"]


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
