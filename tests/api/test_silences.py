"""An officer silences alerts and plans maintenance; everybody sees until when, and why."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import httpx
import pytest
import sqlalchemy as sa

from alerting.alert import Level, State
from alerting.silences.silence import LONGEST_MS
from api.tables import AUDIT
from config.vocabulary.time import DAY_MS, HOUR_MS
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, spill

pytestmark = pytest.mark.parametrize("kind", BOTH)
PAGE = "/environment/silences"
STATION = "tonglv-pingchao"
FORM = {"stations": STATION, "level": "alarm", "reason": "校准氨氮仪器", "ends": "4h"}


def body(**changes: object) -> dict[str, object]:
    """Of a request to the API: the first station up to 警告, for an hour."""
    values = {
        "stations": [STATION],
        "level": "alarm",
        "reason": "校准",
        "until_ms": NOW_MS + HOUR_MS,
    }
    return values | changes


def test_when_an_officer_checks_then_the_page_says_what_is_covered_and_nothing_is_saved(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """In words, with the alerts that stand now; then one button saves it."""
    alert = centre.put(spill())
    centre.put(spill(id="c" * 20, level=Level.CRITICAL, rule_id="oxygen-low", indicator="w01009"))
    page = officer.post(f"{PAGE}/check", data=FORM).text
    assert (
        "站点：平潮水质自动站" in page or centre.services.catalogue.stations[STATION].name in page
    )
    assert "更严重时仍会通知" in page
    assert f"/environment/alerts/{alert.id}" in page
    assert f"/environment/alerts/{'c' * 20}" not in page, "graver alerts are told"
    assert officer.get("/api/v1/silences").json()["in_force"] == []

    answer = officer.post(PAGE, data=FORM)

    assert answer.headers["location"] == f"{PAGE}?done=saved"
    (made,) = officer.get("/api/v1/silences").json()["in_force"]
    assert (made["from_ms"], made["until_ms"]) == (NOW_MS, NOW_MS + 4 * HOUR_MS)
    assert (made["author"], made["author_account"]) == ("李岚", "huanbao")
    shown = officer.get(PAGE).text
    assert "校准氨氮仪器" in shown


@pytest.mark.parametrize(
    ("ends", "until", "span_ms"),
    [
        ("1h", "", HOUR_MS),
        ("morning", "", 20 * HOUR_MS),
        ("3d", "", 3 * DAY_MS),
        ("7d", "", 7 * DAY_MS),
        ("at", "2026-11-24T18:30", 6 * HOUR_MS + HOUR_MS // 2),
    ],
)
def test_an_end_is_named_or_given_as_a_time_of_the_district(
    officer: httpx.Client, ends: str, until: str, span_ms: int
) -> None:
    """Asked at noon."""
    officer.post(PAGE, data=FORM | {"ends": ends, "until": until})
    (made,) = officer.get("/api/v1/silences").json()["in_force"]
    assert made["until_ms"] == NOW_MS + span_ms


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stations": []}, "stations"),
        ({"stations": ["nowhere"]}, "stations"),
        ({"rules": ["no-such-rule"]}, "rules"),
        ({"reason": " "}, "reason"),
        ({"reason": "长" * 501}, "reason"),
        ({"until_ms": NOW_MS}, "until"),
        ({"until_ms": NOW_MS + LONGEST_MS + 1}, "until"),
        ({"kind": "maintenance"}, "crew"),
        ({"kind": "maintenance", "crew": "张工", "from_ms": NOW_MS + 2 * HOUR_MS}, "until"),
        (
            {
                "kind": "maintenance",
                "crew": "张工",
                "from_ms": NOW_MS + 91 * DAY_MS,
                "until_ms": NOW_MS + 92 * DAY_MS,
            },
            "begin",
        ),
    ],
)
def test_what_does_not_hold_is_refused_with_field_fault_and_remedy(
    officer: httpx.Client, changes: dict[str, object], field: str
) -> None:
    """And nothing is saved."""
    answer = officer.post("/api/v1/silences", json=body(**changes))
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(f"{field}: ")
    assert officer.get("/api/v1/silences").json()["in_force"] == []


def test_a_form_that_does_not_hold_comes_back_with_all_that_was_written(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """The fault stands at its field."""
    answer = officer.post(PAGE, data=FORM | {"reason": "", "ends": "at", "until": "soon"})
    assert answer.status_code == 422
    assert centre.services.words("silences.wrong-time") in answer.text
    answer = officer.post(f"{PAGE}/check", data=FORM | {"reason": ""})
    assert answer.status_code == 422
    assert 'id="wrong-reason"' in answer.text
    assert f'value="{STATION}" checked' in answer.text


def test_a_silence_begun_from_an_event_has_its_station_rule_river_and_level(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """The page of an alert leads there; an event that is not there gives an empty form."""
    alert = centre.put(spill())
    with centre.services.state.begin() as connection:
        event = centre.services.events.of_alert(
            connection, alert, "river tonglv", alert.rule_id, NOW_MS
        )
    address = f"{PAGE}/new?event={event}"
    assert address in officer.get(f"/environment/alerts/{alert.id}").text
    page = officer.get(address).text
    for value in (STATION, "ammonia-over-class", "tonglv"):
        assert f'value="{value}" checked' in page
    assert '<option value="alarm" selected>' in page
    assert f'value="{STATION}" checked' not in officer.get(f"{PAGE}/new?event=none").text


def test_deputies_and_officers_see_that_an_alert_is_silenced_until_when_and_why(
    centre: RunningCentre, officer: httpx.Client, deputy: httpx.Client
) -> None:
    """On the alert, in the list, and at the station; not of a graver one, nor of one that is over."""
    alert = centre.put(spill())
    graver = centre.put(spill(id="b" * 20, level=Level.CRITICAL, rule_id="oxygen-low"))
    over = centre.put(spill(id="c" * 20, state=State.RESOLVED, resolved_ms=NOW_MS))
    officer.post("/api/v1/silences", json=body())
    until = centre.services.words("silences.now", until="13:00:00")
    for who in (officer, deputy):
        page = who.get(f"/environment/alerts/{alert.id}").text
        assert until in page
        assert "校准" in page
        assert "李岚" in page
        for other in (graver, over):
            assert until not in who.get(f"/environment/alerts/{other.id}").text
        assert who.get("/environment/alerts").text.count(until) == 1
        assert who.get(f"/environment/stations/{STATION}").text.count(until) == 1
    assert f"{PAGE}/new" not in deputy.get(f"/environment/alerts/{alert.id}").text
    assert deputy.get(PAGE).status_code == 403


def test_given_an_alert_during_maintenance_when_it_is_reviewed_then_planned_work_is_proposed(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Also when the window is over; never for an alert that it did not cover."""
    before = centre.put(spill(id="b" * 20, state=State.RESOLVED, resolved_ms=NOW_MS - 1))
    form = FORM | {
        "kind": "maintenance",
        "level": "warning",
        "crew": "张工",
        "ends": "at",
        "begin": "2026-11-24T12:00",
        "until": "2026-11-24T14:00",
    }
    assert officer.post(PAGE, data=form).status_code == 303
    centre.clock.now_ms += 4 * HOUR_MS
    during = centre.put(spill(began_ms=NOW_MS + HOUR_MS, fired_ms=NOW_MS + HOUR_MS))
    planned = 'value="planned-work" checked'
    page = officer.get(f"/environment/alerts/{during.id}").text
    assert planned in page
    assert "张工" in page
    assert planned not in officer.get(f"/environment/alerts/{before.id}").text


def test_maintenance_is_planned_ahead_and_may_be_called_off(officer: httpx.Client) -> None:
    """Until it begins it stands among what is to come."""
    planned = body(
        kind="maintenance",
        crew="张工",
        from_ms=NOW_MS + DAY_MS,
        until_ms=NOW_MS + DAY_MS + HOUR_MS,
    )
    made = officer.post("/api/v1/silences", json=planned).json()
    listed = officer.get("/api/v1/silences").json()
    assert [of["id"] for of in listed["to_come"]] == [made["id"]]
    ended = officer.post(f"/api/v1/silences/{made['id']}/end")
    assert (ended.status_code, ended.json()["ended_by"]) == (200, "李岚")
    listed = officer.get("/api/v1/silences").json()
    assert (listed["to_come"], [of["id"] for of in listed["over"]]) == ([], [made["id"]])


def test_a_silence_ends_early_once_and_the_second_is_told(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Over the API by its status, on the page in words."""
    made = officer.post("/api/v1/silences", json=body()).json()
    address = f"{PAGE}/{made['id']}/end"
    assert officer.post(address).headers["location"].endswith("done=ended")
    assert officer.post(address).headers["location"].endswith("done=over")
    assert officer.post(f"/api/v1/silences/{made['id']}/end").status_code == 409
    assert officer.post("/api/v1/silences/999/end").status_code == 404
    assert "李岚" in officer.get(PAGE).text
    with centre.services.state.read() as connection:
        assert centre.services.silences.standing(connection, NOW_MS) == []


def test_a_silence_is_renewed_as_a_new_one_in_its_place(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """No instant lies between them; a week at most from now on."""
    made = officer.post("/api/v1/silences", json=body()).json()
    centre.clock.now_ms += HOUR_MS // 2
    address = f"/api/v1/silences/{made['id']}/renew"
    too_long = {"until_ms": centre.clock.now_ms + LONGEST_MS + 1}
    assert officer.post(address, json=too_long).status_code == 422
    assert officer.post(f"{PAGE}/{made['id']}/renew", data={"ends": "7d"}).status_code == 303
    listed = officer.get("/api/v1/silences").json()
    (renewed,), (old,) = listed["in_force"], listed["over"]
    assert old["id"] == made["id"]
    assert renewed["from_ms"] == old["ended_ms"] == centre.clock.now_ms
    assert renewed["until_ms"] == centre.clock.now_ms + LONGEST_MS
    assert (renewed["reason"], renewed["scope"]) == (made["reason"], made["scope"])


def test_every_change_stands_in_the_audit(centre: RunningCentre, officer: httpx.Client) -> None:
    """With what was silenced, and why."""
    made = officer.post("/api/v1/silences", json=body()).json()
    officer.post(f"{PAGE}/{made['id']}/renew", data={"ends": "1h"})
    officer.post(f"{PAGE}/{made['id'] + 1}/end")
    with centre.services.state.read() as connection:
        query = sa.select(AUDIT).where(AUDIT.c.action.startswith("silence."))
        rows = connection.execute(query.order_by(AUDIT.c.id)).all()
    actions = ["silence.create", "silence.renew", "silence.end"]
    assert [row.action for row in rows] == actions
    assert {row.who for row in rows} == {"huanbao"}
    detail = json.loads(rows[0].detail)
    assert (detail["scope"], detail["reason"]) == ({"stations": [STATION]}, "校准")


@pytest.fixture
def published(centre: RunningCentre) -> list[bytes]:
    """Messages of live events, before anybody serves the pages."""
    found: list[bytes] = []
    centre.services = replace(centre.services, publish=found.append)
    return found


def test_open_pages_hear_of_a_change(published: list[bytes], officer: httpx.Client) -> None:
    """They ask for themselves anew, and hear nothing of what was silenced."""
    made = officer.post("/api/v1/silences", json=body()).json()
    officer.post(f"{PAGE}/{made['id']}/end")
    assert published == [b'{"name":"environment.silence","data":{}}'] * 2
    (events,) = re.findall('data-events="([^"]*)"', officer.get(PAGE).text)
    assert "environment.silence" in events.split()
