"""A spreadsheet of people as it was checked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from api.accounts.enrolment.people import Newcomer
from api.accounts.enrolment.people_sheet import MOST_PEOPLE
from api.accounts.records import Grant, Membership
from api.accounts.staffing.accounts import NewPerson
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

MOST_BYTES = 2 << 20
"""Of a file, and of what was checked of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A fault of the file, in words; row 0: of the whole."""

    row: int
    column: str
    fault: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A file: whoever would get an account, who has one, and its faults."""

    file: str
    new: tuple[Newcomer, ...] = ()
    known: tuple[Newcomer, ...] = ()
    faults: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """Somebody who has an account now, and the first password."""

    username: str
    name: str
    password: str


def written(people: Sequence[Newcomer]) -> str:
    """People who were checked, as the page hands them back to be loaded."""
    return msgspec.json.encode(people).decode()


def handed_back(text: str) -> list[Newcomer]:
    """The same, read.

    Raises:
        NotAccepted: it is not what a page had written.
    """
    try:
        found = msgspec.json.decode(text, type=list[Newcomer])
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise _changed() from error
    if len(found) > MOST_PEOPLE or len({of.username for of in found}) < len(found):
        raise _changed()
    return found


def person(of: Newcomer) -> NewPerson:
    """As staffing takes it: roles hold everywhere."""
    grants = tuple(Grant(role) for role in of.roles)
    return NewPerson(of.username, of.name, grants, tuple(Membership(unit) for unit in of.units))


def _changed() -> NotAccepted:
    fault = Fault("people", "is not what was checked", "check the file again")
    return NotAccepted(fault, "people")
