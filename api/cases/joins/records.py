"""A proposal of what belongs together, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from api.ports import Reference
from api.traces.records import Axis

Why = Axis | Literal["time"]
Aspect = Literal["site", "money", "law", "matter", "time"]
ASPECTS: dict[Why, Aspect] = {
    "station": "site",
    "spot": "site",
    "reach": "site",
    "town": "site",
    "payee": "money",
    "project": "money",
    "law": "law",
    "topic": "matter",
    "unit": "matter",
    "time": "time",
}
"""Axes that tell of the same thing are one aspect: whoever names a station names its town too, and
the topic mostly gives the unit.
"""
SPECIFIC: tuple[Aspect, ...] = ("site", "money", "law")
"""Aspects of which one must be shared: a unit and its topic alone bind half of what it does."""
LONGEST_WHY = 500
"""Characters."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A key that two things share, as each names it, and how rare it is in bits; of time ``days``
    between them.
    """

    why: Why
    key: str
    ours: str
    theirs: str
    bits: float
    days: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A thing that may belong to ``source``, of another platform. The reasons are the strongest
    one of each aspect, and ``strength`` is the sum of their bits.
    """

    reference: Reference
    source: Reference
    reasons: tuple[Reason, ...]
    strength: float
