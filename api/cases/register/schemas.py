"""Cases over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.authentication.requests import WITHOUT_NUL
from api.cases.register.records import Belonging
from api.copies.schemas import CopyState, copy_state
from api.items import MOST_ITEMS, Pointed
from api.procedures.procedure import Row
from api.web.forms import Typed

Why = Annotated[str, Field(max_length=1000, pattern=WITHOUT_NUL)]


class NewCase(BaseModel):
    """A case to open. ``openness`` is open, internal or restricted; ``unit`` the committee that
    leads; ``why`` says why the ``items`` belong.
    """

    model_config = ConfigDict(extra="forbid")
    title: Typed
    matter: Annotated[str, Field(max_length=20_000, pattern=WITHOUT_NUL)]
    openness: Typed
    unit: Typed = ""
    items: Annotated[list[Pointed], Field(max_length=MOST_ITEMS)] = []
    why: Why = ""


class Joining(BaseModel):
    """A thing that is to belong to a case, and why it does."""

    model_config = ConfigDict(extra="forbid")
    item: Pointed
    why: Why


class Removing(BaseModel):
    """Why a thing does not belong to a case after all."""

    model_config = ConfigDict(extra="forbid")
    why: Why


class CaseState(BaseModel):
    """A case."""

    id: int
    version: int
    number: str
    state: str
    title: str
    matter: str
    openness: str
    unit: str | None
    means: str | None
    means_why: str | None
    meeting_day: date | None
    outcome: str | None
    opened_ms: int


class CasesState(BaseModel):
    """A page of the list, the newest first."""

    cases: list[CaseState]
    total: int
    page: int
    pages: int


class BelongingState(BaseModel):
    """Something that belongs to a case: ``copy`` is null where the caller may only know that there
    is something.
    """

    id: int
    at_ms: int
    why: str | None
    copy_: Annotated[CopyState | None, Field(serialization_alias="copy")]


def case_state(row: Row) -> CaseState:
    """A case."""
    values: dict[str, Any] = {name: row[name] for name in CaseState.model_fields if name in row}
    return CaseState(**values)


def belonging_state(of: Belonging) -> BelongingState:
    """Something that belongs to a case."""
    return BelongingState(
        id=of.of.id,
        at_ms=of.of.kept.at_ms,
        why=of.of.why if of.shown else None,
        copy_=copy_state(of.shown) if of.shown else None,
    )
