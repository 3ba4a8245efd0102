"""What a trial says of the alerts that people reviewed."""

from __future__ import annotations

import re

import httpx
import pytest

from alerting.alert import State, Verdict
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from tests.api.conftest import NOW_MS, RunningCentre, spill
from tests.api.test_tuning import CALM, SERIES, asked, put

SPILL_MS, RIPPLE_MS = NOW_MS - HOUR_MS, NOW_MS - 30 * MINUTE_MS
"""Where an episode ends that both versions find, and one that only the version in force does."""


@pytest.fixture(autouse=True)
def earlier_readings(centre: RunningCentre) -> None:
    """Both at the first station, and the first one at another."""
    high = [1.2, 2.2, 2.6, 3.4, 2.8, 1.9, 1.2]
    put(centre, SERIES, [*CALM, *high, *CALM], SPILL_MS + 40_000)
    put(centre, "tonglv-jinsha/w21003", [*CALM, *high, *CALM], SPILL_MS + 40_000)
    put(centre, SERIES, [*CALM, 1.1, 1.3, 1.4, 1.2, *CALM], RIPPLE_MS + 40_000)


def reviewed(centre: RunningCentre, verdict: Verdict, end_ms: int, **changes: object) -> None:
    """An alert on record that stood for some seconds, and what people found it to be."""
    span = {"began_ms": end_ms - 5000, "fired_ms": end_ms - 2000, "resolved_ms": end_ms + 5000}
    known = f"{end_ms}{changes.get('station', '')}"[-20:]
    alert = centre.put(spill(id=known, state=State.RESOLVED, **(span | changes)))
    with centre.services.state.begin() as connection:
        centre.services.alerts.review(connection, alert.id, verdict, "李岚", NOW_MS, "")


def figures(*counts: int) -> dict[str, int]:
    """As the API tells of them."""
    names = ("true_kept", "true_all", "false_kept", "false_all")
    return dict(zip(names, counts, strict=True))


def test_a_trial_says_how_many_of_the_reviewed_alerts_each_version_keeps(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Of the station and span that are tried, and of this rule."""
    reviewed(centre, Verdict.TRUE, SPILL_MS)
    reviewed(centre, Verdict.FALSE, RIPPLE_MS)
    reviewed(centre, Verdict.SENSOR, NOW_MS - 10 * MINUTE_MS)
    reviewed(centre, Verdict.PLANNED, SPILL_MS, station="tonglv-jinsha")
    reviewed(centre, Verdict.TRUE, RIPPLE_MS + 1000, rule_id="oxygen-low", indicator="w01009")

    here, everywhere = asked(officer), asked(officer, station=None)
    lately = asked(officer, from_ms=NOW_MS - 45 * MINUTE_MS, to_ms=NOW_MS)

    assert here["now"]["reviewed"] == figures(1, 1, 1, 2)
    assert here["draft"]["reviewed"] == figures(1, 1, 0, 2)
    assert everywhere["now"]["reviewed"] == figures(1, 1, 2, 3)
    assert everywhere["draft"]["reviewed"] == figures(1, 1, 1, 3)
    assert lately["now"]["reviewed"] == figures(0, 0, 1, 2)


def test_where_nothing_was_reviewed_the_figures_are_zero(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """The rows of the page are hidden until there are some."""
    centre.put(spill(began_ms=SPILL_MS - 5000))
    found = asked(officer)
    assert (found["now"]["reviewed"], found["draft"]["reviewed"]) == (figures(0, 0, 0, 0),) * 2
    page = officer.get("/environment/rules/ammonia-over-class").text
    (rows,) = re.findall(r'<tbody id="reviewed" hidden>(.*?)</tbody>', page, re.DOTALL)
    assert re.findall(r'data-row="([\w-]+)"', rows) == ["reviewed-true", "reviewed-false"]
    assert "属实的报警（报出/已复核）" in rows
