"""Columns are matched with fields, and cells become values or say why not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from api.imports.reading import matching
from api.imports.reading.cells import LONGEST, Bad, reader_of
from api.imports.reading.faults import Faults
from api.imports.reading.opened import Opened, opened
from api.imports.reading.passing import Pass, yuan
from api.imports.reading.rows import LONGEST_KEY, keyed
from api.imports.records import MOST_FAULTS, Mapping
from api.kinds.tables import FieldKind, TableField
from api.platforms.budget.manifest import PLATFORM as BUDGET
from tabular.sheets import Cell
from tests.api.toy.payments import PAYMENTS

HEAD = "支付凭证号,预算单位,收款人,支付日期,支付金额\n"


def file(folder: Path, text: str) -> Opened:
    """A csv, opened."""
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8")
    return opened(path, path.name)


def proposed(found: Opened, kept: Mapping | None = None) -> dict[str, tuple[str, str, str]]:
    """Of each field that has a column: its name, unit, and why that unit."""
    return {
        of.field.name: (of.column, of.unit, of.origin)
        for of in matching.matches(PAYMENTS, found.columns, kept, {})
        if of.column
    }


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("支付凭证号,预算单位,收款人全称,支付日期,支付金额",
         ("支付凭证号", "预算单位", "收款人全称", "支付日期", "支付金额")),
        ("单位名称,凭证号,日期,金额（万元）,收款人",
         ("凭证号", "单位名称", "收款人", "日期", "金额（万元）")),
        ("序号,支付凭证号码,预算单位名称,收款人,支付日期,支付金额(元)",
         ("支付凭证号码", "预算单位名称", "收款人", "支付日期", "支付金额(元)")),
    ],
)  # fmt: skip
def test_a_field_finds_its_column_by_any_of_its_names(
    tmp_path: Path, head: str, columns: tuple[str, ...]
) -> None:
    """Whatever the order, and with a unit or more words behind."""
    values = {"日期": "2026-01-05", "支付日期": "2026-01-05"}
    names = head.split(",")
    rows = [
        ",".join(values.get(name, "12.50" if "金额" in name else f"x{n}") for name in names)
        for n in range(3)
    ]
    found = proposed(file(tmp_path, "\n".join([head, *rows]) + "\n"))
    order = ("number", "unit", "payee", "paid", "amount")
    assert tuple(found.get(name, ("",))[0] for name in order) == columns


def test_the_file_s_own_unit_goes_before_that_of_the_last_time(tmp_path: Path) -> None:
    """A source that used to send 万元 may send 元 one day."""
    kept = Mapping(columns={"amount": "支付金额"}, units={"amount": "万元"})
    row = "1,局,店,2026-01-05,3\n2,局,店,2026-01-05,4\n"
    silent = file(tmp_path, HEAD + row)
    assert proposed(silent, kept)["amount"] == ("支付金额", "万元", "kept")
    assert proposed(silent)["amount"] == ("支付金额", "元", "assumed")
    saying = file(tmp_path, "支付明细\n单位：元\n" + HEAD + row)
    assert proposed(saying, kept)["amount"] == ("支付金额", "元", "sheet")


def test_a_kept_column_that_is_no_more_there_is_looked_for_anew(tmp_path: Path) -> None:
    """By its names."""
    kept = Mapping(columns={"amount": "合同金额", "unit": "预算单位"})
    found = proposed(file(tmp_path, HEAD + "1,局,店,2026-01-05,3\n2,局,店,2026-01-06,4\n"), kept)
    assert (found["amount"][0], found["unit"][0]) == ("支付金额", "预算单位")


def test_a_sheet_and_a_header_may_be_named(tmp_path: Path) -> None:
    """Where the proposal is wrong."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in (
            ("一月", [("凭证号", "金额"), ("1", 2.5), ("2", 3.5), ("3", 4.5)]),
            ("二月", [("甲", "乙"), ("x", "y"), ("凭证号", "金额"), ("9", 1.5)]),
        ):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        hidden = book.add_worksheet("底稿")
        hidden.write_row(0, 0, ("凭证号", "金额"))
        hidden.hide()
    first = opened(path, path.name)
    assert first.sheets == ("一月", "二月")
    second = opened(path, path.name, "二月", 3)
    assert (second.sheet, second.header) == ("二月", (3,))
    assert [of.name for of in second.columns] == ["凭证号", "金额"]
    assert second.sample() == [(4, ("9", Decimal("1.5")))]


def read(kind: FieldKind, cell: Cell, **mapping: str) -> object:
    """A cell as a field of a kind."""
    field = TableField("x", "toy.x", kind)
    chosen = Mapping(
        units={"x": mapping["unit"]} if "unit" in mapping else {},
        orders={"x": mapping["order"]} if "order" in mapping else {},
    )
    return reader_of(field, chosen)(cell)


@pytest.mark.parametrize(
    ("kind", "cell", "mapping", "value"),
    [
        ("money", "1,234.50", {}, 123450),
        ("money", "￥(12.00)", {}, -1200),
        ("money", Decimal("1.2345"), {"unit": "万元"}, 1234500),
        ("money", "3.5亿元", {"unit": "元"}, 35_000_000_000),
        ("money", "１２．５", {}, 1250),
        ("money", "—", {}, None),
        ("money", "1.234", {}, Bad("fen")),
        ("money", "1E+05", {}, Bad("rounded")),
        ("money", "9" * 18, {}, Bad("size")),
        ("money", "约一千", {}, Bad("number")),
        ("percent", "12.5%", {"unit": "1"}, 12.5),
        ("percent", Decimal("0.125"), {"unit": "1"}, 12.5),
        ("percent", Decimal("12.5"), {"unit": "%"}, 12.5),
        ("integer", "1,200", {}, 1200),
        ("integer", "1.5", {}, Bad("whole")),
        ("integer", "9" * 19, {}, Bad("size")),
        ("number", "-0.5", {}, -0.5),
        ("date", "2026年3月1日", {}, "2026-03-01"),
        ("date", Decimal(46082), {}, "2026-03-01"),
        ("date", "2026-03", {}, Bad("no-day")),
        ("date", "2026-02-30", {}, Bad("calendar")),
        ("date", "05/03/2026", {}, Bad("order")),
        ("date", "05/03/2026", {"order": "day"}, "2026-03-05"),
        ("date", "05/03/2026", {"order": "month"}, "2026-05-03"),
        ("month", "2026年3月", {}, "2026-03"),
        ("month", "2026-03-31", {}, "2026-03"),
        ("code", "007", {}, "007"),
        ("code", Decimal(30201), {}, "30201"),
        ("code", Decimal(10**16), {}, Bad("digits")),
        ("text", " 新华书店", {}, " 新华书店"),
        ("text", "a" * (LONGEST + 1), {}, Bad("long")),
        ("text", "无", {}, "无"),
    ],
)
def test_a_cell_is_a_value_or_says_why_not(
    kind: FieldKind, cell: Cell, mapping: dict[str, str], value: object
) -> None:
    """Nothing is rounded and nothing guessed."""
    assert read(kind, cell, **mapping) == value


@given(fen=st.integers(-(10**14), 10**14), unit=st.sampled_from(matching.MONEY_UNITS))
def test_money_is_read_back_to_the_fen_in_any_unit(fen: int, unit: str) -> None:
    """Written with as many decimals as it needs."""
    size = {"元": 2, "千元": 5, "万元": 6, "亿元": 10}[unit]
    assert read("money", f"{Decimal(fen).scaleb(-size):f}", unit=unit) == fen
    assert read("money", yuan(fen)) == fen


@given(
    first=st.tuples(st.text(max_size=40), st.text(max_size=40)),
    second=st.tuples(st.text(max_size=40), st.text(max_size=40)),
)
def test_keys_are_the_same_where_their_values_are(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    """However long, and with whatever signs in them."""
    keys = []
    for unit, number in (first, second):
        row = keyed(PAYMENTS, 1, (f"{unit}|{number}", unit, None, None, None, None))
        keys.append(row.key)
        assert len(row.key) <= LONGEST_KEY
    same = f"{first[0]}|{first[1]}" == f"{second[0]}|{second[1]}"
    assert (keys[0] == keys[1]) is same


def test_rows_that_are_left_out_are_said_by_number_with_what_stands_in_them(
    tmp_path: Path,
) -> None:
    """A class that its parts do not make is a fault, so that nothing goes in silence."""
    rows = (
        "支付凭证号,预算单位,支付日期,支付金额\n,水利局,,300.00\n1,　水文站,2026-01-05,100.00\n"
        "2,　防汛办,2026-01-06,200.00\n,教育局,,9.00\n3,　一中,2026-01-07,5.00\n"
        "4,　二中,2026-01-08,3.00\n,环保局,,7.00\n5,　监测站,2026-01-07,7.00\n"
        "合计,,,315.00\n注：不含往来,,,\n"
    )
    found, faults = file(tmp_path, rows), Faults()
    chosen = matching.mapping_of(
        matching.matches(PAYMENTS, found.columns, None, {}), "", found.header, {}
    )
    passing = Pass(PAYMENTS, found, chosen, faults)
    assert [row.number for row in passing.rows()] == [3, 4, 6, 7, 9]
    report = passing.report()
    assert [(of.row, of.kind, of.says) for of in report.left_out] == [
        (2, "class", "水利局 300.00"),
        (5, "class", "教育局 9.00"),
        (8, "class", "环保局 7.00"),
        (10, "total", "合计 315.00"),
        (11, "note", "注：不含往来"),
    ]
    assert [(of.row, of.key, of.found, of.more) for of in faults] == [(5, "class", "9.00", "8.00")]


@pytest.mark.parametrize("rest", [100, 200, 300])
def test_a_budget_line_without_a_project_is_read_beside_those_of_other_units(
    tmp_path: Path, rest: int
) -> None:
    """Bare codes of functions are no money, and sums that agree in three rows are chance."""
    found = file(
        tmp_path,
        "年度,单位编码,预算单位,项目编码,支出功能分类,部门经济分类,年初批复数,变动后预算数\n"
        f"2026,302001,区水利局,P1,2130305,31005,100,\n2026,302001,区水利局,,2130305,30201,200,\n"
        f"2026,201001,区卫生健康委员会,P2,2100302,30218,{rest},\n",
    )
    lines = next(kind for kind in BUDGET.tables if kind.name == "budget.lines")
    proposal = matching.matches(lines, found.columns, None, {})
    passing = Pass(lines, found, matching.mapping_of(proposal, "", found.header, {}), Faults())
    assert [row.number for row in passing.rows()] == [2, 3, 4]
    report = passing.report()
    assert (report.faults, report.totals["approved"]) == (0, (300 + rest) * 100)
    assert report.left_out == ()


def test_beyond_a_thousand_faults_are_counted(tmp_path: Path) -> None:
    """Each row of a wrong file has one."""
    rows = "".join(f"{number},局,店,2026-01-05,x{number}\n" for number in range(1500))
    found = file(tmp_path, HEAD + "a,局,店,2026-01-05,1\n" * 3 + rows)
    faults = Faults()
    chosen = matching.mapping_of(
        matching.matches(PAYMENTS, found.columns, None, {}), "", found.header, {}
    )
    passing = Pass(PAYMENTS, found, chosen, faults)
    assert len(list(passing.rows())) == 3
    report = passing.report()
    assert (report.rows, report.refused, report.faults) == (1503, 1500, 1500)
    assert len(faults.listed()) == MOST_FAULTS
