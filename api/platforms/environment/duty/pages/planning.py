"""Who shall be on duty: an order of people, and days by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from alerting.duty.calendar import Calendar, ordered
from alerting.duty.records import Entry, Rota
from api.authentication.requests import SameOrigin
from api.platforms.environment.duty import actions
from api.platforms.environment.duty.pages.duty_page import (
    ADDRESS,
    Answer,
    Asked,
    DutyPage,
    Managing,
)
from api.platforms.environment.duty.pages.seeing import history_page
from api.platforms.environment.duty.records import EndGiven, MonthGiven, RotaGiven, month_of
from api.platforms.environment.duty.wording import Boxes

router = APIRouter(prefix=ADDRESS, include_in_schema=False)
LINES = 6
"""Of an order at least."""


@router.get("/new", response_class=HTMLResponse)
def new(duty: Managing) -> HTMLResponse:
    """The form of a new position."""
    first = (duty.today + timedelta(days=1)).isoformat()
    given = {"turn": "day", "handover": "08:30", "first_day": first}
    return _rota_form(duty, None, given, {})


@router.post("/new", dependencies=[SameOrigin], response_model=None)
def make(given: Annotated[RotaGiven, Form()], duty: Managing) -> Answer:
    """Keep a new position."""

    def act() -> Entry:
        return actions.save_rota(duty.services, duty.account, "", given)

    def again(anew: DutyPage, wrong: Mapping[str, str]) -> HTMLResponse:
        return _rota_form(anew, None, given.model_dump(), wrong)

    return duty.done("rota", act, again, given.first_day[:7])


@router.get("/{position}/rota", response_class=HTMLResponse)
def rota(position: str, duty: Managing) -> HTMLResponse:
    """The form of an order, filled in with the one that stands."""
    calendar = duty.find(position)
    latest = _latest(calendar)
    given = {
        "name": latest.name,
        "turn": latest.turn,
        "handover": "{:02}:{:02}".format(*divmod(latest.handover_minute, 60)),
        "first_day": (duty.today + timedelta(days=1)).isoformat(),
        "people": latest.people,
        "off_people": latest.off_people,
        "backup": latest.backup,
    }
    return _rota_form(duty, calendar, given, {})


@router.post("/{position}/rota", dependencies=[SameOrigin], response_model=None)
def save_rota(position: str, given: Annotated[RotaGiven, Form()], duty: Managing) -> Answer:
    """Save another order."""

    def act() -> Entry:
        return actions.save_rota(duty.services, duty.account, position, given)

    def again(anew: DutyPage, wrong: Mapping[str, str]) -> HTMLResponse:
        return _rota_form(anew, anew.find(position), given.model_dump(), wrong)

    return duty.done("rota", act, again, given.first_day[:7])


@router.get("/{position}/days", response_class=HTMLResponse)
def days(position: str, duty: Managing, month: Asked = "") -> HTMLResponse:
    """The form of a month by hand."""
    return _days_form(duty, duty.find(position), month_of(month, duty.today), {}, {})


@router.post("/{position}/days", dependencies=[SameOrigin], response_model=None)
def save_days(position: str, given: Annotated[MonthGiven, Form()], duty: Managing) -> Answer:
    """Save a month by hand."""
    month = given.day[0][:7] if given.day else ""

    def act() -> Entry:
        return actions.save_days(duty.services, duty.account, position, given.given())

    def again(anew: DutyPage, wrong: Mapping[str, str]) -> HTMLResponse:
        first = month_of(month, anew.today)
        return _days_form(anew, anew.find(position), first, given.given().days, wrong)

    return duty.done("days", act, again, month)


@router.post("/{position}/end", dependencies=[SameOrigin], response_model=None)
def end(position: str, given: Annotated[EndGiven, Form()], duty: Managing) -> Answer:
    """Keep a position no more."""

    def act() -> Entry:
        return actions.end(duty.services, duty.account, position, given)

    def again(anew: DutyPage, wrong: Mapping[str, str]) -> HTMLResponse:
        return history_page(anew, position, wrong)

    return duty.done("ended", act, again)


def _rota_form(
    duty: DutyPage, calendar: Calendar | None, given: Mapping[str, Any], wrong: Mapping[str, str]
) -> HTMLResponse:
    orders = {}
    for field in ("people", "off_people"):
        filled = [who for who in given.get(field, ()) if who]
        orders[field] = filled + [""] * max(LINES - len(filled), 2)
    by_hand = _latest(calendar).by_hand if calendar else {}
    return duty.shown(
        "duty_rota.html",
        calendar=calendar,
        given=given,
        orders=orders,
        wrong=wrong,
        by_hand=sum(day > duty.today.isoformat() for day in by_hand),
    )


def _days_form(
    duty: DutyPage,
    calendar: Calendar,
    first: date,
    chosen: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    latest = _latest(calendar)
    opens_ms = max(duty.now_ms, latest.valid_from_ms)
    boxes = Boxes(duty.saying, duty.services.working_days, duty.who_can, "")
    rows = []
    for box in boxes.month(calendar, first):
        day = date.fromisoformat(box.iso).toordinal()
        by_order, _ = ordered(latest, day)
        row = {
            "box": box,
            "chosen": chosen.get(box.iso, latest.by_hand.get(box.iso, "")),
            "ordered": duty.saying.person(by_order),
            "open": latest.begins_ms(day) >= opens_ms and not latest.ended,
        }
        rows.append(row)
    return duty.shown(
        "duty_days.html",
        calendar=calendar,
        first=first,
        before=f"{first - timedelta(days=1):%Y-%m}",
        behind=f"{first + timedelta(days=31):%Y-%m}",
        rows=rows,
        wrong=wrong,
    )


def _latest(calendar: Calendar) -> Rota:
    found = calendar.latest()
    assert found is not None, "a position begins with a rota"
    return found
