"""Pages of sharing: that of a case, the congresses on the list, and packages that came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import WITHOUT_NUL, SameOrigin, require
from api.bodies import larger
from api.cases.permission import CasePermission
from api.cases.records import LONGEST_WHY
from api.cases.sharing import receivers, receiving, results, sending, wording
from api.cases.sharing.access import HoldsSecrets
from api.cases.sharing.receiving import most_body_bytes
from api.cases.sharing.records import (
    A_PAGE,
    MOST_RECEIPT,
    MOST_RESULT,
    RECEIPT,
    RESULT,
    Refused,
)
from api.cases.sharing.results import most_result_bytes
from api.cases.sharing.sending import MEDIA, Wish
from api.frame import frame
from api.reports import wording as paper_wording
from api.reports.pages import site_services
from api.services import Services, ServicesOf
from api.web import tables
from api.web.declared import Declared
from api.web.forms import MOST_ID
from api.web.rendering import link, page

Keeper = Annotated[Account, require(CasePermission.KEEP)]
Decider = Annotated[Account, require(CasePermission.DECIDE)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Page = Annotated[int, Query(ge=1, le=10_000, alias="page")]
Line = Annotated[str, Form(max_length=1000, pattern=WITHOUT_NUL)]
Text = Annotated[str, Form(max_length=20_000, pattern=WITHOUT_NUL)]
Chosen = Annotated[str, Form(max_length=10, pattern=WITHOUT_NUL)]
OF_CASE = "/{item_id}/sharing"
Said = Mapping[str, str]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/receivers", response_class=HTMLResponse)
def listed(request: Request, services: ServicesOf, account: Keeper) -> HTMLResponse:
    """The congresses to which cases may go."""
    return _receivers(request, services, account, {}, {})


@router.post("/receivers", response_model=None)
def enter(
    request: Request,
    services: ServicesOf,
    account: Keeper,
    name: Line = "",
    level: Line = "",
    way: Line = "",
) -> Response:
    """Enter a congress; with faults the form comes again with all that was written."""
    try:
        receivers.add(services, account, name, level, way)
    except Refused as refused:
        written = {"name": name, "level": level, "way": way}
        wrong = {refused.field: refused.said(services.words)}
        return _receivers(request, services, account, written, wrong)
    return RedirectResponse(link(request, "/receivers"), 303)


@router.post("/receivers/{number}/end")
def end(
    number: Number, request: Request, services: ServicesOf, account: Keeper
) -> RedirectResponse:
    """Take a congress off the list."""
    receivers.end(services, account, number)
    return RedirectResponse(link(request, "/receivers"), 303)


@router.get("/shared", response_class=HTMLResponse)
def received(
    request: Request, services: ServicesOf, account: Keeper, number: Page = 1
) -> HTMLResponse:
    """Packages that came, and the form that takes one in."""
    return _received(request, services, account, number, {})


@router.post("/shared", response_model=None)
@larger(most_body_bytes)
def take_in(file: UploadFile, request: Request, services: ServicesOf, account: Keeper) -> Response:
    """Take in a package; a refusal names the file in it."""
    try:
        made = receiving.take_in(services, account, file.file)
    except Refused as refused:
        wrong = {"package": refused.said(services.words)}
        return _received(request, services, account, 1, wrong)
    return RedirectResponse(link(request, f"/shared/{made}"), 303)


@router.get("/shared.{form}")
def exported(form: tables.Form, services: ServicesOf, account: Keeper) -> Response:
    """Packages that came, as a table for a spreadsheet."""
    found = receiving.every(services, account, tables.MOST[form])
    _, total = receiving.listed(services, account, 1)
    sheet = wording.table(services, found)
    return tables.download(services.words, "shared", form, sheet, total=total)


@router.get("/shared/{number}", response_class=HTMLResponse)
def one(number: Number, request: Request, services: ServicesOf, account: Keeper) -> HTMLResponse:
    """A package that came: its case, its items, its report, and the results made of it."""
    return _one(request, services, account, number, {}, {})


@router.get("/shared/{number}/receipt", response_class=Response)
def receipt(number: Number, request: Request, account: Keeper) -> Response:
    """The receipt of a package, for its sender."""
    body = receiving.receipt(site_services(request), account, number)
    return Response(body, media_type="application/json", headers=tables.saved_as(RECEIPT))


@router.get("/shared/{number}/result", response_class=Response)
def result(number: Number, services: ServicesOf, account: Keeper) -> Response:
    """The newest result of a package, for its sender."""
    body = results.file(services, account, number)
    return Response(body, media_type="application/json", headers=tables.saved_as(RESULT))


@router.post("/shared/{number}/result", response_model=None)
def make_result(
    number: Number,
    request: Request,
    services: ServicesOf,
    account: Decider,
    reason: Text = "",
    internal_why: Text = "",
) -> Response:
    """Make the result of a package; with faults the form comes again with all that was written."""
    try:
        results.make(site_services(request), account, number, reason, internal_why)
    except (Refused, HoldsSecrets, results.TooManyDecisions) as refused:
        wrong = {_field(refused): refused.said(services.words)}
        written = {"reason": reason, "internal_why": internal_why}
        return _one(request, services, account, number, written, wrong, refused.status_code)
    return RedirectResponse(link(request, f"/shared/{number}"), 303)


@router.post("/shared/{number}/case")
def open_case(number: Number, request: Request, account: Keeper) -> RedirectResponse:
    """Open a case of a package, and lead to it."""
    case_id = receiving.open_case(site_services(request), account, number)
    return RedirectResponse(link(request, f"/{case_id}"), 303)


@router.get(OF_CASE, response_class=HTMLResponse)
def sharing(item_id: str, request: Request, services: ServicesOf, account: Keeper) -> HTMLResponse:
    """The shares of a case, and the form that makes one."""
    return _sharing(request, services, account, item_id, {}, {})


@router.post(OF_CASE, response_model=None)
def share(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Decider,
    receiver: Chosen = "",
    reason: Text = "",
    internal_why: Text = "",
) -> Response:
    """Pack a case for a receiver; with faults the form comes again with all that was written."""
    chosen = int(receiver) if receiver.isascii() and receiver.isdecimal() else 0
    wish = Wish(chosen, reason, internal_why)
    try:
        sending.share(site_services(request), account, item_id, wish)
    except (Refused, HoldsSecrets, sending.TooLarge) as refused:
        wrong = {_field(refused): refused.said(services.words)}
        written = {"receiver": receiver, "reason": reason, "internal_why": internal_why}
        return _sharing(request, services, account, item_id, written, wrong, refused.status_code)
    return RedirectResponse(link(request, OF_CASE.format(item_id=item_id)), 303)


@router.get("/{item_id}/shares/{number}/package", response_class=Response)
def package(item_id: str, number: Number, services: ServicesOf, account: Decider) -> Response:
    """The zip of a share."""
    name, content = sending.package(services, account, item_id, number)
    return Response(content, media_type=MEDIA, headers=tables.saved_as(name))


@router.post("/{item_id}/shares/{number}/receipt", response_model=None)
def sign(
    item_id: str,
    number: Number,
    file: UploadFile,
    request: Request,
    services: ServicesOf,
    account: Keeper,
) -> Response:
    """Enter the receipt of a share."""
    try:
        sending.sign(services, account, item_id, number, file.file.read(MOST_RECEIPT + 1))
    except (Refused, sending.SignedAlready) as refused:
        wrong = {f"receipt-{number}": refused.said(services.words)}
        return _sharing(request, services, account, item_id, {}, wrong, refused.status_code)
    return RedirectResponse(link(request, OF_CASE.format(item_id=item_id)), 303)


@router.post("/{item_id}/shares/{number}/result", response_model=None)
@larger(most_result_bytes)
def enter_result(
    item_id: str,
    number: Number,
    file: UploadFile,
    request: Request,
    services: ServicesOf,
    account: Keeper,
) -> Response:
    """Enter the result of a share."""
    try:
        results.enter(services, account, item_id, number, file.file.read(MOST_RESULT + 1))
    except Refused as refused:
        wrong = {f"result-{number}": refused.said(services.words)}
        return _sharing(request, services, account, item_id, {}, wrong, refused.status_code)
    return RedirectResponse(link(request, OF_CASE.format(item_id=item_id)), 303)


def _field(refused: Declared) -> str:
    """The field of a form below which a refusal stands."""
    return refused.field if isinstance(refused, Refused) else "case"


def _receivers(
    request: Request, services: Services, account: Account, written: Said, wrong: Said
) -> HTMLResponse:
    answer = page(
        request,
        services.words,
        "cases/receivers.html",
        **frame(request, services, account),
        receivers=receivers.listed(services),
        levels=wording.levels(services.words),
        written={"name": "", "level": "", "way": "", **written},
        wrong=wrong,
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _received(
    request: Request, services: Services, account: Account, number: int, wrong: Said
) -> HTMLResponse:
    found, total = receiving.listed(services, account, number)
    answer = page(
        request,
        services.words,
        "cases/shared.html",
        **frame(request, services, account),
        found=found,
        total=total,
        number=number,
        pages=max(1, -(-total // A_PAGE)),
        wrong=wrong,
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _one(
    request: Request,
    services: Services,
    account: Account,
    number: int,
    written: Said,
    wrong: Said,
    status: int = 200,
) -> HTMLResponse:
    found = receiving.one(services, account, number)
    handing = results.of_received(services, account, number)
    slugs = [of.slug for of in request.app.state.roster]
    answer = page(
        request,
        services.words,
        "cases/received.html",
        **frame(request, services, account),
        found=found.received,
        paper=found.package.paper,
        sections=paper_wording.sections(services.words, found.package.paper),
        things=wording.things(services, slugs, found),
        results=wording.results(services, handing.results),
        next=handing.next,
        written={"reason": "", "internal_why": "", **written},
        wrong=wrong,
        longest_why=LONGEST_WHY,
    )
    answer.status_code = status
    return answer


def _sharing(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    written: Said,
    wrong: Said,
    status: int = 200,
) -> HTMLResponse:
    found = sending.of_case(services, account, item_id)
    answer = page(
        request,
        services.words,
        "cases/sharing.html",
        **frame(request, services, account),
        found=found,
        lines=wording.lines(services, found.shares, found.results),
        receivers=receivers.listed(services),
        levels=dict(wording.levels(services.words)),
        written={"receiver": "", "reason": "", "internal_why": "", **written},
        wrong=wrong,
        longest_why=LONGEST_WHY,
    )
    answer.status_code = status
    return answer


PAGES = (router,)
