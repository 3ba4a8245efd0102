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
    """Advice as lists have it: without the days of replies and their effects, by which addressees
    are not to be compared. ``due_ms`` and ``lamp`` are of the term that runs.
    """

    id: int
    state: str
    state_title: str
    title: str
    topic: str
    maker: str
    addressee: str
    addressee_name: str
    issued_day: date | None
    due_ms: int | None
    lamp: Lamp | None


class WholeAdvice(AdviceState):
    """Advice by itself. ``effect`` and ``how`` it was checked are null until a second person
    confirmed them.
    """

    text: str
    reply_day: date | None
    reply: str | None
    replied_day: date | None
    effect: str | None
    how: str | None


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


def advice_state(of: AdviceLine) -> AdviceState:
    """Advice as a list has it."""
    return AdviceState.model_validate(_values(of, AdviceState))


def whole(of: AdviceLine) -> WholeAdvice:
    """Advice by itself."""
    return WholeAdvice.model_validate(_values(of, WholeAdvice))


def topic_state(of: TopicCounts) -> TopicState:
    """The counts of a topic."""
    return TopicState(topic=of.topic, counts={str(name): n for name, n in of.counts.items()})


def _values(of: AdviceLine, shape: type[AdviceState]) -> dict[str, object]:
    """The fields of a shape that are columns of the row, and those of its line."""
    own = {name: of.row[name] for name in shape.model_fields if name in of.row}
    unconfirmed = {} if of.effect else {"effect": None, "how": None}
    return {
        **own,
        **unconfirmed,
        "state_title": of.state,
        "addressee_name": of.addressee,
        "due_ms": of.term.deadline.reckoned.due_ms if of.term else None,
        "lamp": of.term.lamp.value if of.term else None,
    }
