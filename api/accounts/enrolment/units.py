"""Strict loading of units.toml: the units of a district, in the official order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from api.accounts.records import Span, Unit, UnitKind, succession
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

ID = r"^[a-z][a-z0-9-]{1,39}$"
_REMEDY = "give id, name and kind, and as parent a unit above it in the file"
_NO_SUCCESSOR = "give the last day as until, and another unit of the file that goes on"


class _Row(Struct, frozen=True, forbid_unknown_fields=True):
    """A unit as somebody wrote it."""

    id: Annotated[str, Meta(pattern=ID)]
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    kind: UnitKind
    parent: str | None = None
    until: date | None = None
    successor: str | None = None


def load(path: Path) -> tuple[Unit, ...]:
    """Every unit of a file, none where there is no file.

    Raises:
        FaultyInput: with every fault of the file at once.
    """
    rows = read_toml(path, "make it a readable file").get("unit", []) if path.exists() else []
    faults: list[Fault] = []
    found: dict[str, Unit] = {}
    for place, row in enumerate(rows, start=1):
        where = f"{path.name}: unit[{place}]"
        try:
            given = msgspec.convert(row, _Row)
        except msgspec.ValidationError as error:
            faults.append(Fault(where, str(error), _REMEDY))
            continue
        if given.id in found:
            faults.append(Fault(where, f"{given.id!r} stands twice", "give it once"))
        if given.parent is not None and given.parent not in found:
            faults.append(Fault(where, f"parent {given.parent!r} is unknown", _REMEDY))
        span = Span(until_day=given.until.isoformat() if given.until else None)
        found[given.id] = Unit(
            given.id, given.name, given.kind, given.parent, place, span, given.successor
        )
    faults += [
        Fault(f"{path.name}: {of.id}: successor", "does not hold", _NO_SUCCESSOR)
        for of in found.values()
        if of.successor and not _succeeded(found, of)
    ]
    if faults:
        raise FaultyInput(faults)
    return tuple(found.values())


def _succeeded(named: Mapping[str, Unit], unit: Unit) -> bool:
    heirs = succession(named, unit)
    return bool(heirs and unit.span.until_day) and unit.id not in heirs
