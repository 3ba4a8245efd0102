"""The wall: for a screen of 1920 by 1080 in a hall, and in one column for a phone."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.accounts.records import Account
from api.authentication.requests import require
from api.frame import frame
from api.services import ServicesOf
from api.wall import actions, wording
from api.wall.permission import WallPermission
from api.web.asking import Askers
from api.web.caches import cache
from api.web.rendering import page
from config.vocabulary.time import day_of

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(WallPermission.SEE)]


@router.get("/", response_class=HTMLResponse)
def wall(request: Request, services: ServicesOf, account: Viewer) -> HTMLResponse:
    """Everything at a glance. It hears of every platform, as it shows all of them."""
    roster, words = request.app.state.roster, services.words
    board = actions.board(cache(request, Askers), roster, services, account)
    around = frame(request, services, account)
    events = [event.name for platform in roster for event in platform.live]
    today = date.fromisoformat(day_of(services.now_ms()))
    return page(
        request,
        words,
        "wall/wall.html",
        **around | {"events": events},
        board=board,
        state=wording.state(words, board),
        panels=[
            (
                of.platform,
                [
                    (one, wording.number(words, one), wording.unit(words, one))
                    for one in of.figures
                ],
            )
            for of in board.panels
        ],
        overdue=[(of, of.late_days(today)) for of in board.overdue],
    )


PAGES = (router,)
