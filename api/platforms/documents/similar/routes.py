"""Clauses that are alike, over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.accounts.records import Account
from api.authentication.costs import COSTLY, costs
from api.authentication.requests import SameOrigin, require
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.similar import actions, schemas
from api.platforms.documents.similar.schemas import SimilarState
from api.services import ServicesOf
from api.web.forms import MOST_ID

router = APIRouter(prefix="/texts", tags=["documents"], dependencies=[SameOrigin])
Viewer = Annotated[Account, require(DocumentsPermission.SEE_RULES)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("/{number}/similar")
@costs(COSTLY)
def similar(
    number: Number,
    services: ServicesOf,
    _account: Viewer,
    clause: Annotated[int | None, Query(ge=0, le=MOST_ID)] = None,
    hit: Annotated[str | None, Query(max_length=40)] = None,
) -> SimilarState:
    """Clauses of all other texts that are like one: by its place, or by a hit in it; without
    either the clauses to choose from.
    """
    return schemas.state(actions.similar(services, number, clause, hit))


API = (router,)
