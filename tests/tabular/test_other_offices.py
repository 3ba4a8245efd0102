"""The same tables as other offices write them: units, headers, totals, days, encodings."""

from __future__ import annotations

from datetime import date

import pytest

from config.vocabulary.errors import FaultyInput
from tabular.figures import Dated, Wrong, day, figure
from tabular.understanding import understood
from tests.tabular.offices import book, from_1904, text
from tests.tabular.test_understanding import aside, faults, kinds, sums


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_narrow_signs(encoding: str) -> None:
    """Also beside 一 and full-width blanks, which have a byte of zero on the other side."""
    rows = ["项目,金额（元）", "一　一般公共服务一,1.50", "一　一二三一四五一,2.00", "合　计,3.50"]
    found = understood(text(rows, encoding))
    assert found.encoding == encoding
    assert sums(found) == {"金额（元）": "3.50"}


@pytest.mark.parametrize(
    "line",
    [
        *("金额单位统一为万元", "表内金额均以“万元”为单位", "金额均为万元", "金额：万元"),
        *("所有金额按万元填列", "金额以万元计", "币种：人民币 单位：万元", "（金额单位：万元）"),
    ],
)
def test_a_line_names_the_unit_in_many_words(line: str) -> None:
    """Above the table, under it, or in another sheet."""
    table = [["序号", "金额", "用途"], [1, 1.0, "a"], [2, 2.5, "b"]]
    for made in (
        book(表=[["支付明细"], [None, None, line], *table]),
        book(表=[["支付明细"], *table, [f"注：{line}"]]),
        book(填报说明=[["填报说明"], [line]], 表=table),
    ):
        assert sums(understood(made)) == {"金额": "35000.0"}


@pytest.mark.parametrize("name", ["预算【万元】", "预算_万元", "预算（万元，含追加）"])
def test_a_column_names_its_unit_in_many_ways(name: str) -> None:
    """And another beside it is in yuan."""
    found = understood(text(["部门,项目," + name + ",支付（元）", "甲,a,1.5,100.00"]))
    assert sums(found) == {name: "15000.0", "支付（元）": "100.00"}


def test_a_group_names_the_unit_of_its_parts() -> None:
    """Of shares among them it does not."""
    rows = [
        ["部门", "执行数（万元）", None, "完成（%）"],
        [None, "本月", "累计", None],
        ["甲", 1.5, 2, 50.5],
        ["乙", 2.5, 3, 60],
    ]
    assert sums(understood(book(表=rows))) == {
        "执行数（万元）/本月": "40000.0",
        "执行数（万元）/累计": "50000",
    }


def test_a_header_of_three_rows_is_known_without_merged_cells() -> None:
    """As a text file has it: a group goes on to the right as far as there are parts of it."""
    rows = [
        "科目,,预算数,执行情况,,,",
        "编码,名称,,执行数,,为预算%,比上年增减%",
        ",,,本月,累计,,",
        "20101,人大事务,1.50,2.50,3.50,50.1,1.5",
        "20103,政府办公厅,2.50,3.50,4.50,60.1,-2.5",
    ]
    found = understood(text(rows, "gb18030"))
    assert found.main.header == (1, 2, 3)
    assert list(kinds(found.main)) == [
        *("科目/编码", "科目/名称", "预算数", "执行情况/执行数/本月", "执行情况/执行数/累计"),
        *("执行情况/为预算%", "执行情况/比上年增减%"),
    ]
    assert faults(found) == []


def test_years_above_columns_of_one_name_tell_them_apart() -> None:
    """As any other word does."""
    rows = [
        [None, None, "2024年", "2025年", None],
        ["项目编码", "项目名称", "金额", "金额", "备注"],
        ["001", "防汛", 1.5, 2.5, None],
    ]
    assert sums(understood(book(表=rows))) == {"金额 (2024年)": "1.5", "金额 (2025年)": "2.5"}


@pytest.mark.parametrize("label", ["合计金额", "1-3月合计", "合计金额（小写）", "共2笔"])
def test_a_total_has_many_names(label: str) -> None:
    """Wherever its word stands in the row."""
    rows = ["序号,支付日期,金额（元）,备注", "1,2025-03-01,1.00,", "2,2025-03-02,2.00,"]
    for line in (f"{label},,3.00,", f",{label},3.00,", f",,3.00,{label}"):
        found = understood(text([*rows, line], "gb18030"))
        assert (aside(found.main), faults(found)) == ({4: "total"}, [])


def test_signatures_with_a_day_beside_them_are_a_note() -> None:
    """However many columns they fill."""
    rows = ["日期,单位,金额", "2025-03-01,甲,1.00", "制表人：张三,审核人：李四,2025年4月1日"]
    assert aside(understood(text(rows)).main) == {3: "note"}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2025年3月10", Dated(2025, 3, 10)),
        ("2025、3、11", Dated(2025, 3, 11)),
        ("2025\\3\\7", Dated(2025, 3, 7)),
        ("7-Mar-2025", Dated(2025, 3, 7)),
        ("March 8, 2025", Dated(2025, 3, 8)),
        ("Mar 2025", Dated(2025, 3)),
        ("Mar-25", Wrong.YEAR),
        ("7-Mar-25", Wrong.YEAR),
        ("31 Feb 2025", Wrong.CALENDAR),
        ("Marble 2025", Wrong.DATE),
    ],
)
def test_more_ways_to_write_a_day(cell: str, value: Dated | Wrong) -> None:
    """An English month with half a year may be a day of it, or a year."""
    assert day(cell) == value


def test_days_that_all_lack_their_year_are_faults_of_a_column_of_days() -> None:
    """And no texts that nobody looks at."""
    found = understood(text(["支付日期,金额", "3月7日,1.00", "3月8日,2.00"], "gb18030"))
    assert faults(found) == [(2, "支付日期", "year"), (3, "支付日期", "year")]


@pytest.mark.parametrize("cell", ["–206.95", "—206.95", "‘-206.95", "`-206.95"])
def test_any_dash_is_a_minus_and_any_apostrophe_is_none_of_the_value(cell: str) -> None:
    """Before digits; a dash alone is no value."""
    found = figure(cell)
    assert found is not None
    assert str(found.value) == "-206.95"


def test_an_account_s_number_may_be_called_an_account() -> None:
    """Masked or not."""
    rows = ["收款账户,账户名称,金额", "6217****1234,甲,1.00", "6217****1235,乙,2.00"]
    assert list(kinds(understood(text(rows)).main).values()) == ["code", "text", "money"]


def test_a_table_of_one_column_has_a_name_above_figures_or_codes() -> None:
    """A title above it does no harm; prose is no table."""
    found = understood(text(["支付清单", "金额（元）", "1.00", "2.50"]))
    assert (found.main.header, sums(found)) == ((2,), {"金额（元）": "3.50"})
    codes = understood(text(["统一社会信用代码", "91310000MA1FL0000X", "91310000MA1FL0001X"]))
    assert kinds(codes.main) == {"统一社会信用代码": "code"}
    with pytest.raises(FaultyInput):
        understood(text(["水利局", "2025年部门决算", "说明如下。"]))
    cover = [["台账"], ["2025年3月"]]
    table = [["单位", "金额"], ["甲", 1.5]]
    assert understood(book(封面=cover, 表=table)).sheets_without_data == ("封面",)


def test_a_cover_of_labels_and_values_is_no_table() -> None:
    """A table whose first column has departments is one."""
    cover = [["填报单位", "水利局"], ["填报日期", "2025-04-01"], ["联系人", "张三"]]
    found = understood(book(封面=cover, 表=[["单位", "金额"], ["甲", 1.5]]))
    assert found.sheets_without_data == ("封面",)
    table = understood(text(["部门,负责人", "财务部门,甲", "人事部门,乙"]))
    assert table.main.rows == 2


def test_a_count_beside_other_texts_is_a_remark_and_no_total() -> None:
    """共3人 of a row of data."""
    rows = ["单位,金额,备注", "水利局,100.00,共3人", "教育局,200.00,共2户"]
    assert understood(text(rows)).main.rows == 2


@pytest.mark.parametrize("old", [True, False])
def test_serial_numbers_of_a_workbook_that_counts_from_1904_are_its_own_days(*, old: bool) -> None:
    """A dated cell, a plain number and a text mean one day in xls and xlsx."""
    rows = [["支付日期", "金额"], [date(2025, 3, 6), 1.5], [44260, 2.5], ["44261", 3.5]]
    found = understood(from_1904(rows, old=old))
    days = found.main.columns[0].column
    assert [str(days.value(cells[0])) for _, cells in found.main.data()] == [
        *("2025-03-06", "2025-03-06", "2025-03-07"),
    ]


def test_a_dash_is_no_text_either() -> None:
    """A column that nobody filled has no values."""
    found = understood(text(["站点,氨氮,叶绿素,备注", "甲,1.5,--,无", "乙,--,--,雨后"]))
    assert [one.empty for one in found.main.columns] == [0, 1, 2, 1]
