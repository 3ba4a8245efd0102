"""Terms, deputies, and a spreadsheet of deputies as it was checked. Pure."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

MOST = 1000
"""Deputies of a file."""
MOST_BYTES = 2 << 20
"""Of a file, and of what was checked of it."""
MOST_TERM = 99
GENDERS = ("", "female", "male")
_CODE_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"
"""Those that nobody takes for another."""
_CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class CongressTerm:
    """A term of the congress by its number; without a last day while nobody knows it."""

    number: int
    from_day: date
    until_day: date | None


@dataclass(frozen=True, slots=True)
class Deputy:
    """A person who is a deputy in a term; ``delegation`` is the id of a unit."""

    id: int
    term: int
    username: str
    delegation: str
    constituency: str
    certificate: str
    sector: str
    gender: str
    education: str
    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The deputies of a delegation, in the order of the office's list."""

    name: str
    deputies: Sequence[Deputy]


Short = Annotated[str, Meta(max_length=40)]


class Entered(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the office's spreadsheet; ``delegation`` is the id of a unit."""

    username: Annotated[str, Meta(pattern=r"^(?!token-)[a-z][a-z0-9_-]{1,39}$")]
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    delegation: Short
    constituency: Annotated[str, Meta(max_length=100)] = ""
    certificate: Short = ""
    sector: Short = ""
    gender: Short = ""
    education: Short = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One of a row of the file, by the name of its column; row 0: of the whole file. ``kind`` has
    words, with ``values``.
    """

    kind: str
    row: int = 0
    column: str = ""
    values: Mapping[str, object] = field(default_factory=dict)


class FaultySheet(Exception):
    """A spreadsheet with mistakes, all of them."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file for a term: its rows in their order, the usernames of those who have an account, and
    mistakes.
    """

    file: str
    term: int = 0
    entered: tuple[Entered, ...] = ()
    have_account: Collection[str] = ()
    mistakes: tuple[Mistake, ...] = ()

    @property
    def new(self) -> tuple[Entered, ...]:
        """Rows of people without an account."""
        return tuple(of for of in self.entered if of.username not in self.have_account)

    @property
    def known(self) -> tuple[Entered, ...]:
        """Rows of people who have one."""
        return tuple(of for of in self.entered if of.username in self.have_account)


@dataclass(frozen=True, slots=True)
class Made:
    """Somebody who got an account, with the first password."""

    username: str
    name: str
    password: str


def drawn_code() -> str:
    """A random code for a deputy's page of opinions."""
    return "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))


def written(entered: Sequence[Entered]) -> str:
    """Rows that were checked, as the page hands them back to be loaded."""
    return msgspec.json.encode(entered).decode()


def handed_back(text: str) -> list[Entered]:
    """The same, read.

    Raises:
        NotAccepted: it is not what a page had written.
    """
    try:
        found = msgspec.json.decode(text, type=list[Entered])
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise _changed() from error
    if len(found) > MOST or any(of.gender not in GENDERS for of in found):
        raise _changed()
    return found


def _changed() -> NotAccepted:
    fault = Fault("deputies", "is not what was checked", "check the file again")
    return NotAccepted(fault, "changed")
