"""Substitutes and swaps on top of a rota, and how they are taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse

from alerting.duty.calendar import Calendar, hours
from alerting.duty.records import Entry
from api.authentication.requests import SameOrigin
from api.platforms.environment.duty import actions
from api.platforms.environment.duty.pages.duty_page import (
    ADDRESS,
    LISTED_MS,
    Answer,
    DutyPage,
    Managing,
)
from api.platforms.environment.duty.pages.seeing import history_page
from api.platforms.environment.duty.records import (
    Instant,
    SubstituteForm,
    SwapForm,
    WithdrawGiven,
    local,
    written,
)
from api.web.forms import NotAccepted

router = APIRouter(prefix=ADDRESS, include_in_schema=False)

AskedInstant = Annotated[Instant, Query()]


@dataclass(frozen=True, slots=True)
class Change:
    """The change of a swap for one of its two people: spans given and taken, and hours in all of
    the time that is listed.
    """

    name: str
    gives: str
    takes: str
    before: str
    after: str


@router.get("/{position}/substitute", response_class=HTMLResponse)
def substitute(
    position: str, duty: Managing, from_ms: AskedInstant = 0, until_ms: AskedInstant = 0
) -> HTMLResponse:
    """The form of a substitute, with a shift filled in."""
    calendar = duty.find(position)
    held = calendar.shifts(max(from_ms, duty.now_ms), min(until_ms, from_ms + LISTED_MS))
    begin = local(from_ms) if held and from_ms > duty.now_ms else ""
    given = {"begin": begin, "end": local(until_ms) if held else ""}
    return _substitute_form(duty, calendar, given, {})


@router.post("/{position}/substitute", dependencies=[SameOrigin], response_model=None)
def save_substitute(
    position: str, given: Annotated[SubstituteForm, Form()], duty: Managing
) -> Answer:
    """Let somebody stand in."""

    def act() -> Entry:
        return actions.substitute(duty.services, duty.account, position, given.given())

    def again(anew: DutyPage, wrong: Mapping[str, str]) -> HTMLResponse:
        return _substitute_form(anew, anew.find(position), given.model_dump(), wrong)

    return duty.done("substitute", act, again, given.begin[:7])


@router.get("/{position}/swap", response_class=HTMLResponse)
def swap(position: str, asked: Annotated[SwapForm, Query()], duty: Managing) -> HTMLResponse:
    """The form of a swap; with both shifts chosen, how it would be."""
    calendar = duty.find(position)
    wrong: Mapping[str, str] = {}
    preview: tuple[Change, ...] = ()
    if asked.one or asked.other:
        try:
            preview = _preview(duty, calendar, asked)
        except NotAccepted as refused:
            wrong = duty.said(refused)
    return _swap_form(duty, calendar, asked, wrong, preview)


@router.post("/{position}/swap", dependencies=[SameOrigin], response_model=None)
def save_swap(position: str, given: Annotated[SwapForm, Form()], duty: Managing) -> Answer:
    """Let two people take each other's shift."""

    def act() -> Entry:
        return actions.swap(duty.services, duty.account, position, given.given())

    def again(anew: DutyPage, wrong: Mapping[str, str]) -> HTMLResponse:
        return _swap_form(anew, anew.find(position), given, wrong, ())

    return duty.done("swap", act, again)


@router.post("/{position}/withdraw", dependencies=[SameOrigin], response_model=None)
def withdraw(position: str, given: Annotated[WithdrawGiven, Form()], duty: Managing) -> Answer:
    """Take a substitute or a swap back."""

    def act() -> Entry:
        return actions.withdraw(duty.services, duty.account, position, given)

    def again(anew: DutyPage, wrong: Mapping[str, str]) -> HTMLResponse:
        return history_page(anew, position, wrong)

    return duty.done("withdrawn", act, again)


def _substitute_form(
    duty: DutyPage, calendar: Calendar, given: Mapping[str, object], wrong: Mapping[str, str]
) -> HTMLResponse:
    names = {"from_ms": "begin", "until_ms": "end"}
    return duty.shown(
        "duty_substitute.html",
        calendar=calendar,
        given=given,
        wrong={names.get(field, field): said for field, said in wrong.items()},
    )


def _swap_form(
    duty: DutyPage,
    calendar: Calendar,
    asked: SwapForm,
    wrong: Mapping[str, str],
    preview: tuple[Change, ...],
) -> HTMLResponse:
    saying = duty.saying
    shifts = [
        (
            written(shift.from_ms, shift.until_ms, shift.person),
            f"{saying.person(shift.person)} · {saying.span(shift.from_ms, shift.until_ms)}",
        )
        for shift in duty.ahead(calendar)
        if shift.person and shift.from_ms > duty.now_ms
    ]
    return duty.shown(
        "duty_swap.html",
        calendar=calendar,
        asked=asked,
        shifts=shifts,
        wrong=wrong,
        preview=preview,
    )


def _preview(duty: DutyPage, calendar: Calendar, asked: SwapForm) -> tuple[Change, ...]:
    """How it would be.

    Raises:
        NotAccepted: it does not hold.
    """
    given, saying = asked.given(), duty.saying
    after = actions.swapped(duty.services, calendar, given)
    until_ms = max(given.one.until_ms, given.other.until_ms, duty.now_ms + LISTED_MS)
    was, will = (hours(of.shifts(duty.now_ms, until_ms)) for of in (calendar, after))
    return tuple(
        Change(
            saying.person(gives.person),
            saying.span(gives.from_ms, gives.until_ms),
            saying.span(takes.from_ms, takes.until_ms),
            saying.hours(was.get(gives.person, 0)),
            saying.hours(will.get(gives.person, 0)),
        )
        for gives, takes in ((given.one, given.other), (given.other, given.one))
    )
