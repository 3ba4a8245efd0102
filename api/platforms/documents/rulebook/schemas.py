"""Hits over the API. Instants are UTC epoch ms."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from api.platforms.documents.rulebook.records import Examined, Hit, Verdict
from api.web.forms import Typed


class Judging(BaseModel):
    """A person's word on the hit of a key: ``fault`` (worth a review), ``clear`` (no fault), or
    ``open``, which takes it back; and the reason.
    """

    model_config = ConfigDict(extra="forbid")
    hit: Typed
    verdict: Typed
    reason: Typed


class JudgementState(BaseModel):
    """The last word on a hit."""

    verdict: Verdict
    reason: str
    author: str
    made_ms: int


class HitState(BaseModel):
    """Words that a check asks about; ``excluded`` is why they are no fault, ``judged`` the last
    word of a person. ``hint``: only worth a thought.
    """

    key: str
    check: str
    title: str
    law: str
    clause: str
    hint: bool
    article: int | None
    inserted: int
    label: str
    words: str
    why: str
    excluded: str | None
    judged: JudgementState | None


class HitList(BaseModel):
    """The hits of a text in a version."""

    text: int
    version: int
    hits: list[HitState]


def listed(of: Examined) -> HitList:
    """The hits of a text."""
    return HitList(
        text=of.kept.id, version=of.version.version, hits=[state(one) for one in of.hits]
    )


def state(of: Hit) -> HitState:
    """A hit."""
    judged = of.judged
    return HitState(
        key=of.key,
        check=of.check,
        title=of.title,
        law=of.law,
        clause=of.clause,
        hint=of.hint,
        article=of.article,
        inserted=of.inserted,
        label=of.label,
        words=of.words,
        why=of.why,
        excluded=of.excluded,
        judged=JudgementState(
            verdict=judged.verdict,
            reason=judged.reason,
            author=judged.author,
            made_ms=judged.made_ms,
        )
        if judged
        else None,
    )
