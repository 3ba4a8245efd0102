"""Suggestions over the API: drafts, signatures, files, and the steps of the procedure."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response, UploadFile

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.copies.schemas import CopyState, copy_state
from api.files import actions as files
from api.files.actions import LONGEST_TITLE
from api.files.schemas import FileState, file_state
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.suggestions import actions
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.platforms.duty.suggestions.schemas import (
    Answered,
    DraftState,
    Invited,
    NewDraft,
    SignaturesState,
    Submitted,
    SuggestionState,
    draft_state,
    signature_state,
)
from api.procedures.routes import routes
from api.services import Services, ServicesOf

router = APIRouter(prefix="/suggestions", tags=["duty"], dependencies=[SameOrigin])
Reader = Annotated[Account, require(DutyPermission.SEE)]
Writer = Annotated[Account, require(DutyPermission.WRITE)]


@router.post("", status_code=201)
def begin(
    body: NewDraft,
    request: Request,
    response: Response,
    services: ServicesOf,
    account: Writer,
) -> DraftState:
    """Begin a draft; with a key that was sent before the answer is the draft of that time, 200.
    What its ``source`` says is kept with it as it is now.
    """
    state = request.app.state
    copies = actions.copies_of(state.roster, state.services, account, body.source)
    draft = actions.begin(services, account, body.draft_key, body.given, body.source, copies)
    if not draft.begun:
        response.status_code = 200
    return draft_state(draft, f"/duty/suggestions/{draft.item_id}")


@router.get("/{item_id}")
def suggestion(item_id: str, services: ServicesOf, account: Reader) -> SuggestionState:
    """A suggestion with its replies."""
    row = actions.row_for(services, account, item_id)
    raised = actions.raised(services, account, row)
    return SuggestionState(
        id=row["id"],
        state=row["state"],
        version=row["version"],
        text_hash=row["text_hash"],
        address=PROCEDURE.path(row),
        raised_again=raised.earlier["id"] if raised.earlier else None,
        raised_later=[of["id"] for of in raised.later],
        content=dict(actions.content(services, row)),
    )


@router.get("/{item_id}/frozen-items")
def frozen_items(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> list[CopyState]:
    """Items that a suggestion was made of, as they were, as far as the caller may see them."""
    state = request.app.state
    row = actions.row_for(services, account, item_id)
    found = actions.kept_items(state.roster, state.services, account, row)
    return [copy_state(of) for of in found]


@router.post("/{item_id}/steps/submit")
def submit(
    item_id: str, body: Submitted, services: ServicesOf, account: Writer
) -> SuggestionState:
    """Submit a draft, of which the deputy says that none of the grounds holds."""
    actions.submit(
        services,
        account,
        item_id,
        body.given,
        body.version,
        none_of_grounds=body.none_of_grounds,
    )
    actions.done(services, item_id)
    return suggestion(item_id, services, account)


@router.get("/{item_id}/signatures")
def signatures(item_id: str, services: ServicesOf, account: Reader) -> SignaturesState:
    """Everybody who was asked to sign, and whose signature holds."""
    return _signatures(services, account, item_id)


@router.post("/{item_id}/invitations")
def invite(item_id: str, body: Invited, services: ServicesOf, account: Writer) -> SignaturesState:
    """Ask deputies to sign; whoever was asked before is left as they are."""
    actions.invite(services, account, item_id, body.usernames)
    return _signatures(services, account, item_id)


@router.post("/{item_id}/signature")
def sign(item_id: str, body: Answered, services: ServicesOf, account: Writer) -> SignaturesState:
    """Sign the text that was read, or decline."""
    if body.signs:
        actions.sign(services, account, item_id, body.text_hash or "")
    else:
        actions.decline(services, account, item_id)
    return _signatures(services, account, item_id)


@router.post("/{item_id}/files", status_code=201)
@larger(files.most_body_bytes)
def attach(
    item_id: str,
    file: UploadFile,
    services: ServicesOf,
    account: Writer,
    title: Annotated[str, Form(max_length=LONGEST_TITLE)] = "",
) -> FileState:
    """Put a picture or a paper to a draft; the same content sent again is there once."""
    made = actions.attach(services, account, item_id, file, title)
    row = actions.row_for(services, account, item_id)
    (found,) = (of for of in actions.attached(services, row) if of.id == made)
    return file_state(found, served=files.is_served(services, found))


def _signatures(services: Services, account: Account, item_id: str) -> SignaturesState:
    row = actions.row_for(services, account, item_id)
    return SignaturesState(
        text_hash=row["text_hash"],
        open=actions.signable(row).open,
        signatures=[signature_state(of) for of in actions.signed(services, row)],
    )


API = (router, routes(PROCEDURE, "/suggestions/{item_id}", actions.done))
