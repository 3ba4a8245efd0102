"""Pages of published tables: departments of a year, the form that takes files, and one set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.files import wording as file_wording
from api.files.receiving import FileRefused
from api.frame import frame
from api.platforms.budget.disclosure.records import STAGES
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.published import actions, wording
from api.platforms.budget.published.actions import Sent
from api.platforms.budget.published.records import PUBLISHING
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import MOST_ID, NotAccepted, Typed
from api.web.rendering import link, page
from config.vocabulary.time import day_of

Reader = Annotated[Account, require(BudgetPermission.SEE)]
Loader = Annotated[Account, require(BudgetPermission.LOAD)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Year = Annotated[int, Query(ge=2000, le=2100)]
Field = Annotated[Typed, Form()]
Uploads = Annotated[list[UploadFile], File()]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/published", response_class=HTMLResponse)
def listed(
    request: Request, services: ServicesOf, account: Reader, year: Year | None = None
) -> HTMLResponse:
    """Departments in the official order with what they published of a year."""
    found = actions.listed(services, account, year)
    today = _today(services)
    return page(
        request,
        services.words,
        "budget/published.html",
        **frame(request, services, account),
        found=found,
        lines=[(of, wording.publications(services.words, of, today)) for of in found.lines],
        unconfirmed=[(of, wording.title(services.words, of)) for of in found.drafts],
        loader=account.may(BudgetPermission.LOAD),
    )


@router.get("/published.{form}")
def exported(
    form: tables.Form, services: ServicesOf, account: Reader, year: Year | None = None
) -> Response:
    """The same as a table for a spreadsheet."""
    found = actions.listed(services, account, year)
    sheet = wording.table(services.words, found)
    total = sum(len(of.publications) for of in found.lines)
    return tables.download(services.words, "published", form, sheet, total=total)


@router.get("/published/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Loader) -> HTMLResponse:
    """The form that takes files."""
    return _form(request, services, account, {})


@router.post("/published/new", response_model=None)
@larger(files.most_body_bytes)
def send(request: Request, services: ServicesOf, account: Loader, file: Uploads) -> Response:
    """Keep the files of a set, and go on to whose they are."""
    sent = [Sent(of.filename or "", of.file) for of in file if of.size]
    try:
        kept = actions.send(services, account, sent)
    except FileRefused as refused:
        return _form(request, services, account, {"file": _not_taken(services, refused)})
    except NotAccepted as refused:
        return _form(request, services, account, {"file": _said(services, refused)})
    return RedirectResponse(link(request, f"/published/{kept.id}"), 303)


@router.get("/published/{number}", response_class=HTMLResponse)
def one(number: Number, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A set: its tables as they were read, and what does not hold in them."""
    return _shown(request, services, account, number, {}, {})


@router.get("/published/{number}/figures.{form}")
def figures(number: Number, form: tables.Form, services: ServicesOf, account: Reader) -> Response:
    """Every figure of a set as a table for a spreadsheet."""
    whole = actions.whole(services, actions.one(services, account, number))
    sheet = wording.figures(services.words, whole)
    name = f"published-{number}"
    return tables.download(services.words, name, form, sheet, total=len(whole.figures))


@router.get("/published/{number}/payments", response_class=HTMLResponse)
def payments(
    number: Number, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A set beside the payments of its year and its budget lines."""
    kept, words = actions.one(services, account, number), services.words
    found = actions.comparison(services, kept)
    return page(
        request,
        words,
        "budget/published_payments.html",
        **frame(request, services, account),
        kept=kept,
        title=wording.title(words, kept),
        lines=wording.compared(words, found),
        held=wording.held(words, found),
    )


@router.post("/published/{number}/confirm", response_model=None)
def confirm(
    number: Number,
    request: Request,
    services: ServicesOf,
    account: Loader,
    department: Field = "",
    year: Field = "",
    stage: Field = "",
) -> Response:
    """Say whose tables these are; with faults all that was written stays."""
    written = {"department": department, "year": year, "stage": stage}
    try:
        actions.confirm(services, account, number, department, year.strip(), stage)
    except NotAccepted as refused:
        return _refused(request, services, account, number, refused, written)
    return RedirectResponse(link(request, f"/published/{number}"), 303)


@router.post("/published/{number}/withdraw", response_model=None)
def withdraw(
    number: Number, request: Request, services: ServicesOf, account: Loader, why: Field = ""
) -> Response:
    """Take a set out with what rests on it."""
    try:
        actions.withdraw(services, account, number, why)
    except NotAccepted as refused:
        return _refused(request, services, account, number, refused, {"why": why})
    return RedirectResponse(link(request, f"/published/{number}"), 303)


@router.post("/published/{number}/drop")
def drop(
    number: Number, request: Request, services: ServicesOf, account: Loader
) -> RedirectResponse:
    """Let go of a draft."""
    actions.drop(services, account, number)
    return RedirectResponse(link(request, "/published"), 303)


def _refused(
    request: Request,
    services: Services,
    account: Account,
    number: int,
    refused: NotAccepted,
    written: Mapping[str, str],
) -> HTMLResponse:
    wrong = {refused.faults[0].where: _said(services, refused)}
    answer = _shown(request, services, account, number, wrong, written)
    answer.status_code = 422
    return answer


def _said(services: Services, refused: NotAccepted) -> str:
    return services.words(f"budget.disclosed.wrong-{refused.key}", **refused.values)


def _not_taken(services: Services, refused: FileRefused) -> str:
    if refused.why in ("kind", "packed"):
        return services.words("budget.disclosed.wrong-kind")
    return refused.said(services.words)


def _form(
    request: Request, services: Services, account: Account, wrong: Mapping[str, str]
) -> HTMLResponse:
    answer = page(
        request,
        services.words,
        "budget/published_new.html",
        **frame(request, services, account),
        wrong=wrong,
        most_mb=services.attachments.most_mb,
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _shown(
    request: Request,
    services: Services,
    account: Account,
    number: int,
    wrong: Mapping[str, str],
    written: Mapping[str, str],
) -> HTMLResponse:
    kept, words = actions.one(services, account, number), services.words
    whole = actions.whole(services, kept)
    given = {"department": kept.department, "year": str(kept.year or ""), "stage": kept.stage}
    who = sorted({kept.sent_by, kept.confirmed_by, kept.withdrawn_by} - {""})
    known = People(services.state).names(who)
    return page(
        request,
        words,
        "budget/published_set.html",
        **frame(request, services, account),
        kept=kept,
        title=wording.title(words, kept),
        checked=whole.checked,
        breaks=wording.breaks(words, whole.checked),
        deferred=wording.deferred(words, whole.checked),
        tables=wording.tables(words, whole),
        amount=wording.amount,
        others=[(of, wording.title(words, of)) for of in actions.others(services, kept)],
        files=file_wording.lines(services, actions.originals(services, kept)),
        names={of: known.get(of, of) for of in who},
        departments=[of.name for of in Units(services.state).all() if of.kind in PUBLISHING],
        stages=STAGES,
        loader=account.may(BudgetPermission.LOAD),
        wrong=wrong,
        written={**given, "why": "", **written},
    )


def _today(services: Services) -> date:
    return date.fromisoformat(day_of(services.now_ms()))


PAGES = (router,)
