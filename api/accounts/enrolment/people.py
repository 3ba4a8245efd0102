"""Strict loading of people.toml: who has an account. Passwords never stand there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

USERNAME = r"^(?!token-)[a-z][a-z0-9_-]{1,39}$"
"""Machines are called ``token-`` and a number."""

ContactText = Annotated[str, Meta(max_length=200)]


class Newcomer(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody who shall have an account, belong to units, and hold roles: ``roles`` everywhere,
    ``unit_roles`` for each of the units alone.
    """

    username: Annotated[str, Meta(pattern=USERNAME)]
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    roles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    unit_roles: tuple[str, ...] = ()
    acts_for: tuple[str, ...] = ()
    """Usernames of deputies for whom the person, a clerk, may act."""
    mail: ContactText = ""
    mobile: ContactText = ""
    wecom: ContactText = ""
    dingtalk: ContactText = ""
    feishu: ContactText = ""
    """Addresses for messages; whoever writes the file has confirmed them."""

    @property
    def contacts(self) -> dict[str, str]:
        """Those that are given, by kind."""
        kinds = ("mail", "mobile", "wecom", "dingtalk", "feishu")
        return {kind: of for kind in kinds if (of := getattr(self, kind))}


def load(path: Path, roles: Collection[str], units: Collection[str]) -> tuple[Newcomer, ...]:
    """Every person of a file; roles and units are those that there are.

    Raises:
        FaultyInput: with every fault of the file at once.
    """
    rows = read_toml(path, "name an existing people file").get("person", [])
    if not isinstance(rows, list):
        what = "is not a list of tables"
        raise FaultyInput([Fault(f"{path.name}: person", what, "write [[person]] above each")])
    faults: list[Fault] = []
    found: dict[str, Newcomer] = {}
    for index, row in enumerate(rows, start=1):
        where = f"{path.name}: person[{index}]"
        try:
            person = msgspec.convert(row, Newcomer)
        except msgspec.ValidationError as error:
            what, _, at = str(error).partition(" - at ")
            position = where + at.strip("`").removeprefix("$")
            faults.append(Fault(position, what, "give username, name, roles and units"))
            continue
        if person.username in found:
            what = f"{person.username!r} stands twice"
            faults.append(Fault(f"{where}.username", what, "give it once"))
        faults += _unknown(f"{where}.roles", person.roles, roles)
        faults += _unknown(f"{where}.unit_roles", person.unit_roles, roles)
        faults += _unknown(f"{where}.units", person.units, units)
        faults += _unknown(f"{where}.acts_for", person.acts_for, found)
        found[person.username] = person
    if faults:
        raise FaultyInput(faults)
    return tuple(found.values())


def _unknown(where: str, given: tuple[str, ...], known: Collection[str]) -> Iterator[Fault]:
    for name in given:
        if name not in known:
            remedy = f"write some of {', '.join(known)}"
            yield Fault(where, f"there is no {name!r}", remedy)
