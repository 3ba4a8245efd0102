"""Numbers and dates as people write them into cells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabular.figures import Dated, Figure, dated, figure
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
    ],
)
def test_a_date_is_read_as_far_as_it_is_written(cell: Cell, text: str) -> None:
    """A month without a day stays a month; a serial number counts as spreadsheets do."""
    assert str(dated(cell)) == text


@pytest.mark.parametrize(
    "cell",
    [None, "", "20250231", "2025-13-01", "2025年0月", "2025-02-00", "3.5", "12", "8/3/2025"],
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
