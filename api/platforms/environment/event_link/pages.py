"""The page behind the link of a message.

Whoever looks at messages for threats, or shows a preview of them, fetches their links too: to be
shown the page does nothing, neither acknowledges nor counts as reading. A person counts as having
read it who acts on it, or touches, scrolls or types there, which a script of the page tells.
"""

from __future__ import annotations

import hmac
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.repositories.people import People
from api.authentication.requests import FromElsewhere, count_unknown, same_origin
from api.platforms.environment import event_story
from api.platforms.environment.acts import Remark, role_of
from api.platforms.environment.event_link import actions
from api.platforms.environment.event_link.actions import Opened
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services, ServicesOf, into
from api.web.forms import NotAccepted
from api.web.rendering import page

router = APIRouter(prefix="/e", include_in_schema=False)
Answer = HTMLResponse | RedirectResponse
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


class Sent(Remark):
    """The form of the page; ``form`` is its own secret."""

    form: str = ""


def from_own_page(request: Request) -> None:
    """A form of a page that sends no Referer names no origin either (Fetch, 3.2): then the
    browser's own word on where it comes from is asked for, if it gives one.

    Raises:
        FromElsewhere
    """
    if request.headers.get("origin") != "null":
        same_origin(request)
    elif request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise FromElsewhere("this request comes from another site; use our own pages")


OwnPage = Depends(from_own_page)


@router.get("/{token}", response_class=HTMLResponse, response_model=None)
def event(token: str, request: Request, services: ServicesOf, first: str = "") -> Answer:
    """One event for one person, or the sign-in page."""
    opened = _opened(request, services, token)
    if isinstance(opened, RedirectResponse):
        return opened
    return _shown(request, services, token, opened, first=bool(first))


@router.post("/{token}", dependencies=[OwnPage], response_model=None)
def acknowledge(
    token: str, sent: Annotated[Sent, Form()], request: Request, services: ServicesOf
) -> Answer:
    """Say that one knows of it."""
    return _answered(request, services, token, sent, "acknowledge")


@router.post("/{token}/take", dependencies=[OwnPage], response_model=None)
def take(
    token: str, sent: Annotated[Sent, Form()], request: Request, services: ServicesOf
) -> Answer:
    """Take it, which an officer's link lets do."""
    return _answered(request, services, token, sent, "take")


@router.post("/{token}/comments", dependencies=[OwnPage], response_model=None)
def comment(
    token: str, sent: Annotated[Sent, Form()], request: Request, services: ServicesOf
) -> Answer:
    """Write something beside it."""
    return _answered(request, services, token, sent, "comment")


@router.post("/{token}/read", dependencies=[OwnPage], response_model=None)
def read(
    token: str, sent: Annotated[Sent, Form()], request: Request, services: ServicesOf
) -> Response:
    """Take note that a person reads the page."""
    opened = _opened(request, services, token)
    if isinstance(opened, RedirectResponse):
        return opened
    if _is_own(services, token, opened, sent):
        actions.note_read(services, opened)
    return Response(status_code=204, headers=HEADERS)


def _answered(request: Request, services: Services, token: str, sent: Sent, act: str) -> Answer:
    opened = _opened(request, services, token)
    if isinstance(opened, RedirectResponse):
        return opened
    if not _is_own(services, token, opened, sent):
        return _shown(request, services, token, opened, sent, stale=True, status=409)
    needed = EnvironmentPermission.ACKNOWLEDGE_ALERTS
    if not opened.account.may(EnvironmentPermission.TAKE_EVENTS if act == "take" else needed):
        return _gone(opened)
    try:
        if act == "comment":
            actions.comment(services, opened, sent.needed())
            done = True
        else:
            done = actions.answer(services, opened, sent.optional(), taken=act == "take")
    except NotAccepted as refused:
        words = into(services, opened.language).words
        wrong = {refused.faults[0].where: words(f"events.wrong-{refused.key}")}
        return _shown(request, services, token, opened, sent, wrong=wrong, status=422)
    actions.note_read(services, opened)
    return RedirectResponse(f"/e/{token}{'' if done else '?first=somebody'}", 303, HEADERS)


def _opened(request: Request, services: Services, token: str) -> Opened | RedirectResponse:
    """The event behind a link, or the way to the sign-in page, which is the same for all that open
    nothing; wrong ones slow their address down.
    """
    opening = services.links.read(token, People(services.state).usernames())
    if opening is None:
        count_unknown(request)
        return _gone()
    opened = actions.opened(services, opening)
    return opened or _gone(event=opening.event)


def _gone(opened: Opened | None = None, *, event: str = "") -> RedirectResponse:
    event = opened.seen.event.id if opened else event
    to = f"/environment/events/{event}" if event else "/"
    return RedirectResponse(f"/sign-in?to={quote(to)}&why=link", 303, HEADERS)


def _is_own(services: Services, token: str, opened: Opened, sent: Sent) -> bool:
    """Whether a form is of our page, and of the round in which the event is."""
    own = services.links.form(token, opened.seen.event.round)
    return hmac.compare_digest(sent.form.encode(), own.encode())


def _shown(
    request: Request,
    services: Services,
    token: str,
    opened: Opened,
    sent: Remark | None = None,
    *,
    wrong: dict[str, str] | None = None,
    first: bool = False,
    stale: bool = False,
    status: int = 200,
) -> HTMLResponse:
    services, seen, role = into(services, opened.language), opened.seen, role_of(opened.account)
    answer = page(
        request,
        services.words,
        "environment/event_link.html",
        site=services.catalogue.site,
        token=token,
        form=services.links.form(token, seen.event.round),
        seen=seen,
        story=event_story.story(services, seen.event, seen.alerts),
        reader=opened.account,
        takes=opened.account.may(EnvironmentPermission.TAKE_EVENTS),
        own=opened.answer,
        next=event_story.next_of(services, seen, role),
        ahead=event_story.ahead_of(services, seen, role),
        history=event_story.history(services, seen, role),
        written=sent or Remark(),
        wrong=wrong or {},
        somebody_was_first=first,
        stale=stale,
    )
    answer.status_code = status
    answer.headers.update(HEADERS)
    return answer
