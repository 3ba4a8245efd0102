"""Dead letters over the API; instants in UTC epoch ms.

``station`` "-" stands for letters whose topic names no station. A request replays or removes 500
letters at most, the oldest first; ``letters`` of the answer says how many.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.refusals import actions
from api.platforms.environment.refusals.records import Forgotten, Picked, View, text_of
from api.services import ServicesOf
from config.vocabulary.errors import FaultyInput
from config.vocabulary.refusals import Mender, Reason
from ingest.journal.refusal import Letter, Outcome, OutOfReach

router = APIRouter(prefix="/dead-letters", tags=["dead-letters"], dependencies=[SameOrigin])


class DeadLetter(BaseModel):
    """One refusal. ``details`` are the reason's particulars, with its indicators, the value kept
    and the value refused, or the bounds.
    """

    id: str
    received_ms: int
    station: str
    topic: str
    seq: int
    reason: Reason
    replayable: bool
    mender: Mender
    whole: bool
    details: dict[str, Any]
    body: str


class Page(BaseModel):
    """The newest first; ``next`` is ``before`` of the next page, null on the last one."""

    letters: list[DeadLetter]
    next: int | None


class Done(BaseModel):
    """Letters that are no more, readings journaled, letters refused again, and those that hold no
    sample and stay.
    """

    letters: int
    readings: int
    again: int
    left: int


class Asked(View):
    """The choice of a list."""

    most: Annotated[int, Query(ge=1, le=100)] = 20


Viewer = Annotated[Account, require(EnvironmentPermission.SEE_REFUSALS)]
Handler = Annotated[Account, require(EnvironmentPermission.HANDLE_REFUSALS)]


@router.get("")
def dead_letters(asked: Annotated[Asked, Query()], services: ServicesOf, _who: Viewer) -> Page:
    """Dead letters, by station and reason."""
    try:
        found, following = actions.listed(services, asked.chosen(), asked.most)
    except OutOfReach as error:
        raise HTTPException(503, str(error)) from error
    return Page(letters=[_letter(one) for one in found], next=following)


@router.post("/replay")
def replay(picked: Picked, services: ServicesOf, who: Handler) -> Done:
    """Through the intake once more; what is refused again becomes a letter with its new reason."""
    try:
        return _done(actions.replay(services, who, picked.picked()))
    except FaultyInput as error:
        raise HTTPException(422, str(error)) from error
    except OutOfReach as error:
        raise HTTPException(503, str(error)) from error


@router.post("/forget")
def forget(picked: Forgotten, services: ServicesOf, who: Handler) -> Done:
    """Let go of for good; ``why`` stands in the audit."""
    try:
        why = picked.reasoned()
        return _done(actions.forget(services, who, picked.picked(), why))
    except FaultyInput as error:
        raise HTTPException(422, str(error)) from error
    except OutOfReach as error:
        raise HTTPException(503, str(error)) from error


def _letter(letter: Letter) -> DeadLetter:
    one = letter.refusal
    return DeadLetter(
        id=one.id,
        received_ms=one.received_ms,
        station=one.station,
        topic=one.topic,
        seq=one.seq,
        reason=one.reason,
        replayable=one.reason.replayable,
        mender=one.reason.mender,
        whole=one.whole,
        details=msgspec.to_builtins(one.details),
        body=text_of(one.payload),
    )


def _done(outcome: Outcome) -> Done:
    return Done(
        letters=outcome.letters,
        readings=outcome.readings,
        again=outcome.again,
        left=outcome.left,
    )
