"""The register of deputies over the API."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from api.platforms.duty.deputies.records import Checked, CongressTerm, Deputy, Made, Mistake
from api.web.forms import RowId
from config.catalogue.words import Words


class TermState(BaseModel):
    """A term of the congress."""

    number: int
    from_day: date
    until_day: date | None


class DeputyState(BaseModel):
    """A deputy of a term. What is not public is null for whoever may not know it."""

    id: int
    term: int
    username: str
    name: str
    delegation: str
    constituency: str
    sector: str
    gender: str
    certificate: str | None = None
    education: str | None = None
    code: str | None = None


class RegisterState(BaseModel):
    """The deputies of a term, in the official order, and all terms."""

    terms: list[TermState]
    term: int | None
    deputies: list[DeputyState]


class TermGiven(BaseModel):
    """A term; days as ISO text, the last one empty while nobody knows it."""

    model_config = ConfigDict(extra="forbid")
    number: RowId
    from_day: str
    until_day: str = ""


class MistakeState(BaseModel):
    """A mistake of a file; row 0: of the whole."""

    row: int
    column: str
    fault: str


class LoadState(BaseModel):
    """A file: usernames of those who are new, of those who have an account, mistakes, and the
    first passwords of those who got an account now.
    """

    new: list[str]
    known: list[str]
    mistakes: list[MistakeState]
    first_passwords: dict[str, str]


def term_state(of: CongressTerm) -> TermState:
    """A term."""
    return TermState(number=of.number, from_day=of.from_day, until_day=of.until_day)


def deputy_state(of: Deputy, *, knows_all: bool) -> DeputyState:
    """A deputy as far as the caller may know."""
    found = DeputyState(
        id=of.id,
        term=of.term,
        username=of.username,
        name=of.name,
        delegation=of.delegation,
        constituency=of.constituency,
        sector=of.sector,
        gender=of.gender,
    )
    if not knows_all:
        return found
    own = {"certificate": of.certificate, "education": of.education, "code": of.code}
    return found.model_copy(update=own)


def load_state(words: Words, checked: Checked, made: tuple[Made, ...]) -> LoadState:
    """A file."""
    return LoadState(
        new=[of.username for of in checked.new],
        known=[of.username for of in checked.known],
        mistakes=[_mistake(words, of) for of in checked.mistakes],
        first_passwords={of.username: of.password for of in made},
    )


def _mistake(words: Words, of: Mistake) -> MistakeState:
    said = words(f"duty.deputies.mistake-{of.kind}", **of.values)
    return MistakeState(row=of.row, column=of.column, fault=said)
