"""An import over the API as programs read it."""

from __future__ import annotations

from pydantic import BaseModel

from api.accounts.enrolment.people import Newcomer
from api.administration.importing.records import Checked, Line, Made


class NewcomerState(BaseModel):
    """Somebody who would get an account."""

    username: str
    name: str
    roles: list[str]
    units: list[str]


class FaultState(BaseModel):
    """A fault of the file; row 0: of the whole."""

    row: int
    column: str
    fault: str
    remedy: str


class ImportState(BaseModel):
    """A file: whoever is new, who has an account and keeps it, faults, and the first passwords of
    those who got one now.
    """

    new: list[NewcomerState]
    known: list[str]
    faults: list[FaultState]
    first_passwords: dict[str, str]


def import_state(checked: Checked, made: tuple[Made, ...] = ()) -> ImportState:
    """A file as the API tells it."""
    return ImportState(
        new=[_newcomer(of) for of in checked.new],
        known=[of.username for of in checked.known],
        faults=[_fault(of) for of in checked.faults],
        first_passwords={of.username: of.password for of in made},
    )


def _newcomer(of: Newcomer) -> NewcomerState:
    return NewcomerState(
        username=of.username, name=of.name, roles=list(of.roles), units=list(of.units)
    )


def _fault(of: Line) -> FaultState:
    return FaultState(row=of.row, column=of.column, fault=of.fault, remedy=of.remedy)
