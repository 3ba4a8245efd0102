"""Numbers and dates as people write them into cells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabular.figures import (
    Dated,
    Figure,
    Order,
    Wrong,
    code,
    dated,
    day,
    figure,
    integer,
    money,
    nothing,
    number,
    share,
)
from tabular.sheets import Cell


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Decimal("12.5"), "12.5"),
        ("1,234,567.89", "1234567.89"),
        ("２６４，７８９．９０", "264789.90"),
        ("￥210.33", "210.33"),
        ("¥ 1,000", "1000"),
        ("（206.95）", "-206.95"),
        ("(1,506)", "-1506"),
        ("'48215.57", "48215.57"),
        ("-25,092.34", "-25092.34"),
        ("￥-210.33", "-210.33"),
        ("-￥210.33", "-210.33"),
        ("1,234.50-", "-1234.50"),
        ("－５", "-5"),
        ("人民币 1,000", "1000"),
        (".5", "0.5"),
    ],
)
def test_a_number_is_read_exactly(cell: Cell, value: str) -> None:
    """Whatever signs stand around it."""
    assert figure(cell) == Figure(Decimal(value))


def test_a_percent_sign_is_kept_apart_from_the_number() -> None:
    """Whether 0.867 or 86.7 is meant depends on it."""
    assert figure("86.7%") == Figure(Decimal("86.7"), percent=True)


@pytest.mark.parametrize(
    "cell", [None, "", "—", "合计", "1,23", "12,34.5", "(-5)", "1.2.3", "12.5.", "3月", "¥", "%"]
)
def test_what_is_no_number_is_none(cell: Cell) -> None:
    """A comma in the wrong place is no thousands."""
    assert figure(cell) is None


@given(st.decimals(-(10**12), 10**12, places=2))
def test_a_number_with_thousands_and_brackets_is_read_back(value: Decimal) -> None:
    """As accountants write it."""
    text = f"({-value:,})" if value < 0 else f"{value:,}"
    found = figure(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("20250226", "2025-02-26"),
        ("2025.2.28", "2025-02-28"),
        ("2025年3月2日", "2025-03-02"),
        ("2025/3/8", "2025-03-08"),
        ("2025-03-07", "2025-03-07"),
        ("2025-03-07 08:30:00", "2025-03-07"),
        ("２０２５年４月１０日", "2025-04-10"),
        ("2025年3月", "2025-03"),
        ("2025-03", "2025-03"),
        (date(2025, 3, 11), "2025-03-11"),
        ("45727", "2025-03-11"),
        (Decimal(45727), "2025-03-11"),
        ("'2025-1-6", "2025-01-06"),
        ("二〇二五年三月二日", "2025-03-02"),
        ("二零二五年十二月三十一日", "2025-12-31"),
        ("二〇二五年十月", "2025-10"),
        ("2025—3—2", "2025-03-02"),
        ("2025.3.2.", "2025-03-02"),
        ("2025 年 3 月 2 日 星期日", "2025-03-02"),
        ("2025-03-07T08:30:00Z", "2025-03-07"),
        ("202503", "2025-03"),
        (Decimal("45727.5"), "2025-03-11"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_written(cell: Cell, text: str) -> None:
    """A month without a day stays a month; a serial number counts as spreadsheets do."""
    assert str(dated(cell)) == text


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "20250231",
        "2025-13-01",
        "2025年0月",
        "2025-02-00",
        "3.5",
        "12",
        "8/3/2025",
        Decimal("2025.1"),
    ],
)
def test_what_no_calendar_has_is_no_date(cell: Cell) -> None:
    """Nor is a date whose year does not come first."""
    assert dated(cell) is None


@given(st.dates(date(1970, 1, 1), date(2099, 12, 31)))
def test_every_form_of_a_date_means_the_same_day(day: date) -> None:
    """Also the serial number of a spreadsheet."""
    forms: list[Cell] = [
        day,
        f"{day:%Y%m%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        Decimal((day - date(1899, 12, 30)).days),
    ]
    assert {dated(form) for form in forms} == {Dated(day.year, day.month, day.day)}


@pytest.mark.parametrize(
    "cell", [None, "—", "－－", "- -", "/", "无", "N/A", "null", "　", "――", "***", "（空白）"]
)
def test_signs_that_stand_for_no_value_are_none_of_any_kind(cell: Cell) -> None:
    """Neither zero nor a fault."""
    assert nothing(cell)
    assert {reader(cell) for reader in (money, number, integer, share, day, code)} == {None}


@pytest.mark.parametrize(
    ("cell", "unit", "yuan"),
    [
        ("625.6912", "万元", "6256912.0000"),
        (Decimal("1.5"), "千元", "1500.0"),
        ("（1.2）", "亿元", "-120000000.0"),
        ("300元", "万元", "300"),
        ("3.5万", "元", "35000.0"),
        ("1,000元整", "万元", "1000"),
    ],
)
def test_money_is_exact_in_yuan_and_a_unit_in_the_cell_wins(
    cell: Cell, unit: str, yuan: str
) -> None:
    """Decimals of 万元 are yuan and fen."""
    assert str(money(cell, unit)) == yuan


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (money("见附件"), Wrong.NUMBER),
        (money("5%"), Wrong.NUMBER),
        (money("1.2E+08"), Wrong.ROUNDED),
        (number("300元"), Wrong.NUMBER),
        (number("E0"), Wrong.NUMBER),
        (integer("1.5"), Wrong.WHOLE),
        (share("5元"), Wrong.NUMBER),
        (code(Decimal(6217000012340045370)), Wrong.DIGITS),
        (code("6.217E+18"), Wrong.DIGITS),
        (day("20250231"), Wrong.CALENDAR),
        (day("2025年13月"), Wrong.CALENDAR),
        (day("3月2日"), Wrong.YEAR),
        (day("25.3.2"), Wrong.YEAR),
        (day("05/04/2016"), Wrong.ORDER),
        (day("30/02/2016", Order.DAY), Wrong.CALENDAR),
        (day("上旬"), Wrong.DATE),
    ],
)
def test_a_cell_that_does_not_hold_says_in_which_way(found: object, wrong: Wrong) -> None:
    """Each has words and a remedy of its own."""
    assert found is wrong


def test_codes_keep_their_zeros_and_lose_their_apostrophe() -> None:
    """A number is written without a point."""
    cells: list[Cell] = ["'0000000071", "００１２", Decimal(20106), " 2130301 "]
    assert [code(cell) for cell in cells] == ["0000000071", "0012", "20106", "2130301"]


def test_a_share_is_in_percent_whether_or_not_its_sign_stands_there() -> None:
    """A fraction of a workbook is one by its column's scale."""
    assert share("86.7%") == share("86.7") == share(Decimal("0.867"), Decimal(100))
