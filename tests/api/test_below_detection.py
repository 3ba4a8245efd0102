"""A reading below detection: people see ``<`` and its limit, programs half of the limit and why."""

from __future__ import annotations

import csv
import io

import httpx

from config.vocabulary.quality import Cause
from tests.api.conftest import NOW_MS, RunningCentre, spill
from tests.api.test_alerts import text_of

STATION, AMMONIA, OXYGEN = "tonglv-pingchao", "w21003", "w01009"


def test_the_page_of_a_station_shows_the_limit_and_never_calls_it_above(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Half of a high limit stands above a class of which nobody knows that it is missed."""
    centre.measured(f"{STATION}/{AMMONIA}", [2.5], cause=Cause.UNDETECTED)
    page = deputy.get(f"/environment/stations/{STATION}")
    assert "<b>&lt;5.000</b>" in page.text
    assert "<b>2.500</b>" not in page.text
    assert "未检出" in text_of(page)
    assert 'class="beyond' not in page.text


def test_oxygen_below_detection_is_below_its_limit(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """What is bad when it is low is bad when it cannot be found."""
    centre.measured(f"{STATION}/{OXYGEN}", [3.2], cause=Cause.UNDETECTED)
    page = deputy.get(f"/environment/stations/{STATION}").text
    assert 'class="beyond' in page


def test_a_series_names_the_limit_of_each_reading_below_it(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Beside the value, which stays a number, and only there."""
    path = f"/api/v1/stations/{STATION}/series/{AMMONIA}"
    centre.measured(f"{STATION}/{AMMONIA}", [0.5])
    centre.clock.now_ms += 1000
    centre.measured(f"{STATION}/{AMMONIA}", [0.01], cause=Cause.UNDETECTED)
    found = deputy.get(path).json()
    assert (found["value"], found["below"]) == ([0.5, 0.01], [None, 0.02])
    schema = deputy.get("/openapi.json").json()["components"]["schemas"]["Series"]
    assert "detection limit" in schema["properties"]["below"]["description"]


def test_the_table_of_stations_keeps_numbers_and_says_what_is_below(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """A program reads the value as before; the last column is for people."""
    centre.measured(f"{STATION}/{AMMONIA}", [0.01], cause=Cause.UNDETECTED)
    centre.measured(f"{STATION}/{OXYGEN}", [7.0])
    text = deputy.get("/environment/stations.csv").text.removeprefix("\ufeff")
    rows = [row for row in csv.reader(io.StringIO(text)) if row[1] == STATION]
    assert {(row[9], row[-1]) for row in rows} == {("0.01", "<0.020"), ("7", "")}


def test_a_copy_of_a_station_has_the_limit_of_what_is_below_it(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Copies of what was detected are as they always were."""
    centre.measured(f"{STATION}/{AMMONIA}", [0.01], cause=Cause.UNDETECTED)
    centre.measured(f"{STATION}/{OXYGEN}", [7.0])
    found = deputy.get(f"/api/v1/items/environment/station/{STATION}").json()
    of = {row["indicator"]: row for row in found["content"]["readings"]}
    assert (of[AMMONIA]["value"], of[AMMONIA]["below"]) == (0.01, 0.02)
    assert "below" not in of[OXYGEN]


def test_an_alert_says_the_limit_where_a_rule_compared_nothing(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """On its page, in lists and messages alike: to the rule it was 0, which nobody measured."""
    centre.measured(f"{STATION}/{OXYGEN}", [0.1], cause=Cause.UNDETECTED)
    low = {"peak": 0.0, "peak_ms": NOW_MS, "last_value": 0.0, "last_ms": NOW_MS}
    rule = {"rule_id": "oxygen-low", "indicator": OXYGEN, "fired_value": 2.4}
    alert = centre.put(spill(**low, **rule))
    text = text_of(deputy.get(f"/environment/alerts/{alert.id}"))
    assert "<0.20 mg/L" in text
    assert "0.00" not in text
    assert "<0.2" in deputy.get("/environment/alerts.csv").text
    wording = centre.services.wording
    assert "<0.2" in wording.message(alert, "fired", "deputy", NOW_MS)
    copy = deputy.get(f"/api/v1/items/environment/alert/{alert.id}").json()["content"]
    assert (copy["peak"], copy["peak_said"]) == (0.0, "<0.20 mg/L")


def test_an_alert_whose_water_was_measured_at_nothing_says_so(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """A measured 0 stays one."""
    centre.measured(f"{STATION}/{OXYGEN}", [0.0])
    low = {"peak": 0.0, "peak_ms": NOW_MS, "last_value": 0.0, "last_ms": NOW_MS}
    rule = {"rule_id": "oxygen-low", "indicator": OXYGEN, "fired_value": 2.4}
    alert = centre.put(spill(**low, **rule))
    text = text_of(deputy.get(f"/environment/alerts/{alert.id}"))
    assert "0.00 mg/L" in text
    assert "<0" not in text


def test_a_reading_that_a_reviewer_calls_good_stays_below_detection(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """Half of a limit does not become a measured value by being confirmed."""
    centre.measured(f"{STATION}/{AMMONIA}", [0.01], cause=Cause.UNDETECTED)
    path = f"/api/v1/stations/{STATION}/series/{AMMONIA}"
    said = {"from_ms": NOW_MS, "to_ms": NOW_MS + 1, "quality": "good", "why": "checked"}
    assert officer.post(f"{path}/reviews", json=said).status_code == 201
    assert deputy.get(path).json()["below"] == [0.02]
    assert "&lt;0.020" in deputy.get(f"/environment/stations/{STATION}").text
    said["quality"] = "bad"
    assert officer.post(f"{path}/reviews", json=said).status_code == 201
    assert deputy.get(path).json()["below"] == [None]
