"""What officers found an alert to be, as they write it and as everybody reads it."""

from __future__ import annotations

import json

import httpx
import pytest
import sqlalchemy as sa

from alerting.alert import Alert, State, Verdict
from api import audit
from api.accounts.records import Account
from api.platforms.environment.alerts import actions
from api.tables import AUDIT
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, spill
from tests.api.test_alerts import text_of

pytestmark = pytest.mark.parametrize("kind", BOTH)

FOULED = {"verdict": "sensor-fault", "note": "电极结垢"}


def address(alert: Alert) -> str:
    """Of its review over the API; the page's lies at the same place without the prefix."""
    return f"/api/v1/alerts/{alert.id}/review"


def audited(centre: RunningCentre) -> list[tuple[str, str, dict[str, str]]]:
    """Reviews on record, the oldest first: by whom, of which alert, and what was said."""
    query = sa.select(AUDIT).where(AUDIT.c.action == "alert.review").order_by(AUDIT.c.id)
    with centre.services.state.read() as connection:
        rows = connection.execute(query).all()
    return [(row.who, row.subject, json.loads(row.detail)) for row in rows]


def said_of(client: httpx.Client, alert: Alert) -> object:
    """The review that the API tells of."""
    return client.get(f"/api/v1/alerts/{alert.id}").json()["review"]


def test_a_review_over_the_api_is_reported_with_the_alert(
    centre: RunningCentre, officer: httpx.Client, deputy: httpx.Client
) -> None:
    """By whom, when, what and with which note; before, there is none."""
    alert = centre.put(spill())
    assert said_of(deputy, alert) is None

    answer = officer.post(address(alert), json=FOULED | {"note": " 电极结垢 "})

    review = FOULED | {"by": "李岚", "account": "huanbao", "at_ms": NOW_MS}
    assert (answer.status_code, answer.json()["review"]) == (200, review)
    assert said_of(deputy, alert) == review
    assert [row["review"] for row in deputy.get("/api/v1/alerts").json()] == [review]
    assert audited(centre) == [("huanbao", alert.id, FOULED)]


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        ("true-alarm", "属实"),
        ("false-alarm", "误报"),
        ("sensor-fault", "仪器故障"),
        ("planned-work", "计划作业"),
    ],
)
def test_the_form_of_the_page_reviews(
    centre: RunningCentre, officer: httpx.Client, deputy: httpx.Client, verdict: str, word: str
) -> None:
    """Page and list say it in a word, to deputies as well."""
    alert = centre.put(spill())
    page = f"/environment/alerts/{alert.id}"
    assert "还没有人复核过" in text_of(deputy.get(page))
    assert f'type="radio" name="verdict" value="{verdict}"' in officer.get(page).text

    answer = officer.post(f"{page}/review", data={"verdict": verdict, "note": "到场看过"})

    assert (answer.status_code, answer.headers["location"]) == (303, page)
    text = text_of(deputy.get(page))
    for said in (word, "到场看过", "李岚 · 12:00:00"):
        assert said in text
    assert f"· {word}" in text_of(deputy.get("/environment/alerts"))


def test_a_later_review_takes_the_place_of_an_earlier_one(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """The audit keeps both; a note may be left out."""
    alert = centre.put(spill())
    officer.post(address(alert), json=FOULED)
    centre.clock.now_ms += 60_000

    assert officer.post(
        f"/environment/alerts/{alert.id}/review", data={"verdict": "true-alarm"}
    ).is_redirect

    now = {"verdict": "true-alarm", "note": ""}
    by = {"by": "李岚", "account": "huanbao", "at_ms": NOW_MS + 60_000}
    assert said_of(officer, alert) == now | by
    assert [detail for *_, detail in audited(centre)] == [FOULED, now]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "verdict"),
        ({"verdict": "unknown"}, "verdict"),
        ({"verdict": None}, "verdict"),
        (FOULED | {"note": "长" * 501}, "note"),
        (FOULED | {"note": "\0"}, "note"),
        (FOULED | {"note": None}, "note"),
        (FOULED | {"by": "陈明"}, "by"),
    ],
)
def test_what_does_not_hold_over_the_api_is_named(
    centre: RunningCentre, officer: httpx.Client, body: dict[str, object], field: str
) -> None:
    """And nothing is kept."""
    alert = centre.put(spill())
    answer = officer.post(address(alert), json=body)
    assert answer.status_code == 422
    assert [fault["loc"] for fault in answer.json()["detail"]] == [["body", field]]
    assert (said_of(officer, alert), audited(centre)) == (None, [])


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"verdict": ""}, "verdict", "请选择一种结论"),
        ({"verdict": "unknown"}, "verdict", "请选择一种结论"),
        ({"note": "长" * 501}, "note", "最多 500 字"),
    ],
)
def test_what_does_not_hold_on_the_page_comes_back_with_all_that_was_written(
    centre: RunningCentre, officer: httpx.Client, changes: dict[str, str], field: str, words: str
) -> None:
    """With the field that is wrong, in words; and nothing is kept."""
    alert = centre.put(spill())
    written = FOULED | changes
    answer = officer.post(f"/environment/alerts/{alert.id}/review", data=written)
    assert answer.status_code == 422
    assert f'aria-describedby="wrong-{field}"' in answer.text
    assert words in text_of(answer)
    assert f">{written['note']}</textarea>" in answer.text
    chosen = 'value="sensor-fault" checked' in answer.text
    assert chosen == (written["verdict"] == "sensor-fault")
    assert (said_of(officer, alert), audited(centre)) == (None, [])


def test_alerts_are_reviewed_by_officers(
    centre: RunningCentre, officer: httpx.Client, deputy: httpx.Client, stranger: httpx.Client
) -> None:
    """A deputy finds no form; whoever else tries, and a page of another site, changes nothing."""
    alert = centre.put(spill())
    page = f"/environment/alerts/{alert.id}/review"
    assert page in officer.get(f"/environment/alerts/{alert.id}").text
    assert page not in deputy.get(f"/environment/alerts/{alert.id}").text
    elsewhere = {"origin": "http://evil"}
    answers = [
        deputy.post(page, data=FOULED),
        deputy.post(address(alert), json=FOULED),
        officer.post(page, data=FOULED, headers=elsewhere),
        officer.post(address(alert), json=FOULED, headers=elsewhere),
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert stranger.post(address(alert), json=FOULED).status_code == 401
    assert stranger.post(page, data=FOULED).headers["location"] == "/sign-in?to=/"
    assert (said_of(officer, alert), audited(centre)) == (None, [])


def test_an_unknown_alert_cannot_be_reviewed(centre: RunningCentre, officer: httpx.Client) -> None:
    """Page and API answer 404."""
    assert officer.post("/environment/alerts/none/review", data=FOULED).status_code == 404
    assert officer.post("/api/v1/alerts/none/review", json=FOULED).status_code == 404
    assert audited(centre) == []


def test_a_withdrawn_alert_shows_its_review_and_asks_for_none(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Late readings showed that there is nothing to review."""
    alert = centre.put(spill())
    officer.post(address(alert), json=FOULED)
    centre.put(spill(state=State.WITHDRAWN))
    other = centre.put(spill(id="b" * 20, state=State.WITHDRAWN))

    reviewed, bare = (officer.get(f"/environment/alerts/{row.id}") for row in (alert, other))

    assert "仪器故障" in text_of(reviewed)
    assert "复核这条报警" not in text_of(bare)
    assert "/review" not in reviewed.text + bare.text


def test_no_review_stands_without_its_audit(
    centre: RunningCentre, officer: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are of one transaction."""

    class Halted(Exception):
        pass

    def halt(*_args: object, **_named: object) -> None:
        raise Halted

    alert = centre.put(spill())
    monkeypatch.setattr(audit, "record", halt)
    somebody = Account("huanbao", "李岚", ("officer",))
    with pytest.raises(Halted):
        actions.review(centre.services, alert.id, somebody, Verdict.TRUE, "")
    monkeypatch.undo()
    assert said_of(officer, alert) is None
