"""A key supervision in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from api.procedures.procedure import Row
from config.catalogue.words import Words


@dataclass(frozen=True, slots=True)
class SupervisionLine:
    """A key supervision as lists show it."""

    row: Row
    committee: str
    unit: str
    state: str


def line(words: Words, units: Mapping[str, str], row: Row) -> SupervisionLine:
    """A key supervision as it stands."""
    return SupervisionLine(
        row,
        units.get(row["committee"], row["committee"]),
        units.get(row["unit"] or "", ""),
        words(f"duty.supervision.state-{row['state']}"),
    )
