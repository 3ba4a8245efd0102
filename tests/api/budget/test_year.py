"""Statutory dates of a year: terms begin with the days that the office enters, move with them, and
are met on the day on which a duty was done.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from api.platforms.budget.year.records import OF_EACH_YEAR
from config.vocabulary.time import begins_ms
from tests.api.conftest import BOTH, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)
API = "/api/v1/budget/year"


def entered(client: httpx.Client, occasion: str, day: str, note: str = "") -> dict[str, Any]:
    """A day that the office entered."""
    body = {"occasion": occasion, "day": day, "note": note}
    answer = client.post(f"{API}/days", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def terms(client: httpx.Client, year: int = 2026) -> list[tuple[str, str, str]]:
    """Due day, rule and state of each term, the first due first."""
    answer = client.get(API, params={"year": year})
    assert answer.status_code == 200, answer.text
    return [(of["due"], of["rule"], of["state"]) for of in answer.json()["terms"]]


def term(client: httpx.Client, rule: str) -> dict[str, Any]:
    """The term of a rule."""
    found = client.get(API, params={"year": 2026}).json()["terms"]
    (one,) = [of for of in found if of["rule"] == rule]
    return dict(one)


def test_terms_end_on_the_days_of_the_law(clerk: httpx.Client) -> None:
    """Counted by hand: the day of the act does not count, a last day off moves to the next working
    day, one before a day does not (预算法 art. 44, 52, 14, 69, 78, 80, 81; 监督法 art. 19, 24,
    25).
    """
    entered(clerk, "session", "2026-03-10")
    entered(clerk, "approved", "2026-03-13")
    entered(clerk, "accounts-approved", "2026-07-28")
    assert terms(clerk) == [
        ("2026-02-08", "bgt.first", "running"),
        ("2026-04-02", "bgt.approve.dept", "running"),
        ("2026-04-02", "bgt.publish", "running"),
        ("2026-04-13", "bgt.transfer", "running"),
        ("2026-05-12", "bgt.transfer.earmarked", "running"),
        ("2026-06-30", "bgt.deploy", "running"),
        ("2026-08-17", "final.approve", "running"),
        ("2026-08-17", "bgt.publish", "running"),
        ("2026-08-27", "final.file", "running"),
        ("2026-09-30", "final.window", "running"),
        ("2026-12-31", "soe.report", "running"),
        ("2026-12-31", "debt.report", "running"),
    ]


def test_when_a_day_moves_then_its_terms_run_from_the_new_one_and_say_why(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """What was done stays done, and what is not to be done stays so; the term before stays on
    record with the reason.
    """
    entry = entered(clerk, "approved", "2026-03-13", "区八届人大六次会议")
    before = term(clerk, "bgt.transfer")
    done = term(clerk, "bgt.publish")
    met = clerk.post(f"{API}/terms/{done['id']}/meet", json={"day": "2026-03-20"})
    assert (met.status_code, met.json()["met_ms"]) == (200, begins_ms(date(2026, 3, 20)))
    towns = term(clerk, "bgt.transfer.earmarked")["id"]
    reason = {"why": "本区没有专项转移支付"}
    assert clerk.post(f"/api/v1/deadlines/{towns}/cancel", json=reason).is_success
    moving = {"version": 1, "day": "2026-03-16", "why": "会议推迟三天"}
    moved = clerk.post(f"{API}/days/{entry['id']}/move", json=moving)
    assert (moved.status_code, moved.json()["version"]) == (200, 2)
    after = term(clerk, "bgt.transfer")
    assert (before["due"], after["due"], after["state"]) == (
        "2026-04-13",
        "2026-04-15",
        "running",
    )
    publish = term(clerk, "bgt.publish")
    assert (publish["state"], publish["met_ms"]) == ("ended", begins_ms(date(2026, 3, 20)))
    assert term(clerk, "bgt.transfer.earmarked")["state"] == "cancelled"
    assert "会议推迟三天" in clerk.get(f"/deadlines/{before['id']}").text
    page = deputy.get("/budget/year?year=2026").text
    assert "由2026-03-13改为2026-03-16：会议推迟三天" in page
    assert "《预算法》第52条第4款" in page
    assert "/move" not in page
    again = clerk.post(f"{API}/days/{entry['id']}/move", json=moving | {"day": "2026-03-17"})
    assert again.status_code == 409


def test_an_entry_that_was_a_mistake_goes_with_its_open_terms(clerk: httpx.Client) -> None:
    """Those of the calendar stay."""
    entry = entered(clerk, "session", "2026-03-10")
    first = term(clerk, "bgt.first")
    path = f"{API}/days/{entry['id']}/withdraw"
    assert clerk.post(path, json={"version": 1, "why": " "}).status_code == 422
    assert clerk.post(path, json={"version": 1, "why": "录错了"}).is_success
    assert [rule for _, rule, _ in terms(clerk)] == [*OF_EACH_YEAR]
    assert clerk.get(f"/api/v1/deadlines/{first['id']}").json()["state"] == "cancelled"
    assert clerk.post(path, json={"version": 2, "why": "录错了"}).status_code == 404


def test_the_page_says_what_is_wrong_and_keeps_what_was_written(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Field by field; nothing is written of it, and nothing by a deputy."""
    form = {"year": "2026", "occasion": "session", "day": "2026-02-30", "note": "第六次会议"}
    for change, said in (
        ({}, "请填日期，例如 2026-03-10。"),
        ({"day": "2062-03-10"}, "请填2000年到2028年的日期。"),
        ({"day": "2026-03-10", "occasion": ""}, "请选是什么日期。"),
        ({"day": "2012-03-10", "occasion": "accounts-approved"}, "第六次会议"),
    ):
        answer = clerk.post("/budget/year/days", data=form | change)
        assert answer.status_code == 422
        assert said in answer.text
        assert "第六次会议" in answer.text
    assert terms(clerk) == []
    assert deputy.post("/budget/year/days", data=form).status_code == 403
    good = clerk.post("/budget/year/days", data=form | {"day": "2026-03-10"})
    assert (good.status_code, good.headers["location"]) == (303, "/budget/year?year=2026")
    deadline = term(clerk, "bgt.first")["id"]
    ahead = clerk.post(
        f"/budget/year/terms/{deadline}/meet", data={"year": "2026", "day": "2030-01-01"}
    )
    assert (ahead.status_code, "完成日期不能晚于今天。" in ahead.text) == (422, True)
    assert "2026-02-08" in clerk.get("/budget/year.csv?year=2026").text
    assert clerk.get(f"/deadlines/{deadline}").status_code == 200
    with centre.services.state.read() as connection:
        rows = connection.exec_driver_sql(
            "select who, subject from audit where action = 'budget.enter-day'"
        ).all()
    entry = clerk.get(API, params={"year": 2026}).json()["entries"][0]["id"]
    assert [tuple(row) for row in rows] == [("lianluo", str(entry))]
