"""Procuratorial advice over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.judicial.advice.records import LONGEST_TEXT, LONGEST_TITLE, TopicCounts
from api.platforms.judicial.advice.wording import AdviceLine
from api.ports import Lamp


class Written(BaseModel):
    """Advice to be written; ``addressee`` is the id of a unit, ``topic`` that of a topic."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(max_length=LONGEST_TITLE)]
    addressee: Annotated[str, Field(max_length=40)]
    topic: Annotated[str, Field(max_length=40)]
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]


class AdviceState(BaseModel):
    """Advice. ``effect`` and ``how`` it was checked are null until a second person confirmed
    them; ``due_ms`` and ``lamp`` are of the term that runs.
    """

    id: int
    state: str
    state_title: str
    title: str
    topic: str
    maker: str
    addressee: str
    addressee_name: str
    text: str
    issued_day: date | None
    reply_day: date | None
    reply: str | None
    replied_day: date | None
    effect: str | None
    how: str | None
    due_ms: int | None
    lamp: Lamp | None


class AdviceList(BaseModel):
    """A page of advice, the newest first; ``total`` is null where one addressee was asked for."""

    advice: list[AdviceState]
    total: int | None
    page: int
    more: bool


class TopicState(BaseModel):
    """How much advice on a topic the caller sees, by column."""

    topic: str
    counts: dict[str, int]


_COLUMNS = (
    *("id", "state", "title", "topic", "maker", "addressee", "text"),
    *("issued_day", "reply_day", "reply", "replied_day"),
)


def advice_state(of: AdviceLine) -> AdviceState:
    """Advice as it stands."""
    return AdviceState(
        **{name: of.row[name] for name in _COLUMNS},
        state_title=of.state,
        addressee_name=of.addressee,
        effect=of.row["effect"] if of.effect else None,
        how=of.row["how"] if of.effect else None,
        due_ms=of.term.deadline.reckoned.due_ms if of.term else None,
        lamp=of.term.lamp.value if of.term else None,
    )


def topic_state(of: TopicCounts) -> TopicState:
    """The counts of a topic."""
    return TopicState(topic=of.topic, counts={str(name): n for name, n in of.counts.items()})
