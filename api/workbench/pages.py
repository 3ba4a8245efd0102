"""The first page: what waits, how things stand, what was sent, and where to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from alerting.notify.rendering import Renderer, Said
from alerting.notify.repository import Message
from api.accounts.records import Account
from api.authentication.requests import SignedIn
from api.frame import entrance, frame
from api.platforms.environment.acts import role_of
from api.services import Services, ServicesOf
from api.shape import Platform, nothing_waits
from api.web.asking import Askers
from api.web.caches import cache
from api.web.rendering import page
from api.workbench import actions, wording
from api.workbench.records import Board

MOST_MESSAGES = 3
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Tile:
    """A platform, and how many things wait there; None where nothing ever does."""

    words: str
    href: str
    count: int | None


@router.get("/", response_class=HTMLResponse)
def workbench(request: Request, services: ServicesOf, account: SignedIn) -> HTMLResponse:
    """The workbench of a person."""
    roster: Sequence[Platform] = request.app.state.roster
    board = actions.board(cache(request, Askers), roster, services, account)
    now_ms = services.now_ms()
    return page(
        request,
        services.words,
        "workbench/workbench.html",
        **frame(request, services, account),
        board=board,
        rows=[(of, wording.term(services.words, of.todo, now_ms)) for of in board.waiting],
        messages=_messages(services, account),
        tiles=[
            _tile(platform, first, board)
            for platform in roster
            if (first := entrance(account, platform)) and not platform.root
        ],
    )


def _tile(platform: Platform, first: str, board: Board) -> Tile:
    count = sum(of.platform == platform.slug for of in board.waiting)
    waits = None if platform.todos is nothing_waits else count
    return Tile(f"{platform.slug}.title", first, waits)


def _messages(services: Services, account: Account) -> list[tuple[Message, Said]]:
    """The newest that were not read; what is sent to a deputy is nobody else's."""
    if account.clerk:
        return []
    renderer = Renderer(
        services.wording, services.events, services.links, services.grouping, services.now_ms
    )
    found = services.messages.of_reader(account.username, most=MOST_MESSAGES)
    role = role_of(account)
    return [
        (of, renderer.message(of, services.wording, role, services.now_ms()))
        for of in found
        if of.read_ms is None
    ]
