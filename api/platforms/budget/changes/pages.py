"""The page of a year's changes, its table, and the office's forms on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.budget.changes import actions, wording
from api.platforms.budget.changes.records import A_PAGE, DERIVED, TRIGGERS, Asked, pages
from api.platforms.budget.permission import BudgetPermission
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import MOST_ID, NotAccepted, Typed
from api.web.rendering import link, page
from budget.yuan import yuan

Reader = Annotated[Account, require(BudgetPermission.SEE)]
Office = Annotated[Account, require(BudgetPermission.SCREEN)]
Year = Annotated[int, Form(ge=2000, le=2100)]
Seen = Annotated[int, Form(ge=0, le=MOST_ID)]
Field = Annotated[Typed, Form()]
Chosen = Annotated[list[str], Form(max_length=20)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/changes", response_class=HTMLResponse)
def changes(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Changes of a year by document, unit and item, and the cases of the law."""
    return _shown(request, services, account, asked, {}, {})


@router.get("/changes.{form}")
def exported(
    form: tables.Form, services: ServicesOf, _account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """Items that shifts touched, as a table for a spreadsheet."""
    found = actions.found(services, asked)
    sheet = wording.table(services.words, found)
    return tables.download(services.words, "changes", form, sheet, total=len(found.items))


@router.post("/changes/decisions", response_model=None)
def decide(
    request: Request,
    services: ServicesOf,
    account: Office,
    year: Year,
    seen: Seen,
    change: Field,
    triggers: Chosen = [],  # noqa: B006 - FastAPI copies it
    note: Field = "",
) -> Response:
    """Note which cases of the law a change is; with faults the form comes again as written."""

    def act() -> None:
        actions.decide(services, account, year, change, triggers, note, seen)

    written = {"change": change, "note": note, "triggers": triggers}
    return _answered(request, services, account, act, year, written)


@router.post("/changes/keys", response_model=None)
def save_keys(
    request: Request,
    services: ServicesOf,
    account: Office,
    year: Year,
    seen: Seen,
    codes: Field = "",
) -> Response:
    """Keep the codes of key expenditure; with faults the form comes again as written."""

    def act() -> None:
        actions.save_keys(services, account, codes, seen)

    return _answered(request, services, account, act, year, {"codes": codes})


def _answered(
    request: Request,
    services: Services,
    account: Account,
    act: Callable[[], None],
    year: int,
    written: Mapping[str, object],
) -> Response:
    try:
        act()
    except NotAccepted as refused:
        said = services.words(f"budget.changes.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        asked = Asked(year=str(year))
        answer = _shown(request, services, account, asked, wrong, written)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"/changes?year={year}"), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    asked: Asked,
    wrong: Mapping[str, str],
    written: Mapping[str, object],
) -> HTMLResponse:
    found, words = actions.found(services, asked), services.words
    first, of_items = (asked.page - 1) * A_PAGE, (asked.items - 1) * A_PAGE
    return page(
        request,
        words,
        "budget/changes.html",
        **frame(request, services, account),
        asked=asked,
        found=found,
        triggers=TRIGGERS,
        derived=DERIVED,
        proposed=[(of, wording.proposal(words, of)) for of in found.proposed],
        terms=[(of, wording.term(words, of)) for of in found.terms],
        changes=[(of, wording.decided(words, of)) for of in found.changes[first : first + A_PAGE]],
        pages=pages(found.changes),
        items=found.items[of_items : of_items + A_PAGE],
        item_pages=pages(found.items),
        office=account.may(BudgetPermission.SCREEN),
        wrong=wrong,
        written=written,
        yuan=yuan,
    )


PAGES = (router,)
