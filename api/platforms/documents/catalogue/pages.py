"""Pages of the unfiled and of yearly lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.files.receiving import FileRefused
from api.frame import frame
from api.platforms.documents.catalogue import wording
from api.platforms.documents.catalogue.actions import finding, lists
from api.platforms.documents.catalogue.procedure.lists import PROCEDURE as YEARLY
from api.platforms.documents.catalogue.procedure.unfiled import PROCEDURE as UNFILED
from api.platforms.documents.catalogue.procedure.unfiled import titled
from api.platforms.documents.catalogue.records import (
    A_PAGE,
    LINE_STATES,
    LONGEST_TEXT,
    SOURCES,
    Asked,
)
from api.platforms.documents.filings.actions.filings import makers, names
from api.platforms.documents.permission import DocumentsPermission
from api.procedures.pages import forms, version_of
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import NotAccepted
from api.web.rendering import link, page
from config.vocabulary.time import day_of

LINE, LIST = "/catalogue/{item_id}", "/yearly-lists/{item_id}"
Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Maker = Annotated[Account, require(DocumentsPermission.FILE)]
Office = Annotated[Account, require(DocumentsPermission.CHECK)]
Text = Annotated[str, Form(max_length=LONGEST_TEXT)]
Short = Annotated[str, Form(max_length=40)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/catalogue", response_class=HTMLResponse)
def unfiled(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Documents that seem not to be filed, those that wait first."""
    found, count = finding.listed(services, account, asked)
    units = names(services)
    return page(
        request,
        services.words,
        "documents/catalogue.html",
        **frame(request, services, account),
        asked=asked,
        rows=[wording.row(services.words, of, units) for of in found],
        count=count,
        pages=-(-count // A_PAGE),
        makers=units,
        sources=SOURCES,
        states=LINE_STATES,
        years=finding.years(services),
        office=account.may(DocumentsPermission.CHECK),
    )


@router.get("/catalogue.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    found, count = finding.every(services, account, asked, tables.MOST[form])
    sheet = wording.table(services.words, found, names(services))
    return tables.download(services.words, "catalogue", form, sheet, total=count)


@router.post("/catalogue/find", response_model=None)
def find(request: Request, services: ServicesOf, _account: Office) -> Response:
    """Look for more now."""
    finding.find(services)
    return RedirectResponse(link(request, "/catalogue"), 303)


@router.get(LINE, response_class=HTMLResponse)
def line(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A document that seems not to be filed: why, and what to do."""
    return _line(request, services, account, item_id, None)


@router.get("/yearly-lists", response_class=HTMLResponse)
def yearly(request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """Yearly lists, of the last year first."""
    return _lists(request, services, account, "")


@router.post("/yearly-lists", response_model=None)
def open_list(
    request: Request,
    services: ServicesOf,
    account: Maker,
    maker: Short = "",
    year: Short = "",
) -> Response:
    """Open the list of a year that is over."""
    try:
        of = int(year) if year.isascii() and year.isdecimal() and len(year) == 4 else 0
        item_id = lists.open_list(services, account, maker, of)
    except NotAccepted as refused:
        said = services.words(f"documents.catalogue.wrong-{refused.key}")
        return _lists(request, services, account, said, maker, year)
    return RedirectResponse(link(request, f"{LIST.format(item_id=item_id)}/fill"), 303)


@router.get(LIST, response_class=HTMLResponse)
def one(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A list, and how it stands."""
    return _list(request, services, account, item_id, None)


@router.get(f"{LIST}/fill", response_class=HTMLResponse)
def filling(item_id: str, request: Request, services: ServicesOf, account: Maker) -> HTMLResponse:
    """The form of a list, with what was sent before."""
    _, found = lists.yearly_list(services, account, item_id)
    said = "\n".join(f"{of.title}\t{of.number}\t{of.published}" for of in found)
    return _fill(request, services, account, item_id, said, ())


@router.post(f"{LIST}/fill", response_model=None)
@larger(files.most_body_bytes)
def fill(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Maker,
    lines: Text = "",
    nothing: Short = "",
    version: Short = "",
    file: UploadFile | None = None,
) -> Response:
    """Send it; with faults all that was written stays, also what was read from a file."""
    try:
        if file is not None and file.filename:
            lines = lists.text_of(services, file.filename, file.file)
        seen = version_of({"version": version})
        lists.send(services, account, item_id, lines, nothing=nothing == "yes", version=seen)
    except (NotAccepted, FileRefused, StepRefused) as refused:
        said = _said(services, refused)
        lines = lines[:LONGEST_TEXT]
        return _fill(request, services, account, item_id, lines, said, nothing=nothing)
    return RedirectResponse(link(request, LIST.format(item_id=item_id)), 303)


def _said(services: Services, refused: NotAccepted | FileRefused | StepRefused) -> Sequence[str]:
    if isinstance(refused, lists.NotATable):
        return wording.wrong(services.words, refused.wrong)
    if isinstance(refused, NotAccepted):
        return (services.words(f"documents.catalogue.wrong-{refused.key}"),)
    return (refused.said(services.words),)


def _fill(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    lines: str,
    wrong: Sequence[str],
    *,
    nothing: str = "",
) -> HTMLResponse:
    row, _ = lists.yearly_list(services, account, item_id)
    answer = page(
        request,
        services.words,
        "documents/yearly_list_form.html",
        **frame(request, services, account),
        row=row,
        lines=lines,
        nothing=nothing,
        wrong=wrong,
        most=LONGEST_TEXT,
        address=link(request, LIST.format(item_id=item_id)),
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _lists(
    request: Request,
    services: Services,
    account: Account,
    wrong: str,
    maker: str = "",
    year: str = "",
) -> HTMLResponse:
    answer = page(
        request,
        services.words,
        "documents/yearly_lists.html",
        **frame(request, services, account),
        rows=lists.seen(services, account),
        makers={of.id: of.name for of in makers(services, account)},
        maker=maker,
        year=year or int(day_of(services.now_ms())[:4]) - 1,
        wrong=wrong,
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _list(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    row, found = lists.yearly_list(services, account, item_id)
    address = link(request, LIST.format(item_id=item_id))
    return page(
        request,
        services.words,
        "documents/yearly_list.html",
        **frame(request, services, account),
        row=row,
        lines=found,
        part=part_of(services, account, YEARLY, item_id, address=address, failed=failed),
    )


def _line(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    row, words = finding.line(services, account, item_id), services.words
    address = link(request, LINE.format(item_id=item_id))
    return page(
        request,
        words,
        "documents/unfiled.html",
        **frame(request, services, account),
        row=row,
        title=titled(row),
        maker=names(services).get(row["unit"], row["unit"]),
        why=wording.why(words, row["source"], row["year"]),
        part=part_of(services, account, UNFILED, item_id, address=address, failed=failed),
    )


PAGES = (router, forms(YEARLY, LIST, _list), forms(UNFILED, LINE, _line))
