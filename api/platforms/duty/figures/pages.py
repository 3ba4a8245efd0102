"""Pages of figures: an indicator with its history, and the office's forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.frame import frame
from api.platforms.duty.figures import actions, wording
from api.platforms.duty.figures.procedure import PROCEDURE
from api.platforms.duty.figures.records import SPANS, TOPICS
from api.platforms.duty.figures.wording import FaultySheet, Mistake
from api.platforms.duty.permission import DutyPermission
from api.procedures.pages import Written, forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import LONGEST_WHY
from api.web.rendering import link, page

ADDRESS = "/figures/{item_id}"
CORRECTED = ("value", "before", "year_before", "source", "note", "why")
MOST_BYTES = 2 << 20
"""Of a spreadsheet."""
Reader = Annotated[Account, require(DutyPermission.SEE_BRIEFING)]
Office = Annotated[Account, require(DutyPermission.BRIEF)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/figures/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """An empty form, and the one that takes a spreadsheet."""
    return _form(request, services, account, "", {})


@router.post("/figures/new")
def publish(written: Written, request: Request, services: ServicesOf, account: Office) -> Response:
    """Publish a figure; with faults the form comes again with all that was written."""
    given = {of: written.get(of, "") for of in wording.FIELDS}
    try:
        item_id = actions.publish(services, account, given)
    except StepRefused as refused:
        return _form(request, services, account, "", given, refused)
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get("/figures/template.csv")
def template(services: ServicesOf, _account: Office) -> StreamingResponse:
    """A table with the heads of the columns."""
    rows = tables.csv(wording.template(services.words))
    headers = tables.saved_as("figures.csv")
    return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/figures.{form}", response_class=Response)
def export(
    form: tables.Form,
    services: ServicesOf,
    account: Reader,
    topic: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The figures of a topic, or of all, as a table."""
    found = actions.figures(services, account, topic if topic in TOPICS else "")
    sheet = wording.sheet(services.words, found)
    return tables.download(services.words, sheet.title, form, sheet, total=len(found))


@router.post("/figures/load")
@larger(MOST_BYTES)
def load(
    request: Request,
    services: ServicesOf,
    account: Office,
    file: UploadFile,
    why: Annotated[str, Form(max_length=LONGEST_WHY)] = "",
) -> Response:
    """Publish the figures of a spreadsheet; or say every mistake that it has."""
    try:
        loaded = actions.load(
            services, account, (file.filename or "")[:100], file.file.read(), why
        )
    except FaultySheet as faulty:
        return _form(request, services, account, "", {}, mistakes=faulty.mistakes, why=why)
    return _form(request, services, account, "", {}, loaded=loaded)


@router.get(f"{ADDRESS}/correct", response_class=HTMLResponse)
def correcting(
    item_id: str, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """The form with the values of now."""
    row = actions.figure(services, account, item_id)
    if row["state"] != "published":
        raise HTTPException(404)
    written = {of: row[of] or "" for of in CORRECTED if of != "why"}
    return _form(request, services, account, item_id, written)


@router.post(f"{ADDRESS}/correct")
def correct(
    item_id: str, written: Written, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Give it other values; with faults the form comes again."""
    given = {of: written.get(of, "") for of in CORRECTED}
    try:
        actions.correct(services, account, item_id, given)
    except UnknownThing:
        raise
    except StepRefused as refused:
        return _form(request, services, account, item_id, given, refused)
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def figure(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """An indicator by period, and what became of one of its figures."""
    return _shown(request, services, account, item_id, None)


def _form(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    written: Mapping[str, str],
    refused: StepRefused | None = None,
    *,
    mistakes: Sequence[Mistake] = (),
    why: str = "",
    loaded: actions.Loaded | None = None,
) -> HTMLResponse:
    row = actions.figure(services, account, item_id) if item_id else None
    wrong = refused.wrong(services.words) if refused else {}
    answer = page(
        request,
        services.words,
        "duty/figure_form.html",
        **frame(request, services, account),
        item_id=item_id,
        title=row["name"] if row else "",
        period=wording.period(services.words, row) if row else "",
        topics=TOPICS,
        spans=SPANS,
        needs={need.name: need for need in PROCEDURE.first.needs},
        written=dict.fromkeys((*wording.FIELDS, "why"), "") | dict(written),
        wrong=wrong,
        refused=refused.said(services.words) if refused and not wrong else "",
        mistakes=mistakes,
        why=why,
        loaded=loaded,
    )
    answer.status_code = refused.status_code if refused else 422 if mistakes else 200
    return answer


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    row, lines = actions.series(services, account, item_id)
    return page(
        request,
        services.words,
        "duty/figure.html",
        **frame(request, services, account),
        part=part,
        row=row,
        lines=lines,
        period=wording.period(services.words, row),
        briefs=account.may(DutyPermission.BRIEF),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
