"""Any bytes are understood or refused; any way of writing a table means the same table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.vocabulary.errors import Fault, FaultyInput
from tabular.figures import UNITS, code, day, figure, integer, money, number, share
from tabular.understanding import Understanding, understood
from tests.conftest import examples
from tests.tabular.offices import book

ALPHABET = st.sampled_from("0123456789.,-()（）％%元万年月日/:'\"\t;|\r\n 合计金额 a€镕")


def outcome(content: bytes) -> Understanding | Fault:
    """What a file holds, or why it was refused."""
    try:
        return understood(content)
    except FaultyInput as error:
        return error.faults[0]


@given(st.binary(max_size=300) | st.text(ALPHABET, max_size=120).map(str.encode))
@example(b"PK\x05\x06" + bytes(18))
@example(b"\x1f\x8b\x08\x00")
@example("部门,件\n甲,1e99\n乙,1e99\n合计,3e99\n".encode())
@example("金额,金额\n1e99,(1)\n".encode())
@settings(max_examples=examples(300), deadline=None)
def test_any_bytes_are_understood_or_refused(content: bytes) -> None:
    """Never a traceback, and whatever was understood can be read again."""
    found = outcome(content)
    if isinstance(found, Fault):
        assert found.remedy
        return
    for table in found.tables:
        assert sum(1 for _ in table.data()) == table.rows
        assert all(fault.what and fault.remedy for fault in table.faults)


@given(st.binary(max_size=40), st.integers(0, 4000), st.integers(0, 60))
@settings(max_examples=examples(60), deadline=None)
def test_a_damaged_workbook_is_understood_or_refused(
    damage: bytes, position: int, cut: int
) -> None:
    """Wherever bytes are lost or others stand."""
    whole = book(表=[["部门", "金额"], ["甲", 1.5], ["乙", "=B2"]])
    found = outcome(whole[:position] + damage + whole[position + cut :])
    assert found.remedy if isinstance(found, Fault) else found.tables


@given(st.text(max_size=40) | st.decimals(allow_nan=False, allow_infinity=False) | st.dates())
def test_a_cell_is_read_or_refused_by_every_reader(cell: str | Decimal | date) -> None:
    """None of them raises."""
    for reader in (code, day, figure, integer, money, number, share):
        reader(cell)


WRITE: dict[str, Callable[[Decimal], str]] = {
    "plain": str,
    "thousands": lambda value: f"{value:,}",
    "brackets": lambda value: f"（{-value:,}）" if value < 0 else f"{value:,}",
    "currency": lambda value: f"￥{value:,}",
    "apostrophe": lambda value: f"'{value}",
    "full width": lambda value: str(value).translate(
        {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789.-"}
    ),
}
DAYS: dict[str, Callable[[date], str]] = {
    "iso": lambda at: f"{at:%Y-%m-%d}",
    "close": lambda at: f"{at:%Y%m%d}",
    "points": lambda at: f"{at.year}.{at.month}.{at.day}",
    "strokes": lambda at: f"{at.year}/{at.month}/{at.day}",
    "characters": lambda at: f"{at.year}年{at.month}月{at.day}日",
    "serial": lambda at: str((at - date(1899, 12, 30)).days),
}
Payment = tuple[str, date, Decimal]
PAYMENTS = st.lists(
    st.tuples(
        st.text(st.sampled_from("水利教育卫生局镕喆,;|\"' a"), min_size=1, max_size=8).map(
            lambda name: f"单{name}位"
        ),
        st.dates(date(1990, 1, 1), date(2090, 1, 1)),
        st.decimals(-(10**9), 10**9, places=6),
    ),
    min_size=1,
    max_size=12,
)


@given(
    PAYMENTS,
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]),
    st.sampled_from(",;\t|"),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(sorted(WRITE)),
    st.sampled_from(sorted(DAYS)),
    st.booleans(),
)
@settings(max_examples=examples(150), deadline=None)
def test_a_table_means_the_same_however_it_is_written(
    payments: Sequence[Payment],
    encoding: str,
    delimiter: str,
    unit: str,
    writing: str,
    dating: str,
    above: bool,
) -> None:
    """Encoding, delimiter, unit, forms of numbers and dates; the total agrees to the last decimal,
    and the sum is exact in yuan.
    """
    name = "金额" if above else f"金额（{unit}）"
    total = sum((value for _, _, value in payments), Decimal())
    rows = [["付款单位", "支付日期", name]]
    rows += [[who, DAYS[dating](at), WRITE[writing](value)] for who, at, value in payments]
    rows += [["合计", "", WRITE[writing](total)]]
    if above:
        rows.insert(0, ["支付明细表", "", f"单位：{unit}"])
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    found = understood(made.getvalue().encode(encoding))
    assert (found.encoding, found.delimiter) == (encoding, delimiter)
    who, at, value = (seen.column for seen in found.main.columns)
    read = [
        (who.value(cells[0]), str(at.value(cells[1])), value.value(cells[2]))
        for _, cells in found.main.data()
    ]
    assert read == [(name_, str(day_), sum_ * UNITS[unit]) for name_, day_, sum_ in payments]
    assert found.main.columns[2].sum == total * UNITS[unit]
    assert found.main.fault_count == 0
