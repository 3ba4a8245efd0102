"""Classes of water sections in a part of a period, beside the year before. Pure.

A section is judged by the mean of the valid means of its days, item by item; the year before by
the standard that holds in the part itself, so that the two compare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from api.platforms.environment.days.records import Measured
from api.platforms.environment.period_report.records.periods import Piece
from config.catalogue.shapes import Station
from ingest.standards.water import WaterJudgement, water_class_names, water_quality

_DIGITS = 9
"""A mean is cut to so many decimals, as those of days are."""
GOOD = 3
"""Classes I to III are good (surface water evaluation method of 2011)."""


@dataclass(frozen=True, slots=True)
class SectionState:
    """A section; ``means`` are those of its days, ``valid`` how many days have one. ``judged``
    and ``before`` are None without any.
    """

    station: Station
    valid: int
    means: Mapping[str, float]
    judged: WaterJudgement | None
    before: WaterJudgement | None

    @property
    def meets(self) -> bool | None:
        """Whether it holds the class that it must; None where it has none, or no data."""
        if self.judged is None or self.station.target is None:
            return None
        return not self.judged.exceeding


@dataclass(frozen=True, slots=True)
class WaterPiece:
    """All sections in a part of a period."""

    piece: Piece
    sections: Sequence[SectionState]

    @property
    def classes(self) -> Mapping[str, int]:
        """How many sections are in each class."""
        return Counter(of.judged.class_name for of in self.sections if of.judged)  # type: ignore[misc]

    @property
    def classes_before(self) -> Mapping[str, int]:
        """The year before."""
        return Counter(of.before.class_name for of in self.sections if of.before)  # type: ignore[misc]

    @property
    def held(self) -> Sequence[SectionState]:
        """Sections that have data and a class to hold."""
        return [of for of in self.sections if of.meets is not None]


def good(classes: Mapping[str, int]) -> int:
    """How many sections are in class III or a better one."""
    return sum(classes.get(of, 0) for of in water_class_names()[:GOOD])


def pieces_of(
    pieces: Sequence[Piece], now: Sequence[Measured], before: Mapping[str, Measured]
) -> Sequence[WaterPiece]:
    """Every part with its sections."""
    return [WaterPiece(of, [_section(of, one, before) for one in now]) for of in pieces]


def _section(piece: Piece, of: Measured, before: Mapping[str, Measured]) -> SectionState:
    days = of.within(piece.first, piece.last)
    means = _means(days)
    then = before.get(of.station.id)
    old = _means(then.within(*piece.before)) if then else {}
    return SectionState(
        of.station, len(days), means, _judged(piece, of.station, means),
        _judged(piece, of.station, old),
    )  # fmt: skip


def _means(days: Mapping[date, Mapping[str, float]]) -> Mapping[str, float]:
    found: dict[str, list[float]] = {}
    for values in days.values():
        for code, value in values.items():
            found.setdefault(code, []).append(value)
    return {code: round(fmean(values), _DIGITS) for code, values in found.items()}


def _judged(piece: Piece, station: Station, means: Mapping[str, float]) -> WaterJudgement | None:
    if not means:
        return None
    return water_quality(means, on=piece.first, target=station.target, lake=station.lake)
