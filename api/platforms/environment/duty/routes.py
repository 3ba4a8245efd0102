"""The duty calendar over the API; instants in UTC epoch ms, days ISO text of the district.

What is asked with ``known_ms`` is answered as it was known then. Nothing is changed or removed:
each change is an entry that holds from its saving on at the earliest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from alerting.duty.calendar import Calendar
from alerting.duty.records import Entry
from alerting.duty.repository import ChangedMeanwhile, UnknownPosition
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.platforms.environment.duty import actions
from api.platforms.environment.duty.records import (
    DaysGiven,
    EndGiven,
    Instant,
    RotaGiven,
    SubstituteGiven,
    SwapGiven,
    WithdrawGiven,
)
from api.platforms.environment.duty.schemas import (
    EntryState,
    GapState,
    PositionState,
    ShiftState,
    entry_state,
    gap_state,
    position_state,
    shift_state,
)
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services, ServicesOf
from api.web.declared import SomebodyWasFirst
from api.web.forms import NotAccepted
from config.vocabulary.time import DAY_MS, FOR_EVER_MS

LONGEST_MS = 400 * DAY_MS
Viewer = Annotated[Account, require(EnvironmentPermission.SEE_DUTY)]
Manager = Annotated[Account, require(EnvironmentPermission.MANAGE_DUTY)]
router = APIRouter(prefix="/duty", tags=["duty"], dependencies=[SameOrigin])


@router.get("/positions")
def positions(services: ServicesOf, _who: Viewer) -> list[PositionState]:
    """Every position, also those that ended, with who is on duty now."""
    now = services.now_ms()
    found = services.duty.calendars()
    return [position_state(calendar, now) for calendar in found.values()]


@router.get("/gaps")
def gaps(services: ServicesOf, _who: Viewer) -> list[GapState]:
    """Where nobody is on duty within the next 14 days, or somebody who cannot be."""
    return [gap_state(gap) for gap in actions.gaps(services, actions.people(services))]


@router.get("/positions/{position}/shifts")
def shifts(
    position: str,
    from_ms: Annotated[Instant, Query()],
    until_ms: Annotated[Instant, Query()],
    services: ServicesOf,
    _who: Viewer,
    known_ms: Annotated[Instant | None, Query()] = None,
) -> list[ShiftState]:
    """Who is on duty in a span of 400 days at most; there are holes where nothing is kept."""
    if not 0 <= until_ms - from_ms <= LONGEST_MS:
        raise HTTPException(422, "until_ms: must follow from_ms within 400 days; mend one of them")
    calendar = _find(services, position)
    known = FOR_EVER_MS if known_ms is None else known_ms
    return [shift_state(shift) for shift in calendar.shifts(from_ms, until_ms, known)]


@router.get("/positions/{position}/history")
def history(position: str, services: ServicesOf, _who: Viewer) -> list[EntryState]:
    """Every change of a position, the newest first."""
    calendar = _find(services, position)
    return [entry_state(calendar, entry) for entry in reversed(calendar.entries)]


@router.post("/positions")
def make(given: RotaGiven, services: ServicesOf, who: Manager) -> EntryState:
    """Keep a new position."""
    return _saved(lambda: actions.save_rota(services, who, "", given))


@router.post("/positions/{position}/rota")
def rota(position: str, given: RotaGiven, services: ServicesOf, who: Manager) -> EntryState:
    """Another order of people, from a day on."""
    return _saved(lambda: actions.save_rota(services, who, position, given))


@router.post("/positions/{position}/days")
def days(position: str, given: DaysGiven, services: ServicesOf, who: Manager) -> EntryState:
    """Set days by hand; an empty person gives a day back to the order."""
    return _saved(lambda: actions.save_days(services, who, position, given))


@router.post("/positions/{position}/end")
def end(position: str, given: EndGiven, services: ServicesOf, who: Manager) -> EntryState:
    """Keep a position no more."""
    return _saved(lambda: actions.end(services, who, position, given))


@router.post("/positions/{position}/substitutes")
def substitute(
    position: str, given: SubstituteGiven, services: ServicesOf, who: Manager
) -> EntryState:
    """Let somebody stand in."""
    return _saved(lambda: actions.substitute(services, who, position, given))


@router.post("/positions/{position}/swaps")
def swap(position: str, given: SwapGiven, services: ServicesOf, who: Manager) -> EntryState:
    """Let two people take each other's span; each names who holds it now."""
    return _saved(lambda: actions.swap(services, who, position, given))


@router.post("/positions/{position}/withdrawals")
def withdraw(
    position: str, given: WithdrawGiven, services: ServicesOf, who: Manager
) -> EntryState:
    """Take a substitute or a swap back, from now on."""
    return _saved(lambda: actions.withdraw(services, who, position, given))


def _saved(act: Callable[[], Entry]) -> EntryState:
    try:
        entry = act()
    except UnknownPosition as error:
        raise HTTPException(404, str(error)) from error
    except ChangedMeanwhile as first:
        raise SomebodyWasFirst(str(first), by=first.by, at_ms=first.at_ms) from first
    except NotAccepted as refused:
        raise HTTPException(422, str(refused)) from refused
    return entry_state(Calendar(entry.position, [entry]), entry)


def _find(services: Services, position: str) -> Calendar:
    found = services.duty.calendar(position)
    if found is None:
        raise HTTPException(404, f"unknown position {position!r}; see /api/v1/duty/positions")
    return found
