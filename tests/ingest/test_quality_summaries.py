"""What a summary proves is so: the far-looking checks say nothing of what arrived, and change
nothing of what was said before.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from config.catalogue.quality import Checks, Flat, checks_of
from config.vocabulary.quality import Quality
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from ingest.quality.flagging import Layer, Series, Station, flag, follow_ms, part_of
from ingest.quality.spans import APART_MS
from ingest.quality.summaries import Summaries, row_checks
from tests.conftest import examples
from tests.ingest.test_quality_flagging import cut, indices

PH, SALT = "w01001", "w01014"


def series(value: list[float], step_ms: int = MINUTE_MS) -> Series:
    """Good readings."""
    rows = len(value)
    return Series(
        np.arange(rows, dtype=np.int64) * step_ms,
        np.array(value),
        np.full(rows, Quality.GOOD, np.uint8),
        np.zeros(rows, np.uint8),
    )


def proven(value: list[float], more: list[float], checks: Checks) -> bool:
    """Whether the last readings of a series, behind so many that are known, are proven."""
    known = Summaries({PH: checks}, MINUTE_MS, follow_ms(MINUTE_MS))
    whole = series([*value, *more])
    known.take({PH: part_of(whole, slice(len(value)))})
    known.take({PH: part_of(whole, slice(len(value), None))})
    return known.proven(PH, int(whole.t[len(value)]))


RESTLESS = [7.0 + 0.01 * (row % 7) for row in range(36 * 60)]


def test_given_a_day_and_a_half_of_healthy_readings_then_the_next_are_proven() -> None:
    assert proven(RESTLESS, [7.02], checks_of(PH, {}))


def test_given_a_flat_line_that_ended_an_hour_ago_then_nothing_is_proven() -> None:
    flat = Checks(flat=Flat(hours=2))
    assert not proven([*RESTLESS, *[7.0] * 150], [7.0], flat)
    assert not proven([*RESTLESS, *[7.0] * 150, *RESTLESS[:60]], [7.02], flat)
    assert proven([*RESTLESS, *[7.0] * 150, *RESTLESS[:720]], [7.02], flat)


def test_given_a_number_for_no_value_then_it_is_not_proven() -> None:
    salt = Checks(placeholders=[6999.0])
    assert proven(RESTLESS, [7.0], salt)
    assert not proven(RESTLESS, [6999.0], salt)


def test_given_equal_values_that_end_in_a_step_then_they_are_not_proven() -> None:
    held = checks_of(SALT, {SALT: {"dry": False}})
    salt = [400.0 + row % 7 for row in range(36 * 60)]
    assert proven(salt, [420.0], held)
    assert not proven([*salt, 402.0, 402.0], [402.0, 420.0], held)


def test_given_nothing_new_of_a_series_then_what_lies_before_its_rows_is_seen_all_the_same() -> (
    None
):
    """Its rows near what arrived are judged again, and the first of them by the one before."""
    known = Summaries({PH: Checks(rate=4.0), SALT: Checks()}, HOUR_MS, follow_ms(HOUR_MS))
    ph, salt = series([7.0, 7.0, 7.0, 7.0, 9.0], 2 * HOUR_MS), series([400.0] * 10, HOUR_MS)
    arrived = 8 * HOUR_MS + 12 * MINUTE_MS
    new = replace(salt, t=np.append(salt.t[:9], arrived))

    near, seen = known.changed({PH: ph, SALT: new}, (arrived, arrived))

    assert near[PH][0] < ph.t[4]
    assert seen[PH][0] <= ph.t[3]


def rows_until(index: Station, end_ms: int) -> Station:
    return replace(index, series=cut(index.series, -APART_MS, end_ms))


@settings(max_examples=examples(150))
@given(indices(), st.integers(1, 6))
def test_what_is_proven_is_what_judging_everything_says(index: Station, rows: int) -> None:
    """Readings of a station arrive in order, a few instants at once."""
    known = Summaries(index.checks, index.cadence_ms, follow_ms(index.cadence_ms))
    instants = np.unique(np.concatenate([of.t for of in index.series.values()]))
    begun = len(instants) // 3
    if begun:
        known.take(rows_until(index, int(instants[begun - 1])).series)
    for first in range(begun, len(instants), rows):
        span = int(instants[first]), int(instants[first : first + rows][-1])
        before, after = rows_until(index, span[0] - 1), rows_until(index, span[1])
        known.take(cut(after.series, *span))
        near, seen = known.changed(after.series, span)
        checks = {code: row_checks(of) for code, of in index.checks.items()}
        around = {code: cut({code: of}, *seen[code])[code] for code, of in after.series.items()}
        view = replace(after, series=around, checks=checks)
        for code, (low_ms, _) in near.items():
            if not known.proven(code, low_ms):
                continue
            was, now = flag(before, code, [Layer.NEAR]), flag(after, code, [Layer.NEAR])
            old = int(np.searchsorted(now.t, low_ms))
            assert now.quality[:old].tolist() == was.quality[:old].tolist()
            assert now.cause[:old].tolist() == was.cause[:old].tolist()
            said = flag(view, code, [Layer.NEAR])
            new = int(np.searchsorted(said.t, low_ms))
            assert said.quality[new:].tolist() == now.quality[old:].tolist()
            assert said.cause[new:].tolist() == now.cause[old:].tolist()
