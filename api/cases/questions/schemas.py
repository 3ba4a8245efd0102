"""Questions over the API."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.authentication.requests import WITHOUT_NUL
from api.procedures.procedure import Row
from api.web.forms import Typed


class NewQuestion(BaseModel):
    """A question to one body, and until when it is to answer, ISO text."""

    model_config = ConfigDict(extra="forbid")
    title: Typed
    text: Annotated[str, Field(max_length=20_000, pattern=WITHOUT_NUL)]
    unit: Typed
    due_day: Typed


class QuestionState(BaseModel):
    """A question; ``paper`` is the id of a file, ``reason`` why the answer was not enough."""

    id: int
    version: int
    case_id: int
    state: str
    title: str
    text: str
    unit: str
    due_day: date
    asked_ms: int
    answer: str | None
    paper: str | None
    reason: str | None


class QuestionsState(BaseModel):
    """A page of the list, the first due first."""

    questions: list[QuestionState]
    total: int
    page: int


def question_state(row: Row) -> QuestionState:
    """A question."""
    return QuestionState(**{name: row[name] for name in QuestionState.model_fields})
