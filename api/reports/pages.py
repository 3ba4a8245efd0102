"""Pages of papers: what may be made and was made, and one paper with its forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, SignedIn
from api.bodies import form_of
from api.frame import frame
from api.reports import actions, wording
from api.reports.comparison import Difference
from api.reports.permission import ReportPermission
from api.reports.records import FORMS, Form, Offered, Snapshot
from api.reports.repository import Reports
from api.services import Services, ServicesOf
from api.web.declared import Declared
from api.web.forms import MOST_ID, NotAccepted, RowId
from api.web.rendering import link, page
from api.web.tables import saved_as

A_PAGE = 30
MOST_DIFFERENCES = 100
MEDIA: Mapping[Form, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
router = APIRouter(include_in_schema=False)


class TemplateUnfit(Declared):
    """The template of a paper does not fit the product any more."""

    status = 409
    words = "reports.unfit-broken"


@router.get("/", response_class=HTMLResponse)
def reports(
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    number: Annotated[int, Query(ge=1, le=1_000_000, alias="page")] = 1,
    kind: Annotated[str, Query(max_length=80)] = "",
    again: Annotated[int, Query(ge=0, le=MOST_ID)] = 0,
) -> HTMLResponse:
    """Kinds that one may make, and papers that were made. The form of a ``kind`` begins with the
    fields of the address, or with those of a paper that shall be made ``again`` in other words.
    """
    given: dict[str, dict[str, str]] = {}
    if again:
        offered, snapshot = found(request, account, again)
        given[offered.id] = actions.given_of(offered, snapshot)
    elif kind:
        given[kind] = dict(request.query_params)
    return _list(request, services, account, number, given, {})


@router.post("/", dependencies=[SameOrigin], response_model=None)
@costs(HEAVY)
async def make(
    request: Request, services: ServicesOf, account: SignedIn
) -> HTMLResponse | RedirectResponse:
    """Make a paper; what does not hold comes back with its words and what was chosen."""
    async with form_of(request) as form:
        given = {name: value for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_make, request, services, account, given)


def _make(
    request: Request, services: Services, account: Account, given: dict[str, str]
) -> HTMLResponse | RedirectResponse:
    kind = kind_of(request, account, given.pop("kind", ""))
    try:
        parameters = actions.parameters_of(kind, given)
        snapshot = actions.make(site_services(request), account, kind, parameters)
    except NotAccepted as refused:
        return _refused(request, services, account, kind, given, refused)
    return RedirectResponse(link(request, f"/{snapshot}"), 303)


@router.post("/preview", dependencies=[SameOrigin], response_class=HTMLResponse)
@costs(HEAVY)
async def preview(request: Request, services: ServicesOf, account: SignedIn) -> HTMLResponse:
    """A paper as it would be made now; nothing of it is kept."""
    async with form_of(request) as form:
        given = {name: value for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_preview, request, services, account, given)


def _preview(
    request: Request, services: Services, account: Account, given: dict[str, str]
) -> HTMLResponse:
    kind = kind_of(request, account, given.pop("kind", ""))
    site = site_services(request)
    try:
        parameters = actions.parameters_of(kind, given)
        paper = kind.kind.freeze(site, account, parameters)
    except NotAccepted as refused:
        return _refused(request, services, account, kind, given, refused)
    return page(
        request,
        services.words,
        "reports/preview.html",
        **frame(request, services, account),
        paper=paper,
        kind=kind.id,
        given=given,
        sections=wording.sections(site.words, paper),
    )


def _refused(
    request: Request,
    services: Services,
    account: Account,
    kind: Offered,
    given: dict[str, str],
    refused: NotAccepted,
) -> HTMLResponse:
    """The form again, with what does not hold in words."""
    wrong = services.words(f"{kind.kind.words}.wrong-{refused.key}")
    answer = _list(request, services, account, 1, {kind.id: given}, {kind.id: wrong})
    answer.status_code = 422
    return answer


@router.get("/{snapshot_id}", response_class=HTMLResponse)
def report(
    snapshot_id: RowId,
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    compare: bool = False,  # noqa: FBT001, FBT002 - of the address
) -> HTMLResponse:
    """A paper, each number with its rows behind it, and whether the data have changed since; of
    one that is reckoned for long only with ``compare``.
    """
    kind, snapshot = found(request, account, snapshot_id)
    words = request.app.state.services.words
    changes: Sequence[Difference] = ()
    incomparable = ""
    compared = compare or not actions.slow(kind, snapshot)
    try:
        if compared:
            changes = actions.changes(site_services(request), kind, snapshot)
    except NotAccepted as refused:
        incomparable = services.words(f"{kind.kind.words}.wrong-{refused.key}")
    return page(
        request,
        services.words,
        "reports/report.html",
        **frame(request, services, account),
        head=snapshot.head,
        paper=snapshot.paper,
        kind=wording.kind_said(services.words, kind),
        maker=wording.maker_said(services.words, snapshot.head),
        sections=wording.sections(words, snapshot.paper),
        differences=wording.differences(words, changes[:MOST_DIFFERENCES]),
        differing=len(changes),
        compared=compared,
        incomparable=incomparable,
        forms=FORMS,
        again=f"{link(request, '/')}?again={snapshot_id}#{kind.id}",
    )


@router.get("/{snapshot_id}/paper.{form}")
def file(snapshot_id: RowId, form: Form, request: Request, account: SignedIn) -> Response:
    """A paper in Word, as a workbook, or as PDF."""
    kind, snapshot = found(request, account, snapshot_id)
    return answered(request, kind, snapshot, form)


def answered(request: Request, kind: Offered, snapshot: Snapshot, form: Form) -> Response:
    """The file of a paper."""
    try:
        body = actions.form(site_services(request), kind, snapshot, form)
    except NotAccepted as refused:
        raise TemplateUnfit(str(refused)) from refused
    return Response(
        body, media_type=MEDIA[form], headers=saved_as(f"{snapshot.head.title}.{form}")
    )


def found(request: Request, account: Account, snapshot_id: RowId) -> tuple[Offered, Snapshot]:
    """A paper that an account sees, with its kind.

    Raises:
        HTTPException: 404, there is none.
    """
    kinds = actions.offered(request.app.state.roster, account)
    services: Services = request.app.state.services
    known = 0 < snapshot_id <= MOST_ID
    snapshot = Reports(services.state).one(account, kinds, snapshot_id) if known else None
    unknown = HTTPException(404, f"unknown report {snapshot_id}; see /api/v1/reports")
    if snapshot is None:
        raise unknown
    name = f"{snapshot.head.platform}.{snapshot.head.kind}"
    kind = next(of for of in kinds if of.id == name)
    if not actions.opens(services, account, kind, snapshot):
        raise unknown
    return kind, snapshot


def kind_of(request: Request, account: Account, kind_id: str) -> Offered:
    """A kind that an account may make.

    Raises:
        HTTPException: 404, there is none.
    """
    kinds = actions.offered(request.app.state.roster, account)
    kind = next((of for of in kinds if of.id == kind_id), None)
    if kind is None:
        raise HTTPException(404, f"unknown kind {kind_id!r}; see /api/v1/reports/kinds")
    return kind


def site_services(request: Request) -> Services:
    """The parts in the site's language, in which papers are written whoever reads them."""
    services: Services = request.app.state.services
    return services


def _list(
    request: Request,
    services: Services,
    account: Account,
    number: RowId,
    given: Mapping[str, dict[str, str]],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    kinds = actions.offered(request.app.state.roster, account)
    first = (number - 1) * A_PAGE
    rows, total = actions.listing(services, account, kinds, first=first, most=A_PAGE)
    t = services.words
    return page(
        request,
        t,
        "reports/reports.html",
        **frame(request, services, account),
        kinds=[
            _form(services, account, of, given.get(of.id, {}), wrong.get(of.id, ""))
            for of in kinds
        ],
        rows=[(of, wording.maker_said(t, of)) for of in rows],
        total=total,
        number=number,
        pages=-(-total // A_PAGE),
        manages=account.may(ReportPermission.MANAGE_TEMPLATES),
    )


def _form(
    services: Services, account: Account, kind: Offered, given: dict[str, str], wrong: str
) -> dict[str, Any]:
    return {
        "id": kind.id,
        "said": wording.kind_said(services.words, kind),
        "fields": wording.fields(services, account, kind, given),
        "wrong": wrong,
    }
