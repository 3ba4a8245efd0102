"""The exchange with bodies: each sees what it is asked and what it sent, with receipts, and nothing
of another's.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from tests.api.conftest import BOTH, RunningCentre
from tests.api.source_hands import FAULTY, NOVEMBER, registered

API = "/api/v1/exchange"
CASES = "/api/v1/cases"
DUE = "2027-01-20"


def asked(clerk: httpx.Client, unit: str, title: str = "进度") -> int:
    """The id of a question to a body, in the name of a new case."""
    opened = clerk.post(CASES, json={"title": "水质", "matter": "事由", "openness": "restricted"})
    assert opened.status_code == 201, opened.text
    body = {"title": title, "text": "请说明", "unit": unit, "due_day": DUE}
    answer = clerk.post(f"{CASES}/{opened.json()['id']}/questions", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def step(client: httpx.Client, question: int, name: str, **given: str) -> None:
    """A step of a question."""
    path = f"{CASES}/questions/{question}/steps/{name}"
    answer = client.post(path, json={"given": given})
    assert answer.is_success, answer.text


def owes(officer: httpx.Client, unit: str, name: str) -> int:
    """The id of a source of which a unit owes payments."""
    return registered(officer, name=name, unit=unit, username="")


def load(officer: httpx.Client, source: str, text: str = NOVEMBER) -> dict[str, Any]:
    """A table that the office took in for a source."""
    query = {"source": source, "name": "支付.csv"}
    answer = officer.post("/api/v1/imports/toy.payments", params=query, content=text.encode())
    assert answer.status_code in (200, 422), answer.text
    found: dict[str, Any] = answer.json()
    return found


def listed(client: httpx.Client, what: str, **query: str) -> list[dict[str, Any]]:
    """A list of the exchange over the API."""
    answer = client.get(f"{API}/{what}", params=query)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["total"] == len(told[what])
    found: list[dict[str, Any]] = told[what]
    return found


def titles(found: list[dict[str, Any]]) -> list[str]:
    """Of what is listed."""
    return [of["title"] for of in found]


@pytest.mark.parametrize("kind", BOTH)
def test_given_questions_and_tables_then_each_body_is_told_its_own_with_the_day_until_when(
    officer: httpx.Client, clerk: httpx.Client, water: httpx.Client, housing: httpx.Client
) -> None:
    """However secret the case is; the office sees all of what it may see, or one body."""
    owes(officer, "water", "取水")
    owes(officer, "housing", "住房")
    question = asked(clerk, "water")
    asked(clerk, "housing", "危房")
    table, first = listed(water, "asked")
    assert (first["title"], first["due_day"]) == ("进度", DUE)
    assert first["path"] == f"/cases/questions/{question}"
    assert (table["title"], table["due_day"]) == ("取水 2026-11", "2026-12-14")
    assert table["path"] == ""
    assert titles(listed(housing, "asked")) == ["住房 2026-11", "危房"]
    assert titles(listed(water, "asked", unit="housing")) == []
    assert titles(listed(clerk, "asked")) == ["进度", "危房"]
    assert titles(listed(officer, "asked", unit="water")) == ["取水 2026-11"]
    page = water.get("/exchange/").text
    for said in ("进度", "取水 2026-11", f"{DUE}到期"):
        assert said in page
    assert "住房" not in page
    rows = list(csv.reader(io.StringIO(water.get("/exchange/asked.csv").text)))
    assert [row[1] for row in rows[1:]] == ["取水 2026-11", "进度"]


@pytest.mark.parametrize("kind", BOTH)
def test_given_what_a_body_sent_then_it_has_receipts_with_the_hash_of_what_came_and_no_other_body(
    officer: httpx.Client, clerk: httpx.Client, water: httpx.Client, housing: httpx.Client
) -> None:
    """A table with the report of its check, an answer as it was given."""
    owes(officer, "water", "取水")
    loads = [load(officer, "取水", FAULTY), load(officer, "取水")]
    question = asked(clerk, "water")
    step(water, question, "answer", answer="已完成八成")
    answer, right, faulty = listed(water, "sent")
    assert [of["number"] for of in (right, faulty)] == [f"SJ-{of['id']}" for of in reversed(loads)]
    assert (faulty["faults"], right["faults"], right["rows"]) == (1, 0, 2)

    told = water.get(f"{API}{right['receipt']}").json()
    assert told["sha256"] == hashlib.sha256(NOVEMBER.encode()).hexdigest()
    assert (told["unit"], told["entered_by"], told["taken_by"]) == ("区水利局", "李岚", "李岚")
    assert told["load"]["state"] == "in-force"
    wrong = water.get(f"/exchange{faulty['receipt']}").text
    assert "在日历上不存在" in wrong

    given = water.get(f"{API}{answer['receipt']}").json()
    assert given["sha256"] == hashlib.sha256(given["received"].encode()).hexdigest()
    assert json.loads(given["received"])["text"] == "已完成八成"
    assert (given["entered_by"], given["taken_by"]) == ("何敏", "本系统自动接收")
    page = water.get(f"/exchange{answer['receipt']}").text
    assert given["sha256"] in page
    assert "已完成八成" in page

    assert listed(housing, "sent") == listed(water, "sent", unit="housing") == []
    for of in (answer, right, faulty):
        assert housing.get(f"{API}{of['receipt']}").status_code == 404
        assert housing.get(f"/exchange{of['receipt']}").status_code == 404
    assert titles(listed(clerk, "sent")) == ["进度"]
    assert clerk.get(f"{API}{right['receipt']}").status_code == 404
    rows = list(csv.reader(io.StringIO(water.get("/exchange/sent.csv").text)))
    assert [row[0] for row in rows[1:]] == [of["number"] for of in (answer, right, faulty)]


def test_given_an_answer_on_paper_or_taken_back_then_its_receipt_says_so(
    clerk: httpx.Client, water: httpx.Client
) -> None:
    """Of what the office entered the one who did took it in; what is taken back stays on record."""
    question = asked(clerk, "water")
    step(clerk, question, "record", answer="见来函", day="2026-11-24")
    (one,) = listed(water, "sent")
    told = water.get(f"{API}{one['receipt']}").json()
    assert told["entered_by"] == told["taken_by"] != "本系统自动接收"
    back = clerk.post(
        f"{CASES}/questions/{question}/steps/withdraw", json={"why": "录错了", "version": 2}
    )
    assert back.is_success, back.text
    (gone,) = listed(water, "sent")
    assert (gone["number"], gone["state"]) == (one["number"], "已撤回")
    assert titles(listed(water, "asked")) == ["进度"]


def test_given_a_source_of_another_owner_then_what_came_before_stays_the_first_one_s(
    officer: httpx.Client, water: httpx.Client, housing: httpx.Client
) -> None:
    """A body that takes a table over sees nothing that the other sent."""
    source = owes(officer, "water", "取水")
    first = load(officer, "取水")
    form = {"unit": "housing", "way": "hand", "due_amount": "10", "due_unit": "working-day"}
    assert officer.post(f"/imports/sources/{source}/edit", data=form).status_code == 303
    assert [of["number"] for of in listed(water, "sent")] == [f"SJ-{first['id']}"]
    assert listed(housing, "sent") == []
    assert titles(listed(housing, "asked")) == ["取水 2026-11"]
    assert listed(water, "asked") == []


def test_given_more_of_everything_then_the_page_asks_the_database_no_more_often(
    centre: RunningCentre, officer: httpx.Client, clerk: httpx.Client, water: httpx.Client
) -> None:
    """A statement for each kind of thing, never one for each thing."""
    statements: list[str] = []

    def asks() -> int:
        statements.clear()
        assert water.get("/exchange/").status_code == 200
        return len(statements)

    for n in range(2):
        owes(officer, "water", f"取水{n}")
        load(officer, f"取水{n}")
        step(water, asked(clerk, "water"), "answer", answer="好")
        asked(clerk, "water")
    engine = centre.services.state.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    few = asks()
    for n in range(2, 5):
        owes(officer, "water", f"取水{n}")
        load(officer, f"取水{n}")
        step(water, asked(clerk, "water"), "answer", answer="好")
        asked(clerk, "water")
    assert asks() == few
