"""The page of a year's statutory dates, and the office's forms on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.requests import SameOrigin, require
from api.deadlines.records import UnknownDeadline
from api.frame import frame
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.year import actions, wording
from api.platforms.budget.year.records import FIRST_YEAR, OCCASIONS
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import MOST_ID, NotAccepted, Typed
from api.web.rendering import link, page
from config.vocabulary.time import day_of

Reader = Annotated[Account, require(BudgetPermission.SEE)]
Office = Annotated[Account, require(BudgetPermission.SCREEN)]
Id = Annotated[int, Path(ge=1, le=MOST_ID)]
Year = Annotated[int, Query(ge=FIRST_YEAR, le=2100)]
OfYear = Annotated[int, Form(ge=FIRST_YEAR, le=2100)]
Version = Annotated[int, Form(ge=1, le=1_000_000)]
Field = Annotated[Typed, Form()]
OF_DEADLINES = ("not-yet", "no-more", "why")
"""Refusals of which deadlines have the words."""
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/year", response_class=HTMLResponse)
def year(
    request: Request, services: ServicesOf, account: Reader, year: Year | None = None
) -> HTMLResponse:
    """Deadlines of a year by date, and the days from which they run."""
    return _shown(request, services, account, year or _this_year(services), {}, {})


@router.get("/year.{form}")
def exported(
    form: tables.Form, services: ServicesOf, _account: Reader, year: Year | None = None
) -> Response:
    """The deadlines as a table for a spreadsheet."""
    found = actions.year(services, year or _this_year(services))
    sheet = wording.table(services.words, found, services.now_ms())
    return tables.download(services.words, "year", form, sheet, total=len(found.deadlines))


@router.post("/year/days", response_model=None)
def enter(
    request: Request,
    services: ServicesOf,
    account: Office,
    year: OfYear,
    occasion: Field = "",
    day: Field = "",
    note: Field = "",
) -> Response:
    """Enter a day; with faults the form comes again with all that was written."""
    written = {"occasion": occasion, "day": day, "note": note}

    def act() -> int:
        return actions.enter(services, account, occasion, day, note).year

    return _answered(request, services, account, act, year, "", written)


@router.post("/year/days/{entry}/move", response_model=None)
def move(
    entry: Id,
    request: Request,
    services: ServicesOf,
    account: Office,
    year: OfYear,
    version: Version,
    day: Field = "",
    why: Field = "",
) -> Response:
    """Give an entry another day."""

    def act() -> int:
        return actions.move(services, account, entry, version, day, why).year

    written = {"day": day, "why": why}
    return _answered(request, services, account, act, year, f"move-{entry}-", written)


@router.post("/year/days/{entry}/withdraw", response_model=None)
def withdraw(
    entry: Id,
    request: Request,
    services: ServicesOf,
    account: Office,
    year: OfYear,
    version: Version,
    why: Field = "",
) -> Response:
    """Take back an entry that was a mistake."""

    def act() -> int:
        return actions.withdraw(services, account, entry, version, why).year

    return _answered(request, services, account, act, year, f"withdraw-{entry}-", {"why": why})


@router.post("/year/terms/{deadline_id}/meet", response_model=None)
def meet(
    deadline_id: Id,
    request: Request,
    services: ServicesOf,
    account: Office,
    year: OfYear,
    day: Field = "",
) -> Response:
    """Say on which day a duty was done."""

    def act() -> int:
        actions.meet(services, account, deadline_id, day)
        return year

    try:
        return _answered(
            request, services, account, act, year, f"meet-{deadline_id}-", {"day": day}
        )
    except UnknownDeadline as unknown:
        raise HTTPException(404, str(unknown)) from unknown


def _answered(
    request: Request,
    services: Services,
    account: Account,
    act: Callable[[], int],
    year: int,
    form: str,
    written: Mapping[str, str],
) -> Response:
    """Lead back to the year; where the act was refused, show it with the words at the field."""
    try:
        shown = act()
    except NotAccepted as refused:
        said = _said(services, refused)
        field = "day" if refused.faults[0].where == "start" else refused.faults[0].where
        given = {f"{form}{name}": of for name, of in written.items()}
        answer = _shown(request, services, account, year, {f"{form}{field}": said}, given)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"/year?year={shown}"), 303)


def _said(services: Services, refused: NotAccepted) -> str:
    if refused.key in OF_DEADLINES:
        return services.words(f"deadlines.wrong-{refused.key}", **refused.values)
    return services.words(f"budget.year.wrong-{refused.key}", **refused.values)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    year: int,
    wrong: Mapping[str, str],
    written: Mapping[str, str],
) -> HTMLResponse:
    found, words = actions.year(services, year), services.words
    people = sorted({act.who for acts in found.acts.values() for act in acts})
    names = People(services.state).names(people)
    return page(
        request,
        words,
        "budget/year.html",
        **frame(request, services, account),
        year=year,
        years=actions.years(services),
        lines=wording.lines(words, found, services.now_ms()),
        entries=[
            (of, wording.occasion(words, of), wording.acts(words, found.acts[of.id], names))
            for of in found.entries
        ],
        occasions=OCCASIONS,
        office=account.may(BudgetPermission.SCREEN),
        today=day_of(services.now_ms()),
        wrong=wrong,
        written=written,
    )


def _this_year(services: Services) -> int:
    return int(day_of(services.now_ms())[:4])


PAGES = (router,)
