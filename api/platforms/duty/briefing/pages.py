"""Pages of documents for deputies: the list, one document, and the office's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import wording as file_wording
from api.files.permission import FilePermission
from api.frame import frame
from api.platforms.duty.briefing import actions
from api.platforms.duty.briefing.procedure import PROCEDURE
from api.platforms.duty.briefing.records import MARKINGS
from api.platforms.duty.figures import actions as figures
from api.platforms.duty.figures.records import TOPICS
from api.platforms.duty.permission import DutyPermission
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import Incomplete
from api.services import Services, ServicesOf
from api.web.asking import Askers
from api.web.caches import cache
from api.web.rendering import link, page

ADDRESS = "/briefing/{item_id}"
FIELDS = ("topic", "marking", "title", "text")
MOST_BYTES = 200_000
"""Of a form with a document's text."""
Reader = Annotated[Account, require(DutyPermission.SEE_BRIEFING)]
Office = Annotated[Account, require(DutyPermission.BRIEF)]
Number = Annotated[int, Query(ge=1, le=10_000)]
Field = Annotated[str, Form(max_length=60_000)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/briefing", response_class=HTMLResponse)
def briefing(
    request: Request,
    services: ServicesOf,
    account: Reader,
    topic: str = "",
    page_number: Annotated[Number, Query(alias="page")] = 1,
) -> HTMLResponse:
    """Documents, the newest first, and how things stand on the other platforms."""
    chosen = topic if topic in TOPICS else ""
    roster = request.app.state.roster
    return page(
        request,
        services.words,
        "duty/briefing.html",
        **frame(request, services, account),
        briefing=actions.briefing(
            cache(request, Askers), services, account, roster, chosen, page_number
        ),
        figures=figures.latest(services, account, chosen) if page_number == 1 else (),
        topics=TOPICS,
        topic=chosen,
        page_number=page_number,
        briefs=account.may(DutyPermission.BRIEF),
    )


@router.get("/briefing/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """An empty form."""
    return _form(request, services, account, "", {}, {})


@router.post("/briefing/new", response_model=None)
@larger(MOST_BYTES)
def write(
    request: Request,
    services: ServicesOf,
    account: Office,
    topic: Field = "",
    marking: Field = "",
    title: Field = "",
    text: Field = "",
) -> Response:
    """Begin a document; with faults the form comes again with all that was written."""
    given = {"topic": topic, "marking": marking, "title": title, "text": _plain(text)}
    try:
        item_id = actions.write(services, account, given)
    except Incomplete as refused:
        return _refused(request, services, account, "", given, refused)
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get(f"{ADDRESS}/edit", response_class=HTMLResponse)
def editing(item_id: str, request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """The form with a draft in it."""
    row = actions.document(services, account, item_id)
    if row["state"] != "draft":
        raise HTTPException(404)
    return _form(request, services, account, item_id, {of: row[of] for of in FIELDS}, {})


@router.post(f"{ADDRESS}/edit", response_model=None)
@larger(MOST_BYTES)
def edit(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Office,
    topic: Field = "",
    marking: Field = "",
    title: Field = "",
    text: Field = "",
) -> Response:
    """Keep a draft's new words; with faults the form comes again."""
    given = {"topic": topic, "marking": marking, "title": title, "text": _plain(text)}
    try:
        actions.edit(services, account, item_id, given)
    except Incomplete as refused:
        return _refused(request, services, account, item_id, given, refused)
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def document(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A document; of a confidential one it is recorded who viewed it."""
    return _shown(request, services, account, item_id, None)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _form(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "duty/document_form.html",
        **frame(request, services, account),
        item_id=item_id,
        topics=TOPICS,
        markings=MARKINGS,
        needs={need.name: need for need in PROCEDURE.first.needs},
        written=dict.fromkeys(FIELDS, "") | dict(written),
        wrong=wrong,
    )


def _refused(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    given: Mapping[str, str],
    refused: Incomplete,
) -> HTMLResponse:
    answer = _form(request, services, account, item_id, given, refused.wrong(services.words))
    answer.status_code = refused.status_code
    return answer


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    row = actions.document(services, account, item_id)
    address = link(request, ADDRESS.format(item_id=item_id))
    briefs = account.may(DutyPermission.BRIEF)
    confidential = row["marking"] == "confidential"
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    return page(
        request,
        services.words,
        "duty/document.html",
        **frame(request, services, account),
        part=part,
        failed=failed,
        briefs=briefs,
        views=actions.views(services, row["id"]) if briefs and confidential else None,
        lines=file_wording.lines(services, actions.attached(services, row)),
        accepted=file_wording.ACCEPTED,
        attach=f"{address}/files" if actions.ATTACHING.may(services, account, row) else "",
        most_mb=services.attachments.most_mb,
        sees_hidden=account.may(FilePermission.SEE_HIDDEN),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown), actions.ATTACHING.form(ADDRESS, _shown))
