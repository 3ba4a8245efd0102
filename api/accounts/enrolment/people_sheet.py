"""People out of a spreadsheet: who shall have an account."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import msgspec

from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Unit
from api.accounts.roles import Roles
from config.catalogue.words import LANGUAGES, Words
from config.vocabulary.errors import Fault, FaultyInput
from tabular import layout, sheets
from tabular.sheets import Cell

MOST_PEOPLE = 500
"""Of a file."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "username": ("用户名", "账号", "username"),
    "name": ("姓名", "名字", "name"),
    "roles": ("角色", "身份", "role", "roles"),
    "units": ("单位", "代表团", "unit", "units"),
}
"""By field the names that its column may have."""
_BETWEEN = re.compile(r"[、,，;；/\n]+")
"""Several roles or units in one cell."""
_SOME = 8
"""Units in a remedy."""


class Wrong(StrEnum):
    """Kinds of mistakes in a sheet of people; each has words, and those of its remedy."""

    UNREADABLE = "unreadable"
    NO_TABLE = "no-table"
    NO_COLUMN = "no-column"
    TOO_MANY = "too-many"
    UNKNOWN_ROLE = "unknown-role"
    UNKNOWN_UNIT = "unknown-unit"
    NO_ROLE = "no-role"
    TWICE = "twice"
    USERNAME = "username"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One that a sheet has, by row and column; without them it is the sheet's."""

    kind: Wrong
    row: int = 0
    column: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def fault(self, words: Words, file: str) -> Fault:
        """In a reader's language."""
        at = words("people-sheet.row", row=self.row, column=self.column) if self.row else ""
        where = f"{file}: {at}" if at else file
        return Fault(where, self.what(words), self.remedy(words))

    def what(self, words: Words) -> str:
        """The mistake in words."""
        return words(f"people-sheet.{self.kind}", **self.values)

    def remedy(self, words: Words) -> str:
        """The way out in words."""
        return words(f"people-sheet.{self.kind}-remedy", **self.values)


class FaultySheet(FaultyInput):
    """A sheet of people with mistakes; its faults are in English."""

    def __init__(self, file: str, mistakes: Sequence[Mistake]) -> None:
        words = Words.load("en")
        super().__init__([mistake.fault(words, file) for mistake in mistakes])
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True, slots=True)
class Read:
    """The people of a sheet, each with the row, and by field the name of its column."""

    people: tuple[tuple[int, Newcomer], ...]
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """The ids of roles and units, by everything they are called."""

    roles: Mapping[str, str]
    units: Mapping[str, str]
    role_names: str = ""
    unit_names: str = ""
    """Some of them for a remedy."""

    @classmethod
    def of(cls, roles: Roles, units: Sequence[Unit]) -> Known:
        """By id, and by name in each language."""
        words = [Words.load(language) for language in LANGUAGES]
        named = {
            role.said(word).lower(): role.id for word in words for role in roles.by_id.values()
        }
        return cls(
            {role: role for role in roles.by_id} | named,
            {unit.id: unit.id for unit in units} | {unit.name.lower(): unit.id for unit in units},
            " / ".join(f"{of.said(words[0])} ({of.id})" for of in roles.by_id.values()),
            " / ".join(unit.name for unit in units[:_SOME]),
        )


def load(path: Path, known: Known) -> tuple[Newcomer, ...]:
    """Every person of the sheet with most rows.

    Raises:
        FaultyInput: with every fault of the file at once, each with row, column and remedy.
    """
    found = _read(path, layout.layout(sheets.read(path)), known)
    return tuple(person for _, person in found.people)


def read(file: str, content: bytes, known: Known) -> Read:
    """The same of a file's content.

    Raises:
        FaultySheet: with every mistake at once.
    """
    path = Path(file)
    try:
        parts = sheets.parsed(path, content)
    except FaultyInput as error:
        raise FaultySheet(file, [Mistake(Wrong.UNREADABLE)]) from error
    try:
        found = layout.layout(parts)
    except FaultyInput as error:
        raise FaultySheet(file, [Mistake(Wrong.NO_TABLE)]) from error
    return _read(path, found, known)


def _read(path: Path, found: layout.Layout, known: Known) -> Read:
    columns = _columns(path, found)
    names = {key: found.columns[index].name for key, index in columns.items()}
    rows = list(found.data())
    if len(rows) > MOST_PEOPLE:
        most = {"most": str(MOST_PEOPLE)}
        raise FaultySheet(path.name, [Mistake(Wrong.TOO_MANY, values=most)])
    mistakes: list[Mistake] = []
    people: dict[str, tuple[int, Newcomer]] = {}
    for number, cells in rows:
        texts = {key: _text(cells[index]) for key, index in columns.items()}
        wrong = list(_wrong(texts, known, people))
        mistakes += [Mistake(kind, number, names[key], values) for key, kind, values in wrong]
        if not wrong:
            roles = tuple(known.roles[of.lower()] for of in _several(texts["roles"]))
            units = tuple(known.units[of.lower()] for of in _several(texts["units"]))
            person = Newcomer(texts["username"], texts["name"], roles, units)
            people[person.username] = number, person
    if mistakes:
        raise FaultySheet(path.name, mistakes)
    return Read(tuple(people.values()), names)


def _columns(path: Path, found: layout.Layout) -> Mapping[str, int]:
    """Index by field."""
    names = [column.name.lower() for column in found.columns]
    at: dict[str, int] = {}
    mistakes: list[Mistake] = []
    for key, heads in COLUMNS.items():
        index = next((names.index(head) for head in heads if head in names), None)
        if index is None:
            values = {"field": key, "head": heads[0], "heads": " / ".join(heads)}
            mistakes.append(Mistake(Wrong.NO_COLUMN, values=values))
        else:
            at[key] = index
    if mistakes:
        raise FaultySheet(f"{path.name}: {found.sheet.name}", mistakes)
    return at


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()


def _several(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _wrong(
    texts: Mapping[str, str], known: Known, people: Collection[str]
) -> Iterator[tuple[str, Wrong, Mapping[str, str]]]:
    """Fields that do not hold, each with what is wrong."""
    for key, names, kind in (
        ("roles", known.role_names, Wrong.UNKNOWN_ROLE),
        ("units", known.unit_names, Wrong.UNKNOWN_UNIT),
    ):
        ids = known.roles if key == "roles" else known.units
        for one in _several(texts[key]):
            if one.lower() not in ids:
                yield key, kind, {"given": one, "known": names}
    if not _several(texts["roles"]):
        yield "roles", Wrong.NO_ROLE, {"known": known.role_names}
    if texts["username"] in people:
        yield "username", Wrong.TWICE, {"given": texts["username"]}
    for key, kind in (("username", Wrong.USERNAME), ("name", Wrong.NAME)):
        try:
            msgspec.convert({"username": "nobody", "name": "-"} | {key: texts[key]}, Newcomer)
        except msgspec.ValidationError:
            yield key, kind, {"given": texts[key]}
