"""Published tables of a department: recognised, read, and every break named by its cell."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.published.checking import checked, checked_files
from budget.published.reading.files import read_sheets
from budget.published.records import Break, Report, cell_name
from tabular.sheets import Sheet
from tests.budget.published_sets import (
    UNITS,
    Layout,
    changed,
    figures_in,
    report_of,
    sheet,
    sheets_of,
)
from tests.conftest import examples
from tests.tabular.offices import old_book

LAYOUTS = st.builds(
    Layout,
    unit=st.sampled_from(sorted(UNITS)),
    total_first=st.booleans(),
    code_columns=st.booleans(),
    one_sheet=st.booleans(),
    numbered=st.booleans(),
)
KINDS = [
    "balance", "income", "expense", "grant-balance", "general-function", "general-basic",
    "three-public", "fund",
]  # fmt: skip


def found(report: Report) -> list[tuple[str, str, str, str]]:
    """Sheet, cell, what it says and should, of every break."""
    return [(one.sheet, one.cell, one.says, one.should) for one in report.breaks]


def figure(sheets: Sequence[Sheet], number: int, row: int, column: int) -> Decimal:
    """A sum that stands there."""
    cell = sheets[number].rows[row][column]
    assert isinstance(cell, Decimal)
    return cell


def checks_of(report: Report) -> list[str]:
    return [one.check for one in report.breaks]


@given(seed=st.integers(0, 1 << 32), layout=LAYOUTS)
@settings(max_examples=examples(60))
def test_a_set_that_adds_up_has_no_break_and_one_changed_figure_is_a_break_of_its_table(
    seed: int, layout: Layout
) -> None:
    """In any unit, with totals above or below, codes in one column or three, on one sheet or
    several.
    """
    chance, sheets = random.Random(seed), sheets_of(seed, layout)
    right = report_of(sheets)
    assert [table.kind.id for table in right.reading.tables] == KINDS
    assert sum(len(table.figures) for table in right.reading.tables) == len(figures_in(sheets))
    assert found(right) == []
    number, row, column = chance.choice(figures_in(sheets))
    by = Decimal(chance.randrange(100_00, 10**8)) / 100 / UNITS[layout.unit]
    value = figure(sheets, number, row, column) + chance.choice((by, -by))
    wrong = report_of(changed(sheets, number, row, column, value))
    (table,) = [
        one
        for one in right.reading.tables
        if one.sheet == sheets[number].name and (row + 1, column) in one.figures
    ]
    assert table.kind.id in {one.kind for one in wrong.breaks}


def test_a_figure_that_two_sums_ask_for_is_one_break_at_its_own_cell() -> None:
    """Neither the class nor the total nor the whole line above it is named."""
    sheets = sheets_of(7)
    (row, column) = 5, 2
    says = figure(sheets, 4, row, column)
    wrong = report_of(changed(sheets, 4, row, column, says * 10))
    (one,) = wrong.breaks
    assert (one.sheet, one.cell, one.kind) == ("公开05表", "C6", "general-function")
    assert set(one.checks) >= {"class", "basic-and-project"}
    assert Decimal(one.says) == says * 10
    assert Decimal(one.should) == says
    assert one.difference_fen == int(says * 900)


def test_a_total_that_misses_its_lines_and_the_other_side_is_one_break() -> None:
    sheets = sheets_of(3)
    row = len(sheets[0].rows) - 1
    says = figure(sheets, 0, row, 3)
    wrong = report_of(changed(sheets, 0, row, 3, says + 120_000))
    (one,) = wrong.breaks
    assert (one.sheet, one.cell) == ("公开01表", cell_name((row + 1, 3)))
    assert set(one.checks) == {"total", "balance"}


def three_public(total: Any, *parts: Any, unit: str = "万元") -> Sheet:
    return sheet(
        "公开09表",
        ["一般公共预算“三公”经费支出表"],
        ["部门：澄浦区水利局", None, None, None, None, f"单位：{unit}"],
        [
            "“三公”经费合计",
            "因公出国（境）费",
            "公务用车购置及运行维护费",
            None,
            None,
            "公务接待费",
        ],
        [None, None, "小计", "公务用车购置费", "公务用车运行维护费", None],
        [total, *parts],
        merged=[(2, 2, 2, 4)],
    )


@pytest.mark.parametrize(
    ("total", "parts", "cell", "should"),
    [
        (70.03, (2.64, 28.22, None, 28.22, 39.18), None, None),
        (551300, (4.94, 17.48, None, 17.48, 32.71), "A5", "55.13"),
        (55.13, (49400, 17.48, None, 17.48, 32.71), "B5", "4.94"),
        (70.04, (2.64, 28.22, 10, 28.22, 39.18), "C5", "38.22"),
    ],
    ids=["rounded hundredths", "a total in 元", "a part in 元", "cars"],
)
def test_parts_of_the_three_public_expenses_make_the_whole(
    total: Any, parts: tuple[Any, ...], cell: str | None, should: str | None
) -> None:
    """A rounded hundredth of 万元 is no break, a sum in 元 is one at its cell."""
    breaks = report_of([three_public(total, *parts)]).breaks
    assert [(one.cell, one.should) for one in breaks] == ([(cell, should)] if cell else [])


def test_a_whole_table_in_another_unit_than_it_says_is_one_break() -> None:
    sheets = list(sheets_of(11))
    rows = [list(cells) for cells in sheets[5].rows]
    rows[1][-1] = "单位：万元"
    sheets[5] = Sheet(sheets[5].name, tuple(map(tuple, rows)))
    breaks = report_of(sheets).breaks
    assert [(one.check, one.sheet, one.unit) for one in breaks] == [("unit", "公开06表", "万元")]


ACCOUNTS = (
    sheet(
        "GK04",
        ["财政拨款收入支出决算总表"],
        ["部门：澄浦区水利局", None, None, None, None, "单位：万元"],
        ["收入", None, None, "支出", None, None, None, None],
        ["项目", "行次", "决算数", "项目", "行次", "合计", "一般公共预算财政拨款", "政府性基金预算财政拨款"],
        ["一、一般公共预算财政拨款", 1, 500.25, "八、社会保障和就业支出", 20, 120.5, 120.5, None],
        ["二、政府性基金预算财政拨款", 2, 20, "十二、农林水支出", 21, 384.75, 384.75, None],
        [None, None, None, "二十三、其他支出", 22, 10, None, 10],
        ["本年收入合计", 9, 520.25, "本年支出合计", 23, 515.25, 505.25, 10],
        ["年初财政拨款结转和结余", 10, 15, "年末财政拨款结转和结余", 24, 20, 10, 10],
        ["一、一般公共预算财政拨款", 11, 15, None, None, None, None, None],
        ["二、政府性基金预算财政拨款", 12, None, None, None, None, None, None],
        ["总计", 14, 535.25, "总计", 25, 535.25, 515.25, 20],
        merged=[(2, 0, 2, 2), (2, 3, 2, 7)],
    ),
    sheet(
        "GK05",
        ["一般公共预算财政拨款支出决算表"],
        ["单位：万元"],
        ["项目", None, None, None, "本年支出", None, None],
        ["科目编码", None, None, "科目名称", "小计", "基本支出", "项目支出"],
        ["类", "款", "项", None, None, None, None],
        ["栏次", None, None, None, 1, 2, 3],
        ["合计", None, None, None, 505.25, 300.25, 205],
        ["208", None, None, "社会保障和就业支出", 120.5, 120.5, None],
        [None, "05", None, "养老支出", 120.5, 120.5, None],
        [None, None, "05", "养老保险缴费", 120.5, 120.5, None],
        ["213", None, None, "农林水支出", 384.75, 179.75, 205],
        [None, "03", None, "水利", 384.75, 179.75, 205],
        [None, None, "01", "行政运行", 179.75, 179.75, None],
        [None, None, "05", "水利工程建设", 205, None, 205],
        merged=[(2, 0, 2, 3), (2, 4, 2, 6), (3, 0, 3, 2), (3, 3, 4, 3)],
    ),
    sheet(
        "GK06",
        ["一般公共预算财政拨款基本支出决算表"],
        ["单位：万元"],
        ["人员经费", None, None, "公用经费", None, None, None, None, None],
        ["科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数", "科目编码", "科目名称", "决算数"],
        ["301", "工资福利支出", 230.25, "302", "商品和服务支出", 55, "30231", "公务用车运行维护费", 5],
        ["30101", "基本工资", 130.25, "30201", "办公费", 48, "310", "资本性支出", 5],
        ["30102", "津贴补贴", 100, "30217", "公务接待费", 2, "31002", "办公设备购置", 5],
        ["303", "对个人和家庭的补助", 10, None, None, None, None, None, None],
        ["30302", "退休费", 10, None, None, None, None, None, None],
        ["人员经费合计", None, 240.25, "公用经费合计", None, None, None, None, 60],
        merged=[(2, 0, 2, 2), (2, 3, 2, 8)],
    ),
    sheet(
        "GK07",
        ["政府性基金预算财政拨款收入支出决算表"],
        ["单位：万元"],
        ["科目编码", "科目名称", "年初结转和结余", "本年收入", "本年支出", None, None, "年末结转和结余"],
        [None, None, None, None, "小计", "基本支出", "项目支出", None],
        ["合计", None, 0, 20, 10, None, 10, 10],
        ["229", "其他支出", 0, 20, 10, None, 10, 10],
        ["2296002", "福利彩票公益金支出", 0, 20, 10, None, 10, 10],
        merged=[(2, 4, 2, 6), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 3, 3), (2, 7, 3, 7)],
    ),
    sheet(
        "GK09",
        ["财政拨款“三公”经费支出决算表"],
        ["单位：万元"],
        ["预算数", None, None, None, None, None, "决算数", None, None, None, None, None],
        ["合计", "因公出国（境）费", "公务用车购置及运行维护费", None, None, "公务接待费"] * 2,
        [None, None, "小计", "购置费", "运行维护费", None] * 2,
        list(range(1, 13)),
        [20.5, 2, 12, 0, 12, 6.5, 15, 0, 10, 0, 10, 5],
        merged=[(2, 0, 2, 5), (2, 6, 2, 11), (3, 2, 3, 4), (3, 8, 3, 10)],
    ),
)  # fmt: skip
"""Final accounts: numbers of lines, money carried over, items that go on in the next columns."""


@pytest.mark.parametrize(
    ("number", "cell", "value", "should"),
    [
        (None, "", 0, ""),
        (0, "F8", 510.25, "515.25"),
        (1, "G14", 250, "205.00"),
        (2, "I10", 66, "60.00"),
        (2, "I5", 500, "5.00"),
        (3, "H7", 1, "10.00"),
        (4, "I7", 11, "10.00"),
    ],
    ids=[
        "right",
        "a total",
        "an item",
        "what stands over two",
        "an item further on",
        "flow",
        "cars",
    ],
)
def test_final_accounts_are_read_as_they_are_printed(
    number: int | None, cell: str, value: float, should: str
) -> None:
    sheets = list(ACCOUNTS)
    if number is not None:
        row, column = int(cell[1:]) - 1, ord(cell[0]) - 65
        sheets = changed(sheets, number, row, column, Decimal(str(value)))
    wrong = [(one.sheet, one.cell, one.should) for one in report_of(sheets).breaks]
    assert wrong == ([(ACCOUNTS[number].name, cell, should)] if number is not None else [])


def test_tables_are_the_same_as_workbook_as_old_workbook_and_as_texts(tmp_path: Path) -> None:
    """One file a table, or all in one; the break is named in the file in which it is."""
    sheets = list(sheets_of(5))
    (row, column) = 5, 2
    sheets = changed(sheets, 4, row, column, figure(sheets, 4, row, column) * 10)
    rows = {one.name: one.rows for one in sheets}
    plain = {
        name: [[float(c) if isinstance(c, Decimal) else c for c in cells] for cells in of]
        for name, of in rows.items()
    }
    (tmp_path / "预算.xls").write_bytes(old_book(**plain))
    for name, of in rows.items():
        text = io.StringIO()
        csv.writer(text).writerows([["" if c is None else c for c in cells] for cells in of])
        (tmp_path / f"{name}.csv").write_bytes(text.getvalue().encode("gb18030"))
    files = [tmp_path / f"{name}.csv" for name in rows]
    expected = found(report_of(sheets))
    assert found(checked_files([tmp_path / "预算.xls"])) == expected
    apart = checked_files(files)
    assert [(one.file, one.cell, one.says, one.should) for one in apart.breaks] == [
        (f"{name}.csv", *rest) for name, *rest in expected
    ]


YEARS = sheet(
    "三公",
    ["2025年“三公”经费预算情况表"],
    ["单位名称：澄浦区教育局", None, None, None, "单位：万元"],
    ["项目", "2024年预算数", "2025年预算数", "增减额", "增减%"],
    ["合计", 20.5, 18.5, -2, "-9.76%"],
    ["1.因公出国（境）费用", None, None, None, None],
    ["2.公务接待费", 8, 7, -1, "-12.5%"],
    ["3.公务用车费", 12.5, 11.5, -1, -8],
    ["其中：（1）公务用车运行维护费", 12.5, 11.5, -1, -8],
    ["（2）公务用车购置", None, None, None, None],
)


def test_parts_below_each_other_with_years_and_percent_are_checked() -> None:
    assert found(report_of([YEARS])) == []
    wrong = report_of(changed([YEARS], 0, 5, 4, "-21.5%"))
    assert found(wrong) == [("三公", "E6", "-21.5", "-12.50")]
    assert checks_of(wrong) == ["percent"]
    cars = report_of(changed([YEARS], 0, 6, 2, Decimal("21.5")))
    assert ("三公", "C7", "21.50", "11.50") in found(cars)


@pytest.mark.parametrize(
    ("sentence", "breaks"),
    [
        ("本部门没有国有资本经营预算支出，故本表为空。", []),
        (None, ["empty-table"]),
        ("制表日期：2025年2月", ["empty-table"]),
    ],
)
def test_an_empty_table_says_that_there_is_none(sentence: str | None, breaks: list[str]) -> None:
    rows: list[list[str | None]] = [
        ["国有资本经营预算支出表"],
        ["部门：无锡路街道", "单位：元"],
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["合计", None, None, None, None],
    ]
    rows += [[sentence]] if sentence else []
    report = report_of([sheet("表", *rows)])
    assert [table.kind.id for table in report.reading.tables] == ["capital"]
    assert checks_of(report) == breaks


def test_sentences_are_held_against_the_tables() -> None:
    """The sum, and the percentage that two sums make; a rounded sum and another year are right."""
    text = sheet(
        "情况说明",
        ["2024年“三公”经费预算99万元。2025年“三公”经费预算70万元，比上年减少10万元，下降12.5%。"],
        ["其中：公务接待费29.18万元；因公出国（境）费2.64万元，比上年增加0.64万元，增长23%。"],
    )
    tables = three_public(70.03, 2.64, 28.22, None, 28.22, 39.18)
    rows = (("2025年" + str(tables.rows[0][0]),), *tables.rows[1:])
    report = report_of([Sheet(tables.name, rows, merged=tables.merged), text])
    assert [(one.check, one.cell, one.says, one.should) for one in report.breaks] == [
        ("text-figure", "A2", "29.18", "39.18"),
        ("text-percent", "A2", "23", "32.00"),
    ]


def test_a_cell_that_is_no_sum_is_named_and_its_sums_are_deferred() -> None:
    sheets = changed(sheets_of(2), 5, 4, 2, "约八百万元")
    report = report_of(sheets)
    assert [(one.check, one.sheet, one.cell, one.says) for one in report.breaks] == [
        ("unreadable", "公开06表", "C5", "约八百万元")
    ]
    assert {one.why for one in report.deferred if one.kind == "general-basic"} == {"unreadable"}


def test_a_check_without_its_table_is_deferred_with_the_reason() -> None:
    report = report_of([one for one in sheets_of(4) if one.name not in ("公开05表", "公开07表")])
    deferred = {(one.check, one.kind, one.why, one.missing) for one in report.deferred}
    assert ("basic-total", "general-basic", "no-table", "general-function") in deferred
    assert found(report) == []


def test_tables_are_known_by_their_words_not_by_numbers_and_lists_of_tables_are_none() -> None:
    """A header tells where a title does not; a table of no known kind is named."""
    listed = sheet(
        "目录", ["目录"], ["一、部门收支总表"], ["二、部门收入总表"], ["三、部门支出总表"]
    )
    cover = sheet("封面", ["澄浦区水利局2025年部门预算公开"], ["2025年2月"])
    untitled = sheet(
        "Sheet3",
        ["科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        ["301", "工资福利支出", 10.5, 10.5, None],
        ["合计", None, 10.5, 10.5, None],
    )
    other = sheet(
        "表14",
        ["部门整体绩效目标表"],
        ["指标", "目标值", "权重"],
        ["完成率", 100, 30],
    )
    numbered = sheet(
        "7",
        ["公开07表"],
        ["支出预算总表"],
        ["功能分类科目", None, "合计", "基本支出", "项目支出"],
        ["2130301", "行政运行", 5, 3, 2],
        ["合计", None, 5, 3, 2],
    )
    report = report_of([cover, listed, untitled, other, numbered])
    assert [(one.sheet, one.kind.id, one.unit_from) for one in report.reading.tables] == [
        ("Sheet3", "unnamed-basic", "assumed"),
        ("7", "expense", "assumed"),
    ]
    assert report.reading.unknown == (("预算.xlsx", "表14", "部门整体绩效目标表"),)
    assert found(report) == []


def test_income_of_the_year_agrees_with_a_total_that_has_money_carried_over() -> None:
    """The table of income may leave out 上年结转 where no line says 本年收入合计."""
    balance = sheet(
        "公开01表",
        ["收支总表"],
        ["收入", None, "支出", None],
        ["项目", "预算数", "项目", "预算数"],
        ["一般公共预算拨款收入", 100.5, "一、农林水支出", 110.5],
        ["上年结转", 10, None, None],
        ["收入总计", 110.5, "支出总计", 110.5],
        merged=[(1, 0, 1, 1), (1, 2, 1, 3)],
    )
    income = sheet(
        "公开02表",
        ["收入总表"],
        ["科目编码", "科目名称", "合计", "一般公共预算拨款收入"],
        ["213", "农林水支出", 100.5, 100.5],
        ["合计", None, 100.5, 100.5],
    )
    assert found(report_of([balance, income])) == []
    wrong = report_of(changed([balance, income], 0, 4, 1, Decimal(12)))
    assert [(one.sheet, one.cell) for one in wrong.breaks] == [("公开01表", "B5")]


def test_sets_of_two_departments_are_not_held_against_each_other() -> None:
    """Nor those of two years; files of one department are one set."""
    one, other = (
        [Sheet(s.name, ((f"{2020 + n}年{s.rows[0][0]}",), *s.rows[1:]), merged=s.merged)
         for s in sheets_of(n)]
        for n in (4, 5)
    )  # fmt: skip
    report = checked(read_sheets([("a.xlsx", one), ("b.xlsx", other)]))
    assert len(report.reading.tables) == 2 * len(KINDS)
    assert found(report) == []


def test_breaks_come_in_the_order_of_their_cells() -> None:
    sheets = list(sheets_of(9))
    for number, row, column in ((5, 6, 2), (1, 6, 3), (5, 4, 2)):
        sheets = changed(sheets, number, row, column, figure(sheets, number, row, column) * 10)
    breaks: list[Break] = list(report_of(sheets).breaks)
    assert [(one.sheet, one.cell) for one in breaks] == [
        ("公开02表", "D7"), ("公开06表", "C5"), ("公开06表", "C7")
    ]  # fmt: skip
