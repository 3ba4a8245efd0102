"""An assignment as a form sends it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NEEDS = ("unit", "effort", "day")
"""The fields of the step ``assign``."""
MOST = 10
"""Further units of one kind."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """The fields of the step, and the units that give an opinion or answer for a part."""

    fields: Mapping[str, str]
    co: Sequence[str]
    separate: Sequence[str]
    version: int | None
