"""Pages of the exchange: what bodies are asked, what came, and receipts to print."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.accounts.records import Account
from api.authentication.requests import require
from api.exchange import actions, wording
from api.exchange.actions import Receipt
from api.exchange.permission import ExchangePermission
from api.exchange.records import A_PAGE, NEWEST, Listed, pages
from api.exchange.repository import Reader
from api.exchange.wording import AskedLine
from api.frame import frame
from api.imports.records import Load
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import MOST_ID
from api.web.rendering import page

Viewer = Annotated[Account, require(ExchangePermission.SEE)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
router = APIRouter(include_in_schema=False)


@router.get("/", response_class=HTMLResponse)
def exchange(
    request: Request, services: ServicesOf, account: Viewer, listed: Annotated[Listed, Query()]
) -> HTMLResponse:
    """All that bodies are asked for, and the newest of what came."""
    who, names = _reader(request, services, account, listed), wording.units(services)
    lines = _asked(services, who, account)
    found, total = actions.sent(services, who, NEWEST)
    first = (listed.page - 1) * A_PAGE
    return page(
        request,
        services.words,
        "exchange/exchange.html",
        **frame(request, services, account),
        listed=listed,
        units=actions.units(services, account),
        asked=lines[first : first + A_PAGE],
        asked_total=len(lines),
        asked_pages=pages(len(lines)),
        sent=wording.sent_lines(services, found, names),
        sent_total=total,
    )


@router.get("/asked.{form}")
def asked_exported(
    form: tables.Form, request: Request, services: ServicesOf, account: Viewer,
    listed: Annotated[Listed, Query()],
) -> Response:  # fmt: skip
    """All that bodies are asked, as a table for a spreadsheet."""
    lines = _asked(services, _reader(request, services, account, listed), account)
    sheet = wording.asked_table(services, lines)
    return tables.download(services.words, "asked", form, sheet, total=len(lines))


@router.get("/sent", response_class=HTMLResponse)
def sent(
    request: Request, services: ServicesOf, account: Viewer, listed: Annotated[Listed, Query()]
) -> HTMLResponse:
    """All that came, the newest first."""
    who = _reader(request, services, account, listed)
    found, total = actions.sent(services, who, A_PAGE, (listed.page - 1) * A_PAGE)
    return page(
        request,
        services.words,
        "exchange/sent.html",
        **frame(request, services, account),
        listed=listed,
        units=actions.units(services, account),
        sent=wording.sent_lines(services, found, wording.units(services)),
        sent_total=total,
        sent_pages=pages(total),
    )


@router.get("/sent.{form}")
def sent_exported(
    form: tables.Form, request: Request, services: ServicesOf, account: Viewer,
    listed: Annotated[Listed, Query()],
) -> Response:  # fmt: skip
    """All that came, as a table for a spreadsheet."""
    who = _reader(request, services, account, listed)
    found, total = actions.sent(services, who, tables.MOST["xlsx"])
    lines = wording.sent_lines(services, found, wording.units(services))
    sheet = wording.sent_table(services, lines)
    return tables.download(
        services.words, "sent", form, sheet, total=total, most=tables.MOST["xlsx"]
    )


@router.get("/receipts/loads/{load_id}", response_class=HTMLResponse)
def of_load(
    load_id: Number, request: Request, services: ServicesOf, account: Viewer
) -> HTMLResponse:
    """The receipt of a table."""
    who = actions.reader(services, request.app.state.roster, account)
    return _receipt(request, services, account, actions.receipt_of_load(services, who, load_id))


@router.get("/receipts/answers/{number}", response_class=HTMLResponse)
def of_answer(
    number: Number, request: Request, services: ServicesOf, account: Viewer
) -> HTMLResponse:
    """The receipt of an answer."""
    who = actions.reader(services, request.app.state.roster, account)
    return _receipt(request, services, account, actions.receipt_of_answer(services, who, number))


def _reader(request: Request, services: Services, account: Account, listed: Listed) -> Reader:
    return actions.reader(services, request.app.state.roster, account, listed.unit)


def _asked(services: Services, who: Reader, account: Account) -> list[AskedLine]:
    found, names = actions.asked(services, who), wording.units(services)
    return wording.asked_lines(services, account, found, names)


def _receipt(
    request: Request, services: Services, account: Account, found: Receipt | None
) -> HTMLResponse:
    if found is None:
        raise HTTPException(404, "no such receipt")
    came = found.came
    load = came if isinstance(came, Load) else None
    return page(
        request,
        services.words,
        "exchange/receipt.html",
        **frame(request, services, account),
        line=wording.receipt(services, found, wording.units(services)),
        load=load,
        text="" if isinstance(came, Load) else came.text,
        paper=found.paper,
        counts=wording.counts(services, load) if load else [],
        faults=wording.faults(services, found),
    )
