"""Pages of projects: the list of a year, and one project, which a deputy may ask about."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.budget.departments import wording as department_wording
from api.platforms.budget.departments.actions import listing as departments
from api.platforms.budget.ledger.actions import up_to_date
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.projects import actions, wording
from api.platforms.budget.projects.records import CODE, ITEM_CODE, AskedProjects
from api.services import ServicesOf
from api.web import tables
from api.web.rendering import page
from budget.yuan import yuan

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Code = Annotated[str, Path(pattern=CODE)]


@router.get("/projects", response_class=HTMLResponse)
def projects(
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[AskedProjects, Query()],
) -> HTMLResponse:
    """Projects of a year, those with the greatest budget first."""
    found = actions.found(services, asked)
    return page(
        request,
        services.words,
        "budget/projects.html",
        **frame(request, services, account),
        asked=asked,
        found=found,
        lines=found.page(asked.page),
        yuan=yuan,
        up_to_date=up_to_date(services.state),
    )


@router.get("/projects.{form}")
def exported(
    form: tables.Form,
    services: ServicesOf,
    _account: Reader,
    asked: Annotated[AskedProjects, Query()],
) -> Response:
    """All pages of the list as a table for a spreadsheet."""
    lines = actions.found(services, asked).lines
    sheet = wording.table(services, lines)
    return tables.download(services.words, "projects", form, sheet, total=len(lines))


@router.get("/projects/{code:path}", response_class=HTMLResponse)
def project(code: Code, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """One project: a sentence first, then its years, payees, money and changes."""
    of = actions.project(services, code)
    return page(
        request,
        services.words,
        "budget/project.html",
        **frame(request, services, account),
        of=of,
        said=wording.said(services, of),
        beside=wording.beside(services, of),
        rested_on=wording.rested_on(services, of),
        payees=wording.payees(services, of),
        water=[wording.water(services, one) for one in actions.compared(services, of)],
        departments=[
            (version.description, one.row, department_wording.short(version, one.row))
            for version, one in departments.of_project(services, code, of.registered.name)
        ],
        askable=bool(re.search(ITEM_CODE, code)),
        yuan=yuan,
        up_to_date=up_to_date(services.state),
    )


PAGES = (router,)
