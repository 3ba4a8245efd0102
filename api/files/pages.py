"""Files as people reach them: the content, its text, and what it hides. Whoever does not see the
thing that a file stands at is answered as if there were none.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse

from api import items
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, SignedIn, require
from api.files import actions, wording
from api.files.inspection.findings import Inspection, parts
from api.files.inspection.kinds import INLINE, MEDIA
from api.files.names import disposition
from api.files.permission import FilePermission
from api.files.repository import Attachment
from api.files.schemas import FileState, file_state
from api.frame import frame
from api.services import Services, ServicesOf
from api.web.declared import Declared
from api.web.forms import MOST_ID
from api.web.rendering import link, page
from config.catalogue.words import Words

_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_VIEWER = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
"""The browser's own viewer of PDF runs in no sandbox of a page; it has one itself."""
router = APIRouter(include_in_schema=False)
api = APIRouter(tags=["files"])
Id = Annotated[int, Path(ge=1, le=MOST_ID)]
Checker = Annotated[Account, require(FilePermission.SEE_HIDDEN)]


class NotServed(Declared):
    """A file whose content is handed out to nobody, for now or for ever."""

    status = 409
    words = "files.state-unscanned"

    def __init__(self, attachment: Attachment) -> None:
        infected = attachment.scan == "infected"
        why = "a virus was found in it" if infected else "it was not scanned yet; try again later"
        super().__init__(f"file {attachment.id} is not handed out: {why}", scan=attachment.scan)
        self.scan = attachment.scan

    def said(self, words: Words) -> str:
        """By what the scan said."""
        return words(f"files.state-{self.scan}")


def _visible(
    attachment_id: Id, request: Request, services: ServicesOf, account: SignedIn
) -> Attachment:
    roster = request.app.state.roster
    found = actions.visible(roster, services, account, attachment_id)
    if found is None:
        raise HTTPException(404, f"unknown file {attachment_id}")
    return found


def _served(
    attachment: Annotated[Attachment, Depends(_visible)], services: ServicesOf
) -> Attachment:
    if not actions.is_served(services, attachment):
        raise NotServed(attachment)
    return attachment


@api.get("/{attachment_id}")
def details(
    attachment: Annotated[Attachment, Depends(_visible)], services: ServicesOf
) -> FileState:
    """A file: its name, kind, size and hash, who sent it, and what the scan said."""
    return file_state(attachment, served=actions.is_served(services, attachment))


@api.get("/{attachment_id}/content", response_class=FileResponse)
@router.get("/{attachment_id}", response_class=FileResponse)
def content(
    attachment: Annotated[Attachment, Depends(_served)], services: ServicesOf
) -> FileResponse:
    """The content of a file, whole or in ranges; pictures and PDF may be shown, all others are
    saved.
    """
    path = actions.receiver(services).contents.path(attachment.sha256)
    if not path.is_file():
        raise HTTPException(404, "its content is not there; restore it from a backup")
    inline = attachment.kind in INLINE
    headers = {
        "Content-Disposition": disposition(attachment.name, inline=inline),
        "Content-Security-Policy": _VIEWER if attachment.kind == "pdf" else _SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    media = MEDIA[attachment.kind]
    return FileResponse(path, media_type=media, headers=headers)


@router.get("/{attachment_id}/text", response_class=HTMLResponse)
def text(
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    attachment: Annotated[Attachment, Depends(_served)],
    part: Annotated[int, Query(ge=1, le=MOST_ID)] = 1,
) -> HTMLResponse:
    """The text of a file, paragraph by paragraph, a part at a time."""
    found = _inspection(services, attachment)
    every = list(parts(found.text)) or [()]
    values = {"part": min(part, len(every)), "parts": len(every)}
    shown = every[values["part"] - 1]
    return _page(
        request, services, account, attachment, "text", text=shown, note=found.note, **values
    )


@router.get("/{attachment_id}/hidden", response_class=HTMLResponse)
def hidden(
    request: Request,
    services: ServicesOf,
    account: Checker,
    attachment: Annotated[Attachment, Depends(_served)],
) -> HTMLResponse:
    """Parts that a file hides from whoever only opens it."""
    found = _inspection(services, attachment)
    return _page(
        request,
        services,
        account,
        attachment,
        "hidden",
        hidden=wording.hidden(services.words, found.hidden),
        seen_by=wording.name(services, attachment.hidden_seen_by),
    )


@router.post("/{attachment_id}/hidden", dependencies=[SameOrigin])
def see_hidden(
    request: Request,
    services: ServicesOf,
    account: Checker,
    attachment: Annotated[Attachment, Depends(_served)],
) -> RedirectResponse:
    """Somebody says that they have seen it."""
    actions.see_hidden(services, account, attachment)
    return RedirectResponse(link(request, f"/{attachment.id}/hidden"), 303)


def _inspection(services: Services, attachment: Attachment) -> Inspection:
    return actions.receiver(services).inspection(attachment.sha256, attachment.kind)


def _page(
    request: Request,
    services: Services,
    account: Account,
    attachment: Attachment,
    template: str,
    **values: object,
) -> HTMLResponse:
    subject = items.read(request.app.state.roster, services, account, attachment.subject)
    (line,) = wording.lines(services, [attachment])
    return page(
        request,
        services.words,
        f"files/{template}.html",
        **frame(request, services, account),
        file=line,
        attachment=attachment,
        subject=subject,
        back=f"/{attachment.subject.platform}{subject.path}" if subject else "/",
        **values,
    )
