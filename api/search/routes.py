"""The search over the API; instants in UTC epoch ms."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.authentication.costs import COSTLY, costs
from api.authentication.requests import SignedIn
from api.search.form import Name, Text
from api.search.index import COUNTED, Asked, Hit, SearchIndex
from api.services import ServicesOf
from api.web.forms import LAST_MS

router = APIRouter(tags=["search"])
Instant = Annotated[int | None, Query(ge=0, le=LAST_MS)]


class Marked(BaseModel):
    """A piece of a text; ``marked``: a word of the question stands there."""

    text: str
    marked: bool


class HitState(BaseModel):
    """A thing with every word. ``part`` is the id of an attachment, or empty; ``paragraph`` counts
    from 1, and is null where the words stand in the title alone.
    """

    platform: str
    kind: str
    id: str
    part: str
    title: str
    address: str
    paragraph: int | None
    snippet: list[Marked]
    at_ms: int


class KindCount(BaseModel):
    """How many hits are of a kind."""

    platform: str
    kind: str
    hits: int


class Answer(BaseModel):
    """The hits from ``first`` on. ``total`` counts those that may be paged through, the newest;
    ``bounded``: there are more.
    """

    total: int
    bounded: bool
    platforms: dict[str, int]
    kinds: list[KindCount]
    hits: list[HitState] = Field(description="by rank")


@router.get("")
@costs(COSTLY)
def found(
    services: ServicesOf,
    who: SignedIn,
    q: Text,
    platform: Name = "",
    kind: Name = "",
    unit: Name = "",
    from_ms: Instant = None,
    until_ms: Instant = None,
    first: Annotated[int, Query(ge=0, le=COUNTED)] = 0,
    most: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Answer:
    """Whatever one sees that has every word of ``q``; words in quotation marks stand together."""
    asked = Asked(q, platform, kind, from_ms, until_ms, unit)
    answer = SearchIndex(services.state).found(who, asked, first, most)
    return Answer(
        total=answer.total,
        bounded=answer.bounded,
        platforms=dict(answer.platforms),
        kinds=[
            KindCount(platform=of.platform, kind=of.kind, hits=hits)
            for of, hits in answer.kinds.items()
        ],
        hits=[_state(hit) for hit in answer.hits],
    )


def _state(hit: Hit) -> HitState:
    return HitState(
        platform=hit.subject.platform,
        kind=hit.subject.kind,
        id=hit.subject.id,
        part=hit.part,
        title=hit.title,
        address=hit.path,
        paragraph=hit.paragraph,
        snippet=[Marked(text=of.text, marked=of.marked) for of in hit.snippet],
        at_ms=hit.at_ms,
    )
