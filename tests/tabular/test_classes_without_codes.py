"""Classes that stand above their parts by number, by column or by blanks, and no code says so."""

from __future__ import annotations

import pytest

from tabular.understanding import understood
from tests.tabular.offices import book, text
from tests.tabular.test_understanding import aside, faults, numbers, sums


@pytest.mark.parametrize(
    ("first", "second", "parts"),
    [
        ("一", "二", ("1", "2", "1")),
        ("一", "二", ("（一）", "（二）", "（一）")),
        ("1", "2", ("1.1", "1.2", "2.1")),
        ("I", "II", ("1", "2", "1")),
        ("Ⅰ、", "Ⅱ、", ("1、", "2、", "1、")),
    ],
)
def test_a_column_of_numbers_shows_how_deep_a_row_is(
    first: str, second: str, parts: tuple[str, str, str]
) -> None:
    """With a dot behind them or without; names stand in the next column."""
    rows = [
        "序号,项目,金额（元）",
        f"{first},基本支出,300.50",
        f"{parts[0]},人员,200.50",
        f"{parts[1]},公用,100.00",
        f"{second},项目支出,50.00",
        f"{parts[2]},设备,50.00",
        ",合计,350.50",
    ]
    found = understood(text(rows, "gb18030"))
    assert aside(found.main) == {2: "class", 5: "class", 7: "total"}
    assert faults(found) == []


def test_blanks_in_front_of_a_name_make_it_a_part_where_the_sums_agree() -> None:
    """In a text and in a workbook; a class that is no sum of its parts is a fault."""
    rows: list[list[object]] = [
        ["科目", "金额（元）"],
        *(["一般服务", 300.5], ["　政府办公", 100], ["　财政事务", 200.5]),
        *(["教育", 110], ["　普通教育", 50], ["　职业教育", 60]),
        *(["水利", 30], ["　防汛", 10], ["　堤防", 10]),
        ["合计", 430.5],
    ]
    lines = [",".join(map(str, row)) for row in rows]
    for made in (book(表=rows), text(lines), text([line.replace("　", "  ") for line in lines])):
        found = understood(made)
        assert aside(found.main) == {2: "class", 5: "class", 8: "class", 11: "total"}
        assert faults(found) == [(8, "金额（元）", "class")]
        assert [cells[0] for _, cells in found.main.data()][:2] == ["政府办公", "财政事务"]
        assert {type(cells[0]) for _, cells in found.main.data()} == {str}


def test_payments_of_which_some_are_indented_are_no_parts() -> None:
    """Blanks that somebody left by chance make no class, nor does a sum that agrees once."""
    rows = ["单位,用途,金额", "甲,a,1.00", " 乙,b,1.00", "丙,c,5.00", " 丁,d,7.00", "戊,e,8.00"]
    assert numbers(understood(text(rows)).main) == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("again", ["", "水利局"])
def test_a_class_fills_the_first_column_and_its_parts_the_second(again: str) -> None:
    """Whether the first one is repeated or left empty."""
    other = again and "教育局"
    rows = [
        "部门,项目,金额（元）",
        *("水利局,,300.00", f"{again},a,100.00", f"{again},b,200.00"),
        *("教育局,,110.00", f"{other},c,50.00", f"{other},d,60.00", "合计,,410.00"),
    ]
    found = understood(text(rows))
    assert numbers(found.main) == [3, 4, 6, 7]
    assert sums(found) == {"金额（元）": "410.00"}
    assert faults(found) == []


@pytest.mark.parametrize("above", ["", "301"])
def test_classes_and_subclasses_stand_in_two_columns(above: str) -> None:
    """类 and 款, which both have a code of their own."""
    rows = [
        "类,款,科目名称,合计",
        *("301,,工资福利支出,300.50", f"{above},01,基本工资,200.50", f"{above},02,津贴,100.00"),
        *("302,,商品和服务支出,50.00", f"{above and '302'},01,办公费,50.00", ",,合计,350.50"),
    ]
    found = understood(text(rows))
    assert numbers(found.main) == [3, 4, 6]
    assert faults(found) == []


def test_a_code_stands_in_brackets_in_front_of_its_name() -> None:
    """As some systems print a subject."""
    rows = [
        "科目,合计",
        "[205]教育,110.50",
        "[20502]普通,60.50",
        "[20503]职业,50.00",
        "合计,110.50",
    ]
    found = understood(text(rows))
    assert aside(found.main) == {2: "class", 5: "total"}


def test_parts_that_do_not_make_the_whole_are_known_by_blanks_or_numbers() -> None:
    """Beside the first one, which the word 其中 marks."""
    rows = [
        "项目,金额",
        "一、基本,300.00",
        "其中：人员,100.00",
        "　　　公用,150.00",
        "二、项目,9.00",
    ]
    assert aside(understood(text(rows)).main) == {3: "part", 4: "part"}
    numbered = [
        "项目,金额",
        "1.车辆,30.00",
        "其中：（1）购置,10.00",
        "（2）运行,15.00",
        "2.会议,9.00",
    ]
    assert aside(understood(text(numbered)).main) == {3: "part", 4: "part"}


@pytest.mark.parametrize(
    ("part", "more"), [("其中：政府性基金", "3.00"), ("（一）政府性基金", "60.00")]
)
def test_a_part_of_income_takes_nothing_from_the_expense_beside_it(part: str, more: str) -> None:
    """A table of two sides: the rows of one are parts, those of the other stand for themselves."""
    rows = [
        "收入,,支出,",
        "项目,预算数,项目,预算数",
        "一、财政拨款收入,60.00,一、一般公共服务支出,10.00",
        f"{part},{more},二、教育支出,40.00",
        "二、事业收入,5.00,三、其他支出,15.00",
        "收入总计,65.00,支出总计,65.00",
    ]
    found = understood(text(rows, "gb18030"))
    assert set(aside(found.main).values()) <= {"class", "part", "total"}
    assert list(sums(found).values()) == ["65.00", "65.00"]
    assert faults(found) == []


@pytest.mark.parametrize("yuan", [("1001.00", "1002.00"), ("1000.00", "1000.00")])
def test_payments_of_a_department_and_of_units_below_it_are_no_classes(
    yuan: tuple[str, str],
) -> None:
    """Codes of units that follow each other have the same item and fund, at times the same sum."""
    rows = ["凭证号,单位编码,预算单位,收款人,金额,支出功能分类,部门经济分类,年度"]
    for number in range(1, 13):
        code, name = ("105001", "区水文站") if number % 2 else ("105", "区水利局")
        rows.append(f"V{number},{code},{name},店,{yuan[number % 2]},2130301,30217,2025")
    found = understood(text(rows, "gb18030"))
    assert aside(found.main) == {}
    assert len(list(found.main.data())) == 12


LINES = "年度,单位编码,预算单位,项目编码,支出功能分类,部门经济分类,年初批复数,变动后预算数"


@pytest.mark.parametrize("head", [LINES, LINES.replace(",部门经济分类", ""), LINES[:-7]])
@pytest.mark.parametrize("unit", ["区卫生健康委员会", "区水利局"])
@pytest.mark.parametrize("last", [200, 300, 500])
def test_a_budget_line_without_a_project_is_no_sum_of_the_lines_under_it(
    head: str, unit: str, last: int
) -> None:
    """In three rows figures agree by chance, with those of another unit or of the same one."""
    lines = [
        ("P1", "区水利局", "302001", "2130305", 100),
        ("", "区水利局", "302001", "2130305", 200),
        ("P2", unit, "302001" if unit == "区水利局" else "201001", "2100302", last),
    ]
    rows = [head]
    for project, name, code, function, yuan in lines:
        cells = {
            "年度": "2026", "单位编码": code, "预算单位": name, "项目编码": project,
            "支出功能分类": function, "部门经济分类": "30201", "年初批复数": str(yuan),
        }  # fmt: skip
        rows.append(",".join(cells.get(of, "") for of in head.split(",")))
    found = understood(text(rows, "gb18030")).main
    assert aside(found) == {}
    assert numbers(found) == [2, 3, 4]
    assert sums(found)["年初批复数"] == str(300 + last)
    assert "支出功能分类" not in sums(found)


@pytest.mark.parametrize(
    "rows",
    [
        ["单位,项目,金额", "水利局,,300.00", "水利局,a,300.00", "教育局,b,5.00"],
        ["单位,项目,金额", "水利局,,300.00", "水利局,a,100.00", "水利局,b,200.00"],
        ["单位,用途,金额", "甲,a,1.00", " 乙,b,1.00", "丙,c,5.00"],
        ["用途,金额", "1、办公用品,1.00", "水费,1.00", "2、电费,5.00"],
        ["单位编码,单位,金额", "105,局,3.00", "105001,站,3.00", "106,局,1.00"],
        ["凭证号,单位编码,金额", "V1,105,3.00", "V2,105001,1.00", "V3,105002,2.00"],
        ["凭证号,部门经济分类,金额", "V1,302,3.00", "V2,30201,1.00", "V3,30202,1.00"],
        ["单位编码,部门经济分类,年初批复数", "101,302,3.00", "102,30201,1.00", "103,30202,1.00"],
    ],
)
def test_figures_that_agree_in_three_rows_make_no_class(rows: list[str]) -> None:
    """Nor do codes of which one begins as the other, in rows of one paper or of other units."""
    found = understood(text(rows)).main
    assert aside(found) == {}
    assert numbers(found) == [2, 3, 4]


def test_a_payment_that_is_by_chance_the_sum_of_the_two_behind_it_is_no_class() -> None:
    """The department has others: in a table of sums it would stand once."""
    rows = ["凭证号,单位编码,预算单位,收款人,金额"]
    rows += [f"V{number},105,区水利局,店,{number}.00" for number in range(3, 12)]
    rows[5:5] = [
        "V50,105,区水利局,店,300.00",
        "V51,105001,站,店,100.00",
        "V52,105001,站,店,200.00",
    ]
    found = understood(text(rows, "gb18030"))
    assert aside(found.main) == {}
    assert len(list(found.main.data())) == 12
