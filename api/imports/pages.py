"""Pages of loads: the list, a new file, its columns, and one load from its check to its end."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.costs import HEAVY, costs
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.frame import frame
from api.imports import actions, wording
from api.imports.forms import MOST_BYTES, Listed, Row, Selected, Source, Withdrawal
from api.imports.loading import loader
from api.imports.loading.parts import Parts
from api.imports.loading.worker import Worker
from api.imports.permission import ImportPermission
from api.imports.reading import matching
from api.imports.reading.passing import yuan
from api.imports.records import MOST_FAULTS, STATES, Load
from api.kinds.tables import TableKind
from api.services import Services, ServicesOf
from api.web import tables
from api.web.caches import cache
from api.web.forms import NotAccepted, RowId
from api.web.rendering import link, page
from config.vocabulary.errors import FaultyInput

A_PAGE = 30
MOST_SHOWN = 200
"""Faults on the page; the rest is in the table to download."""
router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(ImportPermission.SEE_LOADS)]
Loader = Annotated[Account, require(ImportPermission.LOAD)]


@router.get("/", response_class=HTMLResponse)
def loads(
    listed: Annotated[Listed, Query()], request: Request, services: ServicesOf, account: Viewer
) -> HTMLResponse:
    """The files that were sent, the newest first."""
    parts = _parts(request, services)
    kinds = actions.seen(parts, account)
    chosen = [name for name in kinds if listed.kind in ("", name)]
    found = parts.loads.listed(
        chosen,
        source=listed.source,
        state=listed.state,
        before=listed.before,
        most=A_PAGE + 1,
    )
    asked = listed.model_dump(exclude={"before"}, exclude_defaults=True)
    return page(
        request,
        services.words,
        "imports/loads.html",
        **frame(request, services, account),
        asked=listed,
        query="?" + urlencode(asked),
        kinds=actions.named(parts, account),
        states=STATES,
        sources=parts.loads.sources(list(kinds)),
        rows=[_row(services, parts.kind_of(load), load) for load in found[:A_PAGE]],
        names=_names(services, found),
        following=found[A_PAGE - 1].id if len(found) > A_PAGE else None,
    )


@router.get("/new", response_class=HTMLResponse)
def new(
    request: Request, services: ServicesOf, account: Loader, kind: str = "", source: Source = ""
) -> HTMLResponse:
    """The form that takes a file."""
    return _form(request, services, account, kind, source)


@router.post("/new", dependencies=[SameOrigin], response_model=None)
@larger(MOST_BYTES)
@costs(HEAVY)
def send(
    request: Request,
    services: ServicesOf,
    account: Loader,
    file: UploadFile,
    kind: Annotated[str, Form()],
    source: Annotated[Source, Form()],
) -> HTMLResponse | RedirectResponse:
    """Keep a file, and go on to its columns."""
    parts = _parts(request, services)
    found = actions.seen(parts, account).get(kind)
    if found is None or not source or not file.size:
        wrong = "kind" if found is None else "source" if not source else "empty"
        return _form(request, services, account, kind, source, wrong)
    load = actions.send(parts, account.actor, found, source, file.filename or "", file.file)
    return RedirectResponse(link(request, f"/{load.id}/columns"), 303)


@router.get("/{load_id}/columns", response_class=HTMLResponse, response_model=None)
def columns(
    load_id: RowId,
    request: Request,
    services: ServicesOf,
    account: Loader,
    sheet: str = "",
    header: Row = 0,
) -> HTMLResponse | RedirectResponse:
    """The first rows of a file, and which column is which."""
    parts = _parts(request, services)
    load = _found(parts, account, load_id)
    if load.state not in ("draft", "checked", "failed"):
        return RedirectResponse(link(request, f"/{load_id}"), 303)
    return _columns(request, services, account, load, Selected(sheet=sheet, header=header))


@router.post("/{load_id}/check", dependencies=[SameOrigin], response_model=None)
@costs(HEAVY)
def check(
    load_id: RowId,
    selected: Annotated[Selected, Form()],
    request: Request,
    services: ServicesOf,
    account: Loader,
) -> HTMLResponse | RedirectResponse:
    """Read every row by the columns that were chosen, beside the pages."""
    parts = _parts(request, services)
    load = _found(parts, account, load_id)
    try:
        mapping = selected.mapping(parts.kind(load.kind))
    except NotAccepted as refused:
        return _columns(request, services, account, load, selected, refused)
    actions.begin_check(cache(request, Worker), parts, account.actor, load, mapping)
    return RedirectResponse(link(request, f"/{load_id}"), 303)


@router.post("/{load_id}/load", dependencies=[SameOrigin])
def load(
    load_id: RowId, request: Request, services: ServicesOf, account: Loader
) -> RedirectResponse:
    """Load the rows that hold, beside the pages."""
    parts = _parts(request, services)
    found = _found(parts, account, load_id)
    if found.good:
        actions.begin_load(cache(request, Worker), parts, account.actor, found)
    return RedirectResponse(link(request, f"/{load_id}"), 303)


@router.post("/{load_id}/drop", dependencies=[SameOrigin])
def drop(
    load_id: RowId, request: Request, services: ServicesOf, account: Loader
) -> RedirectResponse:
    """Let go of a file that is not to be loaded."""
    parts = _parts(request, services)
    actions.drop(parts, _found(parts, account, load_id), account.actor)
    return RedirectResponse(link(request, "/"), 303)


@router.post("/{load_id}/withdraw", dependencies=[SameOrigin], response_model=None)
def withdraw(
    load_id: RowId,
    withdrawal: Annotated[Withdrawal, Form()],
    request: Request,
    services: ServicesOf,
    account: Loader,
) -> HTMLResponse | RedirectResponse:
    """Take a load out of force."""
    parts = _parts(request, services)
    found = _found(parts, account, load_id)
    try:
        loader.withdraw(parts, found, withdrawal.reasoned(), account.actor)
    except NotAccepted as refused:
        return _one(request, services, account, found, refused.key)
    return RedirectResponse(link(request, f"/{load_id}"), 303)


@router.get("/{load_id}", response_class=HTMLResponse)
def one(load_id: RowId, request: Request, services: ServicesOf, account: Viewer) -> HTMLResponse:
    """A load with its report and faults, and the next step."""
    return _one(request, services, account, _found(_parts(request, services), account, load_id))


@router.get("/{load_id}/faults.{form}")
def faults(
    load_id: RowId, form: tables.Form, request: Request, services: ServicesOf, account: Viewer
) -> Response:
    """The faults of a file, to mend it by."""
    parts = _parts(request, services)
    load = _found(parts, account, load_id)
    report, found = parts.loads.report(load.id)
    sheet = wording.fault_sheet(services.words, load, found)
    name, total = f"faults-{load_id}", report.faults
    return tables.download(services.words, name, form, sheet, total=total, most=MOST_FAULTS)


@router.get("/{load_id}/report.{form}")
def report(
    load_id: RowId, form: tables.Form, request: Request, services: ServicesOf, account: Viewer
) -> Response:
    """The quality of a load."""
    parts = _parts(request, services)
    load = _found(parts, account, load_id)
    found, _ = parts.loads.report(load.id)
    sheet = wording.report_sheet(services.words, parts.kind_of(load), load, found)
    return tables.download(services.words, f"report-{load_id}", form, sheet, total=0)


def _parts(request: Request, services: Services) -> Parts:
    return actions.parts_of(services, request.app.state.roster)


def _found(parts: Parts, account: Account, load_id: RowId) -> Load:
    load = actions.one(parts, account, load_id)
    if load is None:
        raise HTTPException(404, f"unknown load {load_id}")
    return load


def _form(
    request: Request, services: Services, account: Account, kind: str, source: str, wrong: str = ""
) -> HTMLResponse:
    parts = _parts(request, services)
    kinds = actions.named(parts, account)
    answer = page(
        request,
        services.words,
        "imports/new.html",
        **frame(request, services, account),
        kinds=kinds,
        kind=kind,
        source=source,
        sources=parts.loads.sources(list(kinds)),
        wrong=wrong,
    )
    if wrong:
        answer.status_code = 422
    return answer


def _columns(
    request: Request,
    services: Services,
    account: Account,
    load: Load,
    selected: Selected,
    refused: NotAccepted | None = None,
) -> HTMLResponse:
    parts, t = _parts(request, services), services.words
    kind = parts.kind(load.kind)
    said = {field.name: field.named(t) for field in kind.fields}
    values: dict[str, Any] = {}
    try:
        file, matches = actions.proposal(parts, load, said, selected.sheet, selected.header)
    except FaultyInput as error:
        values |= {"file": None, "unreadable": str(error)}
    else:
        values |= {
            "file": file,
            "matches": [selected.over(match) for match in matches],
            "typed": dict(zip(selected.fields, selected.controls, strict=False)),
            "units": {field.name: matching.units_of(field) for field in kind.fields},
            "sample": file.sample(),
            "hidden": wording.hidden(t, file.hidden),
            "used": {match.column: said[match.field.name] for match in matches if match.column},
        }
    answer = page(
        request,
        t,
        "imports/columns.html",
        **frame(request, services, account),
        load=load,
        kind=kind,
        selected=selected,
        wrong=_said(services, refused),
        **values,
    )
    if refused is not None or values["file"] is None:
        answer.status_code = 422
    return answer


def _said(services: Services, refused: NotAccepted | None) -> str:
    """The words of a refusal, with the fields as the page names them."""
    if refused is None:
        return ""
    t, values = services.words, dict(refused.values)
    fields = values.pop("fields", None)
    if isinstance(fields, list):
        values["fields"] = t.listed(field.named(t) for field in fields)
    return t(f"imports.wrong-{refused.key}", **values)


def _one(
    request: Request, services: Services, account: Account, load: Load, wrong: str = ""
) -> HTMLResponse:
    parts, t = _parts(request, services), services.words
    kind = parts.kind_of(load)
    report, found = parts.loads.report(load.id)
    answer = page(
        request,
        t,
        "imports/load.html",
        **frame(request, services, account),
        load=load,
        kind=kind,
        report=report,
        totals=wording.totals(t, kind, report.totals),
        months=[
            (month, report.rows_of_months.get(month, 0), wording.totals(t, kind, sums))
            for month, sums in report.months.items()
        ],
        missing=wording.missing(load, report),
        doubts=wording.months_doubted(t, kind, load, report),
        unlike=wording.unlike(t, report),
        unknown=wording.unknown(t, kind, report),
        left_out=wording.left_out(t, report),
        controls=[
            (_field(kind, name).named(t), yuan(value)) for name, value in report.controls.items()
        ],
        lines=[(line, _field(kind, line.field).named(t)) for line in report.total_lines],
        units=[(_field(kind, name).named(t), unit) for name, unit in load.mapping.units.items()],
        faults=[
            (wording.position(t, fault), wording.what(t, fault), wording.remedy(t, fault))
            for fault in found[:MOST_SHOWN]
        ],
        names=_names(services, [load]),
        yuan=yuan,
        wrong=wrong,
    )
    if wrong:
        answer.status_code = 422
    return answer


def _field(kind: TableKind, name: str) -> Any:
    return next(field for field in kind.fields if field.name == name)


def _row(services: Services, kind: TableKind, load: Load) -> dict[str, Any]:
    totals = wording.totals(services.words, kind, load.totals)
    return {"load": load, "kind": kind.named(services.words), "totals": totals}


def _names(services: Services, found: list[Load]) -> dict[str, str]:
    """Of those who did something, by username."""
    who = {of for load in found for of in (load.made_by, load.loaded_by, load.withdrawn_by) if of}
    known = People(services.state).names(sorted(who))
    return {"": services.words("imports.by-centre"), **{of: known.get(of, of) for of in who}}
