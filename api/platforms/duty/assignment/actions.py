"""Assign a suggestion to the unit in charge and to further units in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from api.accounts.records import Account, Unit, successors
from api.accounts.repositories.units import Units
from api.platforms.duty import repository as suggestions
from api.platforms.duty.assignment.records import MOST, Assigned
from api.platforms.duty.handling import repository as handling
from api.platforms.duty.handling.procedure import PROCEDURE as CONTRIBUTION
from api.platforms.duty.handling.records import PARTS
from api.platforms.duty.suggestions import actions as suggestion_actions
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.platforms.duty.suggestions.records import EFFORTS
from api.procedures import taking
from api.procedures.part import part_of
from api.procedures.procedure import Row
from api.procedures.taking import Acting
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of

LONGEST_TITLE = 100
_OVER = ("released",)


def assign(services: Services, account: Account, item_id: str, assigned: Assigned) -> None:
    """Assign, and ask the further units, all or nothing.

    Raises:
        NotAccepted: a unit stands twice, or there are too many.
        StepRefused: see :func:`api.procedures.taking.take`.
    """
    _check(assigned)
    with taking.acts(services, PROCEDURE, account) as acting:
        taking.take(acting, item_id, "assign", assigned.fields, assigned.version)
        row = suggestions.any_suggestion(acting.connection, int(item_id))
        _ask(acting, row, {"co": assigned.co, "separate": assigned.separate})
    suggestion_actions.done(services, item_id)


def ask(services: Services, account: Account, item_id: str, unit: str, part: str) -> Row | None:
    """Ask one more unit while a suggestion is being handled. Its row, None where the account sees
    none such.

    Raises:
        NotAccepted: the suggestion has no unit in charge, or the unit has a part already.
        StepRefused: see :func:`api.procedures.taking.begin`.
    """
    with taking.acts(services, CONTRIBUTION, account) as acting:
        row = suggestions.suggestion(acting.connection, account, item_id)
        if row is None:
            return None
        if row["unit"] is None:
            fault = Fault("unit", "nobody is in charge yet", "assign the suggestion first")
            raise NotAccepted(fault, "unassigned")
        _ask(acting, row, {part: [unit]})
    return row


def form(services: Services, account: Account, item_id: str) -> Mapping[str, Any]:
    """The values of the form.

    Raises:
        UnknownThing
    """
    part = part_of(services, account, PROCEDURE, item_id)
    today = day_of(services.now_ms())
    wished = part.row["wished_unit"] or ""
    step = next((of for of in part.following if of.step.name == "assign"), None)
    with services.state.read() as connection:
        asked = handling.contributions(connection, part.row["id"])
    return {
        "part": part,
        "row": part.row,
        "wished": successors(Units(services.state).all(), today).get(wished, wished),
        "units": [of for of in _units(services, today) if of.kind != "congress"],
        "efforts": EFFORTS,
        "parts": PARTS,
        "today": today,
        "against": step.reason if step else part.state,
        "asked": [of for of in asked if of["state"] not in _OVER],
    }


def _units(services: Services, today: str) -> Sequence[Unit]:
    words = services.words
    every = Units(services.state).all()
    return [replace(of, name=words.name(of.name)) for of in every if of.span.holds(today)]


def _check(assigned: Assigned) -> None:
    units = [*assigned.co, *assigned.separate]
    if len(set(units)) < len(units) or assigned.fields.get("unit") in units:
        fault = Fault("co", "a unit stands twice", "give each unit one part")
        raise NotAccepted(fault, "twice")
    if max(len(assigned.co), len(assigned.separate)) > MOST:
        fault = Fault("co", "are too many units", f"give {MOST} at most")
        raise NotAccepted(fault, "many", most=MOST)


def _ask(acting: Acting, row: Row, units: Mapping[str, Sequence[str]]) -> None:
    """Begin a contribution of each unit that has none; one that was asked before goes on."""
    known = {
        of["unit"]
        for of in handling.contributions(acting.connection, row["id"])
        if of["state"] not in _OVER
    }
    day = row["assigned_day"].isoformat()
    today = day_of(acting.at_ms)
    asking = replace(acting, procedure=CONTRIBUTION)
    first = row["state"] == "assigned"
    for part, ids in units.items():
        for unit in ids:
            if unit in known or unit == row["unit"]:
                continue
            taking.begin(
                asking,
                {"unit": unit, "part": part, "day": day if first else today},
                suggestion=row["id"],
                title=row["title"][:LONGEST_TITLE],
                lead_unit=row["unit"],
                secrecy=row["secrecy"],
            )
