"""The page of machine tokens: what there is, a new one, and the end of one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.accounts.records import Account
from api.administration.permission import AdministrationPermission
from api.administration.tokens import actions, wording
from api.administration.tokens.records import LONGEST_NAME, MOST_DAYS, NewToken
from api.authentication.requests import SameOrigin, require
from api.frame import frame
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted
from api.web.rendering import link, page
from config.vocabulary.time import day_of

ADDRESS = "/tokens"
router = APIRouter(prefix=ADDRESS, include_in_schema=False)
Administrator = Annotated[Account, require(AdministrationPermission.MANAGE_TOKENS)]
TokenId = Annotated[int, Path(ge=1, le=MOST_ID)]


@router.get("", response_class=HTMLResponse)
def tokens(request: Request, services: ServicesOf, account: Administrator) -> HTMLResponse:
    """Every token, and a form for a new one."""
    return _shown(request, services, account, NewToken())


@router.post("", dependencies=[SameOrigin])
def create(
    written: Annotated[NewToken, Form()],
    request: Request,
    services: ServicesOf,
    account: Administrator,
) -> HTMLResponse:
    """The page with the secret, which nothing shows again; or the form with what is wrong."""
    try:
        made = actions.create(services, request.app.state.roster, account, written)
    except NotAccepted as refused:
        said = services.words(f"administration.tokens.wrong-{refused.key}", most=MOST_DAYS)
        wrong = {refused.faults[0].where: said}
        answer = _shown(request, services, account, written, wrong)
        answer.status_code = 422
        return answer
    return _shown(request, services, account, NewToken(), {}, made)


@router.post("/{token_id}/end", dependencies=[SameOrigin])
def end(
    token_id: TokenId, request: Request, services: ServicesOf, account: Administrator
) -> RedirectResponse:
    """End it; one that has ended meanwhile is as good."""
    actions.end(services, account, token_id)
    return RedirectResponse(link(request, ADDRESS), 303)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    written: NewToken,
    wrong: dict[str, str] | None = None,
    made: actions.Made | None = None,
) -> HTMLResponse:
    offered = actions.offer(services, request.app.state.roster, account)
    today = date.fromisoformat(day_of(services.now_ms()))
    return page(
        request,
        services.words,
        "administration/tokens.html",
        **frame(request, services, account),
        lines=wording.lines(services, actions.listed(services, account), offered),
        choices=wording.choices(services, offered),
        tables=wording.tables(services, offered),
        units=[(of, services.words.name(name)) for of, name in offered.units.items()],
        offered=offered,
        today=today,
        latest=today + timedelta(days=MOST_DAYS),
        longest=LONGEST_NAME,
        written=written,
        wrong=wrong or {},
        made=made,
    )
