"""Pages of cases: the list, its table, the form that opens one or joins a thing, and one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import WITHOUT_NUL, SameOrigin, require
from api.cases.changing import WhyMissing
from api.cases.joins import actions as joins
from api.cases.joins import wording as join_wording
from api.cases.means import actions as means
from api.cases.means import wording as mean_wording
from api.cases.permission import CasePermission
from api.cases.procedure import PROCEDURE
from api.cases.questions import actions as questions
from api.cases.questions import wording as question_wording
from api.cases.records import LONGEST_TITLE, LONGEST_WHY
from api.cases.rectification import actions as rectification
from api.cases.rectification import wording as rectification_wording
from api.cases.register import actions, wording
from api.cases.register.records import Asked
from api.cases.tables import OPENNESS
from api.frame import frame
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.procedure import Row
from api.procedures.refusals import Incomplete
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import MOST_ID
from api.web.rendering import link, page

ADDRESS = "/{item_id}"
Reader = Annotated[Account, require(CasePermission.SEE)]
Keeper = Annotated[Account, require(CasePermission.KEEP)]
Source = Annotated[str, Query(max_length=200)]
CopyId = Annotated[int, Path(ge=1, le=MOST_ID)]
Line = Annotated[str, Form(max_length=1000, pattern=WITHOUT_NUL)]
Text = Annotated[str, Form(max_length=20_000, pattern=WITHOUT_NUL)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/", response_class=HTMLResponse)
def cases(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The cases that somebody sees, the newest first."""
    found = actions.listed(services, account, asked)
    return page(
        request,
        services.words,
        "cases/cases.html",
        **frame(request, services, account),
        asked=asked,
        found=found,
        lines=wording.lines(services, found.rows),
        filters=wording.filters(services),
        opens=actions.may_open(account),
    )


@router.get("/cases.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    rows = actions.every(services, account, asked, tables.MOST[form])
    total = actions.listed(services, account, asked).total
    sheet = wording.table(services, wording.lines(services, rows))
    return tables.download(services.words, "cases", form, sheet, total=total)


@router.get("/new", response_class=HTMLResponse)
def new(
    request: Request, services: ServicesOf, account: Keeper, source: Source = ""
) -> HTMLResponse:
    """The form that opens a case or, for a thing, joins it to one."""
    return _form(request, services, account, source, {}, {})


@router.post("/new", response_model=None)
def open_case(
    request: Request,
    services: ServicesOf,
    account: Keeper,
    title: Line = "",
    matter: Text = "",
    openness: Line = "",
    unit: Line = "",
    why: Line = "",
    source: Line = "",
) -> Response:
    """Open a case; with faults the form comes again with all that was written."""
    state = request.app.state
    given = {"title": title, "matter": matter, "openness": openness, "unit": unit}
    copies = (
        [actions.copied(state.roster, state.services, account, actions.read(source))]
        if source
        else []
    )
    try:
        item_id = actions.open_case(services, account, given, copies, why)
    except (Incomplete, WhyMissing) as refused:
        wrong = _wrong(services, refused)
        written = {**given, "why": why}
        answer = _form(request, services, account, source, written, wrong)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.post("/join", response_model=None)
def join(
    request: Request,
    services: ServicesOf,
    account: Keeper,
    case: Line,
    source: Line,
    why: Line = "",
) -> Response:
    """Join a thing to a case that runs."""
    state, reference = request.app.state, actions.read(source)
    try:
        actions.join(state.roster, state.services, account, case, reference, why)
    except WhyMissing as refused:
        written = {"case": case, "join_why": why}
        wrong = {"join_why": refused.said(services.words)}
        answer = _form(request, services, account, source, written, wrong)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"{ADDRESS.format(item_id=case)}#things"), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def case(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A case: the matter, what belongs to it, and what may be done next."""
    return _shown(request, services, account, item_id, None)


@router.post(f"{ADDRESS}/items/{{copy_id}}/remove")
def remove(
    item_id: str,
    copy_id: CopyId,
    request: Request,
    services: ServicesOf,
    account: Keeper,
    why: Line = "",
) -> Response:
    """Take a thing out of a case."""
    try:
        actions.remove(services, account, item_id, copy_id, why)
    except WhyMissing as refused:
        failed = Failed("remove", refused.said(services.words))
        answer = _shown(request, services, account, item_id, failed)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"{ADDRESS.format(item_id=item_id)}#things"), 303)


@router.post(f"{ADDRESS}/proposals/dismiss")
def dismiss(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Keeper,
    source: Line,
    why: Line = "",
) -> Response:
    """Set a proposal aside; it is not made for the case again."""
    reference = actions.read(source)
    try:
        joins.set_aside(request.app.state.roster, services, account, item_id, reference, why)
    except WhyMissing as refused:
        failed = Failed(f"dismiss-{source}", refused.said(services.words))
        answer = _shown(request, services, account, item_id, failed)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"{ADDRESS.format(item_id=item_id)}#proposals"), 303)


def _proposals(
    request: Request, services: Services, account: Account, row: Row
) -> list[join_wording.Line]:
    found = joins.for_case(services, request.app.state.roster, account, row)
    return join_wording.lines(services, found)


def _wrong(services: Services, refused: Incomplete | WhyMissing) -> Mapping[str, str]:
    if isinstance(refused, Incomplete):
        return refused.wrong(services.words)
    return {"why": refused.said(services.words)}


def _form(
    request: Request,
    services: Services,
    account: Account,
    source: str,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    state = request.app.state
    thing, proposals = None, []
    if source:
        reference = actions.read(source)
        thing = actions.thing(state.roster, state.services, account, reference)
        found = joins.proposed(services, state.roster, account, [reference])
        proposals = join_wording.lines(services, found)
    suggested = {"title": thing.title[:LONGEST_TITLE]} if thing else {}
    empty = dict.fromkeys(("title", "matter", "unit", "why", "case", "join_why"), "")
    return page(
        request,
        services.words,
        "cases/case_form.html",
        **frame(request, services, account),
        source=source,
        thing=thing,
        proposals=proposals,
        running=wording.lines(services, actions.running(services, account)) if thing else [],
        openness=tuple(OPENNESS),
        units=question_wording.units(services),
        written={**empty, "openness": "internal", **suggested, **written},
        wrong=wrong,
        longest_why=LONGEST_WHY,
    )


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    state = request.app.state
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    found = actions.belonging(state.roster, state.services, account, part.row)
    (line,) = wording.lines(services, [part.row])
    keeps = actions.keeps(services, account, part.row)
    return page(
        request,
        services.words,
        "cases/case.html",
        **frame(request, services, account),
        part=part,
        failed=failed,
        line=line,
        secrecy=wording.secrecy(services, actions.secrecy(services, part.row)),
        things=wording.things(services, found),
        measures=mean_wording.lines(services, means.of_case(services, account, part.row["id"])),
        rectifications=rectification_wording.lines(
            services, state.roster, rectification.of_case(services, account, part.row["id"])
        ),
        questions=question_wording.lines(
            services, questions.of_case(services, account, part.row["id"])
        ),
        keeps=keeps,
        proposals=_proposals(request, services, account, part.row) if keeps else [],
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
