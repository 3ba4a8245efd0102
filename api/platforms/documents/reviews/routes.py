"""Reviews over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews import schemas
from api.platforms.documents.reviews.actions import opening, pointing, reviewing
from api.platforms.documents.reviews.procedure.consultation import PROCEDURE as CONSULTATION
from api.platforms.documents.reviews.procedure.point import PROCEDURE as POINT
from api.platforms.documents.reviews.procedure.review import PROCEDURE
from api.platforms.documents.reviews.records import Asked, AskedPoints
from api.platforms.documents.reviews.schemas import (
    ConsultationGiven,
    FoundList,
    Made,
    Opening,
    OpeningSpecial,
    PointGiven,
    PointList,
    ReviewList,
    ReviewState,
    UnreviewedList,
)
from api.platforms.documents.texts.routes import accepted
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Reviewer = Annotated[Account, require(DocumentsPermission.REVIEW)]
router = APIRouter(prefix="/reviews", tags=["documents"], dependencies=[SameOrigin])


@router.get("")
def listed(services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]) -> ReviewList:
    """A page of reviews that the caller may see, the newest first."""
    rows, count, terms = reviewing.listed(services, account, asked)
    lines = [schemas.line(of, terms.get(of["id"])) for of in rows]
    return ReviewList(count=count, reviews=lines)


@router.post("", status_code=201)
def begin(body: Opening, services: ServicesOf, account: Reviewer) -> Made:
    """Open the review of a text in its newest version."""
    return Made(id=opening.begin(services, account, body.text, body.given()))


@router.post("/specials", status_code=201)
def begin_special(body: OpeningSpecial, services: ServicesOf, account: Reviewer) -> Made:
    """Open a special review of several texts, each with a review of its own: ask for these with
    ``special``.
    """
    return accepted(
        lambda: Made(
            id=opening.begin_special(services, account, body.title, body.reason, body.texts)
        )
    )


@router.get("/waiting")
def waiting(services: ServicesOf, account: Reviewer) -> UnreviewedList:
    """Registered documents of which no review was opened."""
    found = reviewing.unreviewed(services, account)
    return UnreviewedList(documents=[schemas.unreviewed(*of) for of in found])


@router.get("/points")
def points(
    services: ServicesOf, account: Reader, asked: Annotated[AskedPoints, Query()]
) -> PointList:
    """A page of points of all reviews that the caller may see."""
    found, count = pointing.listed(services, account, asked)
    return PointList(count=count, points=[schemas.point_line(of) for of, _ in found])


@router.get("/{item_id}")
def one(item_id: str, services: ServicesOf, account: Reader) -> ReviewState:
    """A review with its points, and with what became of their articles in a version that is
    joined.
    """
    shown = reviewing.shown(services, account, item_id)
    return schemas.state(shown, reviewing.first_term(services, shown.row))


@router.get("/{item_id}/found")
def found(item_id: str, services: ServicesOf, account: Reviewer) -> FoundList:
    """Places where the checks ask a question about the version under review."""
    row = reviewing.review(services, account, item_id)
    return FoundList(found=[schemas.found(of) for of in pointing.found(services, row)])


@router.post("/{item_id}/points", status_code=201)
def add_point(item_id: str, body: PointGiven, services: ServicesOf, account: Reviewer) -> Made:
    """Raise a point; its words are compared with the text, its law with the table of laws."""
    return accepted(lambda: Made(id=pointing.add(services, account, item_id, body.raised())))


@router.post("/{item_id}/consultations", status_code=201)
def consult(
    item_id: str, body: ConsultationGiven, services: ServicesOf, account: Reviewer
) -> Made:
    """Hand the text out to a committee."""
    return Made(id=pointing.consult(services, account, item_id, body.model_dump()))


API = (
    router,
    routes(PROCEDURE, "/reviews/{item_id}"),
    routes(POINT, "/reviews/points/{item_id}"),
    routes(CONSULTATION, "/reviews/consultations/{item_id}"),
)
