"""A station of a lake or reservoir is judged by the limits of such water wherever it is judged."""

from __future__ import annotations

from dataclasses import replace as replaced
from datetime import date

import httpx
import pytest
from msgspec.structs import replace

from alerting.rules.rule import Scope
from api.platforms.environment.evidence import InRange
from api.platforms.environment.tuning import wording
from api.platforms.environment.week.records import DayMean, judged
from config.catalogue.shapes import WaterBody
from tests.api.conftest import NOW_MS, RunningCentre
from tests.api.test_alerts import text_of
from tests.api.test_stations import STATION, clean_water, state_of

PHOSPHORUS = "w21011"


def on_a_lake(centre: RunningCentre, body: WaterBody) -> None:
    """The station lies in such water, and on no river."""
    stations = centre.services.catalogue.stations
    stations[STATION] = replace(stations[STATION], body=body, river=None, order=None)


@pytest.mark.parametrize(
    ("body", "label", "limit", "basis"),
    [
        ("river", "Ⅲ类", "Ⅲ类标准 ≤ 0.2", "GB 3838-2002，按最新有效数据"),
        ("lake", "Ⅴ类", "Ⅲ类标准 ≤ 0.05", "GB 3838-2002湖泊限值"),
        ("reservoir", "Ⅴ类", "Ⅲ类标准 ≤ 0.05", "GB 3838-2002水库限值"),
    ],
)
def test_given_its_water_then_pages_judge_it_by_the_limits_of_that_water(
    centre: RunningCentre,
    deputy: httpx.Client,
    body: WaterBody,
    label: str,
    limit: str,
    basis: str,
) -> None:
    """0.15 mg/L of total phosphorus."""
    if body != "river":
        on_a_lake(centre, body)
    clean_water(centre)
    text = text_of(deputy.get(f"/environment/stations/{STATION}"))
    assert state_of(deputy, STATION)["label"] == label
    assert basis in text
    assert "Ⅲ类" in text
    assert limit in text
    assert limit in text_of(deputy.get(f"/environment/stations/{STATION}/judging"))


def test_given_a_lake_then_weeks_and_evidence_are_of_its_limits(centre: RunningCentre) -> None:
    """A day's mean of 0.09 is within class III of a river and beyond that of a lake."""
    day, river = date(2026, 11, 23), centre.services.catalogue.stations[STATION]
    asked = InRange(station=STATION, indicator=PHOSPHORUS, days=1, after_ms=NOW_MS, target="III")
    for station, limit, beyond in ((river, 0.2, 0), (replace(river, body="lake"), 0.05, 1)):
        week = judged(station, [DayMean(PHOSPHORUS, day, 0.09)], 7)
        assert week.worst is not None
        assert (week.worst.limit, week.exceeded) == (limit, beyond)
        assert asked.holds(0.09, NOW_MS, lake=station.lake) is not bool(beyond)


def test_given_rules_for_one_kind_of_water_then_their_scope_says_so(centre: RunningCentre) -> None:
    """And names the stations of that water alone."""
    catalogue = centre.services.catalogue
    river = catalogue.stations[STATION]
    lake = replace(river, body="reservoir")
    rule = centre.services.rules[0]
    for said, of_lakes in (("全部湖库断面", True), ("全部河流断面", False)):
        scope = Scope(kind="water", lake=of_lakes)
        assert (scope.names(lake), scope.names(river)) == (of_lakes, not of_lakes)
        shown = wording.scope(centre.services, replaced(rule, scope=scope))
        assert shown == said
