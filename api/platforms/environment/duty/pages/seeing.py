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
from api.platforms.environment.duty.pages.duty_page import ADDRESS, Asked, DutyPage, Seeing
from api.platforms.environment.duty.records import OWN, Done, month_of
from api.platforms.environment.duty.repository import language_of
from api.platforms.environment.duty.wording import Boxes, Saying, name_of
from api.services import Services, ServicesOf
from api.web import tables
from api.web.rendering import link
from config.catalogue.words import LANGUAGES, Words

router = APIRouter(prefix=ADDRESS, include_in_schema=False)
_OFF_DAYS = 60
"""So far ahead a notice that came after the rota is told."""


@router.get("", response_class=HTMLResponse)
def month_page(
    duty: Seeing, position: Asked = "", month: Asked = "", done: Done = ""
) -> HTMLResponse:
    """A month of a position, who is on duty now, and the gaps ahead."""
    kept = duty.kept()
    chosen = duty.find(position) if position else next(iter(kept), None)
    first = month_of(month, duty.today)
    days, own = duty.services.working_days, duty.account.username
    boxes = Boxes(duty.saying, days, duty.who_can, own)
    return duty.shown(
        "duty.html",
        chosen=chosen,
        positions=kept,
        now=[(of, *of.now_and_next(duty.now_ms)) for of in kept],
        gaps=[duty.saying.gap(gap) for gap in actions.gaps(duty.services, duty.who_can)],
        first=first,
        before=f"{first - timedelta(days=1):%Y-%m}",
        behind=f"{first + timedelta(days=31):%Y-%m}",
        boxes=boxes.month(chosen, first) if chosen else [],
        moved=chosen is not None and _moved(duty, chosen),
        done=done,
    )


@router.get(".{form}")
def exported(form: tables.Form, duty: Seeing, position: Asked = "", month: Asked = "") -> Response:
    """A month of a position, or of all, as a table for a spreadsheet."""
    kept = [duty.find(position)] if position else duty.kept()
    boxes = Boxes(duty.saying, duty.services.working_days, duty.who_can, duty.account.username)
    rows = list(wording.rows(boxes, kept, month_of(month, duty.today)))
    words = duty.services.words
    sheet = wording.HEADS.sheet(words, words("duty.rota-title"), rows)
    return tables.download(words, "duty", form, sheet, total=len(rows))


@router.get("/own", response_class=HTMLResponse)
def own(duty: Seeing, done: Done = "") -> HTMLResponse:
    """One's own shifts, and the links by which a phone's calendar subscribes."""
    now, kept = duty.now_ms, duty.kept()
    mine = [
        (name_of(of, shift.from_ms), shift)
        for of in kept
        for shift in duty.ahead(of)
        if shift.person == duty.account.username
    ]
    mine.sort(key=lambda row: row[1].from_ms)
    scopes = [(OWN, duty.services.words("duty.own"))]
    scopes += [(of.position, name_of(of, now)) for of in kept]
    links = [
        (name, _address(duty, token))
        for scope, name in scopes
        if (token := actions.link(duty.services, duty.account, scope))
    ]
    return duty.shown("duty_own.html", mine=mine, links=links, done=done)


@router.post("/feed/renew", dependencies=[SameOrigin])
def renew(duty: Seeing) -> RedirectResponse:
    """Let one's earlier links end."""
    actions.renew_links(duty.services, duty.account)
    return RedirectResponse(link(duty.request, f"{ADDRESS}/own?done=renewed"), 303)


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
def history(position: str, duty: Seeing) -> HTMLResponse:
    """Every change of a position, the newest first."""
    return history_page(duty, position, {})


def history_page(duty: DutyPage, position: str, wrong: Mapping[str, str]) -> HTMLResponse:
    """The same, with what was refused."""
    calendar = duty.find(position)
    lines = [duty.saying.history(calendar, entry) for entry in reversed(calendar.entries)]
    return duty.shown(
        "duty_history.html",
        calendar=calendar,
        lines=lines,
        lives=calendar.lives(duty.now_ms),
        wrong=wrong,
    )


def _moved(duty: DutyPage, calendar: Calendar) -> bool:
    """Whether the days off of the weeks ahead are others than when the rota was saved."""
    rota = calendar.latest()
    if rota is None or rota.ended or not rota.off_people:
        return False
    today = duty.today.isoformat()
    until = (duty.today + timedelta(days=_OFF_DAYS)).isoformat()
    known = moved_days(duty.services.working_days, (), today)
    return {of for of in rota.moved if today <= of < until} != {of for of in known if of < until}


def _address(duty: DutyPage, token: str) -> str:
    site = duty.services.public.url or str(duty.request.base_url).rstrip("/")
    return f"{site}{link(duty.request, f'{ADDRESS}/feed/{token}.ics')}"


def _words(request: Request, services: Services, username: str) -> Words:
    """In the language that the person chose, else in the site's."""
    site: Services = request.app.state.services
    chosen = language_of(services.state, username)
    found = next((of for of in LANGUAGES if of == chosen), site.words.language)
    return services.words.into(found)
