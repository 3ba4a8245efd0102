"""Signals: series that rules judge instead of the single values of one. Pure.

A kind of rule makes one series, its *signal*, out of the readings of its members; every level of
the rule judges the signal as a threshold does. A signal at an instant is a function of the
readings of ``(instant - lookback, instant]`` alone, computed anew each time, so that it depends
neither on how a history is cut nor on what was asked before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from config.catalogue.shapes import Catalogue, Station
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.time import HOUR_MS
from ingest.standards.cadences import Cadences, cadences_of

Instants = NDArray[np.int64]
Values = NDArray[np.float64]
Readings = tuple[Instants, Values]
"""Readings of a series by time: t in UTC epoch ms, strictly growing, and values."""

DIGITS = 9
"""Decimals beyond which a result is cut. The error of binary fractions there would pass a limit
that is only reached, and turn a half that is rounded into a little more or less.
"""
Grain = Literal["reading", "hour"]
ANY = "!"
"""Behind a series' name: all its readings, good or not, each with its cause as value."""


@dataclass(frozen=True, slots=True)
class EvaluationTarget:
    """Where a rule looks: one station, and the indicator that the rule names ("" where it names
    none).
    """

    catalogue: Catalogue
    station: Station
    indicator: str

    @property
    def decimals(self) -> int:
        """Of the indicator."""
        return INDICATORS[self.indicator].decimals

    def series(self, code: str) -> str:
        """A series of the station."""
        return f"{self.station.id}/{code}"

    @property
    def cadences(self) -> Cadences:
        """Of the indicator, without one of the station, at any time."""
        return cadences_of(self.catalogue, self.station.id, self.indicator)

    def of(self, code: str) -> EvaluationTarget:
        """The same station and another indicator."""
        return EvaluationTarget(self.catalogue, self.station, code)


class Signal(Struct, frozen=True, tag_field="looks", forbid_unknown_fields=True):
    """Parameters of a kind, with the signal that it makes of its members.

    ``grain`` says what members are given as: their good ``reading``s, or the mean of each whole
    ``hour`` that is valid (GB 3095 table 4: 45 minutes of good readings), by its beginning, hours
    being those of the clock. Of an hour grain the signal's instants are ends of hours.
    """

    grain: ClassVar[Grain] = "reading"
    of_each_indicator: ClassVar[bool] = False
    """Whether a rule that names no indicator is one of each that a station measures."""

    @property
    def lookback_ms(self) -> int:
        """How far back from an instant its signal may reach, the cadence left aside."""
        raise NotImplementedError

    def reach_ms(self, cadence_ms: int) -> int:  # noqa: ARG002 - of some kinds
        """How far back from an instant its signal may reach where no member is slower."""
        return self.lookback_ms

    @property
    def span_ms(self) -> int:
        """Of an hour grain the span that each instant ends; 0 where instants are readings."""
        return HOUR_MS if self.grain == "hour" else 0

    def cadences(self, target: EvaluationTarget) -> Cadences:
        """The steps of the signal; a gap is measured by them."""
        return target.cadences.no_less(self.span_ms)

    def members(self, target: EvaluationTarget) -> tuple[str, ...]:
        """Series that the signal is made of, none where the rule does not fit the place."""
        return (target.series(target.indicator),)

    def compute(
        self, target: EvaluationTarget, members: Sequence[Readings], after_ms: int, until_ms: int
    ) -> Readings:
        """The signal at its instants of ``after_ms < t <= until_ms``; where it is unknown there is
        no row. Members stand in the order of ``members`` and hold at least what the lookback of
        these instants reaches; all that is to come up to ``until_ms`` is there.
        """
        raise NotImplementedError


NOTHING: Readings = (np.zeros(0, np.int64), np.zeros(0))
"""No readings."""
