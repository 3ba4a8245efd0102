"""Decisions keep the account beside the name that the person had then."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from alerting import tables as alert_tables
from api.accounts.enrolment.people import Newcomer
from api.tables import ACCOUNT
from ingest.annotations import tables as annotation_tables
from tests.api.conftest import BOTH, NOW_MS, PASSWORDS, RunningCentre, enrolled_now, spill

pytestmark = pytest.mark.parametrize("kind", BOTH)

SERIES = "/api/v1/stations/tonglv-pingchao/series/w21003"
RULE = "/api/v1/rules/ammonia-over-class"
KEPT = (
    ("alert", "acknowledged_account"),
    ("alert", "reviewed_account"),
    ("rule_version", "author_account"),
    ("correction", "account"),
    ("correction", "withdrawn_account"),
)
REVIEW = {"from_ms": NOW_MS, "to_ms": NOW_MS + 1, "quality": "bad", "why": "电极清洗"}


def decide(client: httpx.Client, centre: RunningCentre) -> None:
    """Acknowledge and review an alert, review and withdraw of readings, save a rule."""
    centre.measured("tonglv-pingchao/w21003", [0.5])
    alert = f"/api/v1/alerts/{centre.put(spill()).id}"
    (rule,) = [row for row in client.get("/api/v1/rules").json() if RULE.endswith(row["id"])]
    names = ("level", "limit", "for_ms", "clear_limit", "clear_for_ms")
    levels = [{name: level[name] for name in names} for level in rule["levels"]]
    levels[0]["for_ms"] += 1000
    answers = [
        client.post(f"{alert}/acknowledge"),
        client.post(f"{alert}/review", json={"verdict": "true-alarm"}),
        client.post(f"{SERIES}/reviews", json=REVIEW),
        client.post(f"{RULE}/versions", json={"levels": levels, "version": 1, "reason": "枯水期"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 201, 201]
    gone = client.delete(f"/api/v1/corrections/{answers[2].json()['id']}")
    assert gone.status_code == 200


def decisions(client: httpx.Client) -> list[tuple[str, str]]:
    """Name and account of each of those decisions."""
    (alert,) = client.get("/api/v1/alerts").json()
    (correction,) = client.get("/api/v1/corrections").json()
    version: dict[str, Any] = client.get(f"{RULE}/versions").json()[0]
    return [
        (alert["acknowledged_by"], alert["acknowledged_account"]),
        (alert["review"]["by"], alert["review"]["account"]),
        (correction["by"], correction["account"]),
        (correction["withdrawn_by"], correction["withdrawn_account"]),
        (version["author"], version["account"]),
    ]


def test_given_somebody_who_decided_when_renamed_then_the_account_is_the_same(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """The name stands as it was; the account says that it is the same person."""
    decide(officer, centre)
    with centre.services.state.begin() as connection:
        connection.execute(sa.update(ACCOUNT).values(name="李岚岚"))
    assert decisions(officer) == [("李岚", "huanbao")] * 5
    assert officer.get("/api/v1/session").json()["username"] == "huanbao"


def test_given_two_people_of_one_name_when_one_acknowledges_then_the_other_is_told_who_was_first(
    centre: RunningCentre, officer: httpx.Client, address: str
) -> None:
    """Whoever acknowledged is told that it is done, and the namesake that somebody was first."""
    alert = f"/environment/alerts/{centre.put(spill()).id}"
    enrolled_now(centre, Newcomer("lilan2", "李岚", ("officer",)), PASSWORDS["huanbao"])
    officer.post(f"{alert}/acknowledge")
    with httpx.Client(base_url=address, timeout=60) as other:
        body = {"username": "lilan2", "password": PASSWORDS["huanbao"]}
        assert other.post("/api/v1/session", json=body).status_code == 204
        pages = [client.get(f"{alert}?first=somebody").text for client in (officer, other)]
    assert ["已先于您" in page for page in pages] == [False, True]


def test_given_decisions_of_before_when_the_tables_are_brought_up_then_the_audit_names_the_accounts(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """A database in which names alone were kept."""
    decide(officer, centre)
    with centre.services.state.begin() as connection:
        for table, column in KEPT:
            connection.execute(sa.text(f"alter table {table} drop column {column}"))
        for room, version in (("alerting", "0005"), ("ingest", "0002")):
            connection.execute(sa.text(f"update alembic_{room} set version_num = '{version}'"))
    centre.services.state.migrate([annotation_tables.MIGRATIONS, alert_tables.MIGRATIONS])
    with centre.services.state.read() as connection:
        found = [connection.scalar(sa.text(f"select {row} from {of}")) for of, row in KEPT]
    assert found == ["huanbao"] * 5
