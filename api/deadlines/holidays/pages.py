"""The years whose days off are known, and the form of a notice."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.authentication.requests import SameOrigin, require
from api.deadlines.holidays import actions
from api.deadlines.holidays.records import FIRST_YEAR, LAST_YEAR, Written
from api.deadlines.permission import DeadlinePermission
from api.frame import frame
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted
from api.web.rendering import link, page
from config.vocabulary.time import day_of

ADDRESS = "/holidays"
_ANNOUNCED = 11
"""The month in which the notice of the next year comes."""
router = APIRouter(prefix=ADDRESS, include_in_schema=False)
Viewer = Annotated[Account, require(DeadlinePermission.SEE_RULES)]
Officer = Annotated[Account, require(DeadlinePermission.CONFIRM_RULES)]


@router.get("", response_class=HTMLResponse)
def holidays(
    request: Request,
    services: ServicesOf,
    account: Viewer,
    moved: Annotated[int | None, Query(ge=0, le=MOST_ID)] = None,
) -> HTMLResponse:
    """Every year with its notice, festivals and weekends that are worked."""
    years = actions.years(services)
    today = date.fromisoformat(day_of(services.now_ms()))
    awaited = [today.year, *([today.year + 1] if today.month >= _ANNOUNCED else [])]
    known = {one.year for one in years}
    entered = sorted({one.entered.who for one in years if one.entered})
    return page(
        request,
        services.words,
        "deadlines/holidays.html",
        **frame(request, services, account),
        years=years,
        missing=[year for year in awaited if year not in known],
        names=People(services.state).names(entered),
        moved=moved,
    )


@router.get("/new", response_class=HTMLResponse)
def new(
    request: Request,
    services: ServicesOf,
    account: Officer,
    year: Annotated[int, Query(ge=FIRST_YEAR, le=LAST_YEAR)],
) -> HTMLResponse:
    """The form, filled in where the year is known."""
    known = {one.year: one.notice for one in actions.years(services)}.get(year)
    title = services.words("deadlines.notice-title", year=year)
    written = Written(year=year, notice=title)
    if known:
        written = Written(
            year=year,
            notice=known.notice,
            published=known.published.isoformat(),
            name=[of.name for of in known.holiday],
            begin=[of.begin.isoformat() for of in known.holiday],
            until=[of.to.isoformat() for of in known.holiday],
            make_up="\n".join(of.isoformat() for of in known.make_up),
        )
    return _form(request, services, account, written, {})


@router.post("", dependencies=[SameOrigin], response_model=None)
def enter(
    written: Annotated[Written, Form()], request: Request, services: ServicesOf, account: Officer
) -> HTMLResponse | RedirectResponse:
    """Keep it, and reckon open deadlines anew."""
    try:
        moved = actions.enter(services, account, written)
    except NotAccepted as refused:
        said = services.words(f"deadlines.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        answer = _form(request, services, account, written, wrong)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"{ADDRESS}?moved={moved}"), 303)


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Written,
    wrong: dict[str, str],
) -> HTMLResponse:
    return page(
        request,
        services.words,
        "deadlines/notice.html",
        **frame(request, services, account),
        written=written,
        wrong=wrong,
    )
