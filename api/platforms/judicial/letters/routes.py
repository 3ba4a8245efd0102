"""Letters over the API."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.judicial.letters import actions
from api.platforms.judicial.letters.procedure import PROCEDURE
from api.platforms.judicial.letters.records import Asked
from api.platforms.judicial.letters.schemas import (
    CountsState,
    LetterGiven,
    LetterMade,
    LettersState,
    PetitionerState,
    counts_state,
    letter_state,
    petitioner_state,
)
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.routes import routes
from api.services import ServicesOf

Reader = Annotated[Account, require(JudicialPermission.SEE_LETTERS)]
Everybody = Annotated[Account, require(JudicialPermission.SEE)]
Register = Annotated[Account, require(JudicialPermission.REGISTER_LETTERS)]
Quarter = Annotated[str, Query(max_length=10)]
router = APIRouter(tags=["judicial"], dependencies=[SameOrigin])


@router.get("/letters")
def letters(
    services: ServicesOf, account: Reader, asked: Annotated[Asked, Query()]
) -> LettersState:
    """Of a body those that were passed on to it, of the office all; nobody who wrote one."""
    lines, count, following = actions.listed(services, account, asked)
    return LettersState(
        letters=[letter_state(of) for of in lines], count=count, following=following
    )


@router.get("/letters/counts")
def counts(services: ServicesOf, _account: Everybody, quarter: Quarter = "") -> CountsState:
    """Letters of a quarter that has ended by topic, town and month; low counts are hidden."""
    return counts_state(actions.counts(services, quarter))


@router.post("/letters", status_code=201)
def register(given: LetterGiven, services: ServicesOf, account: Register) -> LetterMade:
    """Register a letter."""
    made = actions.register(services, account, given.step, given.petitioner)
    return LetterMade(id=int(made))


@router.post("/letters/{item_id}/petitioner")
def identify(item_id: str, services: ServicesOf, account: Register) -> PetitionerState:
    """The person who wrote a letter; it is recorded that the caller asked."""
    return petitioner_state(actions.identify(services, account, item_id))


API = (router, routes(PROCEDURE, "/letters/{item_id}"))
