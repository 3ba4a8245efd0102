"""Occasions over the API; instants are UTC epoch ms, days ISO text of the district's calendar."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.judicial.hearings.actions.seating import Order
from api.platforms.judicial.hearings.records import (
    LONGEST_COMMENT,
    LONGEST_TEXT,
    LONGEST_TITLE,
    Comments,
)
from api.platforms.judicial.hearings.wording import HearingLine
from api.procedures.procedure import Row
from api.web.forms import LONGEST_WHY

_Short = Annotated[str, Field(max_length=20)]


class HearingGiven(BaseModel):
    """An occasion as it is begun; times are those of the district's clock, 2026-12-01T09:00."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    kind: _Short
    title: Annotated[str, Field(max_length=LONGEST_TITLE)]
    matter: Annotated[str, Field(max_length=LONGEST_TEXT)]
    begin: Annotated[str, Field(alias="from", max_length=20)]
    until: _Short = ""
    location: Annotated[str, Field(max_length=200)] = ""
    link: Annotated[str, Field(max_length=500)] = ""
    openness: _Short
    closed_why: Annotated[str, Field(max_length=LONGEST_WHY)] = ""
    seats: Annotated[int, Field(ge=1, le=30)]

    def needs(self) -> dict[str, str]:
        """By need of the step that begins it."""
        found = self.model_dump(by_alias=True)
        return {name: str(of) for name, of in found.items()}


class Made(BaseModel):
    """The id of what was begun."""

    id: str


class Proposed(BaseModel):
    """A deputy who is proposed for a seat."""

    model_config = ConfigDict(extra="forbid")
    username: Annotated[str, Field(max_length=40)]


class HearingLineState(BaseModel):
    """An occasion in the list."""

    id: int
    title: str
    kind: str
    body: str
    when: str
    where: str
    state: str
    seats: int
    own: str


class HearingState(BaseModel):
    """An occasion; its procedure lies below it. ``notice_day`` is the last one on which
    participants are told in time; ``outcome`` is the form of what followed, and no content.
    """

    id: int
    kind: str
    body: str
    title: str
    matter: str
    from_ms: int
    until_ms: int | None
    location: str
    link: str
    public: bool
    closed_why: str
    seats: int
    notice_day: str
    late_why: str
    late_allotment_why: str
    state: str
    outcome: str
    outcome_day: str


class TurnState(BaseModel):
    """Somebody in the order: ``had`` seats before, the last one on ``last_day``; ``lot`` begins
    the SHA-256 of seed, a bar and username, of which the lower goes first where all else is equal.
    """

    turn: int | None
    batch: int | None
    name: str
    username: str
    had: int
    last_day: str
    lot: str
    state: str
    seat: int


class OrderState(BaseModel):
    """The order: within a batch whoever had fewest seats goes first, of these whoever had theirs
    longest ago, of these the lower lot. ``holds``: it came out the same once more.
    """

    seed: str
    turns: list[TurnState]
    holds: bool


class CommentGiven(BaseModel):
    """A comment; ``answers`` by question of the form, ``signed`` where its author is named."""

    model_config = ConfigDict(extra="forbid")
    answers: dict[_Short, _Short]
    text: Annotated[str, Field(max_length=LONGEST_COMMENT)] = ""
    signed: bool = False

    def given(self) -> dict[str, str]:
        """As the form gives it."""
        return {**self.answers, "text": self.text, "signed": "yes" if self.signed else ""}


class CommentState(BaseModel):
    """The text of a comment; ``signed`` is empty where its author is not named."""

    text: str
    signed: str


class CommentsState(BaseModel):
    """Counts by question and value, and texts. ``hidden``: unsigned ones are too few to show."""

    number: int
    counts: dict[str, dict[str, int]]
    texts: list[CommentState]
    hidden: bool


def line_state(of: HearingLine) -> HearingLineState:
    """An occasion in the list."""
    return HearingLineState(
        id=of.id,
        title=of.title,
        kind=of.kind,
        body=of.body,
        when=of.when,
        where=of.where,
        state=of.state,
        seats=of.seats,
        own=of.own,
    )


def hearing_state(row: Row, body: str, notice_day: str) -> HearingState:
    """An occasion as the API gives it."""
    return HearingState(
        id=row["id"],
        kind=row["kind"],
        body=body,
        title=row["title"],
        matter=row["matter"],
        from_ms=row["from_ms"],
        until_ms=row["until_ms"],
        location=row["location"] or "",
        link=row["link"] or "",
        public=row["openness"] == "open",
        closed_why=row["closed_why"] or "",
        seats=int(row["seats"]),
        notice_day=notice_day,
        late_why=row["late_why"] or "",
        late_allotment_why=row["late_allotment_why"] or "",
        state=row["state"],
        outcome=row["outcome"] or "",
        outcome_day=row["outcome_day"].isoformat() if row["outcome_day"] else "",
    )


def order_state(of: Order) -> OrderState:
    """The order as the API gives it."""
    turns = [
        TurnState(
            turn=one.number,
            batch=one.batch,
            name=one.name,
            username=one.username,
            had=one.had,
            last_day=one.last_day,
            lot=one.draw,
            state=one.state,
            seat=one.seat,
        )
        for one in of.turns
    ]
    return OrderState(seed=of.seed, turns=turns, holds=of.holds)


def comments_state(of: Comments) -> CommentsState:
    """Comments as the API gives them."""
    return CommentsState(
        number=of.number,
        counts={name: dict(values) for name, values in of.counts.items()},
        texts=[CommentState(text=one.text, signed=one.signed) for one in of.texts],
        hidden=of.hidden,
    )
