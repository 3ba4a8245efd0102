"""State assets beside what was paid for them, and government debt beside its limits."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest

from budget.detection.books import Books
from tests.api.budget.finding_hands import withdrawn
from tests.api.budget.test_payments import HEAD
from tests.api.budget.test_projects import taken_in
from tests.api.conftest import BOTH
from tests.budget.account_books import debt, found, payments

ASSETS = (
    "资产编号,单位编码,资产名称,资产分类,购置日期,价值,支付凭证号",
    "Z1,101,台式计算机,通用设备,2025-03-10,5000,",
    "Z2,101,水质采样器,专用设备,2026-02-10,80000.50,V1",
    "Z3,102,投影仪,通用设备,2026-05-10,9000,",
    "Z4,102,办公楼,房屋,,1000000,",
)
PAID = (
    HEAD,
    "V1,101,水利局,仪器公司,6222,80000.50,2026-02-08,采样器,31003 专用设备购置,,",
    "V2,101,水利局,电脑公司,6222,20000,2026-03-08,计算机,31002,,",
    "V3,101,水利局,印刷厂,6222,700,2026-03-09,印刷,30202,,",
)
DEBT = (
    "年度,债务类别,项目编码,项目名称,债务限额,年初余额,本年发行,本年偿还,本年付息,年末余额",
    "2025,一般债务,,,500000,400000,50000,30000,12000,420000",
    "2026,一般债务,,,500000,420000,100000,10000,13000,510000",
    "2025,专项债务,P9,城东污水处理厂,,0,300000,0,0,300000",
    "2026,专项债务,P9,城东污水处理厂,,310000,0,20000,9000,280000",
    "2026,专项债务,P8,排水管网,,0,70000.05,0,0,70000.05",
)
PROJECTS = ("项目编码,项目名称,预算单位", "P9,城东污水处理厂,水利局")


def answered(client: httpx.Client, path: str, **asked: str) -> dict[str, Any]:
    """What the API says."""
    answer = client.get(f"/api/v1/budget/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("kind", BOTH)
def test_given_register_and_payments_then_both_stand_side_by_side(
    clerk: httpx.Client, deputy: httpx.Client, water: httpx.Client
) -> None:
    """By unit, kind and year; purchases lead to the findings of the rule."""
    load = taken_in(clerk, "assets", ASSETS)
    taken_in(clerk, "payments", PAID)
    of = answered(deputy, "assets")
    assert (of["count"], of["worth_fen"], of["year"]) == (4, 109400050, "2026")
    assert [(one["value"], one["count"]) for one in of["by_category"]] == [
        ("专用设备", 1),
        ("房屋", 1),
        ("通用设备", 2),
    ]
    growth = {
        one["year"]: (one["worth_fen"], one["until_fen"], one["paid_fen"]) for one in of["growth"]
    }
    assert growth == {"2026": (8900050, 109400050, 10000050), "2025": (500000, 100500000, 0)}
    bought = {one["unit"]: (one["paid_fen"], one["worth_fen"]) for one in of["bought"]}
    assert bought == {"101": (10000050, 8000050), "102": (0, 900000)}
    page = deputy.get("/budget/assets").text
    assert "rule=asset-not-recorded&amp;unit=%E6%B0%B4%E5%88%A9%E5%B1%80" in page
    assert [one["number"] for one in answered(deputy, "assets", q="投影")["assets"]] == ["Z3"]
    assert [one["number"] for one in answered(deputy, "assets", q="z2")["assets"]] == ["Z2"]
    assert answered(deputy, "assets", q="%")["count"] == 0
    rows = list(csv.reader(io.StringIO(deputy.get("/budget/assets.csv?unit=101&year=2026").text)))
    assert len(rows) == 2
    assert "80000.5" in rows[1]
    assert water.get("/budget/assets").status_code == 403
    withdrawn(clerk, load)
    assert answered(deputy, "assets")["count"] == 0
    assert deputy.get("/budget/assets").status_code == 200


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_table_of_debt_then_limits_and_contradictions_are_shown(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """A kind without a row of its own is the sum of its projects, and has no limit then."""
    load = taken_in(clerk, "debt", DEBT)
    taken_in(clerk, "projects", PROJECTS)
    of = answered(deputy, "debt")
    balances = {(one["year"], one["kind"]): one for one in of["balances"]}
    general, special = balances[2026, "一般债务"], balances[2026, "专项债务"]
    assert (general["limit_fen"], general["end_fen"], general["beyond_fen"]) == (
        50000000,
        51000000,
        1000000,
    )
    assert (special["limit_fen"], special["end_fen"], special["added_up"]) == (
        None,
        35000005,
        True,
    )
    assert [(one["project"], one["figure"], one["should_fen"]) for one in of["breaks"]] == [
        ("P9", "end", 29000000),
        ("P9", "beginning", 30000000),
    ]
    page = deputy.get("/budget/debt").text
    assert "超过限额 10,000.00" in page
    assert 'href="/budget/projects/P9"' in page
    assert "/budget/projects/P8" not in page
    assert "年初余额写的是310,000.00元，上年年末是300,000.00元" in page
    rows = list(csv.reader(io.StringIO(deputy.get("/budget/debt.csv?year=2025").text)))
    assert len(rows) == 3
    withdrawn(clerk, load)
    assert answered(deputy, "debt")["balances"] == []


def test_given_a_menu_then_the_first_page_leads_to_what_has_no_line_of_its_own(
    deputy: httpx.Client,
) -> None:
    """Five lines are all that a phone has room for."""
    page = deputy.get("/budget/").text
    for path in ("changes", "assets", "debt"):
        assert f'href="/budget/{path}"' in page


def books(*debts: Any) -> Books:
    """Debts alone."""
    return Books(payments=payments([]), debts=debts)


def test_the_rules_ask_about_what_is_beyond_its_limit_or_does_not_add_up() -> None:
    """And about nothing that is missing, rounded, or there twice."""
    beyond = debt(2026, limit=500.0, beginning=420.0, issued=100.0, repaid=10.0, end=510.0)
    (one,) = found("debt-over-limit", books(beyond), at_least_cents=0)
    assert (one.cents, one.facts["beyond_cents"], one.unit) == (1000, 1000, "")
    assert found("debt-over-limit", books(debt(2026, end=900.0)), at_least_cents=0) == ()
    assert found("debt-over-limit", books(beyond), at_least_cents=1001) == ()
    assert found("debt-does-not-add-up", books(beyond), at_least_cents=0) == ()
    wrong = debt(2027, beginning=500.0, repaid=1.0, end=500.0)
    both = found("debt-does-not-add-up", books(beyond, wrong), at_least_cents=0)
    assert {(of.facts["figure"], of.cents) for of in both} == {("end", 100), ("beginning", 1000)}
    twice = debt(2026, end=400.0, beginning=400.0)
    alone = found("debt-does-not-add-up", books(beyond, twice, wrong), at_least_cents=0)
    assert {of.facts["figure"] for of in alone} == {"end"}
