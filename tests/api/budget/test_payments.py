"""Payments from the file to the page: what is loaded is added up to the fen, and withdrawn whole."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from api.platforms.budget.ledger import actions as ledger
from tests.api.conftest import BOTH, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)
HEAD = "支付凭证号,单位编码,预算单位,收款人全称,收款人账号,支付金额,支付日期,用途,部门经济分类,项目编码,项目名称"
Row = tuple[str, ...]
JANUARY: tuple[Row, ...] = (
    ("1", "101", "水利局", "清河环保有限公司", "6222", "1200000.10", "2026-01-05", "污水泵站改造", "31005 基础设施建设", "P1", "泵站改造"),
    ("2", "101", "水利局", "张三", "622200001234", "300.05", "2026-01-31", "防汛值班补助", "30226 劳务费", "", ""),
    ("3", "102", "教育局", "新华书店", "6333", "80.20", "2026-01-31", "教材接待用书", "30201 办公费", "P2", "教材"),
)  # fmt: skip
FEBRUARY: tuple[Row, ...] = (
    ("4", "102", "教育局", "新华书店", "6333", "19.80", "2026-02-03", "教材", "30201 办公费", "P2", "教材"),
    ("3", "102", "教育局", "新华书店", "6333", "90.20", "2026-01-31", "教材接待用书", "30201 办公费", "P2", "教材"),
)  # fmt: skip
"""One new payment, and one of January with another amount."""


def sent(client: httpx.Client, rows: tuple[Row, ...], name: str = "支付.csv") -> dict[str, Any]:
    """A month of payments over the API, as the treasury's export."""
    text = "\n".join([HEAD, *(",".join(row) for row in rows)])
    answer = client.post(
        "/api/v1/imports/budget.payments",
        params={"source": "财政局国库", "name": name},
        content=text.encode("gb18030"),
    )
    assert answer.status_code in (200, 201), answer.text
    found: dict[str, Any] = answer.json()
    return found


def sums(client: httpx.Client, by: str, **asked: str) -> Mapping[str, tuple[int, int]]:
    """Fen and number of payments by value."""
    answer = client.get("/api/v1/budget/totals", params={"by": by} | asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["up_to_date"]
    found = {of["value"]: (of["amount_fen"], of["payments"]) for of in body["sums"]}
    assert sum(fen for fen, _ in found.values()) == body["amount_fen"]
    return found


def by_hand(rows: Mapping[str, Row], column: int, cut: int | None = None) -> dict[str, Any]:
    """The same by plain adding up."""
    fen: dict[str, int] = defaultdict(int)
    count: Counter[str] = Counter()
    for row in rows.values():
        value = row[column][:cut]
        fen[value] += round(float(row[5]) * 100)
        count[value] += 1
    return {value: (fen[value], count[value]) for value in fen}


def test_given_two_months_when_a_row_comes_again_changed_then_totals_follow_and_withdrawing_restores(
    clerk: httpx.Client,
) -> None:
    """By unit, month, project and payee; to the fen."""
    sent(clerk, JANUARY)
    first = {row[0]: row for row in JANUARY}
    assert sums(clerk, "unit") == by_hand(first, 1)
    load = sent(clerk, FEBRUARY)
    both = first | {row[0]: row for row in FEBRUARY}
    assert sums(clerk, "unit") == by_hand(both, 1)
    assert sums(clerk, "month") == by_hand(both, 6, 7)
    assert sums(clerk, "project", unit="102") == {"P2": (11000, 2)}
    assert sums(clerk, "payee", unit="102", period="2026") == {"新华书店": (11000, 2)}
    assert sums(clerk, "payee", project="P2", period="2026-02") == {"新华书店": (1980, 1)}
    again = sent(clerk, FEBRUARY)
    assert again["state"] == "unchanged"
    assert clerk.post(
        f"/api/v1/imports/loads/{load['id']}/withdraw", json={"why": "发错了"}
    ).is_success
    assert sums(clerk, "unit") == by_hand(first, 1)


def found(client: httpx.Client, **asked: str) -> list[str]:
    """Numbers of the payments that a question finds."""
    answer = client.get("/api/v1/budget/payments", params=asked)
    assert answer.status_code == 200, answer.text
    return [of["number"] for of in answer.json()["payments"]]


def test_any_payment_is_found_by_words_amount_day_and_code(clerk: httpx.Client) -> None:
    """Two characters are enough; the newest first."""
    sent(clerk, JANUARY)
    assert found(clerk) == ["3", "2", "1"]
    assert found(clerk, q="泵站") == ["1"]
    assert found(clerk, q="新华 接待") == ["3"]
    assert found(clerk, q="接待 泵站") == []
    assert found(clerk, q="2") == ["2"]
    assert found(clerk, q="没有") == []
    assert found(clerk, least="300.05", most="300.05") == ["2"]
    assert found(clerk, economic="30201 办公费") == ["3"]
    assert found(clerk, from_day="2026-01-06", period="2026-01") == ["3", "2"]
    assert found(clerk, period="2025") == []


def test_given_fields_left_empty_when_the_form_is_sent_then_they_ask_for_nothing(
    clerk: httpx.Client,
) -> None:
    """A browser sends every field of the form."""
    sent(clerk, JANUARY)
    empty = dict.fromkeys(("q", "period", "least", "most", "from_day", "until_day"), "")
    answer = clerk.get("/budget/payments", params=empty | {"q": "泵站"})
    assert answer.status_code == 200
    assert answer.text.count("<li data-key=") == 1


def test_a_list_goes_on_where_it_ended(clerk: httpx.Client) -> None:
    """No payment twice, and none left out, where many have one day."""
    rows = tuple((f"{n:04}", *JANUARY[2][1:]) for n in range(120))
    sent(clerk, rows)
    numbers, before = [], ""
    while True:
        body = clerk.get("/api/v1/budget/payments", params={"before": before}).json()
        numbers += [of["number"] for of in body["payments"]]
        before = body["following"]
        if not before:
            break
    assert sorted(numbers) == [f"{n:04}" for n in range(120)]
    assert body["count"] == 120


def test_a_natural_person_is_masked_everywhere_until_somebody_is_recorded_to_have_seen_the_name(
    clerk: httpx.Client, deputy: httpx.Client, administrator: httpx.Client
) -> None:
    """Lists, totals, tables, and the search for the name."""
    sent(clerk, JANUARY)
    person = clerk.get("/api/v1/budget/payments", params={"q": "2"}).json()["payments"][0]
    assert (person["payee"], person["payee_account"]) == ("张*", "********1234")
    for client in (clerk, deputy):
        for path in (
            *("/budget/?by=payee", "/budget/payments", f"/budget/payments/{person['id']}"),
            *("/budget/payments.csv", "/budget/totals.csv?by=payee"),
            "/api/v1/budget/totals?by=payee",
        ):
            assert "张三" not in client.get(path).text, path
    assert found(deputy, q="张三") == []
    assert found(clerk, q="张三") == ["2"]
    assert deputy.post(f"/budget/payments/{person['id']}/unmask").status_code == 403
    shown = clerk.post(f"/budget/payments/{person['id']}/unmask").text
    assert "张三" in shown
    assert "622200001234" in shown
    seen = administrator.get(
        "/api/v1/administration/audit", params={"action": "budget.unmask"}
    ).json()["rows"]
    assert [(of["who"], of["subject"]) for of in seen] == [("lianluo", str(person["id"]))]


def test_the_page_of_totals_leads_to_the_payments_and_back(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Each line with a link to what it consists of; the table has the same sums."""
    sent(clerk, JANUARY)
    page = deputy.get("/budget/?period=2026").text
    assert "1,200,300.15" in page
    assert "unit=101&amp;by=project" in page
    rows = list(csv.reader(io.StringIO(deputy.get("/budget/totals.csv").text)))
    assert [row[:3] for row in rows[1:]] == [
        ["水利局", "1200300.15", "2"],
        ["教育局", "80.2", "1"],
    ]


class Killed(Exception):
    """The process ends here."""


def test_given_a_maker_that_was_killed_when_it_is_silent_then_another_one_makes_the_totals(
    centre: RunningCentre, clerk: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the first one wrote half way is nobody's, and is taken away."""
    state = centre.services.state

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(ledger.repository, "bring_into_force", killed)
        sent(clerk, JANUARY)
    assert not ledger.up_to_date(state)
    ledger.follow(state)
    assert not ledger.up_to_date(state)
    monkeypatch.setattr(ledger.repository, "SILENT_MS", -1)
    ledger.follow(state)
    assert sums(clerk, "unit") == by_hand({row[0]: row for row in JANUARY}, 1)
    with state.read() as connection:
        assert ledger.repository.leftovers(connection) == []
