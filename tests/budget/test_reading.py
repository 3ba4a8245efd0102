"""Files with payments as one set of books."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.platforms.budget.tables import PAYMENT_FIELDS
from budget.detection import documents, engine
from budget.reading.files import Reading, read
from budget.reading.headers import USUAL
from budget.reading.mapping import NAMES, NEEDED, asked
from config.vocabulary.errors import FaultyInput
from tests.conftest import examples

MAPS = ("unit=预算单位", "payee=收款人", "amount=金额", "date=日期", "id=凭证号")
HEAD = "凭证号,预算单位,收款人,金额,日期"


def written(folder: Path, name: str, *lines: str, encoding: str = "utf-8") -> str:
    """The path of a file with a header and these lines."""
    path = folder / name
    path.write_bytes("\r\n".join((HEAD, *lines, "")).encode(encoding))
    return str(path)


def reading(*files: str) -> Reading:
    """Of the usual columns."""
    return read(files, asked(MAPS))


def test_given_total_and_notes_when_read_then_they_are_no_rows_and_numbers_are_of_the_file(
    tmp_path: Path,
) -> None:
    file = written(
        tmp_path,
        "支付.csv",
        'P1,水利局,甲公司,"1,200.50",2025-03-03',
        "P2,水利局,乙公司,0.50,2025/3/4",
        "合计,,,1201.00,",
        "注：以上为三月数据,,,,",
        encoding="gb18030",
    )
    found = reading(file)
    assert (found.rows, found.total, found.refused) == (2, Decimal("1201.00"), ())
    assert [found.origin(of) for of in range(2)] == [(file, 2), (file, 3)]
    assert found.books.payments.cents.tolist() == [120050, 50]


def test_given_rows_without_day_or_amount_when_read_then_each_is_refused_with_its_remedy(
    tmp_path: Path,
) -> None:
    file = written(
        tmp_path,
        "a.csv",
        "P1,水利局,甲公司,12.00,00:00:00",
        "P2,水利局,甲公司,十二,2025-03-03",
        "P3,水利局,甲公司,,2025-03",
        "P4,水利局,甲公司,-3.01,2025-03-04",
    )
    found = reading(file)
    assert (found.rows, found.total) == (4, Decimal("-3.01"))
    said = {one.row: one.what.split(" / ") for one in found.refused}
    assert said == {
        2: ["日期: '00:00:00' is no date; write it as 2025-03-31"],
        3: ["金额: '十二' is no number; write it in digits, or leave the cell empty"],
        4: [
            "日期: '2025-03' is a month without its day; write it as 2025-03-31",
            "金额: is empty; write the amount in digits",
        ],
    }


def test_given_names_written_otherwise_when_mapped_then_they_are_found(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("org_unit,Supplier Name,Amount,Paid  Date\nHRA,X Ltd,5,25/03/2016\n")
    maps = ("unit=Dept", "unit=Org Unit", "payee=SUPPLIER_NAME", "amount=amount", "date=paid date")
    assert read([str(path)], asked(maps)).rows == 1
    with pytest.raises(FaultyInput, match="no column 'Sum'.*org_unit, Supplier Name, Amount"):
        read([str(path)], asked([*maps[:3], "amount=Sum", maps[4]]))
    with pytest.raises(FaultyInput, match="date is missing"):
        asked(maps[:4])


def test_given_usual_headers_when_nobody_mapped_them_then_they_are_read_and_named(
    tmp_path: Path,
) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "单号,单位,对方,金额,日期,摘要,用途,合同编号,项目名称,备注\n"
        "7,水利局,甲公司,5,2025-03-04,三月,审计费,HT1,清淤,急\n"
    )
    maps = ("unit=单位", "payee=对方", "amount=金额", "date=日期", "use=摘要")
    found = read([str(path)], asked(maps))
    assert found.by_header == ({"contract": "合同编号", "project": "项目名称"},)
    payments = found.books.payments
    assert (payments.use.at(0), payments.contract.at(0), payments.project.at(0)) == (
        "三月",
        "HT1",
        "清淤",
    )
    alone = read([str(path)], asked(maps, only_mapped=True))
    assert alone.by_header == ({},)
    assert not alone.books.payments.contract.known


def test_given_the_headers_of_the_loaded_table_when_a_file_has_them_then_it_needs_no_map() -> None:
    own = {"number": "id", "economic": "code", "project_code": "project", "unit_code": ""}
    for field in PAYMENT_FIELDS:
        name = own.get(field.name, field.name.replace("_", "-").removeprefix("payee-"))
        assert set(field.headers) <= set(USUAL.get(name, field.headers)), field.name
    assert {*USUAL} == {*NAMES} - {*NEEDED}


def test_given_a_file_without_a_day_over_twelve_when_another_has_one_then_its_order_counts(
    tmp_path: Path,
) -> None:
    a = written(tmp_path, "a.csv", "P1,水利局,甲公司,5,03/04/2025")
    b = written(tmp_path, "b.csv", "P2,水利局,甲公司,6,25/04/2025")
    assert [one.row for one in reading(a).refused] == [2]
    days = reading(a, b).books.payments.days.tolist()
    assert days[1] - days[0] == 22


def test_given_the_same_file_twice_when_read_then_it_counts_once_and_is_named(
    tmp_path: Path,
) -> None:
    a = written(tmp_path, "a.csv", "P1,水利局,甲公司,5,2025-03-04")
    b = written(tmp_path, "b.csv", "P1,水利局,甲公司,5,2025-03-04")
    found = reading(a, b)
    assert (found.rows, found.total) == (1, Decimal(5))
    assert [(one.file, one.row) for one in found.refused] == [(b, 0)]
    assert a in found.refused[0].what


LINES = st.lists(
    st.tuples(
        st.sampled_from(["水利局", "教育局"]),
        st.sampled_from(["甲有限公司", "甲有限责任公司", "水利局"]),
        st.sampled_from([61_250, 812_345, 13_000_000, 15_231_050, -812_345]),
        st.integers(1, 28),
    ),
    min_size=1,
    max_size=12,
)


@given(LINES, st.integers(0, 12))
@settings(max_examples=examples(60))
def test_given_rows_when_split_over_files_then_the_same_questions_and_sums(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, int, int]], at: int
) -> None:
    folder = tmp_path_factory.mktemp("files")
    lines = [
        f"P{n},{unit},{payee},{Decimal(cents) / 100:.2f},2025-03-{day:02}"
        for n, (unit, payee, cents, day) in enumerate(rows)
    ]
    whole = reading(written(folder, "whole.csv", *lines))
    parts = [part for part in (lines[:at], lines[at:]) if part]
    split = reading(*(written(folder, f"{n}.csv", *part) for n, part in enumerate(parts)))
    assert whole.total == split.total == Decimal(sum(of[2] for of in rows)) / 100

    def questions(one: Reading) -> list[Any]:
        vouchers = one.books.payments.voucher
        found = engine.run(one.books, documents.load()).findings
        return sorted(
            (of.kind, of.grade, [vouchers.at(row) for row in of.payments]) for of in found
        )

    assert questions(whole) == questions(split)
