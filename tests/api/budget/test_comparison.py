"""Payments side by side: every cell is the sum of the payments that it leads to, to the fen."""

from __future__ import annotations

import csv
import html
import io
import re
from typing import Any

import httpx
import pytest

from api.platforms.budget.comparison.records import COLUMNS, OF_MONTHS
from tests.api.budget.test_projects import taken_in
from tests.api.conftest import BOTH

both = pytest.mark.parametrize("kind", BOTH)
HEAD = "支付凭证号,单位编码,预算单位,收款人全称,支付金额,支付日期,用途,支出功能分类,部门经济分类,项目编码,项目名称,资金性质"
PAID = (
    HEAD,
    "V1,302001,区水利局,清河环保有限公司,1000.10,2025-03-02,泵站,2130305 水利工程,31005 基础设施建设,P1,泵站改造,一般公共预算",
    "V2,302001,区水利局,张三,300.05,2025-12-31,补助,2130305,30226 劳务费,,,一般公共预算",
    "W1,302001,区水利局,清河环保有限公司,1200.20,2026-01-05,泵站,2130305 水利工程,31005 基础设施建设,P1,泵站改造,一般公共预算",
    "W2,302002,区水利局下属站,清河环保有限公司,50.00,2026-02-05,看护,2130305 水利工程,30201 办公费,,,一般公共预算",
    "W3,201001,区卫生健康委员会,康明药业有限公司,80.20,2026-02-28,药品,2100302 卫生院,30218 专用材料费,P2,药品,政府性基金",
    "W4,201001,区卫生健康委员会,康明药业有限公司,-20.10,2026-02-28,退款,2100302 卫生院,30218 专用材料费,P2,药品,政府性基金",
)
INDICATORS = (
    "指标编号,年度,单位编码,预算单位,项目编码,支出功能分类,指标金额,下达日期",
    "Z1,2026,302001,区水利局,P1,2130305,3000,2026-01-01",
)
PLANS = (
    "计划编号,指标编号,单位编码,计划月份,计划金额",
    "J1,Z1,302001,2026-01,1000.00",
    "J2,Z1,302001,2026-02,500.50",
    "J3,Z1,302001,2026-09,1499.50",
)
BUDGETS = (
    "年度,单位编码,预算单位,项目编码,支出功能分类,部门经济分类,年初批复数,变动后预算数",
    "2026,302001,区水利局,P1,2130305,31005,2000.00,4000.00",
    "2026,101,档案馆,,2012604,30201,50.00,",
)
AXES = [
    (lines, columns)
    for lines in ("unit", "department", "project", "economic", "month")
    for columns in COLUMNS
    if lines != "month" or columns in OF_MONTHS
]


@pytest.fixture
def books(clerk: httpx.Client) -> None:
    """Two years of payments, plans and the budget of one."""
    taken_in(clerk, "lines", BUDGETS)
    taken_in(clerk, "indicators", INDICATORS)
    taken_in(clerk, "plans", PLANS)
    taken_in(clerk, "payments", PAID)


def asked(client: httpx.Client, **query: str) -> dict[str, Any]:
    """The answer over the API."""
    answer = client.get("/api/v1/budget/comparison", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["up_to_date"]
    return found


def lines(found: dict[str, Any]) -> dict[str, list[int | None]]:
    """The values of each line by its key, in their order."""
    return {of["key"]: [one["value"] for one in of["cells"]] for of in found["of_lines"]}


@both
@pytest.mark.usefixtures("books")
def test_each_question_of_two_axes_is_added_up_to_the_fen(deputy: httpx.Client) -> None:
    """By hand: what units, departments, projects, items and funds paid in years and their parts."""
    found = asked(deputy)
    assert [of["name"] for of in found["of_columns"]] == ["2025", "2026"]
    assert lines(found) == {"302001": [130015, 120020], "302002": [0, 5000], "201001": [0, 6010]}
    assert [of["value"] for of in found["total"]["cells"]] == [130015, 131030]
    assert lines(asked(deputy, lines="department"))["302"] == [130015, 125020]
    quarters = asked(deputy, lines="project", columns="quarters")
    assert lines(quarters)["P1"] == [120020, 0, 0, 0, 120020]
    assert lines(quarters)[""] == [5000, 0, 0, 0, 5000]
    assert lines(asked(deputy, lines="function"))["2130305"] == [130015, 125020]
    assert lines(asked(deputy, lines="month"))["02"] == [0, 11010]
    one = asked(deputy, lines="fund", columns="months", department="201", period="2026")
    assert lines(one) == {"政府性基金": [0, 6010, *[0] * 10, 6010]}
    budget = asked(deputy, columns="budget")
    assert lines(budget) == {
        "302001": [200000, 400000, 120020, 30],
        "302002": [None, None, 5000, None],
        "201001": [None, None, 6010, None],
        "101": [5000, 5000, 0, 0],
    }


@pytest.mark.usefixtures("books")
def test_units_stand_in_the_official_order_and_never_by_a_rate(deputy: httpx.Client) -> None:
    """The district's order has 水利局 before 卫生健康委员会; 档案馆 is not in it."""
    for columns in COLUMNS:
        keys = [*lines(asked(deputy, columns=columns))]
        assert keys == sorted(keys, key=["302001", "302002", "201001", "101"].index), columns


@both
@pytest.mark.usefixtures("books")
def test_plans_are_added_up_to_the_month_of_the_newest_payment_and_a_missing_one_is_said(
    deputy: httpx.Client,
) -> None:
    """Who handed in no plan has a dash, not zero."""
    found = asked(deputy, columns="plan")
    assert (found["until"], found["unplanned"]) == (2, 2)
    assert lines(found)["302001"] == [300000, 150050, 120020, 80]
    assert lines(found)["302002"] == [None, None, 5000, None]
    assert lines(asked(deputy, columns="plan", lines="project"))["P1"] == [
        300000,
        150050,
        120020,
        80,
    ]
    months = asked(deputy, columns="plan", lines="month", unit="302001")
    assert lines(months)["01"] == [100000, 120020, 100000, 120020, 120]
    assert lines(months)["02"] == [50050, 0, 150050, 120020, 80]
    assert lines(months)["09"] == [149950, None, 300000, None, None]
    page = deputy.get("/budget/comparison?columns=plan").text
    assert "没有收到用款计划的：2 行" in page
    assert (
        "没有收到2025年的用款计划"
        in deputy.get("/budget/comparison?columns=plan&period=2025").text
    )


@pytest.mark.usefixtures("books")
def test_each_cell_leads_to_payments_that_make_its_sum_and_the_table_has_all_of_the_page(
    deputy: httpx.Client,
) -> None:
    """A link to the list of payments is followed over the API, another one answers."""
    answers: dict[str, int | None] = {}
    for of, columns in AXES:
        query = f"lines={of}&columns={columns}"
        page = deputy.get(f"/budget/comparison?{query}")
        assert page.status_code == 200, query
        assert "张三" not in page.text
        cells = re.findall(r'<td class="number"><a href="/budget/([^"]+)">([^<]+)</a>', page.text)
        assert cells, query
        for address, text in cells:
            path = html.unescape(address)
            if path not in answers:
                answers[path] = followed(deputy, path)
            amount = round(float(text.strip("%").replace(",", "")) * 100)
            assert answers[path] in (None, amount), f"{query}: {path}"
        text = deputy.get(f"/budget/comparison.csv?{query}").text.removeprefix("\ufeff")
        rows = list(csv.reader(io.StringIO(text)))
        assert len(rows) == len(re.findall(r'<th scope="row">', page.text)) + 1


def followed(client: httpx.Client, path: str) -> int | None:
    """The sum of the payments that a link leads to; None where it leads to another comparison."""
    if path.startswith("payments?"):
        amount: int = client.get(f"/api/v1/budget/{path}").json()["amount_fen"]
        return amount
    assert client.get(f"/budget/{path}").status_code == 200, path
    return None


@pytest.mark.usefixtures("books")
def test_a_natural_person_is_no_axis(deputy: httpx.Client) -> None:
    """Neither as lines nor as what is narrowed by; and months go beside years and plans alone."""
    for query in ("lines=payee", "payee=张三", "lines=month&columns=budget", "period=2026-01"):
        assert deputy.get(f"/api/v1/budget/comparison?{query}").status_code == 422, query


def test_without_any_payment_the_page_says_so(deputy: httpx.Client) -> None:
    """A fresh centre."""
    for columns in COLUMNS:
        page = deputy.get(f"/budget/comparison?columns={columns}")
        assert page.status_code == 200
        assert "没有支付记录" in page.text
