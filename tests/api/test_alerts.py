"""Alerts as people read and acknowledge them."""

from __future__ import annotations

import html
import re

import httpx
import pytest
import sqlalchemy as sa

from alerting.alert import Level, State
from api.tables import AUDIT
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, spill

pytestmark = pytest.mark.parametrize("kind", BOTH)

SILENT = {
    "rule_id": "station-silent",
    "level": Level.WARNING,
    "about": "maintenance",
    "indicator": "",
    "peak": None,
    "peak_ms": None,
    "last_value": None,
    "last_ms": None,
}
LOW_OXYGEN = {"rule_id": "oxygen-low", "indicator": "w01009", "peak": 1.2, "last_value": 1.5}


def worst(value: float) -> dict[str, object]:
    """Of a signal that still has it."""
    return {"peak": value, "last_value": value}


STATES: dict[str, dict[str, object]] = {
    "firing": {},
    "critical": {"level": Level.CRITICAL},
    "falling": {"last_value": 1.8, "peak_ms": NOW_MS - 20_000},
    "resolved": {"state": State.RESOLVED, "resolved_ms": NOW_MS - 1000},
    "withdrawn": {"state": State.WITHDRAWN},
    "data lost": {"data_lost": True},
    "retrospective": {
        "state": State.RESOLVED,
        "resolved_ms": NOW_MS - 50_000,
        "retrospective": True,
    },
    "whole station silent": SILENT,
    "below its limit": LOW_OXYGEN,
    "rise after a rise upstream": {
        "rule_id": "ammonia-downstream",
        "level": Level.WARNING,
        "station": "tonglv-jinsha",
    },
    "several conditions": {"rule_id": "sewage-signature", "indicator": "", **worst(2.0)},
    "water class": {
        "rule_id": "water-class",
        "level": Level.NOTICE,
        "indicator": "",
        **worst(1.0),
    },
    "air quality": {
        "rule_id": "air-quality-index",
        "level": Level.WARNING,
        "station": "air-jinsha",
        "indicator": "",
        **worst(152.0),
    },
    "operation state": {
        "rule_id": "sensor-not-measuring",
        "level": Level.NOTICE,
        "about": "maintenance",
        **worst(4.0),
    },
    "rule gone": {"rule_id": "gone"},
}


def text_of(answer: httpx.Response) -> str:
    """What a reader of the page reads."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", "", answer.text, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", body))


@pytest.mark.parametrize("changes", STATES.values(), ids=STATES.keys())
def test_every_page_shows_an_alert_in_every_state(
    centre: RunningCentre, deputy: httpx.Client, changes: dict[str, object]
) -> None:
    """List, alert, station, overview and API answer whatever became of it, and of every kind."""
    alert = centre.put(spill(**changes))
    paths = (
        "/environment/",
        "/environment/alerts",
        "/environment/alerts?show=firing",
        f"/environment/alerts/{alert.id}",
        f"/environment/stations/{alert.station}",
        "/api/v1/alerts",
        f"/api/v1/alerts/{alert.id}",
    )
    assert {path: deputy.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_the_page_says_what_where_how_far_and_what_next(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """A deputy reads sentences; no code and no raw level."""
    alert = centre.put(spill())
    text = text_of(deputy.get(f"/environment/alerts/{alert.id}"))
    for said in ("通吕运河平潮断面", "氨氮", "2.500", "1.000", "超标 1.5 倍", "GB 3838-2002"):
        assert said in text
    for said in ("11:58:30", "目前仍在上升", "接下来", "报警自动解除"):
        assert said in text
    assert "w21003" not in text


def test_what_fires_stands_first_and_withdrawn_ones_are_not_listed(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The list is for what one must care for."""
    centre.put(
        spill(id="b" * 20, state=State.RESOLVED, resolved_ms=NOW_MS, fired_ms=NOW_MS - 1000)
    )
    centre.put(spill(id="c" * 20))
    centre.put(spill(id="d" * 20, state=State.WITHDRAWN))
    listed = re.findall(
        r'href="/environment/alerts/(\w+)"', deputy.get("/environment/alerts").text
    )
    assert listed == ["c" * 20, "b" * 20]
    listed = re.findall(
        r'href="/environment/alerts/(\w+)"', deputy.get("/environment/alerts?show=firing").text
    )
    assert listed == ["c" * 20]


def test_an_acknowledgement_shows_name_and_time(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The button goes, the name stands there, and the audit has a row."""
    alert = centre.put(spill())
    assert "确认已知晓" in deputy.get(f"/environment/alerts/{alert.id}").text
    assert deputy.post(f"/environment/alerts/{alert.id}/acknowledge").status_code == 303
    text = text_of(deputy.get(f"/environment/alerts/{alert.id}"))
    assert "陈明 于 12:00:00 确认" in text
    assert "确认已知晓" not in text
    assert audited(centre, alert.id) == [("daibiao", "{}")]


def test_each_person_acknowledges_once_and_the_first_stands(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """Whoever does so again is shown that it is done; over the API that is 409."""
    alert = centre.put(spill())
    deputy.post(f"/environment/alerts/{alert.id}/acknowledge")
    centre.clock.now_ms += 60_000
    page = officer.post(f"/environment/alerts/{alert.id}/acknowledge", follow_redirects=True)
    assert "陈明 于 12:00:00 确认" in text_of(page)
    assert "您已于 12:01:00 确认知道" in text_of(page)
    officer.post(f"/environment/alerts/{alert.id}/acknowledge")
    refused = officer.post(f"/api/v1/alerts/{alert.id}/acknowledge")
    assert refused.status_code == 409
    assert (refused.json()["by"], refused.json()["at_ms"]) == ("李岚", NOW_MS + 60_000)
    assert audited(centre, alert.id) == [("daibiao", "{}"), ("huanbao", "{}")]


def test_the_api_acknowledges_too(centre: RunningCentre, officer: httpx.Client) -> None:
    """It answers the alert as it stands then."""
    alert = centre.put(spill())
    answer = officer.post(f"/api/v1/alerts/{alert.id}/acknowledge")
    assert answer.status_code == 200
    assert answer.json()["acknowledged_by"] == "李岚"
    assert answer.json()["acknowledged_ms"] == NOW_MS


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/alerts/%00",
        "/api/v1/items/environment/alert/%00",
        "/environment/alerts/%00",
    ],
)
def test_a_name_that_no_database_holds_is_not_found(deputy: httpx.Client, path: str) -> None:
    """PostgreSQL would fail on U+0000 instead of finding nothing."""
    assert deputy.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/environment/alerts/none/acknowledge", "/api/v1/alerts/none/acknowledge"]
)
def test_an_unknown_alert_cannot_be_acknowledged(deputy: httpx.Client, path: str) -> None:
    """Page and API answer 404."""
    assert deputy.post(path).status_code == 404


def test_somebody_whose_session_ended_is_led_to_a_page_that_exists(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """After signing in an address of POST only would be a dead end."""
    alert = centre.put(spill())
    answer = stranger.post(f"/environment/alerts/{alert.id}/acknowledge")
    assert answer.headers["location"] == "/sign-in?to=/"


def test_the_api_filters_by_station_and_state(centre: RunningCentre, deputy: httpx.Client) -> None:
    """Both restrict; an unknown state is refused."""
    centre.put(spill())
    centre.put(spill(id="b" * 20, station="tonglv-jinsha"))
    centre.put(spill(id="c" * 20, state=State.RESOLVED, resolved_ms=NOW_MS))
    query = {"station": "tonglv-pingchao", "state": "firing"}
    found = deputy.get("/api/v1/alerts", params=query).json()
    assert [row["id"] for row in found] == ["a" * 20]
    assert deputy.get("/api/v1/alerts", params={"state": "ended"}).status_code == 422


def audited(
    centre: RunningCentre, event: str, action: str = "alert.acknowledge"
) -> list[tuple[str, str]]:
    """Who is on record for an act on an event, with its detail."""
    query = sa.select(AUDIT.c.who, AUDIT.c.detail).where(
        AUDIT.c.action == action, AUDIT.c.subject == event
    )
    with centre.services.state.read() as connection:
        return [(row.who, row.detail) for row in connection.execute(query.order_by(AUDIT.c.id))]
