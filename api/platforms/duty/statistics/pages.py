"""Pages of figures, their rows, and the same as a table."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.statistics import actions, wording
from api.platforms.duty.statistics.records import GROUPS, Asked, AskedRows, total
from api.platforms.duty.suggestions.records import SESSIONS, TOPICS
from api.services import Services, ServicesOf
from api.web import tables
from api.web.rendering import page

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(DutyPermission.SEE_STATISTICS)]
Options = list[tuple[str, str, list[tuple[str, str]]]]


@router.get("/statistics", response_class=HTMLResponse)
def statistics(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Four rates, and what they are made of, by unit, year, session or topic."""
    words = services.words
    groups = actions.found(services, account, asked)
    known = wording.names(words, asked.by, actions.units(services.state))
    chosen = asked.query().replace(f"by={asked.by}", "").strip("&")
    return page(
        request,
        words,
        "duty/statistics.html",
        **frame(request, services, account),
        asked=asked,
        groups=[
            (of, wording.group_name(words, asked.by, of.key, known), _narrowed(asked, of.key))
            for of in groups
        ],
        by_all=GROUPS,
        filters=_filters(services),
        rates=wording.rates(words, total(groups), chosen),
        total=total(groups),
        total_query=chosen,
        measures=wording.SHOWN,
        rows_path=wording.rows_path,
        rates_of=lambda counts: wording.rates(words, counts, ""),
    )


@router.get("/statistics.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """The same as a table for a spreadsheet."""
    groups = actions.found(services, account, asked)
    known = wording.names(services.words, asked.by, actions.units(services.state))
    sheet = wording.sheet(services.words, asked.by, groups, known)
    return tables.download(services.words, "statistics", form, sheet, total=len(groups))


@router.get("/statistics/rows", response_class=HTMLResponse)
def rows(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[AskedRows, Query()]
) -> HTMLResponse:
    """The rows that a figure counts."""
    words = services.words
    lines, following = actions.lines(services, account, asked)
    known = wording.names(words, "unit", actions.units(services.state))
    return page(
        request,
        words,
        "duty/statistics_rows.html",
        **frame(request, services, account),
        asked=asked,
        lines=[(of, wording.line_about(words, of, known)) for of in lines],
        following=following,
    )


def _narrowed(asked: Asked, key: str) -> str:
    """The choice, and one group of it."""
    values = {asked.by: "" if key == "0" else key}
    return asked.model_copy(update={"by": "unit"}).query(**values)


def _filters(services: Services) -> Options:
    words = services.words
    every = ("", words("duty.statistics.every"))
    places = [
        (of.id, words.name(of.name))
        for of in actions.units(services.state)
        if of.kind in ("department", "supervision", "court", "procuratorate", "town")
    ]
    named = {
        "year": [(str(of), str(of)) for of in actions.years(services)],
        "session": [(of, words(f"duty.suggestion.session-{of}")) for of in SESSIONS],
        "topic": [(of, words(f"duty.suggestion.topic-{of}")) for of in TOPICS],
        "unit": places,
    }
    return [
        (name, words(f"duty.statistics.by-{name}"), [every, *options])
        for name, options in named.items()
    ]


PAGES = (router,)
