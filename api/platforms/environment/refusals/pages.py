"""The list of dead letters, from which they are sent again or let go of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.refusals import actions, wording
from api.platforms.environment.refusals.records import (
    NO_STATION,
    PAGE,
    Number,
    Ticked,
    View,
    text_of,
)
from api.platforms.environment.refusals.wording import particulars
from api.services import Services, ServicesOf
from api.web import tables
from api.web.forms import NotAccepted
from api.web.rendering import link, page
from config.vocabulary.refusals import Reason
from ingest.journal.refusal import Letter, Outcome, OutOfReach

MOST_SHOWN = 4000
"""Characters of a body."""
ADDRESS = "/operations/refusals"
router = APIRouter(prefix=ADDRESS, include_in_schema=False)


class Shown(View):
    """The address of the list; after something was done, with what came of it."""

    done: Literal["", "replayed", "forgotten"] = ""
    letters: Number = 0
    readings: Number = 0
    again: Number = 0
    left: Number = 0


Viewer = Annotated[Account, require(EnvironmentPermission.SEE_REFUSALS)]
Handler = Annotated[Account, require(EnvironmentPermission.HANDLE_REFUSALS)]


@router.get("", response_class=HTMLResponse)
def refusals(
    shown: Annotated[Shown, Query()], request: Request, services: ServicesOf, account: Viewer
) -> HTMLResponse:
    """The newest first, a page at a time, of a station, a reason, or all."""
    return _list(request, services, account, shown)


@router.get(".{form}")
def exported(
    form: tables.Form,
    view: Annotated[View, Query()],
    request: Request,
    services: ServicesOf,
    account: Viewer,
) -> Response:
    """The newest letters of a station, a reason, or all, as a table for a spreadsheet; the list
    with its words where the core does not answer.
    """
    try:
        letters, more = actions.exported(services, view)
    except OutOfReach:
        return _list(request, services, account, Shown(**view.model_dump()), "away")
    total = None if more else len(letters)
    sheet = wording.table(services, letters)
    return tables.download(
        services.words, "refusals", form, sheet, total=total, most=actions.MOST_EXPORTED
    )


@router.post("/replay", dependencies=[SameOrigin], response_model=None)
def replay(
    ticked: Annotated[Ticked, Form()], request: Request, services: ServicesOf, account: Handler
) -> HTMLResponse | RedirectResponse:
    """Send them through the intake once more."""

    def act() -> Outcome:
        return actions.replay(services, account, ticked.meant())

    return _done(request, services, account, ticked, "replayed", act)


@router.post("/forget", dependencies=[SameOrigin], response_model=None)
def forget(
    ticked: Annotated[Ticked, Form()], request: Request, services: ServicesOf, account: Handler
) -> HTMLResponse | RedirectResponse:
    """Let go of them for good."""

    def act() -> Outcome:
        return actions.forget(services, account, ticked.meant(), ticked.reasoned())

    return _done(request, services, account, ticked, "forgotten", act)


def _done(
    request: Request,
    services: Services,
    account: Account,
    ticked: Ticked,
    done: str,
    act: Callable[[], Outcome],
) -> HTMLResponse | RedirectResponse:
    """Back to the list with what came of it, or the list with what is lacking."""
    try:
        outcome = act()
    except (NotAccepted, OutOfReach) as error:
        wrong = error.key if isinstance(error, NotAccepted) else "away"
        view = Shown(station=ticked.station, reason=ticked.reason)
        answer = _list(request, services, account, view, wrong, ticked.ids)
        answer.status_code = 422 if isinstance(error, NotAccepted) else 503
        return answer
    kept = {"station": ticked.station, "reason": ticked.reason, "done": done}
    numbers = {name: getattr(outcome, name) for name in ("letters", "readings", "again", "left")}
    return RedirectResponse(link(request, f"{ADDRESS}?{urlencode(kept | numbers)}"), 303)


def _list(
    request: Request,
    services: Services,
    account: Account,
    view: Shown,
    wrong: str = "",
    ids: Sequence[str] = (),
) -> HTMLResponse:
    try:
        letters, following = actions.listed(services, view.chosen(), PAGE)
        away = False
    except OutOfReach:
        letters, following, away = [], None, True
    answer = page(
        request,
        services.words,
        "environment/refusals.html",
        **frame(request, services, account),
        view=view,
        rows=[_row(services, letter) for letter in letters],
        following=following,
        newest=letters[0].n if letters else 0,
        every=not view.before and (view.station or view.reason),
        away=away or wrong == "away",
        wrong=wrong if wrong != "away" else "",
        stations=services.catalogue.stations,
        no_station=NO_STATION,
        reasons=list(Reason),
        ids=ids,
    )
    if away:
        answer.status_code = 503
    return answer


def _row(services: Services, letter: Letter) -> dict[str, Any]:
    body = text_of(letter.refusal.payload)
    return {
        "letter": letter.refusal,
        "particulars": particulars(services, letter.refusal.details),
        "body": body[:MOST_SHOWN],
        "cut": len(body) > MOST_SHOWN,
    }
