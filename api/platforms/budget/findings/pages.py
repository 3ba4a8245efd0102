"""Pages of findings: the list, its table, one of them, and the button that runs the rules."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.budget.findings import wording
from api.platforms.budget.findings.actions import listing, screening
from api.platforms.budget.findings.procedure import PROCEDURE
from api.platforms.budget.findings.records import A_PAGE, Asked, published_in
from api.platforms.budget.permission import BudgetPermission
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.services import Services, ServicesOf
from api.web import tables
from api.web.rendering import link, page
from budget.yuan import yuan

ADDRESS = "/findings/{item_id}"
Reader = Annotated[Account, require(BudgetPermission.SEE_FINDINGS)]
Office = Annotated[Account, require(BudgetPermission.SCREEN)]
router = APIRouter(include_in_schema=False)


@router.get("/findings", response_class=HTMLResponse)
def findings(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Findings that somebody sees, the gravest first; before the office lie the month's."""
    question = listing.chosen(account, asked)
    found = listing.listed(services, account, question)
    lines = wording.lines(services, found.rows)
    begun = (question.page - 1) * A_PAGE
    first = max(0, found.reaching - begun) if _is_queue(question) else 0
    office = listing.is_office(account)
    return page(
        request,
        services.words,
        "budget/findings.html",
        **frame(request, services, account),
        asked=question,
        office=office,
        shows=wording.shows(services.words, office=office),
        filters=listing.filters(services, account),
        found=found,
        this_month=lines[:first],
        lines=lines[first:],
        queue=_is_queue(question),
        precision=listing.precision(services, account),
        screening=listing.last_screening(services) if office else None,
    )


@router.get("/findings.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    question = listing.chosen(account, asked)
    rows, total = listing.every(services, account, question, tables.MOST[form])
    sheet = wording.table(services, rows)
    return tables.download(services.words, "findings", form, sheet, total=total)


@router.post("/findings/screening", dependencies=[SameOrigin])
def screen(request: Request, services: ServicesOf, account: Office) -> Response:
    """Have the rules run on the loads in force."""
    screening.ask(services, account)
    return RedirectResponse(link(request, "/findings"), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def finding(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A finding, its payments, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


def _is_queue(question: Asked) -> bool:
    return question.show == "waiting" and not question.narrowed


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    return page(
        request,
        services.words,
        "budget/finding.html",
        **frame(request, services, account),
        part=part,
        seen=listing.seen(services, part.row),
        office=listing.is_office(account),
        published=published_in(part.row["facts"]),
        yuan=yuan,
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
