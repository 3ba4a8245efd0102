"""Clauses that are alike, over the API."""

from __future__ import annotations

from pydantic import BaseModel

from api.platforms.documents.similar.records import Asked, Similar


class ClauseState(BaseModel):
    """A clause by its place in the text; null of words that are no clause."""

    position: int | None
    label: str
    text: str


class MatchState(BaseModel):
    """A clause of another text, with the likeness from 0 to 1."""

    text: int
    title: str
    position: int
    label: str
    words: str
    likeness: float


class SimilarState(BaseModel):
    """Clauses like the one that was asked about; without one, the clauses to choose from.
    ``searched`` texts were held against it, ``left`` wait to be.
    """

    text: int
    asked: ClauseState | None
    clauses: list[ClauseState]
    matches: list[MatchState]
    searched: int
    left: int


def state(of: Similar) -> SimilarState:
    """An answer."""
    return SimilarState(
        text=of.kept.id,
        asked=_clause(of.asked) if of.asked else None,
        clauses=[] if of.asked else [_clause(one) for one in of.clauses],
        matches=[
            MatchState(
                text=one.text,
                title=one.title,
                position=one.position,
                label=one.label,
                words=one.words,
                likeness=round(one.likeness, 3),
            )
            for one in of.matches
        ],
        searched=of.searched,
        left=of.left,
    )


def _clause(of: Asked) -> ClauseState:
    return ClauseState(position=of.position, label=of.label, text=of.text)
