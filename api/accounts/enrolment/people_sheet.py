"""People out of a spreadsheet: who shall have an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from api.accounts.people import Person
from api.accounts.records import ROLES, Account, Role
from config.catalogue.words import LANGUAGES, Words
from config.vocabulary.errors import Fault, FaultyInput
from tabular import layout, sheets
from tabular.sheets import Cell

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "username": ("用户名", "账号", "username"),
    "name": ("姓名", "名字", "name"),
    "role": ("角色", "身份", "role"),
    "area": ("单位", "代表团", "区域", "area"),
}
"""By field the names that its column may have."""
_REMEDIES = {
    "username": "write 2 to 40 small letters, digits, - or _, the first a letter",
    "name": "write the name",
    "area": "write the unit, delegation or area",
}


def load(path: Path) -> tuple[Account, ...]:
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
    roles = _roles()
    people: dict[str, Account] = {}
    for number, cells in found.data():
        texts = {field: _text(cells, index) for field, index in at.items()}
        wrong = dict(_wrong(texts, roles, people))
        columns = {field: found.columns[index or 0].name for field, index in at.items()}
        faults += [
            Fault(f"{path.name}: row {number}, {columns[field]}", what, remedy)
            for field, (what, remedy) in wrong.items()
        ]
        if not wrong:
            known = texts | {"role": roles[texts["role"].lower()]}
            person = msgspec.convert(known, Person)
            people[person.username] = Account(**msgspec.structs.asdict(person))
    if faults:
        raise FaultyInput(faults)
    return tuple(people.values())


def _column(names: Sequence[str], heads: Sequence[str]) -> int | None:
    return next((names.index(head) for head in heads if head in names), None)


def _heads(heads: Sequence[str]) -> str:
    return f"name one {' or '.join(heads)}"


def _text(cells: Sequence[Cell], index: int | None) -> str:
    cell = cells[index] if index is not None else None
    return "" if cell is None else str(cell)


def _wrong(
    texts: Mapping[str, str], roles: Mapping[str, Role], people: Mapping[str, Account]
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Fields that do not hold, each with its fault and remedy."""
    if texts["role"].lower() not in roles:
        yield "role", (f"{texts['role']!r} is no role", f"write one of {', '.join(roles)}")
    if texts["username"] in people:
        yield "username", (f"{texts['username']!r} stands twice", "give each person another")
    for field, remedy in _REMEDIES.items():
        try:
            msgspec.convert(_SOMEBODY | {field: texts[field]}, Person)
        except msgspec.ValidationError:
            yield field, (f"{texts[field]!r} does not hold", remedy)


_SOMEBODY = {"username": "nobody", "name": "-", "role": ROLES[0], "area": "-"}
"""A row that holds, in which one field at a time is tried."""


def _roles() -> dict[str, Role]:
    """Each role by what it is called: by itself, and in each language."""
    words = [Words.load(language) for language in LANGUAGES]
    named = {word(f"role.{role}").lower(): role for word in words for role in ROLES}
    return {role: role for role in ROLES} | named
