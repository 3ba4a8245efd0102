"""Pages of letters: the list, the form of the register, one letter, and counts of a quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.judicial import unit_names
from api.platforms.judicial.letters import actions, wording
from api.platforms.judicial.letters.procedure import PROCEDURE
from api.platforms.judicial.letters.records import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_PHONE,
    SHOWS,
    Asked,
    NotEnded,
    NotRegistered,
    Petitioner,
    forgets_after,
    sorting,
)
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.pages import Written, forms
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused
from api.services import Services, ServicesOf
from api.web import tables
from api.web.rendering import link, page
from config.vocabulary.time import day_of

ADDRESS = "/letters/{item_id}"
FIELDS = ("received", "way", "kind", "topic", "town", "summary")
Reader = Annotated[Account, require(JudicialPermission.SEE_LETTERS)]
Everybody = Annotated[Account, require(JudicialPermission.SEE)]
Register = Annotated[Account, require(JudicialPermission.REGISTER_LETTERS)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/letters", response_class=HTMLResponse)
def letters(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Of a body those that were passed on to it, of the office all, the newest first."""
    lines, count, following = actions.listed(services, account, asked)
    return page(
        request,
        services.words,
        "judicial/letters.html",
        **frame(request, services, account),
        asked=asked,
        shows=SHOWS,
        count=count,
        following=following,
        rows=wording.shown(services, lines),
    )


@router.get("/letters.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of the list as a table for a spreadsheet."""
    lines, count = actions.every(services, account, asked, tables.MOST[form])
    sheet = wording.table(services, lines)
    return tables.download(services.words, "letters", form, sheet, total=count)


@router.get("/letters/counts", response_class=HTMLResponse)
def counts(
    request: Request,
    services: ServicesOf,
    account: Everybody,
    quarter: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """Letters of a quarter that has ended by topic, town and month; low counts are hidden."""
    wrong = ""
    try:
        found = actions.counts(services, quarter)
    except NotEnded as refused:
        wrong, found = refused.said(services.words), actions.counts(services, "")
    answer = page(
        request,
        services.words,
        "judicial/letter_counts.html",
        **frame(request, services, account),
        quarter=found.quarter,
        quarters=actions.quarters(services),
        tables=wording.tables(services, found),
        wrong=wrong,
    )
    answer.status_code = NotEnded.status if wrong else 200
    return answer


@router.get("/letters/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Register) -> HTMLResponse:
    """The form of the register."""
    return _form(request, services, account, {"received": day_of(services.now_ms())}, {}, 200)


@router.post("/letters/new", response_model=None)
def register(
    written: Written, request: Request, services: ServicesOf, account: Register
) -> Response:
    """Register a letter; with faults the form comes again with all that was written."""
    given = {name: written[name] for name in FIELDS if name in written}
    said = {name: written.get(name, "").strip() for name in ("name", "phone", "address")}
    try:
        made = actions.register(services, account, given, Petitioner(**said))
    except NotRegistered as refused:
        words = {
            name: services.words(f"judicial.letters.wrong-{key}")
            for name, key in refused.wrong.items()
        }
        return _form(request, services, account, written, words, refused.status_code)
    except StepRefused as refused:
        words = dict(refused.wrong(services.words)) or {"summary": refused.said(services.words)}
        return _form(request, services, account, written, words, refused.status_code)
    return RedirectResponse(link(request, ADDRESS.format(item_id=made)), 303)


@router.get(ADDRESS, response_class=HTMLResponse)
def letter(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A letter, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


@router.post(f"{ADDRESS}/petitioner")
def identify(
    item_id: str, request: Request, services: ServicesOf, account: Register
) -> HTMLResponse:
    """The same with who wrote it; it is recorded that somebody asked."""
    petitioner = actions.identify(services, account, item_id)
    return _shown(request, services, account, item_id, None, petitioner)


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
    status: int,
) -> HTMLResponse:
    answer = page(
        request,
        services.words,
        "judicial/letter_form.html",
        **frame(request, services, account),
        written=written,
        wrong=wrong,
        sorting=sorting(),
        towns=unit_names.present(services, "town"),
        today=day_of(services.now_ms()),
        needs={need.name: need for need in PROCEDURE.first.needs},
        longest={"name": LONGEST_NAME, "phone": LONGEST_PHONE, "address": LONGEST_ADDRESS},
        days=forgets_after(services.district),
    )
    answer.status_code = status
    return answer


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
    petitioner: Petitioner | None = None,
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    listed = [of for of in part.following if of.own or of.step.awaited]
    units = unit_names.every(services)
    return page(
        request,
        services.words,
        "judicial/letter.html",
        **frame(request, services, account),
        part=replace(part, following=listed),
        number=wording.numbered(services.words, part.row["id"]),
        town=wording.town_name(services.words, units, part.row["town"]),
        unit=units.get(part.row["unit"] or "", ""),
        registers=actions.registers(services, account, item_id),
        petitioner=petitioner,
        repeats=wording.shown(services, actions.repeats(services, account, part.row)),
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
