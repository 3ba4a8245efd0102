"""Suggestions over the API as programs write and read them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.platforms.duty.signing.records import Signature
from api.platforms.duty.suggestions.records import DRAFT_KEY, ITEM_SOURCE, Draft
from api.web.forms import MOST_ID

Name = Annotated[str, StringConstraints(max_length=40)]


class NewDraft(BaseModel):
    """A draft: ``draft_key`` is a UUID of the device, with which it may be sent again; ``given``
    the fields of the procedure's step write; ``source`` the item that it came from, as
    ``platform/kind/id``.
    """

    model_config = ConfigDict(extra="forbid")
    draft_key: Annotated[str, StringConstraints(pattern=DRAFT_KEY)]
    given: dict[Name, str]
    source: Annotated[str, StringConstraints(pattern=ITEM_SOURCE)] = ""


class DraftState(BaseModel):
    """The draft that the centre has: ``begun`` by this request or before, in the ``same`` words
    or in others.
    """

    id: int
    state: str
    version: int
    begun: bool
    same: bool
    address: str


class Submitted(BaseModel):
    """``none_of_grounds``: the deputy has read the grounds and says that none holds."""

    model_config = ConfigDict(extra="forbid")
    none_of_grounds: bool = False
    given: dict[Name, str] = {}
    version: Annotated[int, Field(ge=1, le=MOST_ID)] | None = None


class Invited(BaseModel):
    """Deputies who are asked to sign, by username."""

    model_config = ConfigDict(extra="forbid")
    usernames: Annotated[list[Name], Field(min_length=1, max_length=400)]


class Answered(BaseModel):
    """``text_hash`` is that of the text which was read, as ``signatures`` gives it; without
    ``signs`` the person declines.
    """

    model_config = ConfigDict(extra="forbid")
    signs: bool
    text_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None


class SignatureState(BaseModel):
    """Somebody who was asked: invited, signed or declined; ``valid`` where the text of now is the
    one that was signed.
    """

    username: str
    state: str
    signed: str
    at_ms: int | None
    valid: bool


class SignaturesState(BaseModel):
    """The text's hash, whether people may sign, and everybody who was asked."""

    text_hash: str
    open: bool
    signatures: list[SignatureState]


class SuggestionState(BaseModel):
    """A suggestion: its fields, and under ``content`` all that it says in words. ``raised_again``
    is the id of the earlier one that it raises again, ``raised_later`` are those that raised it
    again, as far as the caller sees them.
    """

    id: int
    state: str
    version: int
    text_hash: str
    address: str
    raised_again: int | None
    raised_later: list[int]
    content: dict[str, Any]


def draft_state(of: Draft, address: str) -> DraftState:
    """A draft as the API gives it."""
    return DraftState(
        id=int(of.item_id),
        state=of.state,
        version=of.version,
        begun=of.begun,
        same=of.same,
        address=address,
    )


def signature_state(of: Signature) -> SignatureState:
    """A signature as the API gives it."""
    return SignatureState(
        username=of.username, state=of.state, signed=of.signed, at_ms=of.at_ms, valid=of.valid
    )
