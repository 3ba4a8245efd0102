"""The second factor over the API."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from api.authentication.requests import SameOrigin, let_in
from api.own_account.owner import OwnerOf, refusal
from api.own_account.second_factor import actions
from api.own_account.second_factor.records import Finished, Proof
from api.own_account.second_factor.wording import uri
from api.web.forms import NotAccepted

router = APIRouter(prefix="/second-factor", tags=["account"], dependencies=[SameOrigin])


class Standing(BaseModel):
    """Whether it is on, whether a role demands it, and how many recovery codes are left."""

    on: bool
    demanded: bool
    codes: int


class Begun(BaseModel):
    """A secret in base 32 and as an address for an authenticator; ``pending`` comes back with the
    first code.
    """

    secret: str
    uri: str
    pending: str


class Codes(BaseModel):
    """Recovery codes, each good once; they are shown only now."""

    codes: list[str]


@router.get("")
def standing(owner: OwnerOf) -> Standing:
    """As it is now."""
    found = actions.standing(owner)
    return Standing(on=found.on, demanded=found.demanded, codes=found.codes)


@router.post("/begin")
def begin(proof: Proof, owner: OwnerOf) -> Begun:
    """A new secret; nothing is kept before a code of it comes back."""
    try:
        pending = actions.begin(owner, proof)
    except NotAccepted as error:
        raise refusal(error) from error
    return Begun(secret=pending.secret, uri=uri(owner, pending), pending=pending.sealed)


@router.post("")
def finish(finished: Finished, request: Request, response: Response, owner: OwnerOf) -> Codes:
    """Turn it on; other sessions end, and the answer sets the cookie of this one anew."""
    try:
        codes, token = actions.finish(owner, finished)
    except NotAccepted as error:
        raise refusal(error) from error
    let_in(request, response, token)
    return Codes(codes=list(codes))


@router.post("/codes")
def codes(proof: Proof, owner: OwnerOf) -> Codes:
    """New recovery codes in the place of those of before."""
    try:
        return Codes(codes=list(actions.renew_codes(owner, proof)))
    except NotAccepted as error:
        raise refusal(error) from error


@router.post("/off", status_code=204)
def turn_off(proof: Proof, request: Request, response: Response, owner: OwnerOf) -> None:
    """Turn it off; other sessions end, and the answer sets the cookie of this one anew."""
    try:
        let_in(request, response, actions.turn_off(owner, proof))
    except NotAccepted as error:
        raise refusal(error) from error
