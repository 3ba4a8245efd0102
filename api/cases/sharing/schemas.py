"""Sharing over the API. Instants are UTC epoch ms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field

from api.authentication.requests import WITHOUT_NUL
from api.cases.sharing.receiving import Opened
from api.cases.sharing.records import (
    Ended,
    KeptResult,
    Level,
    Listed,
    Openness,
    Received,
    Share,
)
from api.web.forms import MOST_ID, Typed

Id = Annotated[int, Field(ge=1, le=MOST_ID)]
Text = Annotated[str, Field(max_length=2000, pattern=WITHOUT_NUL)]


class Sent(BaseModel):
    """A file that somebody sends."""

    model_config = ConfigDict(extra="forbid")
    file: UploadFile


class NewReceiver(BaseModel):
    """A congress to which cases may go: ``level`` is city or town, ``way`` how a file comes
    there.
    """

    model_config = ConfigDict(extra="forbid")
    name: Typed
    level: Typed
    way: Typed


class ReceiverState(BaseModel):
    """A congress to which cases may go."""

    id: int
    name: str
    level: Level
    way: str


class NewShare(BaseModel):
    """A case is to be shared; ``internal_why`` says why internal things go along."""

    model_config = ConfigDict(extra="forbid")
    receiver: Id
    reason: Text
    internal_why: Text = ""


class NewResult(BaseModel):
    """A result is to be made: ``reason`` says why the case was not taken up, where it was not,
    ``internal_why`` why internal things go along.
    """

    model_config = ConfigDict(extra="forbid")
    reason: Text = ""
    internal_why: Text = ""


class SignedState(BaseModel):
    """Who took the package, and when."""

    taken_ms: int
    taker: str
    centre: str


class DecisionState(BaseModel):
    """A decision of a meeting."""

    meeting: str
    day: date
    result: str


class ResultState(BaseModel):
    """How it ended with a shared case at its receiver; ``text`` is the outcome, or why it was not
    taken up. ``at_ms`` is when it was entered or made here, ``made_ms`` when the receiver made it.
    """

    made_ms: int
    centre: str
    secrecy: Openness
    state: Ended
    text: str
    decisions: list[DecisionState]
    internal_why: str | None
    at_ms: int


class ShareState(BaseModel):
    """A case that was packed for a receiver; ``key`` is the id in share.json, ``sha256`` that of
    it; ``signed`` is null until the receipt was entered, ``results`` are the newest first.
    """

    id: int
    key: str
    number: str
    receiver: str
    level: Level
    day: date
    reason: str
    internal_why: str | None
    sha256: str
    at_ms: int
    signed: SignedState | None
    results: list[ResultState]


class ReceivedState(BaseModel):
    """A package that came; ``case`` is the id of the case that was opened of it."""

    id: int
    key: str
    sender: str
    number: str
    day: date
    case_number: str
    title: str
    sha256: str
    taker: str
    at_ms: int
    case: int | None


class ReceivedList(BaseModel):
    """A page of packages that came, the newest first."""

    received: list[ReceivedState]
    total: int
    page: int


class ItemState(BaseModel):
    """A frozen item of a package that came."""

    platform: str
    kind: str
    title: str
    why: str
    sha256: str


class OpenedState(BaseModel):
    """A package that came, with its matter and items, and the results made of it, the newest
    first.
    """

    received: ReceivedState
    matter: str
    reason: str
    items: list[ItemState]
    results: list[ResultState]


def receiver_state(of: Listed) -> ReceiverState:
    """A receiver."""
    return ReceiverState(id=of.id, name=of.name, level=of.level, way=of.way)


def result_state(of: KeptResult) -> ResultState:
    """A result."""
    result = of.result
    return ResultState(
        made_ms=result.made_ms,
        centre=result.centre,
        secrecy=result.secrecy,
        state=result.state,
        text=result.text,
        decisions=[
            DecisionState(meeting=one.meeting, day=one.day, result=one.result)
            for one in result.decisions
        ],
        internal_why=of.internal_why,
        at_ms=of.at_ms,
    )


def share_state(of: Share, results: Iterable[KeptResult]) -> ShareState:
    """A share with its results."""
    sheet, signed = of.sheet, of.signed
    return ShareState(
        id=of.id,
        key=sheet.id,
        number=sheet.number,
        receiver=sheet.receiver.name,
        level=sheet.receiver.level,
        day=sheet.day,
        reason=sheet.reason,
        internal_why=of.internal_why,
        sha256=of.hash,
        at_ms=of.at_ms,
        signed=SignedState(taken_ms=signed.taken_ms, taker=signed.taker, centre=signed.centre)
        if signed
        else None,
        results=[result_state(one) for one in results],
    )


def received_state(of: Received) -> ReceivedState:
    """A package that came."""
    sheet = of.sheet
    return ReceivedState(
        id=of.id,
        key=sheet.id,
        sender=sheet.sender,
        number=sheet.number,
        day=sheet.day,
        case_number=sheet.case.number,
        title=sheet.case.title,
        sha256=of.hash,
        taker=of.taker,
        at_ms=of.at_ms,
        case=of.case_id,
    )


def opened_state(of: Opened, results: Iterable[KeptResult]) -> OpenedState:
    """A package that came, opened, with the results made of it."""
    return OpenedState(
        received=received_state(of.received),
        matter=of.package.sheet.case.matter,
        reason=of.package.sheet.reason,
        items=[
            ItemState(
                platform=item.platform, kind=item.kind, title=item.title, why=why, sha256=sha
            )
            for item, why, sha in of.package.items
        ],
        results=[result_state(one) for one in results],
    )
