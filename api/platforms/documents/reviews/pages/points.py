"""The form that raises a point, and a point on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews import wording
from api.platforms.documents.reviews.actions import pointing, reviewing
from api.platforms.documents.reviews.pages.reviews import ADDRESS as REVIEW
from api.platforms.documents.reviews.procedure.point import PROCEDURE
from api.platforms.documents.reviews.records import (
    A_PAGE,
    OUTCOMES,
    TESTS,
    AskedPoints,
)
from api.platforms.documents.reviews.schemas import PointGiven
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.forms import NotAccepted
from api.web.rendering import link, page

ADDRESS = "/reviews/points/{item_id}"
FIELDS = tuple(PointGiven.model_fields)
Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Reviewer = Annotated[Account, require(DocumentsPermission.REVIEW)]
Written = Annotated[PointGiven, Form()]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/reviews/points", response_class=HTMLResponse)
def listed(
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[AskedPoints, Query()],
) -> HTMLResponse:
    """Points of all reviews that somebody may see, the newest first."""
    found, count = pointing.listed(services, account, asked)
    words = services.words
    return page(
        request,
        words,
        "documents/points.html",
        **frame(request, services, account),
        asked=asked,
        lines=[(wording.point(words, point, row), row) for point, row in found],
        count=count,
        pages=-(-count // A_PAGE),
        tests=TESTS,
        outcomes=OUTCOMES,
    )


@router.get(f"{REVIEW}/points/new", response_class=HTMLResponse)
def new(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Reviewer,
    take: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """The form, and beside it what the checks found; ``take`` is the key of such a place, with
    which the form begins.
    """
    return _form(request, services, account, item_id, PointGiven(test="legality"), take=take)


@router.post(f"{REVIEW}/points/new", response_model=None)
def add(
    item_id: str, request: Request, services: ServicesOf, account: Reviewer, written: Written
) -> Response:
    """Raise a point; with faults all that was written stays."""
    try:
        pointing.add(services, account, item_id, written.raised())
    except UnknownThing:
        raise
    except NotAccepted as refused:
        said = services.words(f"documents.reviews.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        return _form(request, services, account, item_id, written, wrong=wrong)
    except StepRefused as refused:
        wrong = dict(refused.wrong(services.words))
        said = "" if wrong else refused.said(services.words)
        return _form(
            request, services, account, item_id, written, wrong=wrong or {"": said}, refused=said
        )
    return RedirectResponse(link(request, REVIEW.format(item_id=item_id)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def point(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A point, and what became of its article."""
    return _shown(request, services, account, item_id, None)


def _form(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    written: PointGiven,
    *,
    take: str = "",
    wrong: Mapping[str, str] | None = None,
    refused: str = "",
) -> HTMLResponse:
    row = reviewing.review(services, account, item_id)
    found = pointing.found(services, row)
    given = written.model_dump()
    if taken := next((of.raised for of in found if of.hit == take), None):
        given = {name: getattr(taken, name) for name in FIELDS}
    answer = page(
        request,
        services.words,
        "documents/point_new.html",
        **frame(request, services, account),
        row=row,
        found=found,
        labels=pointing.labels(services, row),
        tests=TESTS,
        needs={need.name: need for need in PROCEDURE.first.needs},
        written=given,
        wrong=wrong or {},
        refused=refused,
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    row = reviewing.review(services, account, str(part.row["review"]))
    held = wording.held(services.words, pointing.held(services, row, [part.row]), row)
    return page(
        request,
        services.words,
        "documents/point.html",
        **frame(request, services, account),
        part=part,
        row=row,
        point=wording.point(services.words, part.row, row),
        held=held[0] if held else None,
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
