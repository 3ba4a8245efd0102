"""Control sheets: the report of a load says which months and units differ, and by how much."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.imports.reading.rows import keyed
from api.imports.reading.tally import Tally
from api.kinds.tables import Control
from api.platforms.budget.departments.actions.kinds import controlled
from api.platforms.budget.kinds import KINDS
from simulators.treasury.simulation import treasury
from simulators.treasury.writing import write
from tests.api.conftest import BOTH

Rows = Sequence[Sequence[str]]
PAYMENTS = next(of for of in controlled(KINDS) if of.name == "budget.payments")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """Payments and control sheets of a made-up treasury, from January to March of 2021."""
    folder = tmp_path_factory.mktemp("treasury")
    write(treasury(11, 3, 5000), folder)
    return {
        "payments": [
            row
            for row in _read(folder / "payments.csv")
            if row[9][:7] in ("支付日期", "2021-01", "2021-02", "2021-03")
        ],
        "controls": _read(folder / "controls.csv"),
    }


def _read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def sent(client: httpx.Client, kind: str, rows: Rows) -> httpx.Response:
    """A table over the API."""
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
    return client.post(
        f"/api/v1/imports/budget.{kind}",
        params={"source": "财政局国库", "name": f"{kind}.csv"},
        content=text.encode(),
    )


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    """Key and column of each fault."""
    return [(of["key"], of["column"]) for of in answer.json()["listed"]]


@pytest.mark.parametrize("kind", BOTH)
def test_given_the_treasury_s_own_control_sheets_when_all_its_payments_come_then_nothing_differs(
    clerk: httpx.Client, tables: dict[str, Rows]
) -> None:
    """Held against every unit and month of the file, and none of a month that it has not."""
    assert sent(clerk, "controls", tables["controls"]).json()["state"] == "in-force"
    answer = sent(clerk, "payments", tables["payments"])
    assert answer.status_code == 200, answer.text
    report = answer.json()["report"]
    of_months = [row for row in tables["controls"][1:] if row[0] == "2021" and int(row[1]) <= 3]
    assert report["control_lines"] == len(of_months) > 20
    assert (report["unlike"], report["faults"], report["unknown"]) == ([], 0, {})


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_payment_left_out_and_one_of_a_strange_unit_then_the_report_says_where_and_by_how_much(
    clerk: httpx.Client, tables: dict[str, Rows]
) -> None:
    """The load waits for a person; without the control sheet it has nothing to say."""
    controls = sent(clerk, "controls", tables["controls"]).json()["id"]
    head, gone, *rest = tables["payments"]
    strange = [*gone[:2], "999", "没有的单位", *gone[4:]]
    answer = sent(clerk, "payments", [head, strange, *rest])
    assert answer.status_code == 422
    fen = round(float(gone[8]) * 100)
    month, unit = gone[9][:7], gone[2]
    unlike = {of["unit"]: of for of in answer.json()["report"]["unlike"]}
    assert set(unlike) == {unit, "999"}
    assert unlike[unit]["month"] == month
    assert unlike[unit]["says"] - unlike[unit]["sums"] == fen
    assert (unlike["999"]["says"], unlike["999"]["sums"], unlike["999"]["rows"]) == (None, fen, 1)
    assert sorted(faults(answer)) == [
        ("sheet", f"{month} {unit}"),
        ("sheet-lacks", f"{month} 999"),
    ]
    page = clerk.get(f"/imports/{answer.json()['id']}").text
    yuan = f"{fen // 100:,}.{fen % 100:02}"
    assert f"元少 {yuan} 元" in page
    assert f"{month} 999：对账表没有这一行，文件有 1 行、{yuan} 元" in page
    rows = clerk.get(f"/imports/{answer.json()['id']}/report.csv").text
    assert f"元少 {yuan} 元" in rows
    withdrawn = clerk.post(f"/api/v1/imports/loads/{controls}/withdraw", json={"why": "发错了"})
    assert withdrawn.is_success
    again = sent(clerk, "payments", [head, strange, *rest])
    assert (again.status_code, again.json()["report"]["control_lines"]) == (200, 0)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_sheet_may_count_rows_of_one_table_or_of_a_whole_month_and_name_units(
    clerk: httpx.Client,
) -> None:
    """By the unit's name where it has no code; of another table it says nothing."""
    sheet = [
        ["年度", "月份", "数据种类", "单位编码", "单位名称", "行数", "合计金额"],
        ["2026", "1", "国库集中支付", "", "水利局", "2", "30"],
        ["2026", "1", "国库集中支付", "", "", "3", ""],
        ["2026", "1", "用款计划", "101", "水利局", "9", "9"],
    ]
    assert sent(clerk, "controls", sheet).json()["state"] == "in-force"
    rows = [
        ["支付凭证号", "单位编码", "预算单位", "支付金额", "支付日期"],
        ["1", "101", "水利局", "10", "2026-01-05"],
        ["2", "101", "水利局", "20", "2026-01-06"],
        ["3", "102", "教育局", "5", "2026-02-06"],
    ]
    unlike = sent(clerk, "payments", rows).json()["report"]["unlike"]
    assert unlike == [
        {"month": "2026-01", "unit": "", "rows_say": 3, "rows": 2, "says": None, "sums": 3000}
    ]


@pytest.mark.parametrize("kind", ["sqlite"])
def test_codes_that_the_classification_did_not_have_are_a_hint_and_refuse_nothing(
    clerk: httpx.Client,
) -> None:
    """By the day of the payment, or the year of the budget's line."""
    rows = [
        ["支付凭证号", "预算单位", "支付金额", "支付日期", "支出功能分类", "部门经济分类"],
        ["1", "水利局", "10", "2018-12-31", "2240102 灾害风险防治", "30217 公务接待费"],
        ["2", "水利局", "20", "2026-01-06", "2240102 灾害风险防治", "30298 没有的科目"],
    ]
    answer = sent(clerk, "payments", rows)
    body = answer.json()
    assert (answer.status_code, body["state"], body["report"]["faults"]) == (200, "in-force", 0)
    assert body["report"]["unknown"] == {
        "function": {"2240102 灾害风险防治": 1},
        "economic": {"30298 没有的科目": 1},
    }
    assert "“30298 没有的科目”1 行" in clerk.get(f"/imports/{body['id']}").text
    lines = [
        ["年度", "单位编码", "预算单位", "支出功能分类", "部门经济分类", "年初批复数"],
        ["2018", "101", "水利局", "224", "30201", "10"],
        ["2026", "101", "水利局", "224", "30201", "10"],
    ]
    unknown = sent(clerk, "lines", lines).json()["report"]["unknown"]
    assert unknown == {"function": {"224": 1}}


Payment = tuple[int, str, int]


@given(
    st.lists(
        st.tuples(st.integers(1, 3), st.sampled_from("abc"), st.integers(-500, 500)), min_size=1
    ),
    st.data(),
)
def test_a_sheet_of_all_rows_differs_in_exactly_the_lines_that_are_changed(
    payments: list[Payment], data: st.DataObject
) -> None:
    """Each changed line by its change, whatever the order of rows."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    tally = Tally(PAYMENTS)
    at = {field.name: index for index, field in enumerate(PAYMENTS.fields)}
    for number, (month, unit, fen) in enumerate(payments):
        values: list[Any] = [None] * len(PAYMENTS.fields)
        for name, value in (
            ("number", str(number)),
            ("unit_code", unit),
            ("unit", unit * 2),
            ("amount", fen),
            ("paid", f"2026-{month:02}-01"),
        ):
            values[at[name]] = value
        tally.add(keyed(PAYMENTS, number, values))
        sums[f"2026-{month:02}", unit][0] += 1
        sums[f"2026-{month:02}", unit][1] += fen
    changes = {key: data.draw(st.integers(-2, 2)) for key in sums}
    controls = [
        Control(
            month, data.draw(st.sampled_from([unit, unit * 2])), rows, fen + changes[month, unit]
        )
        for (month, unit), (rows, fen) in sums.items()
    ]
    found = {(of.month, of.unit): (of.says or 0) - of.sums for of in tally.unlike(controls)}
    assert found == {key: change for key, change in changes.items() if change}
