"""Pages of departments' tables: what is due and what came, rows, a row, and the description."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.budget.departments import wording
from api.platforms.budget.departments.actions import describing, listing
from api.platforms.budget.departments.actions.listing import Shown
from api.platforms.budget.departments.records.descriptions import (
    DUES,
    KINDS,
    NEEDS,
    ROLES,
    NotDescribed,
    kind_name,
)
from api.platforms.budget.departments.records.form import Written, reasoned
from api.platforms.budget.departments.records.questions import AskedRows, AskedTables
from api.platforms.budget.departments.repository import Version
from api.platforms.budget.permission import BudgetPermission
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import MOST_ID
from api.web.rendering import link, page
from budget.yuan import yuan
from config.classifications import classifications
from config.vocabulary.time import day_of

router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Unmasking = Annotated[Account, require(BudgetPermission.UNMASK)]
Office = Annotated[Account, require(BudgetPermission.LOAD)]
RowId = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("/departments", response_class=HTMLResponse)
def departments(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[AskedTables, Query()]
) -> HTMLResponse:
    """The sixteen departments in the official order: what is due, what came, what did not."""
    lines = listing.tables(services, asked)
    t = services.words
    return page(
        request,
        t,
        "budget/departments.html",
        **frame(request, services, account),
        asked=asked,
        lines=[
            {
                "of": of,
                "title": wording.title(services, of.description.department),
                "due": wording.due(t, of.description),
                "basis": wording.basis(t, of.version),
                "missed": t.listed(period.label for period in of.missed),
            }
            for of in lines
        ],
        yuan=yuan,
    )


@router.get("/departments.{form}")
def exported(
    form: tables.Form,
    services: ServicesOf,
    _account: Reader,
    asked: Annotated[AskedTables, Query()],
) -> Response:
    """The same as a table for a spreadsheet."""
    lines, t = listing.tables(services, asked), services.words
    rows = (
        [
            wording.title(services, of.description.department).unit or of.description.owner,
            of.description.name,
            wording.due(t, of.description),
            of.last.loaded_ms if of.last else None,
            of.rows.rows,
            of.rows.amount / 100,
            t.listed(period.label for period in of.missed),
        ]
        for of in lines
    )
    sheet = wording.HEADS.sheet(t, t("budget.departments.title"), rows)
    return tables.download(t, "departments", form, sheet, total=len(lines))


@router.get("/departments/{unit_id}", response_class=HTMLResponse)
def rows(
    unit_id: str,
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[AskedRows, Query()],
) -> HTMLResponse:
    """Rows of a department, the newest period first."""
    found = listing.found(services, unit_id, asked)
    return page(
        request,
        services.words,
        "budget/department.html",
        **frame(request, services, account),
        asked=asked,
        title=wording.title(services, unit_id),
        found=found,
        of=found.version.description,
        due=wording.due(services.words, found.version.description),
        basis=wording.basis(services.words, found.version),
        rows=[(of, wording.short(found.version, of.row)) for of in found.rows],
        kind=kind_name(unit_id),
        yuan=yuan,
    )


@router.get("/departments/{unit_id}/rows.{form}")
def rows_exported(
    unit_id: str,
    form: tables.Form,
    services: ServicesOf,
    _account: Reader,
    asked: Annotated[AskedRows, Query()],
) -> Response:
    """All pages of the rows as a table for a spreadsheet; natural persons are masked."""
    version, some, total = listing.every(services, unit_id, asked, tables.MOST[form])
    sheet = wording.rows_table(
        services.words, version, ((of.row, of.unit.code, of.project.code) for of in some)
    )
    return tables.download(services.words, f"rows-{unit_id}", form, sheet, total=total)


@router.get("/departments/{unit_id}/rows/{number}", response_class=HTMLResponse)
def row(
    unit_id: str, number: RowId, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """One row with all of its fields, the load that it is from, and what it is joined to."""
    version, of = listing.one(services, unit_id, number)
    return _row(request, services, account, version, of, masked=True)


@router.post("/departments/{unit_id}/rows/{number}/unmask", response_class=HTMLResponse)
def unmask(
    unit_id: str, number: RowId, request: Request, services: ServicesOf, account: Unmasking
) -> HTMLResponse:
    """The same with the natural person's name, which is recorded."""
    version, of = listing.unmasked(services, account, unit_id, number)
    return _row(request, services, account, version, of, masked=False)


@router.get("/departments/{unit_id}/description", response_class=HTMLResponse)
def description(
    unit_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """The fields of a table with all versions, and the office's form."""
    every = describing.versions(services, unit_id)
    written = Written.of(every[0].description, every[0].version)
    return _described(request, services, account, unit_id, written, {})


@router.post("/departments/{unit_id}/description", response_model=None)
def describe(
    unit_id: str,
    written: Annotated[Written, Form()],
    request: Request,
    services: ServicesOf,
    account: Office,
) -> Response:
    """Change the description; with faults the form comes again with all that was written."""
    try:
        why, given = reasoned(written.why), written.description(unit_id)
        describing.describe(services, account, given, written.version, why)
    except NotDescribed as refused:
        wrong = wording.faults(services.words, refused)
        answer = _described(request, services, account, unit_id, written.kept(), wrong)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"/departments/{unit_id}/description"), 303)


@router.get("/classifications", response_class=HTMLResponse)
def codes(
    request: Request, services: ServicesOf, account: Reader, day: date | None = None
) -> HTMLResponse:
    """Classifications of expenditure as they are valid on a day, and what could not be had."""
    on = day or date.fromisoformat(day_of(services.now_ms()))
    return page(
        request,
        services.words,
        "budget/classifications.html",
        **frame(request, services, account),
        day=on,
        found=[(of, of.valid(on)) for of in classifications().values()],
    )


@router.get("/classifications.{form}")
def codes_exported(
    form: tables.Form, services: ServicesOf, _account: Reader, day: date | None = None
) -> Response:
    """The same as a table for a spreadsheet."""
    on = day or date.fromisoformat(day_of(services.now_ms()))
    found = list(classifications().values())
    sheet = wording.codes(services.words, found, on)
    total = sum(len(of.valid(on)) for of in found)
    return tables.download(services.words, "classifications", form, sheet, total=total)


def _row(
    request: Request,
    services: Services,
    account: Account,
    version: Version,
    of: Shown,
    *,
    masked: bool,
) -> HTMLResponse:
    t = services.words
    return page(
        request,
        t,
        "budget/department_row.html",
        **frame(request, services, account),
        of=of,
        title=wording.title(services, of.row.department),
        table=version.description,
        facts=wording.facts(version, of.row),
        no_unit=wording.no_unit(t, of.unit),
        no_project=wording.no_project(t, of.project),
        hidden=masked and version.description.persons and account.may(BudgetPermission.UNMASK),
        older=of.row.version != version.version,
    )


def _described(
    request: Request,
    services: Services,
    account: Account,
    unit_id: str,
    written: Written,
    wrong: Mapping[str, str],
) -> HTMLResponse:
    every = describing.versions(services, unit_id)
    return page(
        request,
        services.words,
        "budget/description.html",
        **frame(request, services, account),
        title=wording.title(services, unit_id),
        versions=every,
        basis=wording.basis(services.words, every[0]),
        written=written,
        wrong=wrong,
        office=account.may(BudgetPermission.LOAD),
        dues=DUES,
        kinds=KINDS,
        needs=NEEDS,
        roles=ROLES,
        names=People(services.state).names(sorted({of.who for of in every if of.who})),
    )


PAGES = (router,)
