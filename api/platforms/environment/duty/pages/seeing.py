"""Who is on duty: a month, one's own shifts, the history, and the feeds of calendars."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from alerting.duty.calendar import Calendar
from alerting.duty.records import moved_days
from api.accounts.repositories.people import People
from api.authentication.requests import SameOrigin
from api.platforms.environment.duty import actions, wording
from api.platforms.environment.duty.pages.desk import ADDRESS, Asked, Desk, Seeing
from api.platforms.environment.duty.records import OWN, Done, month_of
from api.platforms.environment.duty.repository import language_of
from api.platforms.environment.duty.wording import Boxes, Saying, name_of
from api.services import Services, ServicesOf
from api.web.rendering import link
from config.catalogue.words import LANGUAGES, Words

router = APIRouter()
_OFF_DAYS = 60
"""So far ahead a notice that came after the rota is told."""


@router.get("", response_class=HTMLResponse)
def duty(desk: Seeing, position: Asked = "", month: Asked = "", done: Done = "") -> HTMLResponse:
    """A month of a position, who is on duty now, and the gaps ahead."""
    kept = desk.kept()
    chosen = desk.find(position) if position else next(iter(kept), None)
    first = month_of(month, desk.today)
    days, own = desk.services.working_days, desk.account.username
    boxes = Boxes(desk.saying, days, desk.who_can, own)
    return desk.shown(
        "duty.html",
        chosen=chosen,
        positions=kept,
        now=[(of, *of.now_and_next(desk.now_ms)) for of in kept],
        gaps=[desk.saying.gap(gap) for gap in actions.gaps(desk.services, desk.who_can)],
        first=first,
        before=f"{first - timedelta(days=1):%Y-%m}",
        behind=f"{first + timedelta(days=31):%Y-%m}",
        boxes=boxes.month(chosen, first) if chosen else [],
        moved=chosen is not None and _moved(desk, chosen),
        done=done,
    )


@router.get("/own", response_class=HTMLResponse)
def own(desk: Seeing, done: Done = "") -> HTMLResponse:
    """One's own shifts, and the links by which a phone's calendar subscribes."""
    now, kept = desk.now_ms, desk.kept()
    mine = [
        (name_of(of, shift.from_ms), shift)
        for of in kept
        for shift in desk.ahead(of)
        if shift.person == desk.account.username
    ]
    mine.sort(key=lambda row: row[1].from_ms)
    scopes = [(OWN, desk.services.words("duty.own"))]
    scopes += [(of.position, name_of(of, now)) for of in kept]
    links = [
        (name, _address(desk, token))
        for scope, name in scopes
        if (token := actions.link(desk.services, desk.account, scope))
    ]
    return desk.shown("duty_own.html", mine=mine, links=links, done=done)


@router.post("/feed/renew", dependencies=[SameOrigin])
def renew(desk: Seeing) -> RedirectResponse:
    """Let one's earlier links end."""
    actions.renew_links(desk.services, desk.account)
    return RedirectResponse(link(desk.request, f"{ADDRESS}/own?done=renewed"), 303)


@router.get("/feed/{token}.ics")
def feed(token: str, request: Request, services: ServicesOf) -> Response:
    """The shifts of a person or a position, for whoever has the link."""
    found = actions.opened(services, token)
    if found is None:
        raise HTTPException(404, "this link opens nothing, or nothing any more")
    username, scope = found
    calendars = services.duty.calendars()
    if scope != OWN:
        calendars = {scope: calendars[scope]} if scope in calendars else {}
    named = sorted(set(wording.usernames(calendars.values())))
    names = People(services.state).names(named)
    saying = Saying(_words(request, services, username), names, services.now_ms())
    whose = username if scope == OWN else None
    body = wording.feed(saying, calendars.values(), services.catalogue.site.id, whose)
    return Response(body, media_type="text/calendar; charset=utf-8")


@router.get("/{position}/history", response_class=HTMLResponse)
def history(position: str, desk: Seeing) -> HTMLResponse:
    """Every change of a position, the newest first."""
    return history_page(desk, position, {})


def history_page(desk: Desk, position: str, wrong: Mapping[str, str]) -> HTMLResponse:
    """The same, with what was refused."""
    calendar = desk.find(position)
    lines = [desk.saying.history(calendar, entry) for entry in reversed(calendar.entries)]
    return desk.shown(
        "duty_history.html",
        calendar=calendar,
        lines=lines,
        lives=calendar.lives(desk.now_ms),
        wrong=wrong,
    )


def _moved(desk: Desk, calendar: Calendar) -> bool:
    """Whether the days off of the weeks ahead are others than when the rota was saved."""
    rota = calendar.latest()
    if rota is None or rota.ended or not rota.off_people:
        return False
    today = desk.today.isoformat()
    until = (desk.today + timedelta(days=_OFF_DAYS)).isoformat()
    known = moved_days(desk.services.working_days, (), today)
    return {of for of in rota.moved if today <= of < until} != {of for of in known if of < until}


def _address(desk: Desk, token: str) -> str:
    site = desk.services.public.url or str(desk.request.base_url).rstrip("/")
    return f"{site}{link(desk.request, f'{ADDRESS}/feed/{token}.ics')}"


def _words(request: Request, services: Services, username: str) -> Words:
    """In the language that the person chose, else in the site's."""
    site: Services = request.app.state.services
    chosen = language_of(services.state, username)
    found = next((of for of in LANGUAGES if of == chosen), site.words.language)
    return services.words.into(found)
