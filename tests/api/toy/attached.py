"""Files at notes of the toy platform: what a platform writes to have attachments."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions, wording
from api.files.permission import FilePermission
from api.files.receiving import FileRefused
from api.frame import frame
from api.ports import Reference
from api.services import Services, ServicesOf
from api.web.rendering import link, page
from tests.api.toy import notes
from tests.api.toy.permission import ToyPermission

router = APIRouter(include_in_schema=False)
Reader = Annotated[Account, require(ToyPermission.READ)]
Writer = Annotated[Account, require(ToyPermission.WRITE)]


@router.get("/notes/{note_id}", response_class=HTMLResponse)
def note(note_id: int, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A note with its files."""
    return _shown(note_id, request, services, account)


@router.post("/notes/{note_id}/files", dependencies=[SameOrigin])
@larger(actions.most_body_bytes)
def attach(
    note_id: int,
    file: UploadFile,
    title: Annotated[str, Form(max_length=200)],
    request: Request,
    services: ServicesOf,
    account: Writer,
) -> Response:
    """Attach a file to a note that somebody sees and may write."""
    subject = _subject(note_id, services, account)
    try:
        actions.attach(services, account, subject, file, title, notes.found_as(services, note_id))
    except FileRefused as refused:
        said = refused.said(services.words)
        return _shown(note_id, request, services, account, said)
    return RedirectResponse(link(request, f"/notes/{note_id}"), 303)


@router.post("/notes/{note_id}/files/{attachment_id}", dependencies=[SameOrigin])
def remove(
    note_id: int,
    attachment_id: int,
    why: Annotated[str, Form(max_length=500)],
    request: Request,
    services: ServicesOf,
    account: Writer,
) -> RedirectResponse:
    """Take a file out."""
    subject = _subject(note_id, services, account)
    for attachment in actions.of_subject(services, subject):
        if attachment.id == attachment_id:
            actions.remove(services, account, attachment, why)
    return RedirectResponse(link(request, f"/notes/{note_id}"), 303)


def _subject(note_id: int, services: Services, account: Account) -> Reference:
    if notes.one(services, account, note_id) is None:
        raise HTTPException(404)
    return Reference("toy", "note", str(note_id))


def _shown(
    note_id: int, request: Request, services: Services, account: Account, wrong: str = ""
) -> HTMLResponse:
    subject = _subject(note_id, services, account)
    answer = page(
        request,
        services.words,
        "toy/note.html",
        **frame(request, services, account),
        text=notes.one(services, account, note_id),
        lines=wording.lines(services, actions.of_subject(services, subject)),
        accepted=wording.ACCEPTED,
        attach=link(request, f"/notes/{note_id}/files"),
        wrong=wrong,
        most_mb=services.attachments.most_mb,
        sees_hidden=account.may(FilePermission.SEE_HIDDEN),
    )
    answer.status_code = 422 if wrong else 200
    return answer
