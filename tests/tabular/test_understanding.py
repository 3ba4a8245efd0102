"""Tables as offices send them, understood to the fen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from config.vocabulary.errors import FaultyInput
from tabular.structure.row_kinds import Kind
from tabular.understanding import Table, Understanding, understood
from tests.tabular.offices import book, merged, old_book, text


def numbers(table: Table) -> list[int]:
    """Of the rows of data."""
    return [number for number, _ in table.data()]


def kinds(table: Table) -> dict[str, str]:
    """By name of a column."""
    return {seen.column.name: seen.column.kind.value for seen in table.columns}


def sums(found: Understanding | Table) -> dict[str, str]:
    """Of columns of money, in yuan."""
    table = found.main if isinstance(found, Understanding) else found
    return {
        seen.column.name: str(seen.sum)
        for seen in table.columns
        if seen.sum is not None and seen.column.kind == "money"
    }


def aside(table: Table) -> dict[int, str]:
    """Kind by number of the rows that are no data."""
    return {row.row: row.kind.value for row in table.aside}


def faults(found: Understanding | Table) -> list[tuple[int, str, str]]:
    """Row, column and kind."""
    table = found.main if isinstance(found, Understanding) else found
    return [(fault.row, fault.column, fault.kind) for fault in table.faults]


def test_a_treasury_s_table_in_wan_yuan_with_a_header_of_two_rows_and_classes() -> None:
    """Codes as numbers and texts, sums as both; the total stands above its parts."""
    rows = [
        ["2025年支出执行情况表", None, None, None, None],
        ["编报单位：某区财政局", None, None, None, "单位：万元"],
        ["科目编码", "科目名称", "支出数", None, "累计为预算%"],
        [None, None, "本月", "累计", None],
        [None, "合　　计", "1,506.10", 30.5, "66.7"],
        ["201", "一般公共服务", "1,506.10", 30.5, "66.7"],
        [20101, "　政府办公", "1,600.30", 10.25, 50],
        ["'20102", "　财政事务", "(94.20)", "20.25", "—"],
        ["注：1.快报数。", None, None, None, None],
    ]
    spans = ((0, 0, 0, 4), (2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 2, 3), (2, 4, 3, 4))
    found = understood(merged(rows, *spans, name="支出执行"))
    assert found.encoding == "xlsx"
    assert found.main.sheet == "支出执行"
    assert found.main.title == "2025年支出执行情况表"
    assert found.main.header == (3, 4)
    assert numbers(found.main) == [7, 8]
    assert aside(found.main) == {5: "total", 6: "class", 9: "note"}
    assert kinds(found.main) == {
        "科目编码": "code",
        "科目名称": "text",
        "支出数/本月": "money",
        "支出数/累计": "money",
        "累计为预算%": "percent",
    }
    assert sums(found) == {"支出数/本月": "15061000.00", "支出数/累计": "305000.00"}
    assert found.main.columns[4].empty == 1
    assert faults(found) == []


def test_a_header_of_three_rows_names_a_part_of_a_part() -> None:
    """And thousands of yuan are a unit as others are."""
    rows = [
        ["部门支出表", None, None, None, "金额单位：千元"],
        ["单位名称", "支出", None, None, None],
        [None, "合计", "基本支出", None, "项目支出"],
        [None, None, "人员", "公用", None],
        ["水利局", "600.5", 300.5, 100, 200],
        ["单位负责人：", "填表人：", None, None, "填报日期：2025-03-01"],
    ]
    spans = ((1, 0, 3, 0), (1, 1, 1, 4), (2, 1, 3, 1), (2, 2, 2, 3), (2, 4, 3, 4))
    found = understood(merged(rows, *spans))
    assert sums(found) == {
        "支出/合计": "600500.0",
        "支出/基本支出/人员": "300500.0",
        "支出/基本支出/公用": "100000",
        "支出/项目支出": "200000",
    }
    assert aside(found.main) == {6: "note"}


def test_dates_in_many_forms_and_sums_in_brackets_in_gb18030() -> None:
    """A month stays a month, an impossible day is refused by row; a record may hold a break."""
    rows = [
        "序号,支付日期,收款人,金额（元）,备注",
        "1,20250226,甲,422.75,",
        '2,2025.2.28,乙,"2,888.45",',
        '3,2025年3月2日,"丙\n（代）",￥730.88,',
        "4,2025-03-07,丁,２６４，７８９．９０,",
        "5,2025/3/8,戊,（206.95）,退回",
        "6,2025年3月,己,(1.00),退回",
        "7,20250231,庚,－3.00,",
        '合计,,,"268,620.03",共7笔',
        "注：括号内为退回数。,,,,",
    ]
    found = understood(text(rows, "gb18030"))
    assert (found.encoding, found.delimiter) == ("gb18030", ",")
    assert numbers(found.main) == [2, 3, 4, 5, 6, 7, 8]
    assert sums(found) == {"金额（元）": "268621.03"}
    days = found.main.columns[1]
    assert [str(days.column.value(cells[1])) for _, cells in found.main.data()][:6] == [
        *("2025-02-26", "2025-02-28", "2025-03-02", "2025-03-07", "2025-03-08", "2025-03"),
    ]
    assert days.months == (7,)
    assert faults(found) == [(8, "支付日期", "calendar"), (9, "金额（元）", "total")]
    assert found.main.faults[0].what == "'20250231' is in no calendar"
    assert found.main.faults[1].values == {"says": "268620.03", "should": "268621.03"}
    assert aside(found.main) == {9: "total", 10: "note"}


def test_tabs_empty_columns_in_front_apostrophes_and_quotes_inside_cells() -> None:
    """Codes keep their zeros, and no quote swallows a row."""
    rows = [
        "\t\t支付申请编号\t收款人账号\t支付金额\t用途",
        "\t\t'0000000071\t'6217****045370\t42315.08\t\"急\"采购",
        "\t\t'0000000072\t'6217****034724\t'-48,215.57\t5\" 水管",
    ]
    found = understood(text(rows, "gb18030"))
    assert found.delimiter == "\t"
    assert [seen.column.position for seen in found.main.columns] == [2, 3, 4, 5]
    assert kinds(found.main)["支付申请编号"] == kinds(found.main)["收款人账号"] == "code"
    first = next(found.main.data())[1]
    assert found.main.columns[0].column.value(first[0]) == "0000000071"
    assert sums(found) == {"支付金额": "-5900.49"}
    assert found.main.columns[2].column.origin == "assumed"


def test_serial_numbers_are_days_in_a_column_of_days_on_the_second_sheet() -> None:
    """As a number, a dated cell, a text, with a time; the unit stands on the first sheet."""
    made = old_book(
        填报说明=[["填报说明"], ["一、金额以万元为单位，保留两位小数。"]],
        支付明细=[
            ["序号", "支付时间", "金额", "合同编号"],
            [1, 45722, "73,223.01", None],
            [2, date(2025, 3, 11), 62504.01, "CP-0296"],
            [3, "45727", 1.5, None],
            [4, 45727.5, 2, "CP-0297"],
            [None, None, 135730.52, "本页合计"],
        ],
    )
    found = understood(made)
    assert (found.encoding, found.main.sheet) == ("xls", "支付明细")
    assert found.sheets_without_data == ("填报说明",)
    assert kinds(found.main) == {
        "序号": "integer",
        "支付时间": "date",
        "金额": "money",
        "合同编号": "code",
    }
    days = [found.main.columns[1].column.value(cells[1]) for _, cells in found.main.data()]
    assert list(map(str, days)) == ["2025-03-06", "2025-03-11", "2025-03-11", "2025-03-11"]
    assert sums(found) == {"金额": "1357305200.00"}
    assert faults(found) == []


def test_a_hidden_sheet_is_named_and_columns_of_one_name_are_told_apart() -> None:
    """The formula under the sums was never computed, which a total may be and a row may not."""
    head = ["项目编码", "金额", "金额", "日期"]
    made = book(
        封面=[[None, "部门台账"]],
        hidden_old=[head, ["1", 99.99, 99.99, None], ["2", 99.99, 99.99, None]],
        台账=[
            [None, None, "单位：元", None, None],
            [None, None, "预算", "支付", None],
            [None, *head],
            [None, "329901250042254", "225974.33", 135584.6, "2025.2.14"],
            [None, "'329901250081842", 834384.47, "（1,506.00）", date(2025, 2, 23)],
            [None, "合计", "=SUM(C4:C5)", "134,078.60", None],
        ],
    )
    found = understood(made)
    assert found.hidden_sheets == ("hidden_old",)
    assert found.sheets_without_data == ("封面",)
    assert found.main.header == (2, 3)
    assert list(kinds(found.main)) == ["项目编码", "金额 (预算)", "金额 (支付)", "日期"]
    assert sums(found) == {"金额 (预算)": "1060358.80", "金额 (支付)": "134078.60"}
    assert faults(found) == []


def test_wan_yuan_and_yuan_stand_side_by_side_and_shares_are_no_money() -> None:
    """Four decimals of 万元 are whole yuan, exactly."""
    rows = [
        "部门,预算数（万元）,累计支付（元）,执行率,上年执行率%",
        "民政局,448.1,3885027.00,86.7%,66.0",
        '教育局,625.6912,"3,441,301.60",55.0%,73.1',
        '合计,"1,073.7912","7,326,328.60",71.0%,',
        ",,,,",
        "说明：预算数为调整后预算。,,,,",
    ]
    found = understood(text(rows, "gb18030"))
    assert sums(found) == {"预算数（万元）": "10737912.0000", "累计支付（元）": "7326328.60"}
    assert [seen.column.unit for seen in found.main.columns] == ["", "万元", "元", "%", "%"]
    assert aside(found.main) == {4: "total", 5: "empty", 6: "note"}
    assert faults(found) == []


PUBLISHED = {
    "公开01表": [
        ["收支总表", None, None, None],
        ["部门：水利局", None, None, "单位：元"],
        ["收入", None, "支出", None],
        ["项目", "预算数", "项目", "预算数"],
        ["拨款收入", 59.29, "一、社会保障支出", 10.12],
        ["上年结转", "4.50", "二、农林水支出", "53.67"],
        ["收入总计", "63.79", "支出总计", 63.79],
    ],
    "公开05表": [
        ["支出表（功能分类）", None, None],
        ["部门：水利局", None, "单位：元"],
        ["科目编码", "科目名称", "合计"],
        ["合计", None, 63.79],
        ["208", "社会保障支出", "10.12"],
        ["2080505", "养老保险", 10.12],
        ["213", "农林水支出", 53.67],
        ["2130301", "行政运行", 8.67],
        ["2130314", "防汛", "45.00"],
    ],
    "公开09表": [
        ["三公经费支出表", None, None],
        ["部门：水利局", None, "单位：万元"],
        ["合计", "出国（境）费", "接待费"],
        [70.03, 2.64, "67.40"],
    ],
}


def test_each_sheet_of_a_published_budget_is_a_table_with_its_own_unit() -> None:
    """Which adds up."""
    found = understood(book(**PUBLISHED))
    assert {table.sheet: table.rows for table in found.tables} == {
        "公开01表": 2,
        "公开05表": 3,
        "公开09表": 1,
    }
    income, classes, three = found.tables
    assert sums(income) == {"收入/预算数": "63.79", "支出/预算数": "63.79"}
    assert aside(classes) == {4: "total", 5: "class", 7: "class"}
    assert sums(three) == {"合计": "700300.00", "出国（境）费": "26400.00", "接待费": "674000.00"}
    assert [fault for table in found.tables for fault in table.faults] == []


def test_a_total_and_a_class_that_are_not_the_sums_of_their_rows_say_both_figures() -> None:
    """Each in its sheet."""
    broken = {name: [list(row) for row in rows] for name, rows in PUBLISHED.items()}
    broken["公开01表"][6][3] = 183.79
    broken["公开05表"][8][2] = "44.00"
    found = understood(book(**broken))
    said = {
        (fault.sheet, fault.row, fault.column, fault.values["says"], fault.values["should"])
        for table in found.tables
        for fault in table.faults
    }
    assert said == {
        ("公开01表", 7, "支出/预算数", "183.79", "63.79"),
        ("公开05表", 4, "合计", "63.79", "62.79"),
        ("公开05表", 7, "合计", "53.67", "52.67"),
    }


def test_sums_of_pages_and_sums_so_far_are_each_compared_with_their_rows() -> None:
    """The header comes again on the second page."""
    rows = [
        "日期,摘要,金额",
        *("20250101,a,10.00", "20250102,b,20.00", "本页小计,,30.00", "累计,,30.00"),
        *("日期,摘要,金额", "20250103,c,5.00", "本页小计,,6.00", "累计,,35.00"),
    ]
    found = understood(text(rows))
    assert numbers(found.main) == [2, 3, 7]
    assert aside(found.main)[6] == "header"
    assert faults(found) == [(8, "金额", "total")]
    assert found.main.faults[0].values == {"says": "6.00", "should": "5.00"}


def test_rounded_parts_may_miss_their_sum_by_hundredths_of_wan_yuan_but_never_by_a_fen() -> None:
    """Three parts, and the sum, are each rounded by half a hundredth at most."""
    rows = ["部门,金额（万元）", "甲,0.33", "乙,0.33", "丙,0.33"]
    assert faults(understood(text([*rows, "合计,1.01"]))) == []
    assert faults(understood(text([*rows, "合计,1.02"]))) == [(5, "金额（万元）", "total")]
    exact = [row.replace("万元", "元") for row in rows]
    assert faults(understood(text([*exact, "合计,1.00"]))) == [(5, "金额（元）", "total")]


def test_codes_that_follow_by_chance_in_a_ledger_are_no_classes() -> None:
    """The payments of a bureau stand before those of its offices."""
    rows = [
        "单位编码,单位,金额",
        "101,局,5",
        "101001,所,7",
        "101001,所,8",
        "102,局,1",
        "102001,所,2",
    ]
    found = understood(text(rows))
    assert numbers(found.main) == [2, 3, 4, 5, 6]


def test_lines_that_are_numbered_are_classes_where_their_parts_make_their_sum() -> None:
    """Without any code."""
    rows = [
        "项目,预算数",
        "一、教育,30",
        "（一）普通,10",
        "（二）特殊,20",
        "二、卫生,5",
        "合计,35",
    ]
    found = understood(text(rows))
    assert aside(found.main) == {2: "class", 6: "total"}
    assert faults(found) == []


def test_a_cell_of_a_workbook_that_shows_nothing_true_is_a_fault_of_its_row() -> None:
    """Otherwise it would be no value, in silence."""
    found = understood(
        book(表=[["部门", "金额"], ["甲", 1.5], ["乙", "=B2+#REF!"], ["丙", "=SUM(B2)"]])
    )
    assert faults(found) == [(3, "金额", "error"), (4, "金额", "formula")]
    assert found.main.columns[1].empty == 2


def test_an_account_that_a_spreadsheet_kept_as_a_number_has_lost_digits() -> None:
    """In a workbook, and in the CSV of one."""
    kept = [["收款人", "账号"], ["甲", 6217000012340045370], ["乙", "6217000012340045371"]]
    assert faults(understood(book(表=kept))) == [(2, "账号", "digits")]
    shown = ["收款人,账号", "甲,6.217E+18", "乙,6217000012340045371"]
    assert faults(understood(text(shown))) == [(2, "账号", "digits")]


def test_day_or_month_first_is_known_where_a_day_over_twelve_shows_it() -> None:
    """And refused where nothing does."""
    british = understood(text(["Body,Paid Date,Amount", "A,05/04/2016,1.50", "B,26/04/2016,2.50"]))
    days = british.main.columns[1].column
    assert [str(days.value(cells[1])) for _, cells in british.main.data()] == [
        "2016-04-05",
        "2016-04-26",
    ]
    unclear = understood(text(["日期,金额", "05/04/2016,1.50", "2016-04-06,1.50", "2016-4-7,1"]))
    assert faults(unclear) == [(2, "日期", "order")]


def test_a_date_without_its_year_is_refused_by_row() -> None:
    """Nobody guesses it."""
    rows = [
        "日期,金额",
        "2025-03-01,1.50",
        "3月2日,1.50",
        "25.3.4,1.50",
        "2025-3-5,1",
        "2025-3-6,1",
    ]
    assert faults(understood(text(rows))) == [(3, "日期", "year"), (4, "日期", "year")]


def test_a_date_whose_year_stands_in_the_title_alone_is_refused_by_row_with_the_remedy() -> None:
    """A payment of December may stand in the table of January."""
    rows = [
        "2026年一季度支付明细",
        "编号,支付日期,金额",
        "1,3月7日,1.50",
        "2,12月31日,2",
        "3,3月9日,3",
    ]
    found = understood(text(rows))
    assert faults(found) == [(row, "支付日期", "year") for row in (3, 4, 5)]
    assert {fault.remedy for fault in found.main.faults} == {"write it as 2025-03-31"}


def test_a_row_with_more_cells_than_the_header_is_a_fault() -> None:
    """A comma in a text that nobody quoted."""
    found = understood(text(["单位,用途,金额", "甲,a,1.50", "乙,b,c,2.50", "丙,d,3"]))
    assert (3, "", "wide") in faults(found)
    assert (3, "金额", "number") in faults(found)


def test_a_column_without_a_name_is_seen_and_named_by_its_letter() -> None:
    """Nothing is left out in silence."""
    found = understood(book(表=[["部门", None, "金额"], ["甲", "x", 1.5], ["乙", "y", 2.5]]))
    assert list(kinds(found.main)) == ["部门", "列B", "金额"]
    assert faults(found) == [(1, "列B", "nameless")]


def test_a_text_merged_over_rows_stands_in_each_of_them_and_a_sum_in_one() -> None:
    """As a department beside its projects."""
    rows = [["部门", "项目", "金额"], ["水利局", "a", 1.5], [None, "b", 2], ["教育局", "c", 3]]
    found = understood(merged(rows, (1, 0, 2, 0)))
    assert [cells[0] for _, cells in found.main.data()] == ["水利局", "水利局", "教育局"]


def test_units_in_a_row_of_their_own_and_in_cells_count() -> None:
    """A unit in a cell wins over that of its column."""
    found = understood(
        text(["时间,水量,金额", ",吨,万元", "2025-01-01,5,1.5", "2025-01-02,6,300元"])
    )
    assert found.main.header == (1, 2)
    assert [seen.column.unit for seen in found.main.columns] == ["", "吨", "万元"]
    assert sums(found) == {"金额": "15300.0"}


def test_years_and_months_above_sums_are_columns_of_money() -> None:
    """Where one column says that the table is of money."""
    rows = ["部门,2025年1月,2025年2月,合计", "水利局,1.5,2.5,4.0", "教育局,1,2,3"]
    assert set(sums(understood(text(rows)))) == {"2025年1月", "2025年2月", "合计"}


def test_a_share_that_a_workbook_keeps_as_a_fraction_is_read_in_percent() -> None:
    """Beside one that is written with its sign."""
    found = understood(book(表=[["部门", "执行率"], ["甲", 0.867], ["乙", "55.5%"], ["丙", 1]]))
    rates = [found.main.columns[1].column.value(cells[1]) for _, cells in found.main.data()]
    assert rates == [Decimal("86.700"), Decimal("55.5"), Decimal(100)]


def test_label_and_value_above_a_header_are_no_part_of_it() -> None:
    """Nor is a first row of data that holds no number a second row of it."""
    made = book(
        表=[
            ["填报单位", "水利局"],
            ["联系人", "陈明"],
            ["项目", "金额", "备注"],
            ["甲", "—"],
            ["乙", 2],
        ]
    )
    found = understood(made)
    assert found.main.header == (3,)
    assert numbers(found.main) == [4, 5]


def test_values_above_the_first_names_are_no_table_that_can_be_read() -> None:
    """A file without a header: nobody guesses what its columns are."""
    with pytest.raises(FaultyInput, match="holds no table"):
        understood(
            text(
                ["张三,12,2025-01-01", "李四,13,2025-01-02", "姓名,件数,日期", "王五,1,2025-01-03"]
            )
        )


def test_a_file_whose_only_table_is_hidden_says_so() -> None:
    """The remedy is to show it."""
    with pytest.raises(FaultyInput, match="hidden_a"):
        understood(book(封面=[["说明"]], hidden_a=[["a", "b"], ["x", 1]]))


def test_a_column_that_holds_no_date_at_all_has_few_faults_and_all_are_counted() -> None:
    """Midnight in place of every date."""
    rows = [f"甲,00:00:00,{n}.50" for n in range(150)]
    found = understood(text(["Body,Paid Date,Amount", *rows]))
    assert found.main.fault_count == 150
    assert len(found.main.faults) == 101
    assert found.main.faults[-1].values["count"] == "50"
    assert sums(found) == {"Amount": "11250.00"}


def test_rows_are_given_again_from_the_file_as_often_as_needed() -> None:
    """An import reads a first time to show, a second time to load."""
    found = understood(text(["部门,金额", "甲,1.50"]))
    assert list(found.main.data()) == list(found.main.data()) == [(2, ("甲", "1.50"))]
    assert all(row.kind is not Kind.DATA for row in found.main.aside)


def test_a_first_row_of_texts_alone_is_data_under_a_full_header() -> None:
    """A word stands where numbers follow."""
    found = understood(
        text(["姓名,部门,得分", "张三,水利局,缺考", "李四,教育局,90", "王五,教育局,80"])
    )
    assert found.main.header == (1,)
    assert faults(found) == [(2, "得分", "number")]


def test_codes_in_columns_of_their_levels_make_one_tree() -> None:
    """类, 款 and 项, as final accounts are published."""
    rows = [
        *("科目编码,,,科目名称,支出（万元）", "类,款,项,,"),
        *("201,,,一般公共服务,3.00", "201,03,,政府办公,3.00"),
        *("201,03,01,行政运行,1.00", "201,03,02,一般事务,2.00", "208,,,社会保障,5.00"),
    ]
    found = understood(text(rows))
    assert [seen.column.name for seen in found.main.columns][:3] == [
        *("科目编码/类", "科目编码/款", "科目编码/项"),
    ]
    assert aside(found.main) == {3: "class", 4: "class"}
    assert sums(found) == {"支出（万元）": "80000.00"}


def test_a_code_in_front_of_its_name_makes_a_tree_too() -> None:
    """In one column."""
    rows = [
        "功能科目,预算数",
        "201 一般公共服务,3",
        "20103-政府办公,3",
        "2010301行政运行,3",
        "208 社保,5",
    ]
    assert aside(understood(text(rows)).main) == {2: "class", 3: "class"}


def test_a_unit_may_stand_beside_the_word_or_be_short() -> None:
    """单位： | 万元, and 金额(万)."""
    beside = understood(text(["支出表,,", "单位：,万元,", "部门,预算,支出", "甲,1.5,1", "乙,2,1"]))
    assert sums(beside) == {"预算": "35000.0", "支出": "20000"}
    assert sums(understood(text(["部门,金额(万)", "甲,1.5", "乙,2"]))) == {"金额(万)": "35000.0"}


def test_a_text_that_an_export_kept_from_being_a_number_is_a_code() -> None:
    """An equals sign and quotes, or a tab, in front."""
    rows = [
        "凭证号,账号,金额",
        '"=""0012""",\t6217000012340045371,1.50',
        '="0013",\t62170000,2.50',
    ]
    found = understood(text(rows))
    read = [
        [seen.column.value(cell) for seen, cell in zip(found.main.columns, cells, strict=True)]
        for _, cells in found.main.data()
    ]
    assert read == [
        ["0012", "6217000012340045371", Decimal("1.50")],
        ["0013", "62170000", Decimal("2.50")],
    ]


def test_parts_behind_the_first_one_are_parts_where_all_make_the_row_above() -> None:
    """其中 is written once."""
    rows = [
        *(
            "项目,预算数,占比",
            "一般公共预算,100,90%",
            "其中：基本支出,60,60%",
            "　　项目支出,40,40%",
        ),
        *("政府性基金,10,10%", "其中：土地,7,70%", "国有资本,5,5%", "合计,115,100%"),
    ]
    found = understood(text(rows))
    assert numbers(found.main) == [2, 5, 7]
    assert aside(found.main) == {3: "part", 4: "part", 6: "part", 8: "total"}
    assert faults(found) == []


def test_a_balance_is_carried_down_and_not_added_up() -> None:
    """In a ledger; a balance that is neither is a fault."""
    rows = ["日期,摘要,支出,余额", "20250101,a,10.00,90.00", "20250102,b,5.00,85.00"]
    assert faults(understood(text([*rows, "本月合计,,15.00,85.00"]))) == []
    assert faults(understood(text([*rows, "本月合计,,15.00,80.00"]))) == [(4, "余额", "total")]


def test_columns_of_classifications_are_never_money() -> None:
    """Bare codes under names that speak of expense, funds or budget; a unit in the name wins."""
    names = {
        "支出功能分类": "2130305",
        "政府支出经济分类": "50201",
        "支出功能分类科目": "2130305",
        "预算科目": "201",
        "资金性质": "11",
        "支出类别": "2",
        "预算单位": "302001",
        "收入分类（类款项）": "1030199",
        "支付方式": "1",
    }
    row = ",".join(names.values())
    found = understood(text([",".join([*names, "支出"]), *[f"{row},5.50"] * 2])).main
    assert kinds(found) == {**dict.fromkeys(names, "code"), "支出": "money"}
    named = understood(text(["部门,支出功能分类（万元）", "甲,5.50", "乙,1"])).main
    assert sums(named) == {"支出功能分类（万元）": "65000.00"}


def test_names_of_the_treasury_s_own_fields_are_known() -> None:
    """As they come out of its database."""
    rows = ["PAY_CERT_NO,PAY_AMT,XPAY_DATE,FISCAL_YEAR", "0001,1500.25,2025-03-01,2025"]
    assert kinds(understood(text(rows)).main) == {
        "PAY_CERT_NO": "code",
        "PAY_AMT": "money",
        "XPAY_DATE": "date",
        "FISCAL_YEAR": "integer",
    }
