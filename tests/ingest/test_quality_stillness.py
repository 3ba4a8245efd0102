"""A flat line: how long is too long, by what was written and how often."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from config.catalogue.quality import Flat, checks_of, defaults
from config.vocabulary.time import HOUR_MS
from ingest.quality.stillness import flat, is_coarse

RULE = Flat(hours=12, resolution=0.1, coarse_hours=72)


def doubted(column: Sequence[float], rule: Flat = RULE, *, every_hours: float = 1) -> list[int]:
    t, value = instants(column, every_hours)
    return np.flatnonzero(flat(t, value, rule, max(2.5 * every_hours, 1) * HOUR_MS)).tolist()


def instants(column: Sequence[float], every_hours: float) -> tuple[np.ndarray, np.ndarray]:
    t = (np.arange(len(column)) * every_hours * HOUR_MS).astype(np.int64)
    return t, np.array(column, np.float64)


def test_tenths_that_stand_still_for_half_a_day_are_a_flat_line() -> None:
    assert doubted([15.1, 15.2, *[15.3] * 13, 15.4]) == list(range(2, 15))
    assert doubted([15.1, 15.2, *[15.3] * 12, 15.4]) == []


def test_whole_degrees_may_stand_still_for_days_and_not_for_ever() -> None:
    assert doubted([14.0, *[15.0] * 60, 16.0]) == []
    assert doubted([14.0, *[15.0] * 73, 16.0]) == list(range(1, 74))


def test_a_round_value_among_finer_ones_is_written_finely() -> None:
    """Its neighbours tell."""
    assert doubted([14.9, *[15.0] * 20, 15.1]) == list(range(1, 21))


def test_nothing_is_no_round_value() -> None:
    """A dead sensor says it, and every step divides it."""
    assert doubted([1.0, *[0.0] * 20, 1.0]) == list(range(1, 21))


def test_where_steps_are_a_hundred_times_too_coarse_nothing_is_asked() -> None:
    """A pH of whole numbers is 8 for ever."""
    rule = Flat(hours=12, resolution=0.01, coarse_hours=72)
    assert doubted([8.0] * 300, rule) == []
    assert doubted([8.1] * 300, rule) == list(range(300))


def test_a_slow_station_needs_readings_and_not_only_hours() -> None:
    """Two equal readings four hours apart say nothing; nine do."""
    rule = Flat(hours=4)
    assert doubted([7.1, *[7.3] * 8, 7.2], rule, every_hours=4) == []
    assert doubted([7.1, *[7.3] * 9, 7.2], rule, every_hours=4) == list(range(1, 10))


def test_it_is_known_when_more_of_the_past_must_be_asked() -> None:
    def coarse(column: Sequence[float]) -> bool:
        return is_coarse(*instants(column, 1), RULE, 2.5 * HOUR_MS)

    assert coarse([14.0, *[15.0] * 20, 16.0])
    assert not coarse([14.9, *[15.0] * 14, 15.1])
    assert not coarse([14.0, 15.0, 16.0] * 10)


def test_resolution_and_hours_for_coarse_values_go_together() -> None:
    with pytest.raises(ValueError, match="give both or neither"):
        checks_of("w01010", {"w01010": {"flat": {"hours": 8, "resolution": 0.1}}})
    own = checks_of("w01010", {"w01010": {"flat": {"hours": 8}}}).flat
    assert own == Flat(hours=8)
    assert defaults()["w01010"].flat != own
