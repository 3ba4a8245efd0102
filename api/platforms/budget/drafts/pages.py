"""Pages of the first review of a draft: the comparison, its lines, and points of review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.budget.drafts import actions, wording
from api.platforms.budget.drafts.procedure import PROCEDURE
from api.platforms.budget.drafts.records import A_PAGE, AskedLines, DraftYear, total
from api.platforms.budget.ledger.actions import up_to_date
from api.platforms.budget.permission import BudgetPermission
from api.procedures.pages import forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused
from api.reports.wording import sections
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import NotAccepted, Typed
from api.web.rendering import link, page
from budget.yuan import yuan

POINT = "/drafts/points/{item_id}"
TEXT = tuple(need.name for need in PROCEDURE.first.needs)
"""The fields of a point."""
Reader = Annotated[Account, require(BudgetPermission.SEE)]
Reviewer = Annotated[Account, require(BudgetPermission.REVIEW)]
Year = Annotated[DraftYear | None, Query()]
Field = Annotated[Typed, Form()]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/drafts", response_class=HTMLResponse)
def drafts(
    request: Request, services: ServicesOf, account: Reader, year: Year = None
) -> HTMLResponse:
    """The draft of a year, else the latest, beside the years before it; then points of review."""
    return _shown(request, services, account, year, {}, None)


@router.post("/drafts/points", response_model=None)
def add(
    request: Request,
    services: ServicesOf,
    account: Reviewer,
    year: Annotated[DraftYear, Form()],
    what: Field = "",
    basis: Field = "",
    addressee: Field = "",
) -> Response:
    """Write a point; with faults the form comes again with all that was written."""
    written = {"what": what, "basis": basis, "addressee": addressee}
    try:
        actions.add(services, account, year, written)
    except StepRefused as refused:
        return _shown(request, services, account, year, written, refused)
    except NotAccepted:
        return RedirectResponse(link(request, "/drafts"), 303)
    return RedirectResponse(f"{link(request, '/drafts')}?year={year}#points", 303)


@router.get("/drafts/lines", response_class=HTMLResponse)
def lines(
    request: Request,
    services: ServicesOf,
    account: Reader,
    asked: Annotated[AskedLines, Query()],
) -> HTMLResponse:
    """Lines of a draft and of the budgets beside it, with their sums."""
    found = actions.lines(services, asked)
    begin = (asked.page - 1) * A_PAGE
    names = ("draft", "carried", "approved", "adjusted", "final")
    return page(
        request,
        services.words,
        "budget/draft_lines.html",
        **frame(request, services, account),
        asked=asked,
        lines=found[begin : begin + A_PAGE],
        count=len(found),
        pages=max(1, -(-len(found) // A_PAGE)),
        names=names,
        sums={name: total(getattr(of, name) for of in found) for name in names},
        yuan=yuan,
    )


@router.get("/drafts/lines.{form}")
def exported(
    form: tables.Form,
    services: ServicesOf,
    _account: Reader,
    asked: Annotated[AskedLines, Query()],
) -> Response:
    """All pages of the list as a table for a spreadsheet."""
    found = actions.lines(services, asked)
    sheet = wording.table(services.words, found)
    return tables.download(services.words, "draft-lines", form, sheet, total=len(found))


@router.get(POINT, response_class=HTMLResponse)
def point(item_id: str, request: Request, services: ServicesOf, account: Reviewer) -> HTMLResponse:
    """A point of review, how it stands, and what may be done with it."""
    return _point(request, services, account, item_id, None)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    year: int | None,
    written: Mapping[str, str],
    refused: StepRefused | None,
) -> HTMLResponse:
    known = actions.years(services)
    chosen = year or next(iter(known), 0)
    paper = actions.shown(services, account, chosen) if chosen in known else None
    words = services.words
    reviews = account.may(BudgetPermission.REVIEW)
    wrong = refused.wrong(words) if refused else {}
    answer = page(
        request,
        words,
        "budget/drafts.html",
        **frame(request, services, account),
        year=chosen,
        years=known,
        paper=paper,
        sections=sections(words, paper) if paper else (),
        points=actions.points(services, account, chosen) if reviews else (),
        reviews=reviews,
        office=account.may(BudgetPermission.SCREEN),
        needs={need.name: need for need in PROCEDURE.first.needs},
        written={name: written.get(name, "") for name in TEXT},
        wrong=wrong,
        refused=refused.said(words) if refused and not wrong else "",
        up_to_date=up_to_date(services.state),
    )
    answer.status_code = refused.status_code if refused else 200
    return answer


def _point(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, POINT.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    names: Mapping[str, Any] = People(services.state).names([part.row["author"]])
    return page(
        request,
        services.words,
        "budget/review_point.html",
        **frame(request, services, account),
        part=part,
        author=names.get(part.row["author"], part.row["author"]),
    )


PAGES = (router, forms(PROCEDURE, POINT, _point))
