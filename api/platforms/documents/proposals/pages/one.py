"""Pages of one proposal: how it stands, who wrote it, its files, the review and the letter."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.files import actions as files
from api.files import wording as file_wording
from api.files.permission import FilePermission
from api.frame import frame
from api.open_forms.sending import Fields
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.proposals import wording
from api.platforms.documents.proposals.actions import handling, own
from api.platforms.documents.proposals.procedure import PROCEDURE
from api.platforms.documents.proposals.records import Identity
from api.procedures import repository
from api.procedures.events import standing
from api.procedures.pages import Attaching, forms, version_of
from api.procedures.part import Failed, part_of
from api.procedures.refusals import UnknownThing
from api.services import Services, ServicesOf
from api.web.declared import Declared
from api.web.forms import RowId
from api.web.rendering import link, page

ADDRESS = "/proposals/{item_id}"
Office = Annotated[Account, require(DocumentsPermission.HANDLE_PROPOSALS)]
ATTACHING = Attaching(
    PROCEDURE,
    [of.name for of in PROCEDURE.states],
    (DocumentsPermission.HANDLE_PROPOSALS,),
)
"""Files come also after the end: a letter that is sent, a receipt."""
Why = Annotated[str, Form(max_length=500)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get(ADDRESS, response_class=HTMLResponse)
def proposal(
    item_id: str, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """A proposal, how it stands, and what may be done next."""
    return _shown(request, services, account, item_id, None)


@router.post(f"{ADDRESS}/identity")
def identify(
    item_id: str, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """The same with who wrote it; it is recorded that somebody asked."""
    identity = handling.identify(services, account, item_id)
    return _shown(request, services, account, item_id, None, identity)


@router.get(f"{ADDRESS}/open", response_class=HTMLResponse)
def opening(
    item_id: str,
    request: Request,
    services: ServicesOf,
    account: Office,
    q: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """The text that is to be reviewed, chosen of those that the centre keeps."""
    return _opening(request, services, account, item_id, q, None)


@router.post(f"{ADDRESS}/open")
def open_review(
    item_id: str, fields: Fields, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Open the review, and lead back."""
    text, version = fields.get("text", ""), version_of(fields)
    try:
        handling.open_review(services, account, item_id, text, version)
    except UnknownThing:
        raise
    except Declared as refused:
        return _opening(request, services, account, item_id, "", refused)
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


@router.get(f"{ADDRESS}/letter", response_class=HTMLResponse)
def letter(item_id: str, request: Request, services: ServicesOf, account: Office) -> HTMLResponse:
    """The reply on paper, without a name: the number says whose it is."""
    row = handling.proposal(services, account, item_id)
    return page(
        request,
        services.words,
        "documents/proposal_letter.html",
        **frame(request, services, account),
        row=row,
        said=wording.letter(services.words, row),
        day=row["told_day"] or row["decided_day"],
    )


@router.post(f"{ADDRESS}/files/{{attachment_id}}")
def remove(
    item_id: str,
    attachment_id: RowId,
    why: Why,
    request: Request,
    services: ServicesOf,
    account: Office,
) -> RedirectResponse:
    """Take a file out."""
    row = handling.proposal(services, account, item_id)
    subject = repository.reference(PROCEDURE, str(row["id"]))
    for attachment in files.of_subject(services, subject):
        if attachment.id == attachment_id:
            files.remove(services, account, attachment, why)
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


def _opening(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    q: str,
    refused: Declared | None,
) -> HTMLResponse:
    row = handling.proposal(services, account, item_id)
    first = own.chosen(services, row["text"] or "")
    found = own.found(services, q or ("" if first else row["document"].strip("《》")))
    answer = page(
        request,
        services.words,
        "documents/proposal_open.html",
        **frame(request, services, account),
        row=row,
        q=q,
        found=[*([first] if first else []), *(of for of in found if of != first)],
        address=link(request, ADDRESS.format(item_id=item_id)),
        refused=refused.said(services.words) if refused else "",
    )
    answer.status_code = refused.status_code if refused else 200
    return answer


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
    identity: Identity | None = None,
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    part = replace(part, begun=handling.begun(services, part.row))
    subject = repository.reference(PROCEDURE, str(part.row["id"]))
    completed = [of.given["supplement"] for of in standing(part.events) if of.step == "supplement"]
    return page(
        request,
        services.words,
        "documents/proposal.html",
        **frame(request, services, account),
        part=part,
        body=own.bodies(services).get(part.row["body"] or "", ""),
        completed=completed,
        identified=handling.identified(services, part.row),
        identity=identity,
        letter=bool(part.row["reply"]),
        files=file_wording.lines(services, files.of_subject(services, subject)),
        accepted=file_wording.ACCEPTED,
        hidden=account.may(FilePermission.SEE_HIDDEN),
        attaches=ATTACHING.may(services, account, part.row),
        most_mb=services.attachments.most_mb,
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown), ATTACHING.form(ADDRESS, _shown))
