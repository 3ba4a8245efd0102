"""Changes of the budget over the API. Money is whole fen."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.platforms.budget.changes.records import Change, Cumulated, Decision, Found, Trigger
from api.web.forms import MOST_ID, Typed

Seen = Annotated[int, Field(ge=0, le=MOST_ID)]


class Deciding(BaseModel):
    """Which cases of 预算法 art. 67 a change is, none where it is no adjustment; ``seen`` is the
    id of the decision that was seen, 0 where there was none.
    """

    model_config = ConfigDict(extra="forbid")
    year: Annotated[int, Field(ge=2000, le=2100)]
    change: Typed
    triggers: list[Trigger] = []
    note: Typed = ""
    seen: Seen = 0


class NewKeys(BaseModel):
    """Codes of functions that are key expenditure; ``seen`` is the id of the list before."""

    model_config = ConfigDict(extra="forbid")
    codes: Annotated[list[str], Field(max_length=1000)]
    seen: Seen = 0


class Decided(BaseModel):
    """The id of the decision."""

    id: int


class KeysState(BaseModel):
    """Key expenditure; ``id`` 0: nobody said."""

    id: int
    codes: list[str]


class CumulatedState(BaseModel):
    """A unit or an item: changes up and down, shifts in and out."""

    unit: str
    project: str
    item: str
    approved_fen: int
    adjusted_fen: int
    up_fen: int
    down_fen: int
    moved_in_fen: int
    moved_out_fen: int
    moves: int
    moved_share: float | None
    differs_fen: int


class DecisionState(BaseModel):
    """The cases that the office holds a change to be."""

    id: int
    triggers: list[Trigger]
    note: str
    who: str
    at_ms: int


class ChangeState(BaseModel):
    """Rows of one document, or one row without a document."""

    change: str
    first: str
    last: str
    rows: int
    up_fen: int
    down_fen: int
    kinds: list[str]
    decision: DecisionState | None


class ProposedState(BaseModel):
    """A case that the tables show."""

    trigger: Trigger
    function: str
    approved_fen: int
    adjusted_fen: int


class DraftTermState(BaseModel):
    """The term of a draft before a meeting."""

    deadline: int
    title: str
    due: str
    state: str


class ChangesState(BaseModel):
    """A year; items are those that a shift touched."""

    year: int | None
    years: list[int]
    whole: CumulatedState
    by_unit: list[CumulatedState]
    items: list[CumulatedState]
    changes: list[ChangeState]
    keys: KeysState
    proposed: list[ProposedState]
    terms: list[DraftTermState]


def changes_state(of: Found) -> ChangesState:
    """A year."""
    return ChangesState(
        year=of.year,
        years=list(of.years),
        whole=_cumulated(of.whole),
        by_unit=[_cumulated(one) for one in of.by_unit],
        items=[_cumulated(one) for one in of.items],
        changes=[_change(one) for one in of.changes],
        keys=KeysState(id=of.keys.id, codes=list(of.keys.codes)),
        proposed=[
            ProposedState(
                trigger=one.trigger,
                function=one.function,
                approved_fen=one.approved,
                adjusted_fen=one.adjusted,
            )
            for one in of.proposed
        ],
        terms=[
            DraftTermState(deadline=one.id, title=one.title, due=one.due_day, state=one.state)
            for one in of.terms
        ],
    )


def _cumulated(of: Cumulated) -> CumulatedState:
    return CumulatedState(
        unit=of.unit,
        project=of.project,
        item=of.item,
        approved_fen=of.approved,
        adjusted_fen=of.adjusted,
        up_fen=of.up,
        down_fen=of.down,
        moved_in_fen=of.moved_in,
        moved_out_fen=of.moved_out,
        moves=of.moves,
        moved_share=of.moved_share,
        differs_fen=of.differs,
    )


def _change(of: Change) -> ChangeState:
    return ChangeState(
        change=of.name,
        first=of.first,
        last=of.last,
        rows=of.rows,
        up_fen=of.up,
        down_fen=of.down,
        kinds=list(of.kinds),
        decision=_decision(of.decision) if of.decision else None,
    )


def _decision(of: Decision) -> DecisionState:
    return DecisionState(
        id=of.id, triggers=list(of.triggers), note=of.note, who=of.who, at_ms=of.at_ms
    )
