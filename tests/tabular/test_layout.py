"""Where in a table from an office lies what."""

from __future__ import annotations

from decimal import Decimal

import pytest

from config.vocabulary.errors import FaultyInput
from tabular.layout import Kind, Layout, layout, layouts
from tabular.sheets import Cell, Sheet


def sheet(text: str, name: str = "表", **more: object) -> Sheet:
    """Rows from lines whose cells a bar parts; a figure is a number of a workbook."""

    def cell(written: str) -> Cell:
        shown = written.strip(" ")
        return Decimal(shown[1:]) if shown.startswith("#") else shown or None

    rows = tuple(tuple(map(cell, line.split("|"))) for line in text.strip("\n").split("\n"))
    return Sheet(name, rows, **more)  # type: ignore[arg-type]


def names(found: Layout) -> list[str]:
    """Of the columns."""
    return [column.name for column in found.columns]


def kinds(found: Layout) -> dict[str, list[int]]:
    """Numbers of the rows that are no data."""
    return {
        kind.value: numbers
        for kind in Kind
        if kind is not Kind.DATA
        and (numbers := [row.number for row in found.rows if row.kind is kind])
    }


GROUPED = """
2025年支出执行情况表|||||
编报单位：财政局||||单位：万元|
科目编码|科目名称|预算数|支出数||累计为预算%
|||本月|累计|
|合　　计|#30|1.5|#20|66.7
201|一般公共服务|#30|1.5|#20|66.7
20101|　政府办公|#10|0.5|#5|50.0
#20102|　财政事务|#20|(1.0)|#15|75.0
|其中：扶贫|#3|—|#1|
注：1.快报数。|||||
"""


def test_a_title_two_header_rows_totals_classes_parts_and_notes_are_told_from_data() -> None:
    """As a treasury's monthly table has them; the unit stands above the header."""
    found = layout([sheet(GROUPED, merged=((0, 0, 0, 5), (2, 3, 2, 4)))])
    assert found.header == (3, 4)
    assert names(found) == [
        *("科目编码", "科目名称", "预算数", "支出数/本月", "支出数/累计", "累计为预算%"),
    ]
    assert [column.unit for column in found.columns] == ["", "", "万元", "万元", "万元", "%"]
    assert kinds(found) == {"total": [5], "class": [6], "part": [9], "note": [10]}
    assert [number for number, _ in found.data()] == [7, 8]


def test_a_group_whose_cells_are_not_merged_goes_on_over_its_parts() -> None:
    """In a text file nothing is merged."""
    assert names(layout([sheet(GROUPED)]))[3:5] == ["支出数/本月", "支出数/累计"]


def test_two_columns_of_one_name_are_told_apart_by_what_stands_above_them() -> None:
    """And columns that are empty from top to bottom are passed over."""
    text = """
||单位：元|||
|||预算|支付|
||项目|金额|金额|日期
||养护|'100.50|（20）|2025.3.1
||合计|100.50|-20|
"""
    found = layout([sheet(text)])
    assert names(found) == ["项目", "金额 (预算)", "金额 (支付)", "日期"]
    assert found.columns[0].position == 2
    assert [column.dates for column in found.columns] == [False, False, False, True]
    assert kinds(found) == {"total": [5]}


def test_two_sides_of_one_table_keep_their_names_apart() -> None:
    """Income on the left, expense on the right."""
    text = (
        "收入||支出|\n项目|预算数|项目|预算数\n拨款|#5|教育|#3\n||卫生|#2\n收入总计|#5|支出总计|#5"
    )
    found = layout([sheet(text)])
    assert names(found) == ["收入/项目", "收入/预算数", "支出/项目", "支出/预算数"]
    assert kinds(found) == {"total": [5]}


def test_numbers_of_columns_a_header_again_and_an_empty_row_are_no_data() -> None:
    """As long tables print them on each page."""
    text = "部门|金额|人数\n栏次|1|2\n水利局|#1.5|#3\n部门|金额|人数\n||\n教育局|#2.5|#4\n||"
    found = layout([sheet(text)])
    assert kinds(found) == {"header": [2, 4], "empty": [5]}
    assert [cells[0] for _, cells in found.data()] == ["水利局", "教育局"]


def test_a_table_without_any_number_has_the_first_full_row_as_its_header() -> None:
    """A list of people."""
    text = "人员名单|||\n用户名|姓名|角色|单位\nchenming|陈明|代表|平潮代表团\nzhaoli|赵丽|代表|石港代表团"
    found = layout([sheet(text)])
    assert found.header == (2,)
    assert [cells[1] for _, cells in found.data()] == ["陈明", "赵丽"]


def test_years_may_be_the_names_of_columns() -> None:
    """2024 above a column is no value."""
    found = layout([sheet("部门|#2024|#2025\n水利局|#1.5|#2.5\n教育局|#3.5|#4.5")])
    assert names(found) == ["部门", "2024", "2025"]
    assert len(list(found.data())) == 2


def test_a_hidden_sheet_never_counts_and_another_sheet_may_name_the_unit() -> None:
    """The hidden one has the same header and more rows."""
    data = "序号|金额\n#1|#2.5\n#2|#3.5"
    old = sheet(data + "\n#3|#9.5", "旧版勿用", hidden=True)
    notes = sheet("填报说明\n一、金额以元为单位，保留两位小数。", "填报说明")
    found = layouts([notes, old, sheet(data, "明细")])
    assert [one.sheet.name for one in found] == ["明细"]
    assert [column.unit for column in found[0].columns] == ["", "元"]


@pytest.mark.parametrize("text", ["填报说明\n一、按月填报。", "|", "部门|金额"])
def test_a_file_without_a_table_is_refused_with_a_remedy(text: str) -> None:
    """A cover, an empty sheet, a header with nothing under it."""
    with pytest.raises(FaultyInput, match="holds no table"):
        layout([sheet(text)])
