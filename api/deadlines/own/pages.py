"""The page of one's deadlines, of a reckoning, and the feed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, SignedIn, require
from api.deadlines import explaining, wording
from api.deadlines.opening import deadlines_of
from api.deadlines.own import actions, repository
from api.deadlines.own.records import Show, start_of
from api.deadlines.own.wording import feed as feed_of
from api.deadlines.permission import DeadlinePermission
from api.frame import frame
from api.services import Services, ServicesOf, into
from api.web.forms import LAST_MS, MOST_ID, NotAccepted
from api.web.rendering import link, page
from config.catalogue.words import LANGUAGES
from config.vocabulary.time import day_of

router = APIRouter(include_in_schema=False)
Viewer = Annotated[Account, require(DeadlinePermission.SEE_RULES)]


@router.get("/", response_class=HTMLResponse)
def own(
    request: Request,
    services: ServicesOf,
    account: SignedIn,
    show: Show = "mine",
    after_ms: Annotated[int, Query(ge=0, le=LAST_MS)] = 0,
    after: Annotated[int, Query(ge=0, le=MOST_ID)] = 0,
    done: Annotated[str, Query(pattern="^(renewed)?$")] = "",
) -> HTMLResponse:
    """Deadlines, the first due first."""
    roster = request.app.state.roster
    found, more = actions.listed(roster, services, account, show, (after_ms, after))
    token = actions.link(services, account)
    return page(
        request,
        services.words,
        "deadlines/deadlines.html",
        **frame(request, services, account),
        show=show,
        lines=[wording.line(services.words, one, services.now_ms()) for one in found],
        last=found[-1] if more else None,
        first=not after,
        feed=_address(request, services, token) if token else "",
        done=done,
    )


@router.get("/reckon", response_class=HTMLResponse)
def reckon(
    request: Request,
    services: ServicesOf,
    account: Viewer,
    rule: Annotated[str, Query(max_length=100)],
    start: Annotated[str, Query(alias="from", max_length=30)] = "",
) -> HTMLResponse:
    """When a term would be due that began on a day; without one, today."""
    with services.state.read() as connection:
        held = deadlines_of(services).rulebook.all(connection).get(rule)
    if held is None:
        raise HTTPException(404, f"there is no rule {rule!r}; see /deadlines/rules")
    wrong, reckoned = {}, None
    try:
        start = start or _now(services, hours=held.rule.unit == "hour")
        _, reckoned = actions.reckoned(services, rule, start_of(held.rule, start))
    except NotAccepted as refused:
        wrong = {"from": services.words(f"deadlines.wrong-{refused.key}", **refused.values)}
    answer = page(
        request,
        services.words,
        "deadlines/reckon.html",
        **frame(request, services, account),
        held=held,
        title=explaining.title(services.words, held.rule),
        term=explaining.term(services.words, held.rule),
        start=start,
        due=explaining.due(services.words, held.rule, reckoned) if reckoned else "",
        steps=wording.steps(services.words, reckoned) if reckoned else [],
        reckoned=reckoned,
        wrong=wrong,
    )
    answer.status_code = 422 if wrong else 200
    return answer


@router.post("/feed/renew", dependencies=[SameOrigin])
def renew(request: Request, services: ServicesOf, account: SignedIn) -> RedirectResponse:
    """Let one's earlier links end."""
    actions.renew_links(services, account)
    return RedirectResponse(link(request, "/?done=renewed"), 303)


@router.get("/feed/{token}.ics")
def feed(token: str, request: Request, services: ServicesOf) -> Response:
    """The deadlines of a person, for whoever has the link."""
    username = actions.opened(services, token)
    if username is None:
        raise HTTPException(404, "this link opens nothing, or nothing any more")
    wished = repository.language(services.state, username)
    reader = into(
        services, next((of for of in LANGUAGES if of == wished), services.words.language)
    )
    found = actions.mine(services, Account(username, ""))
    appointments = [
        of for each in request.app.state.roster for of in each.calendar(reader, username)
    ]
    site, now_ms = services.catalogue.site.id, services.now_ms()
    body = feed_of(reader.words, found, appointments, site, now_ms)
    return Response(body, media_type="text/calendar; charset=utf-8")


def _now(services: Services, *, hours: bool) -> str:
    now_ms = services.now_ms()
    return wording.local(now_ms) if hours else day_of(now_ms)


def _address(request: Request, services: Services, token: str) -> str:
    site = services.public.url or str(request.base_url).rstrip("/")
    return f"{site}{link(request, f'/feed/{token}.ics')}"
