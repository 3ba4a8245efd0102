"""Pages of the table of laws: the list, one law, and the form that enters one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.open_forms.sending import Fields
from api.platforms.documents.laws import actions, schemas, wording
from api.platforms.documents.laws.actions import Kept
from api.platforms.documents.laws.records import A_PAGE, LAW_KINDS, MARKS, STANDINGS, Asked
from api.platforms.documents.laws.schemas import Sent
from api.platforms.documents.permission import DocumentsPermission
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import NotAccepted
from api.web.rendering import link, page

router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])
Viewer = Annotated[Account, require(DocumentsPermission.SEE_RULES)]
Saver = Annotated[Account, require(DocumentsPermission.SAVE_RULES)]
NO_WRONG: Mapping[str, str] = {}
NEW: Sent = {"kind": "law", "mark": "unverified", "after": "0"}


@router.get("/laws", response_class=HTMLResponse)
def laws(
    request: Request, services: ServicesOf, account: Viewer, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """The table of laws, with search."""
    found, today = actions.listed(services, asked), actions.today(services)
    begin = (asked.page - 1) * A_PAGE
    return page(
        request,
        services.words,
        "documents/laws.html",
        **frame(request, services, account),
        asked=asked,
        rows=[wording.row(services.words, of, today) for of in found[begin : begin + A_PAGE]],
        count=len(found),
        pages=-(-len(found) // A_PAGE),
        kinds=LAW_KINDS,
        marks=MARKS,
        standings=STANDINGS,
    )


@router.get("/laws.{form}")
def exported(
    form: tables.Form, services: ServicesOf, _account: Viewer, asked: Annotated[Asked, Query()]
) -> Response:
    """All laws of a question as a table for a spreadsheet."""
    found = actions.listed(services, asked)
    sheet = wording.table(services.words, found, actions.today(services))
    return tables.download(services.words, "laws", form, sheet, total=len(found))


@router.get("/laws/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Saver, title: str = "") -> HTMLResponse:
    """The form that enters a law; ``title`` is that of a citation that nobody knows yet."""
    typed = {**NEW, "title": title[: actions.LONGEST_TITLE]}
    return _form(request, services, account, typed, NO_WRONG, None)


@router.post("/laws/new", response_model=None)
def enter(request: Request, services: ServicesOf, account: Saver, sent: Fields) -> Response:
    """Enter a law; with faults all that was written stays."""
    return _saved(request, services, account, sent, None)


@router.get("/laws/{key}", response_class=HTMLResponse)
def law(
    key: str, request: Request, services: ServicesOf, account: Viewer, done: str = ""
) -> HTMLResponse:
    """A law with its versions, its end, and where we know it from."""
    kept = actions.find(services, key)
    return _shown(request, services, account, kept, saved=done == "saved")


@router.get("/laws/{key}/edit", response_class=HTMLResponse)
def edit(key: str, request: Request, services: ServicesOf, account: Saver) -> HTMLResponse:
    """The form of an entry as it is in force."""
    kept = actions.find(services, key)
    return _form(request, services, account, schemas.written(kept.entry), NO_WRONG, kept)


@router.post("/laws/{key}/edit", response_model=None)
def change(
    key: str, request: Request, services: ServicesOf, account: Saver, sent: Fields
) -> Response:
    """Save the next version of an entry; with faults all that was written stays."""
    kept = actions.find(services, key)
    typed = {**sent, "title": kept.entry.law.title}
    return _saved(request, services, account, typed, kept)


def _saved(
    request: Request, services: Services, account: Account, sent: Sent, kept: Kept | None
) -> Response:
    if sent.get("do") == "more":
        return _form(request, services, account, sent, NO_WRONG, kept)
    text = sent.get("after", "")[:9]
    after = int(text) if text.isascii() and text.isdecimal() else 0
    try:
        reason = sent.get("reason", "")
        entry = actions.save(
            services, account, schemas.given(sent), after=after if kept else 0, reason=reason
        )
    except NotAccepted as refused:
        said = services.words(f"documents.laws.wrong-{refused.key}", **refused.values)
        wrong = {refused.faults[0].where: said}
        return _form(request, services, account, sent, wrong, kept)
    return RedirectResponse(link(request, f"/laws/{entry.key}?done=saved"), 303)


def _form(
    request: Request,
    services: Services,
    account: Account,
    typed: Sent,
    wrong: Mapping[str, str],
    kept: Kept | None,
) -> HTMLResponse:
    answer = page(
        request,
        services.words,
        "documents/law_edit.html",
        **frame(request, services, account),
        kept=kept,
        typed=defaultdict(str, typed),
        rows=schemas.rows(typed),
        kinds=LAW_KINDS,
        marks=MARKS,
        wrong=wrong,
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _shown(
    request: Request, services: Services, account: Account, kept: Kept, *, saved: bool
) -> HTMLResponse:
    t, today, law = services.words, actions.today(services), kept.entry.law
    other = actions.titled(services, law.repealed_by) if law.repealed_by else None
    return page(
        request,
        t,
        "documents/law.html",
        **frame(request, services, account),
        entry=kept.entry,
        law=law,
        kind=wording.kind(t, law),
        standing=wording.said(t, law, today),
        tone=wording.tone(law, today),
        repealed=wording.repealed(t, law),
        successor=other,
        versions=wording.changes(t, kept.versions),
        saved=saved,
    )


PAGES = (router,)
