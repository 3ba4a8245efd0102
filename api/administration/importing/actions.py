"""Actions on a spreadsheet of people: check it, and load what was checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.accounts.enrolment import people_sheet
from api.accounts.enrolment.people import Newcomer
from api.accounts.enrolment.people_sheet import FaultySheet, Known, Read
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.accounts.staffing import accounts
from api.accounts.staffing.authority import Authority
from api.administration.authority import said
from api.administration.importing.records import Checked, Line, Made, person
from api.services import Services
from api.web.forms import NotAccepted

_FIELDS = {"role": "roles", "unit": "units"}
"""Fields of a sheet by those of a refusal."""


def check(services: Services, authority: Authority, file: str, content: bytes) -> Checked:
    """The outcome that a file would have; nothing is changed."""
    words = services.words
    known = Known.of(services.roles, Units(services.state).all())
    try:
        read = people_sheet.read(file, content, known)
    except FaultySheet as error:
        lines = (
            Line(of.row, of.column, of.what(words), of.remedy(words)) for of in error.mistakes
        )
        return Checked(file, faults=tuple(lines))
    if faults := tuple(_beyond(services, authority, read)):
        return Checked(file, faults=faults)
    people = [of for _, of in read.people]
    there = People(services.state).names([of.username for of in people])
    return Checked(
        file,
        tuple(of for of in people if of.username not in there),
        tuple(of for of in people if of.username in there),
    )


def load(authority: Authority, people: Sequence[Newcomer]) -> tuple[Made, ...]:
    """Give an account to each who has none, or to nobody.

    Raises:
        NotAccepted: units, roles or the administrator's own rights are others by now.
    """
    drawn = accounts.create(authority, [person(of) for of in people])
    return tuple(
        Made(of.username, of.name, drawn[of.username]) for of in people if of.username in drawn
    )


def _beyond(services: Services, authority: Authority, read: Read) -> Iterator[Line]:
    """Rows that are good by themselves and that this administrator may not load."""
    for number, newcomer in read.people:
        try:
            accounts.check_new(authority, person(newcomer))
        except NotAccepted as refused:
            where = refused.faults[0].where
            column = read.columns.get(_FIELDS.get(where, where), "")
            yield Line(number, column, said(services.words, refused), "")
