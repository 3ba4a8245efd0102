"""Reviews and corrections over the API: who may decide what, and what it does to every answer."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.tables import AUDIT
from tests.api.conftest import BOTH, NOW_MS, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)

STATION = "tonglv-pingchao"
SERIES = f"/api/v1/stations/{STATION}/series/w21003"
REVIEW = {"from_ms": NOW_MS - 600_000, "to_ms": NOW_MS + 1, "quality": "bad", "why": "电极结垢"}
CORRECTION = {"at_ms": NOW_MS, "value": 0.4, "why": "实验室复测"}


@pytest.fixture(autouse=True)
def readings(centre: RunningCentre, kind: str) -> None:
    """Ammonia of the last half hour."""
    centre.measured(f"{STATION}/w21003", [0.5, None, 2.5, 2.6])


def decided(client: httpx.Client, what: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the API answers to a decision."""
    answer = client.post(f"{SERIES}/{what}", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_review_gives_another_flag_and_keeps_the_value(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """It is seen in every answer, with its cause; withdrawn, all is as before."""
    before = officer.get(SERIES).json()
    made = decided(officer, "reviews", REVIEW)

    series = officer.get(SERIES).json()
    assert series["value"] == [0.5, None, 2.5, 2.6]
    assert series["quality"] == [1, 1, 4, 4]
    assert series["cause"] == [0, 0, 60, 60]
    assert "人工复核" in officer.get(f"/environment/stations/{STATION}").text
    assert (made["kind"], made["quality"], made["value"]) == ("review", "bad", None)
    assert (made["by"], made["why"], made["at_ms"]) == ("李岚", "电极结垢", NOW_MS)

    gone = officer.delete(f"/api/v1/corrections/{made['id']}")
    assert (gone.status_code, gone.json()["withdrawn_by"]) == (200, "李岚")
    assert officer.get(SERIES).json() == before


def test_a_correction_gives_one_reading_another_value(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """A figure without a point will do; the original stays in the store."""
    made = decided(officer, "corrections", CORRECTION | {"value": 1})

    series = officer.get(SERIES).json()
    assert (series["value"][-1], series["quality"][-1], series["cause"][-1]) == (1.0, 1, 61)
    assert series["value"][:-1] == [0.5, None, 2.5]
    assert (made["kind"], made["from_ms"], made["to_ms"]) == ("correction", NOW_MS, NOW_MS + 1)


def test_what_was_decided_is_listed_with_what_was_withdrawn(
    centre: RunningCentre, officer: httpx.Client, deputy: httpx.Client
) -> None:
    """The newest first, for anybody who is signed in; of a series or of all."""
    review = decided(officer, "reviews", REVIEW)
    correction = decided(officer, "corrections", CORRECTION)
    officer.delete(f"/api/v1/corrections/{review['id']}")

    for path in (f"{SERIES}/corrections", "/api/v1/corrections"):
        rows = deputy.get(path).json()
        assert [row["id"] for row in rows] == [correction["id"], review["id"]]
        assert [row["withdrawn_by"] for row in rows] == [None, "李岚"]
    assert deputy.get("/api/v1/corrections?station=tonglv-jinsha").json() == []
    assert deputy.get(f"{SERIES}/corrections?to_ms={NOW_MS}").json() == [
        review | {"withdrawn_by": "李岚", "withdrawn_account": "huanbao", "withdrawn_ms": NOW_MS}
    ]


def test_only_an_officer_decides(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client, stranger: httpx.Client
) -> None:
    """Others are told whom to ask, and nothing is kept."""
    made = decided(officer, "reviews", REVIEW)
    for client, status in ((deputy, 403), (stranger, 401)):
        answers = [
            client.post(f"{SERIES}/reviews", json=REVIEW),
            client.post(f"{SERIES}/corrections", json=CORRECTION),
            client.delete(f"/api/v1/corrections/{made['id']}"),
        ]
        assert [answer.status_code for answer in answers] == [status] * 3
    assert deputy.post(f"{SERIES}/reviews", json=REVIEW).json() == {
        "detail": "permission environment.review-readings is missing; sign in as officer"
    }
    (row,) = officer.get("/api/v1/corrections").json()
    assert row == made


def test_each_decision_leaves_an_audit_record(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """Who decided what of which series, and why."""
    made = decided(officer, "reviews", REVIEW)
    decided(officer, "corrections", CORRECTION)
    officer.delete(f"/api/v1/corrections/{made['id']}")

    with centre.services.state.read() as connection:
        rows = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).all()
    rows = [row for row in rows if row.subject == f"{STATION}/w21003"]
    assert [(row.who, row.action) for row in rows] == [
        ("huanbao", "reading.review"),
        ("huanbao", "reading.correct"),
        ("huanbao", "correction.withdraw"),
    ]
    assert json.loads(rows[0].detail) == {"id": made["id"], "value": None, **REVIEW}


def test_of_two_who_withdraw_the_first_stands(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """The second is told by whom."""
    made = decided(officer, "reviews", REVIEW)
    path = f"/api/v1/corrections/{made['id']}"
    officer.delete(path)
    centre.clock.now_ms += 60_000

    answer = officer.delete(path)

    assert (answer.status_code, "already withdrawn by 李岚" in answer.text) == (409, True)
    assert officer.get("/api/v1/corrections").json()[0]["withdrawn_ms"] == NOW_MS


@pytest.mark.parametrize(
    ("what", "changes", "words"),
    [
        ("reviews", {"to_ms": NOW_MS - 1_100_000, "from_ms": NOW_MS - 1_300_000}, "from_ms: no"),
        ("reviews", {"to_ms": REVIEW["from_ms"]}, "from_ms: .* before to_ms; exchange"),
        ("reviews", {"to_ms": NOW_MS + 2}, "to_ms: lies ahead of now; review what was measured"),
        ("reviews", {"from_ms": 0}, "to_ms: .* 31 days .*; review month by month"),
        ("reviews", {"to_ms": NOW_MS - 1000, "from_ms": NOW_MS - 2000}, "from_ms: no reading"),
        ("reviews", {"quality": "missing"}, "quality"),
        ("reviews", {"quality": 4}, "quality"),
        ("reviews", {"why": " \n"}, "why"),
        ("reviews", {"why": "x\0"}, "why"),
        ("reviews", {"why": "长" * 501}, "why"),
        ("reviews", {"by": "陈明"}, "by"),
        ("reviews", {"from_ms": True}, "from_ms"),
        ("corrections", {"at_ms": NOW_MS - 1}, "at_ms: no reading was taken at .*; take"),
        (
            "corrections",
            {"value": 301},
            "value: 301 is no ammonia nitrogen; give .* 0 to 300 mg/L",
        ),
        ("corrections", {"value": "1.0"}, "value"),
        ("corrections", {"value": True}, "value"),
        ("corrections", {"value": None}, "value"),
    ],
)
def test_what_cannot_be_accepted_is_named_with_the_remedy(
    centre: RunningCentre, officer: httpx.Client, what: str, changes: dict[str, object], words: str
) -> None:
    """422 with the field, and nothing is kept."""
    body = (REVIEW if what == "reviews" else CORRECTION) | changes
    answer = officer.post(f"{SERIES}/{what}", json=body)

    assert answer.status_code == 422
    said = answer.json()["detail"]
    if isinstance(said, str):
        assert re.match(words, said), said
    else:
        assert said[0]["loc"] == ["body", words]
    assert officer.get("/api/v1/corrections").json() == []


@pytest.mark.parametrize(
    ("method", "path", "words"),
    [
        ("POST", "/api/v1/stations/nowhere/series/w21003/reviews", "/api/v1/stations"),
        ("POST", f"/api/v1/stations/{STATION}/series/a34004/reviews", "use one of w01010"),
        ("GET", f"/api/v1/stations/{STATION}/series/a34004/corrections", "use one of w01010"),
        ("DELETE", "/api/v1/corrections/77", "/api/v1/corrections"),
    ],
)
def test_what_is_unknown_is_answered_with_where_to_look(
    centre: RunningCentre, officer: httpx.Client, method: str, path: str, words: str
) -> None:
    """404."""
    answer = officer.request(method, path, json=REVIEW if method == "POST" else None)
    assert answer.status_code == 404
    assert words in answer.json()["detail"]


def test_another_site_cannot_decide_with_the_session_of_an_officer(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """A form elsewhere that posts here is refused."""
    answer = officer.post(f"{SERIES}/reviews", json=REVIEW, headers={"origin": "http://evil"})
    assert answer.status_code == 403
