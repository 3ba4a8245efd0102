"""The audit over the API. Instants are UTC epoch ms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.accounts.records import Account
from api.administration.audit_trail import actions
from api.administration.audit_trail.records import Asked
from api.administration.permission import AdministrationPermission
from api.authentication.requests import require
from api.services import ServicesOf

router = APIRouter(prefix="/audit", tags=["administration"])
Viewer = Annotated[Account, require(AdministrationPermission.SEE_AUDIT)]


class AuditRow(BaseModel):
    """One deed. ``who`` is a username, that of the centre is empty; ``on_behalf`` that of the
    person acted for. ``position`` is its place in the chain, null while it waits for one.
    """

    id: int
    at_ms: int
    who: str
    on_behalf: str
    action: str
    subject: str
    detail: str
    position: int | None


class Chain(BaseModel):
    """The newest link, how many rows wait for theirs, and the core's last check of the whole:
    when, and the first fault, empty where there was none; null before the first.
    """

    position: int
    head: str
    waiting: int
    checked_ms: int | None
    fault: str | None


class Page(BaseModel):
    """The newest first, of ``total``; ``next`` is ``before`` of the next page, null on the last
    one. Of a text so many rows are searched at a time: a page may be short or empty while there is
    a next one, and ``total`` is null.
    """

    rows: list[AuditRow]
    total: int | None
    next: int | None
    chain: Chain


class AskedHere(Asked):
    """A search with the length of a page."""

    most: Annotated[int, Query(ge=1, le=1000)] = 100


@router.get("")
def audit(asked: Annotated[AskedHere, Query()], services: ServicesOf, account: Viewer) -> Page:
    """Deeds by person, action, subject, text and day."""
    found = actions.searched(services, account, asked, asked.most)
    state = actions.chain_state(services)
    checked = state.checked
    return Page(
        rows=[AuditRow(**asdict(of)) for of in found.rows],
        total=found.total,
        next=found.following,
        chain=Chain(
            position=state.head.position,
            head=state.head.chain,
            waiting=state.waiting,
            checked_ms=checked.checked_ms if checked else None,
            fault=checked.fault if checked else None,
        ),
    )
