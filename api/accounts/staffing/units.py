"""Units as an administrator makes, changes and ends them; none is ever deleted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.enrolment.units import ID
from api.accounts.records import UNIT_KINDS, Unit, succession, successors
from api.accounts.repositories.units import Units
from api.accounts.staffing.accounts import check_name
from api.accounts.staffing.appointments import check_span
from api.accounts.staffing.authority import Authority, below
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

MOST_ORDER = 99_999


def create(authority: Authority, unit: Unit) -> None:
    """Write a unit; without an order it stands behind all.

    Raises:
        NotAccepted
    """
    if not re.fullmatch(ID, unit.id):
        remedy = "write 2 to 40 small letters, digits or -, the first a letter"
        raise NotAccepted(Fault("id", "does not hold", remedy), "unit-id")
    units = Units(authority.state)
    known = units.all()
    if any(of.id == unit.id for of in known):
        raise _taken()
    _check(authority, unit, known)
    last = max((of.official_order for of in known), default=0)
    placed = unit if unit.official_order else replace(unit, official_order=last + 1)
    with authority.state.begin() as connection:
        if not units.add(connection, placed):
            raise _taken()
        _record(connection, authority, "unit.create", placed)


def change(authority: Authority, unit: Unit) -> None:
    """Write other values of a unit that there is.

    Raises:
        NotAccepted
    """
    units = Units(authority.state)
    known = units.all()
    before = next(of for of in known if of.id == unit.id)
    authority.check_unit("id", unit.id)
    _check(authority, unit, known, before)
    with authority.state.begin() as connection:
        units.put(connection, unit)
        _record(connection, authority, "unit.change", unit)


def end(
    authority: Authority, unit: Unit, last_day: str | None, successor: str | None = None
) -> None:
    """Let a unit be up to a day, None: without an end; who belongs to it stays as they are.

    Args:
        authority: of whoever acts.
        unit: as it is.
        last_day: ISO text.
        successor: the id of the unit that takes over its duties, None: nobody does.

    Raises:
        NotAccepted: the day is none, or the successor is no other unit that goes on.
    """
    authority.check_unit("id", unit.id)
    span = replace(unit.span, until_day=last_day)
    check_span(span)
    ended = replace(unit, span=span, successor=successor)
    if successor != unit.successor or last_day != unit.span.until_day:
        _check_successor(authority, ended)
    with authority.state.begin() as connection:
        Units(authority.state).put(connection, ended)
        _record(connection, authority, "unit.end", ended)


def _taken() -> NotAccepted:
    return NotAccepted(Fault("id", "is a unit's already", "choose another"), "unit-taken")


def _check(
    authority: Authority, unit: Unit, known: Iterable[Unit], before: Unit | None = None
) -> None:
    check_name(unit.name)
    if unit.kind not in UNIT_KINDS:
        raise NotAccepted(Fault("kind", "is none", "choose one of the list"), "unit-kind")
    if not 0 <= unit.official_order <= MOST_ORDER:
        fault = Fault("order", "is no place", f"write 1 to {MOST_ORDER}")
        raise NotAccepted(fault, "unit-order")
    if before and before.parent == unit.parent:
        return
    if unit.parent:
        authority.check_unit("parent", unit.parent)
        if unit.parent in below(known, unit.id):
            fault = Fault("parent", "lies below the unit itself", "choose another")
            raise NotAccepted(fault, "unit-circle")
    elif not authority.everywhere:
        fault = Fault("parent", "is empty", "choose one of your units")
        raise NotAccepted(fault, "unit-needed")


def _check_successor(authority: Authority, unit: Unit) -> None:
    if unit.successor is None:
        return
    if unit.span.until_day is None:
        fault = Fault("until_day", "is empty", "give the last day, or no successor")
        raise NotAccepted(fault, "unit-successor-day")
    authority.check_unit("successor", unit.successor)
    named = {of.id: of for of in Units(authority.state).all()} | {unit.id: unit}
    first_day = (date.fromisoformat(unit.span.until_day) + timedelta(days=1)).isoformat()
    if unit.id in succession(named, unit):
        fault = Fault("successor", "leads back to the unit itself", "choose another")
        raise NotAccepted(fault, "unit-successor-circle")
    heir = named[successors(named.values(), first_day)[unit.id]]
    if not heir.span.holds(first_day):
        fault = Fault("successor", f"{heir.id!r} is not there on {first_day}", "choose another")
        raise NotAccepted(fault, "unit-successor-gone", day=first_day)


def _record(connection: Connection, authority: Authority, action: str, unit: Unit) -> None:
    values = asdict(unit)
    values |= values.pop("span")
    del values["id"]
    audit.record(
        connection,
        by=authority.by,
        action=action,
        subject=unit.id,
        detail=json.dumps(values, ensure_ascii=False),
        at_ms=authority.now_ms,
    )
