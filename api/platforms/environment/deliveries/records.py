"""A search of deliveries as its form and the pages of its answer write it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import ConfigDict, Field, StringConstraints

from alerting.notify.repository import DeliveryState
from alerting.notify.search import Criteria
from api.web.forms import Period

STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
Text = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]


class Asked(Period):
    """Every one that is given must hold. ``q`` is a part of a person's name or username, or of
    the name of a group chat.
    """

    model_config = ConfigDict(extra="forbid")
    q: Text = ""
    channel: Text = ""
    state: DeliveryState | Literal[""] = ""
    event: Text = ""
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1

    @property
    def number(self) -> int:
        """Of the page, from 1."""
        return self.page

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return bool(self.query())

    def query(self) -> str:
        """As part of an address, without the number of the page."""
        chosen = self.model_dump(mode="json", exclude={"page", "before"}, exclude_defaults=True)
        return urlencode(chosen)

    def criteria(self, names: Mapping[str, str]) -> Criteria:
        """For the outbox; ``names`` are those of readers, by id."""
        part = self.q.casefold()
        matching = [key for key, name in names.items() if part in f"{key} {name}".casefold()]
        return Criteria(
            readers=matching if part else None,
            channel=self.channel,
            state=self.state or None,
            event=self.event,
            from_ms=self.from_ms,
            until_ms=self.until_ms,
        )
