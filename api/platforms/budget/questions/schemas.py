"""Saved questions over the API."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict

from api.platforms.budget.questions.records import PageName
from api.web.forms import Typed


class NewQuestion(BaseModel):
    """``query`` is that of the page's address, without ``?``; a shared one is everybody's."""

    model_config = ConfigDict(extra="forbid")
    page: PageName
    query: Annotated[str, "as in the address of the page"]
    name: Typed
    shared: bool = False


class QuestionState(BaseModel):
    """A question by its key; ``path`` is below the platform's pages, empty where the page
    understands the question no more.
    """

    key: str
    name: str
    shared: bool
    page: str
    asked: dict[str, Any]
    path: str
