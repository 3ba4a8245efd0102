"""Strict loading of people.toml: who has an account. Passwords never stand there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from api.accounts.records import Account, Role
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput


class Person(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of people as somebody wrote it."""

    username: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{1,39}$")]
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    role: Role
    area: Annotated[str, Meta(min_length=1, max_length=100)]


def load(path: Path) -> tuple[Account, ...]:
    """Every person of a file.

    Raises:
        FaultyInput: with every fault of the file at once.
    """
    rows = read_toml(path, "name an existing people file").get("person", [])
    if not isinstance(rows, list):
        what = "is not a list of tables"
        raise FaultyInput([Fault(f"{path.name}: person", what, "write [[person]] above each")])
    faults: list[Fault] = []
    found: dict[str, Account] = {}
    for index, row in enumerate(rows, start=1):
        where = f"{path.name}: person[{index}]"
        try:
            person = msgspec.convert(row, Person)
        except msgspec.ValidationError as error:
            what, _, at = str(error).partition(" - at ")
            position = where + at.strip("`").removeprefix("$")
            faults.append(Fault(position, what, "give username, name, role and area"))
            continue
        if person.username in found:
            what = f"{person.username!r} stands twice"
            faults.append(Fault(f"{where}.username", what, "give it once"))
        found[person.username] = Account(**msgspec.structs.asdict(person))
    if faults:
        raise FaultyInput(faults)
    return tuple(found.values())
