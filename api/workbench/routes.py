"""Things that wait for whoever asks; instants in UTC epoch ms."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.authentication.requests import SignedIn
from api.ports import Lamp
from api.services import ServicesOf
from api.web.asking import Askers
from api.web.caches import cache
from api.workbench import actions

router = APIRouter(tags=["workbench"])


class TodoState(BaseModel):
    """A thing that waits. ``due_ms`` and ``lamp`` are null without a term."""

    platform: str
    title: str
    path: str
    since_ms: int
    due_ms: int | None
    lamp: Lamp | None
    note: str


class BoardState(BaseModel):
    """Everything that waits, by urgency; platforms that failed, and those that did not answer in
    time.
    """

    waiting: list[TodoState]
    silent: list[str]
    late: list[str]


@router.get("")
def workbench(request: Request, services: ServicesOf, who: SignedIn) -> BoardState:
    """On every platform, in the site's language."""
    board = actions.board(cache(request, Askers), request.app.state.roster, services, who)
    waiting = [
        TodoState(
            platform=of.platform,
            title=of.todo.title,
            path=of.todo.path,
            since_ms=of.todo.since_ms,
            due_ms=of.todo.due_ms,
            lamp=of.todo.lamp,
            note=of.todo.note,
        )
        for of in board.waiting
    ]
    return BoardState(waiting=waiting, silent=list(board.silent), late=list(board.late))
