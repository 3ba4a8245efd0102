"""Documents for deputies over the API."""

from __future__ import annotations

from pydantic import BaseModel

from api.procedures.procedure import Row


class DocumentState(BaseModel):
    """A document as lists have it; its text is that of the item."""

    id: int
    topic: str
    marking: str
    title: str
    state: str


class BriefingState(BaseModel):
    """A page of documents, the newest first."""

    documents: list[DocumentState]
    page: int
    pages: int


def document_state(row: Row) -> DocumentState:
    """A document."""
    return DocumentState(**{name: row[name] for name in DocumentState.model_fields})
