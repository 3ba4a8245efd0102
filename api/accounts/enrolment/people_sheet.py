"""People out of a spreadsheet: who shall have an account."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Unit
from api.accounts.roles import Roles
from config.catalogue.words import LANGUAGES, Words
from config.vocabulary.errors import Fault, FaultyInput
from tabular import layout, sheets
from tabular.sheets import Cell

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "username": ("用户名", "账号", "username"),
    "name": ("姓名", "名字", "name"),
    "roles": ("角色", "身份", "role", "roles"),
    "units": ("单位", "代表团", "unit", "units"),
}
"""By field the names that its column may have."""
_REMEDIES = {
    "username": "write 2 to 40 small letters, digits, - or _, the first a letter",
    "name": "write the name",
}
_BETWEEN = re.compile(r"[、,，;；/\n]+")
"""Several roles or units in one cell."""


@dataclass(frozen=True, slots=True)
class Known:
    """The ids of roles and units, by everything they are called."""

    roles: Mapping[str, str]
    units: Mapping[str, str]

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
        )


def load(path: Path, known: Known) -> tuple[Newcomer, ...]:
    """Every person of the sheet with most rows.

    Raises:
        FaultyInput: with every fault of the file at once, each with row, column and remedy.
    """
    found = layout.layout(sheets.read(path))
    names = [column.name.lower() for column in found.columns]
    at = {field: _column(names, heads) for field, heads in COLUMNS.items()}
    faults = [
        Fault(f"{path.name}: {found.sheet.name}", f"has no column {field}", _heads(heads))
        for field, heads in COLUMNS.items()
        if at[field] is None
    ]
    if faults:
        raise FaultyInput(faults)
    people: dict[str, Newcomer] = {}
    for number, cells in found.data():
        texts = {field: _text(cells, index) for field, index in at.items()}
        wrong = list(_wrong(texts, known, people))
        columns = {field: found.columns[index or 0].name for field, index in at.items()}
        faults += [
            Fault(f"{path.name}: row {number}, {columns[field]}", what, remedy)
            for field, what, remedy in wrong
        ]
        if not wrong:
            roles = tuple(known.roles[of.lower()] for of in _several(texts["roles"]))
            units = tuple(known.units[of.lower()] for of in _several(texts["units"]))
            person = Newcomer(texts["username"], texts["name"], roles, units)
            people[person.username] = person
    if faults:
        raise FaultyInput(faults)
    return tuple(people.values())


def _column(names: Sequence[str], heads: Sequence[str]) -> int | None:
    return next((names.index(head) for head in heads if head in names), None)


def _heads(heads: Sequence[str]) -> str:
    return f"name one {' or '.join(heads)}"


def _text(cells: Sequence[Cell], index: int | None) -> str:
    cell = cells[index] if index is not None else None
    return "" if cell is None else str(cell).strip()


def _several(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _wrong(
    texts: Mapping[str, str], known: Known, people: Mapping[str, Newcomer]
) -> Iterator[tuple[str, str, str]]:
    """Fields that do not hold, each with its fault and remedy."""
    for field, names in (("roles", known.roles), ("units", known.units)):
        for one in _several(texts[field]):
            if one.lower() not in names:
                yield field, f"there is no {one!r}", f"write some of {', '.join(names)}"
    if not _several(texts["roles"]):
        yield "roles", "is empty", f"write some of {', '.join(known.roles)}"
    if texts["username"] in people:
        yield "username", f"{texts['username']!r} stands twice", "give each person another"
    for field, remedy in _REMEDIES.items():
        try:
            msgspec.convert({"username": "nobody", "name": "-"} | {field: texts[field]}, Newcomer)
        except msgspec.ValidationError:
            yield field, f"{texts[field]!r} does not hold", remedy
