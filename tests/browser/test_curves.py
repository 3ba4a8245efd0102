"""The curve of a chart breaks where nothing came, and never so that a reading vanishes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.browser.conftest import entered
from tests.conftest import examples

CURVE = """async ([t, least]) => {
  const { curve } = await import(new URL("marks.js", document.querySelector("script[type=module]").src));
  return curve(t.map((t) => ({ t, value: 1 })), least, 0, ({ value }) => value);
}"""
SECOND, MINUTE, HOUR = 1000, 60_000, 3_600_000
Point = tuple[int, float | None, int]


@pytest.fixture(scope="module")
def page(browser: Browser, centre: tuple[str, dict[str, str]]) -> Page:
    """Where the pages' own code can be run."""
    found = entered(browser, centre[0], "daibiao", centre[1]["daibiao"])
    found.wait_for_selector("script[type=module]", state="attached")
    return found


def drawn(page: Page, instants: Sequence[int], least: int) -> list[Point]:
    """The curve of readings at these instants, ms."""
    return [(t, value, row) for t, value, row in page.evaluate(CURVE, [instants, least])]


def breaks(points: Sequence[Point]) -> list[int]:
    """Rows after which the curve is broken."""
    return [row for _, value, row in points if value is None]


def after(*steps: int) -> list[int]:
    """Instants so far apart."""
    return [sum(steps[:n]) for n in range(len(steps) + 1)]


@pytest.mark.parametrize(
    ("steps", "broken"),
    [
        pytest.param([SECOND] * 5, [], id="none is missing"),
        pytest.param([SECOND, SECOND, HOUR, SECOND], [2], id="the agent was off"),
        pytest.param([SECOND, 30 * SECOND, SECOND], [], id="shorter than late"),
        pytest.param([HOUR] * 4, [], id="readings of an import, one an hour"),
        pytest.param([HOUR, HOUR, HOUR, SECOND, SECOND], [], id="an import goes over into live"),
        pytest.param([HOUR, HOUR, 5 * HOUR, HOUR], [2], id="a hole in an import"),
        pytest.param([SECOND, HOUR, HOUR, SECOND], [], id="one reading between two silences"),
        pytest.param([SECOND, HOUR], [], id="nothing after it tells how rare they are"),
    ],
)
def test_a_curve_breaks_where_readings_failed_to_come(
    page: Page, steps: list[int], broken: list[int]
) -> None:
    """Longer than the station may be silent, and than readings beside are apart."""
    assert breaks(drawn(page, after(*steps), MINUTE)) == broken


@settings(max_examples=examples(60))
@given(
    st.lists(st.sampled_from([SECOND, MINUTE, 2 * MINUTE, HOUR, 30 * HOUR]), max_size=12),
    st.sampled_from([SECOND, MINUTE, HOUR]),
)
def test_every_reading_stays_and_has_one_beside_it(
    page: Page, steps: list[int], least: int
) -> None:
    """Whatever the steps: a single point without a line would not be seen."""
    instants = after(*steps)
    points = drawn(page, instants, least)
    assert [(t, row) for t, value, row in points if value is not None] == [
        (t, row) for row, t in enumerate(instants)
    ]
    ends = [-1, *breaks(points), len(instants) - 1]
    assert all(b - a >= 2 for a, b in pairwise(ends)) or len(ends) == 2
    assert all(instants[row + 1] - instants[row] > least for row in ends[1:-1])
