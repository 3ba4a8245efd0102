"""State: a sensor is in an operation state for longer than it should be. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alerting.conditions.looking import ANY, Look, Place, Readings
from config.vocabulary.quality import Cause


class State(Look, frozen=True, tag="state"):
    """The number of a reading's cause where it is one of ``states``, and 0 elsewhere. Neither a
    failed read tells of a state, nor a reading at an instant that is doubted.
    """

    states: tuple[int, ...]

    @property
    def lookback_ms(self) -> int:
        """Its own reading alone."""
        return 0

    def members(self, place: Place) -> tuple[str, ...]:
        """All readings of the indicator, good or not."""
        return (place.series(place.indicator) + ANY,)

    def signal(
        self,
        place: Place,  # noqa: ARG002 - the same everywhere
        members: Sequence[Readings],
        after_ms: int,
        until_ms: int,
    ) -> Readings:
        """At readings."""
        t, cause = members[0]
        told = (t > after_ms) & (t <= until_ms)
        told &= (cause < Cause.TIMEOUT) | (cause >= Cause.RANGE) & (cause != Cause.CLOCK)
        return t[told], np.where(np.isin(cause[told], self.states), cause[told], 0.0)
