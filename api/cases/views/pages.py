"""Pages of combined views: the list, one with chart and table, and the rows of a figure."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.authentication.requests import require
from api.cases.permission import CasePermission
from api.cases.views import actions, wording
from api.cases.views.records import VIEWS, Asked
from api.frame import frame
from api.services import ServicesOf
from api.web import tables
from api.web.rendering import page

Reader = Annotated[Account, require(CasePermission.SEE)]
Question = Annotated[Asked, Query()]
router = APIRouter(include_in_schema=False)


@router.get("/views", response_class=HTMLResponse)
def views(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """All views, each with a sentence of what it shows."""
    return page(
        request,
        services.words,
        "cases/views.html",
        **frame(request, services, account),
        views=VIEWS.values(),
    )


@router.get("/views/{name}.{form}")
def exported(
    name: str,
    form: tables.Form,
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Question,
) -> Response:
    """A view as a table for a spreadsheet."""
    found = actions.answered(request.app.state.roster, services, account, name, asked)
    count = len(found.table.lines) + len(found.table.sums)
    return tables.download(services.words, name, form, wording.table(services, found), total=count)


@router.get("/views/{name}", response_class=HTMLResponse)
def view(
    name: str, request: Request, services: ServicesOf, account: Reader, asked: Question
) -> HTMLResponse:
    """A view: what it shows and what not, its filters, chart and table."""
    found = actions.answered(request.app.state.roster, services, account, name, asked)
    return page(
        request,
        services.words,
        "cases/view.html",
        **frame(request, services, account),
        view=found.view,
        asked=found.asked,
        narrowed=asked.narrowed,
        scope=wording.scope(services, found),
        filters=wording.filters(services, found.view),
        headings=[wording.with_unit(services, found.view, of) for of in found.view.columns],
        any_rows=bool(found.rows.facts),
        lines=wording.lines(services, found, found.table.lines),
        sums=wording.lines(services, found, found.table.sums),
        chart=wording.chart(services, found),
        most_bars=wording.MOST_BARS,
        lacking=wording.lacking(services, found),
    )


@router.get("/views/{name}/rows.{form}")
def rows_exported(
    name: str,
    form: tables.Form,
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Question,
) -> Response:
    """The rows of a figure as a table for a spreadsheet."""
    found = actions.rows_of_cell(request.app.state.roster, services, account, name, asked)
    sheet = wording.rows_table(services, found)
    return tables.download(services.words, f"{name}-rows", form, sheet, total=len(found.facts))


@router.get("/views/{name}/rows", response_class=HTMLResponse)
def rows(
    name: str, request: Request, services: ServicesOf, account: Reader, asked: Question
) -> HTMLResponse:
    """The rows out of which a figure is counted, each with a link to its page."""
    found = actions.rows_of_cell(request.app.state.roster, services, account, name, asked)
    return page(
        request,
        services.words,
        "cases/view_rows.html",
        **frame(request, services, account),
        view=found.view,
        asked=found.asked,
        title=wording.cell_title(services, found),
        rows=[(of, wording.figure(services, of)) for of in found.on_page()],
        count=len(found.facts),
        pages=found.pages,
    )


PAGES = (router,)
