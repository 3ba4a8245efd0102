"""Pages of texts: the list, the form that takes a file, one text, and versions side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.deadlines import wording as deadline_wording
from api.deadlines.opening import deadlines_of
from api.files import actions as files
from api.files import wording as file_wording
from api.files.receiving import FileRefused
from api.frame import frame
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts import actions, wording
from api.platforms.documents.texts.records import (
    A_PAGE,
    DAYS,
    KINDS,
    VALIDITIES,
    Asked,
    Kept,
    Link,
)
from api.platforms.documents.texts.schemas import Given, Sent, given
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import MOST_ID, NotAccepted, Typed, day
from api.web.rendering import link, page

Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Keeper = Annotated[Account, require(DocumentsPermission.CHECK)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
Version = Annotated[int | None, Query(ge=1, le=MOST_ID)]
Written = Annotated[Sent, Form()]
Field = Annotated[Typed, Form()]
ACCEPTED = ".docx,.pdf,.txt,.md"
Links = Callable[[Services, Account, Kept, int], Sequence[Link]]
"""Links to other rooms' parts of a text in a version."""
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/texts", response_class=HTMLResponse)
def listed(
    request: Request, services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Texts that are kept, the latest publication first."""
    found, count = actions.listed(services, asked)
    makers, today = _makers(services), actions.today(services)
    return page(
        request,
        services.words,
        "documents/texts.html",
        **frame(request, services, account),
        asked=asked,
        rows=[wording.row(services.words, of, makers, today) for of in found],
        count=count,
        pages=-(-count // A_PAGE),
        makers=makers,
        kinds=KINDS,
        validities=VALIDITIES,
        keeper=account.may(DocumentsPermission.CHECK),
    )


@router.get("/texts.{form}")
def exported(
    form: tables.Form, services: ServicesOf, _account: Reader, asked: Annotated[Asked, Query()]
) -> Response:
    """All pages of a question as a table for a spreadsheet."""
    rows, count = actions.every(services, asked, tables.MOST[form])
    sheet = wording.table(services.words, rows, _makers(services), actions.today(services))
    return tables.download(services.words, "texts", form, sheet, total=count)


@router.get("/texts/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Keeper) -> HTMLResponse:
    """The form that takes a text."""
    return _form(request, services, account, Given(), {}, None)


@router.post("/texts/new", response_model=None)
@larger(files.most_body_bytes)
def keep(request: Request, services: ServicesOf, account: Keeper, written: Written) -> Response:
    """Keep a text; with faults all that was written stays."""
    try:
        number = _sent(services, account, written, None)
    except (NotAccepted, FileRefused) as refused:
        wrong = _said(services, refused)
        return _form(request, services, account, written, wrong, None)
    return RedirectResponse(link(request, f"/texts/{number}"), 303)


@router.get("/texts/{number}", response_class=HTMLResponse)
def one(
    number: Number,
    request: Request,
    services: ServicesOf,
    account: Reader,
    version: Version = None,
) -> HTMLResponse:
    """A text, article by article, with what it cites."""
    return _shown(request, services, account, number, version, {}, {})


@router.get("/texts/{number}/compare", response_class=HTMLResponse)
def compare(
    number: Number,
    request: Request,
    services: ServicesOf,
    account: Reader,
    old: Version = None,
    new: Version = None,
) -> HTMLResponse:
    """Versions side by side: the two newest where none are asked for."""
    kept = actions.shown(services, number).kept
    into = new or kept.version
    from_ = old or max(into - 1, 1)
    compared, wrong = None, ""
    try:
        compared = actions.compared(services, number, from_, into)
    except NotAccepted as refused:
        wrong = services.words(f"documents.texts.wrong-{refused.key}", **refused.values)
    return page(
        request,
        services.words,
        "documents/text_compared.html",
        **frame(request, services, account),
        kept=kept,
        old=from_,
        new=into,
        sides=wording.sides(services.words, compared) if compared else None,
        wrong=wrong,
    )


@router.get("/texts/{number}/version", response_class=HTMLResponse)
def new_version(
    number: Number, request: Request, services: ServicesOf, account: Keeper
) -> HTMLResponse:
    """The form that takes the next version, with maker and kind of the one before."""
    kept = actions.shown(services, number).kept
    return _form(request, services, account, given(kept), {}, kept)


@router.post("/texts/{number}/version", response_model=None)
@larger(files.most_body_bytes)
def keep_version(
    number: Number,
    request: Request,
    services: ServicesOf,
    account: Keeper,
    written: Written,
) -> Response:
    """Keep the next version; with faults all that was written stays."""
    kept = actions.shown(services, number).kept
    try:
        _sent(services, account, written, (number, written.after or kept.version))
    except (NotAccepted, FileRefused) as refused:
        return _form(request, services, account, written, _said(services, refused), kept)
    return RedirectResponse(link(request, f"/texts/{number}"), 303)


@router.post("/texts/{number}/repeal", response_model=None)
def repeal(
    number: Number,
    request: Request,
    services: ServicesOf,
    account: Keeper,
    repealed: Field = "",
    why: Field = "",
) -> Response:
    """Write since when a text holds no more."""
    try:
        since = day("repealed", repealed.strip(), needed=True) or ""
        actions.repeal(services, account, number, since, why)
    except NotAccepted as refused:
        written, wrong = {"repealed": repealed, "why": why}, _said(services, refused)
        answer = _shown(request, services, account, number, None, wrong, written)
        answer.status_code = 422
        return answer
    return RedirectResponse(link(request, f"/texts/{number}"), 303)


def _sent(
    services: Services,
    account: Account,
    written: Sent,
    of: tuple[int, int] | None,
) -> int:
    file = written.file
    return actions.send(services, account, written.facts(), file.filename or "", file.file, of)


def _said(services: Services, refused: NotAccepted | FileRefused) -> Mapping[str, str]:
    if isinstance(refused, FileRefused):
        return {"file": refused.said(services.words)}
    said = services.words(f"documents.texts.wrong-{refused.key}", **refused.values)
    return {refused.faults[0].where: said}


def _makers(services: Services) -> Mapping[str, str]:
    return {of.id: of.name for of in Units(services.state).all()}


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Given,
    wrong: Mapping[str, str],
    kept: Kept | None,
) -> HTMLResponse:
    answer = page(
        request,
        services.words,
        "documents/text_new.html",
        **frame(request, services, account),
        written=written,
        wrong=wrong,
        kept=kept,
        makers=_makers(services),
        kinds=KINDS,
        days=DAYS,
        accepted=ACCEPTED,
        most_mb=services.attachments.most_mb,
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _shown(
    request: Request,
    services: Services,
    account: Account,
    number: int,
    version: int | None,
    wrong: Mapping[str, str],
    written: Mapping[str, str],
) -> HTMLResponse:
    found, words = actions.shown(services, number, version), services.words
    today, makers = actions.today(services), _makers(services)
    facts = found.version.facts
    links: Links = request.state.links_of_text
    running = deadlines_of(services).of_subject(actions.reference(number))
    lines = [deadline_wording.line(words, of, services.now_ms()) for of in running if of.open]
    return page(
        request,
        words,
        "documents/text.html",
        **frame(request, services, account),
        found=found,
        facts=facts,
        links=links(services, account, found.kept, found.version.version),
        newest=found.version.version == found.kept.version,
        maker=makers.get(facts.maker, facts.maker),
        kind=wording.kind(words, facts),
        validity=wording.validity(words, found.kept, today),
        tone=wording.tone(found.kept, today),
        days=wording.days(words, facts),
        blocks=wording.blocks(found.document),
        cited=wording.cited(words, found, date.fromisoformat(today)),
        terms=lines,
        names=People(services.state).names([of.kept_by for of in found.versions]),
        files=file_wording.lines(services, actions.originals(services, number)),
        keeper=account.may(DocumentsPermission.CHECK),
        today=today,
        wrong=wrong,
        written={"repealed": today, "why": "", **written},
    )


def pages(links: Links) -> APIRouter:
    """The pages of texts; ``links`` gives what stands on a text's page of rooms above this one."""

    def provide(request: Request) -> None:
        request.state.links_of_text = links

    whole = APIRouter(dependencies=[Depends(provide)])
    whole.include_router(router)
    return whole
