"""The opinion of a committee on a page, and asking for one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews import wording
from api.platforms.documents.reviews.actions import pointing, reviewing
from api.platforms.documents.reviews.pages.reviews import ADDRESS as REVIEW
from api.platforms.documents.reviews.pages.reviews import HAND_OUT, shown_with, unit_names
from api.platforms.documents.reviews.procedure.consultation import PROCEDURE
from api.platforms.documents.reviews.records import LONGEST_REASON
from api.procedures.pages import forms
from api.procedures.part import Failed, failed_by, part_of
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.forms import Typed
from api.web.rendering import link, page

ADDRESS = "/reviews/consultations/{item_id}"
Reviewer = Annotated[Account, require(DocumentsPermission.REVIEW)]
Field = Annotated[Typed, Form()]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.post(f"{REVIEW}/consultations", response_model=None)
def consult(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Reviewer,
    unit: Field = "",
    question: Annotated[str, Form(max_length=2 * LONGEST_REASON)] = "",
    day: Field = "",
) -> Response:
    """Ask a committee; what was refused stands on the page of the review."""
    given = {"unit": unit, "question": question, "day": day}
    try:
        pointing.consult(services, account, item_id, given)
    except UnknownThing:
        raise
    except StepRefused as refused:
        failed = failed_by(services, refused, HAND_OUT, given)
        answer = shown_with(request, services, account, item_id, failed)
        answer.status_code = refused.status_code
        return answer
    return RedirectResponse(link(request, REVIEW.format(item_id=item_id)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def consultation(
    item_id: str, request: Request, services: ServicesOf, account: Reviewer
) -> HTMLResponse:
    """The text that a committee was asked about, its points, and its opinion."""
    return _shown(request, services, account, item_id, None)


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    shown = reviewing.shown(services, account, str(part.row["review"]))
    return page(
        request,
        services.words,
        "documents/consultation.html",
        **frame(request, services, account),
        part=part,
        shown=shown,
        committee=unit_names(services).get(part.row["unit"], part.row["unit"]),
        points=wording.points(services.words, shown),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
