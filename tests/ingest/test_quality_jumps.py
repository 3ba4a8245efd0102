"""Air: numbers for no value, and spikes that the next hour does not bear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from config.catalogue.quality import defaults
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.time import HOUR_MS
from ingest.quality.flagging import Series, Station, flag
from ingest.quality.jumps import placeholders, surges

CALM = [40.0, 42, 41, 44, 43, 42]


def said(code: str, column: Sequence[float]) -> dict[int, Cause]:
    """Cause of each hour that is suspect or bad."""
    value = np.array(column, np.float64)
    t = np.arange(len(value), dtype=np.int64) * HOUR_MS
    good = np.full(len(t), Quality.GOOD, np.uint8)
    index = Station(
        {code: Series(t, value, good, np.zeros(len(t), np.uint8))}, defaults(), HOUR_MS, {}, {}
    )
    found = flag(index, code)
    rows = np.flatnonzero(np.isin(found.quality, (Quality.SUSPECT, Quality.BAD)))
    return {int(row): Cause(found.cause[row]) for row in rows}


@pytest.mark.parametrize(
    ("code", "number"),
    [("a21004", 999.0), ("a21026", 999.0), ("a34004", 985.0), ("a34002", 9999.0)],
)
def test_a_number_for_no_value_is_doubted_at_once_and_when_the_next_is_there(
    code: str, number: float
) -> None:
    assert said(code, [*CALM, number]) == {6: Cause.PLACEHOLDER}
    assert said(code, [*CALM, number, *CALM]) == {6: Cause.PLACEHOLDER}
    assert set(said(code, [*CALM, *[number] * 5, *CALM])) == set(range(6, 11))


def test_a_thousand_micrograms_of_sand_are_no_number_for_nothing() -> None:
    """What lies beside them bears them."""
    assert said("a34002", [*CALM, 700, 850, 999, 900, 760, 500]) == {}


def test_a_spike_is_doubted_until_the_next_hour_bears_it() -> None:
    """So that no message is out before."""
    assert said("a21026", [*CALM, 600]) == {6: Cause.SPIKE}
    assert said("a21026", [*CALM, 600, 41, 40]) == {6: Cause.SPIKE}
    assert said("a21026", [*CALM, 600, 580]) == {}
    assert said("a21026", [*CALM, 600, 300, 150]) == {}


def test_a_storm_of_sand_is_borne_by_its_second_hour() -> None:
    assert said("a34002", [*CALM, 1500]) == {6: Cause.SPIKE}
    assert said("a34002", [*CALM, 1500, 1200, 900, 600]) == {}


def test_what_has_no_past_and_what_lies_behind_a_gap_is_no_spike() -> None:
    t = np.array([0, 1, 2, 10]) * HOUR_MS
    most, gap = (100.0, 1.0), 2.5 * HOUR_MS
    assert not surges(t[:2], np.array([5.0, 900.0]), most, gap).any()
    assert not surges(t, np.array([5.0, 5.0, 5.0, 900.0]), most, gap).any()
    assert surges(t[:3], np.array([5.0, 5.0, 900.0]), most, gap).tolist() == [False, False, True]
    alone = placeholders(t, np.array([999.0, 5, 5, 999.0]), [999.0], gap)
    assert alone.tolist() == [True, False, False, True]
