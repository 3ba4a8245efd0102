"""Workbooks and texts as sheets of cells."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from config.vocabulary.errors import FaultyInput
from tabular import sheets
from tabular.files import xls
from tabular.files.marks import Marks
from tabular.understanding import understood
from tests.conftest import examples
from tests.tabular.offices import hidden_and_broken

HOSTILE = [b"\xff\xff\xff\xff", b"\xfe\xff\xff\xff", bytes(4), b"\x01\0\0\0", b"\x00\x00\x00\x7f"]


def test_cells_of_an_xlsx_are_texts_exact_numbers_and_dates(tmp_path: Path) -> None:
    """Hidden sheets say so, and merged cells are named."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        shown, hidden = book.add_worksheet("台账"), book.add_worksheet("旧版")
        hidden.hide()
        hidden.write(0, 0, "旧")
        shown.merge_range(0, 0, 0, 2, " 标题 ")
        shown.write_row(1, 0, ["水利局", 0.1 + 0.2, True])
        as_date = book.add_format({"num_format": "yyyy-mm-dd"})
        shown.write_datetime(2, 1, datetime(2026, 3, 1), as_date)  # noqa: DTZ001 - a day
    found = sheets.read(path)
    assert [(sheet.name, sheet.hidden) for sheet in found] == [("台账", False), ("旧版", True)]
    assert found[0].rows == (
        ("标题", None, None),
        ("水利局", Decimal("0.3"), "true"),
        (None, date(2026, 3, 1), None),
    )
    assert found[0].merged == ((0, 0, 0, 2),)


def test_an_xls_is_read_as_an_xlsx_is_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    """Also where the first rows and columns are empty."""
    path = tmp_path / "a.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("明细")
    sheet.write(2, 1, "金额")
    sheet.write(3, 1, 62504.01)
    book.save(str(path))
    (found,) = sheets.read(path)
    assert found.rows[2:] == ((None, "金额"), (None, Decimal("62504.01")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_text_is_read_whatever_its_encoding_and_delimiter(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    """A record may run over lines, and an empty one counts."""
    path = tmp_path / "a.csv"
    lines = [["单位", "金额", "用途"], ["水利局", "12.50", "物业费"], [], ["镕基路", "3", "急"]]
    path.write_bytes("\r\n".join(map(delimiter.join, lines)).encode(encoding))
    (found,) = sheets.read(path)
    assert found.rows == (
        ("单位", "金额", "用途"),
        ("水利局", "12.50", "物业费"),
        (),
        ("镕基路", "3", "急"),
    )


def test_a_line_break_between_quotes_is_part_of_its_cell(tmp_path: Path) -> None:
    """As spreadsheets write it."""
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"物业费\n（含运费）"\n', encoding="utf-8")
    assert sheets.read(path)[0].rows[1] == ("1", "物业费\n（含运费）")


def test_a_quote_in_what_tabs_part_is_a_plain_sign(tmp_path: Path) -> None:
    """Otherwise it would swallow the rows up to the next."""
    path = tmp_path / "a.txt"
    path.write_text('a\tb\n"急"采购\t1\n5" 水管\t2\n', encoding="utf-8")
    assert sheets.read(path)[0].rows[1:] == (('"急"采购', "1"), ('5" 水管', "2"))


def bomb(path: Path) -> None:
    """A workbook that unpacks to more than fits."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(9):
            packed.writestr(f"xl/{number}.xml", bytes(sheets.MOST_BYTES))


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda path: path.write_bytes(b"PK\x03\x04 broken"), "is no workbook"),
        (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0 broken"), "is no workbook"),
        (lambda path: path.write_bytes(b"\xff\x00\x81\xff"), "is neither a workbook nor a text"),
        (Path.mkdir, "cannot be read"),
        (bomb, "unpacks to 576 MB"),
    ],
)
def test_a_file_that_holds_no_table_is_refused_with_a_remedy(
    tmp_path: Path, make: object, what: str
) -> None:
    """Before it costs memory."""
    path = tmp_path / "a.xlsx"
    assert callable(make)
    make(path)
    with pytest.raises(FaultyInput, match=what) as refused:
        sheets.read(path)
    assert refused.value.faults[0].where == "a.xlsx"
    assert refused.value.faults[0].remedy


def test_an_entity_that_names_a_file_is_not_followed(tmp_path: Path) -> None:
    """A workbook is XML, and its reader opens nothing that the XML names."""
    secret, path = tmp_path / "secret", tmp_path / "a.xlsx"
    secret.write_text("not for the sender")
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(0, 0, "cell")
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    named = f'<!DOCTYPE sst [<!ENTITY of SYSTEM "{secret.as_uri()}">]><sst '.encode()
    strings = parts["xl/sharedStrings.xml"].replace(b"<sst ", named).replace(b"cell", b"a&of;b")
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in (parts | {"xl/sharedStrings.xml": strings}).items():
            packed.writestr(name, content)
    try:
        said = repr(sheets.read(path))
    except FaultyInput as error:
        said = str(error)
    assert "not for the sender" not in said


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_given_hidden_rows_and_columns_then_they_are_read_and_named(
    tmp_path: Path, ending: str
) -> None:
    """By their numbers in the file; what was never computed or is an error is a fault."""
    found = understood(hidden_and_broken(tmp_path / f"a.{ending}")).main
    assert (found.rows, found.hidden.count) == (6, 3)
    assert (found.hidden.rows, found.hidden.columns) == (((3, 4), (6, 6)), ("备注",))
    assert [(of.row, of.column, of.kind) for of in found.faults] == [
        *((row, "金额", "formula") for row in range(2, 7)),
        (7, "金额", "error"),
    ]
    assert "#DIV/0!" in found.faults[-1].what


def test_given_an_xls_that_was_computed_then_an_empty_text_of_a_formula_is_no_fault(
    tmp_path: Path,
) -> None:
    """A spreadsheet keeps one for IF(A1>0,"",1), just as one that was never computed."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for column, name in enumerate(["编号", "金额", "备注"]):
        sheet.write(0, column, name)
    for row in range(1, 4):
        sheet.write(row, 0, f"A{row}")
        sheet.write(row, 1, row * 1.5)
        sheet.write(row, 2, xlwt.Formula(f'IF(B{row + 1}>0,"",1)'))
    book.save(str(tmp_path / "a.xls"))
    assert understood(tmp_path / "a.xls").main.faults == ()
    sheet.write(4, 0, "A4")
    sheet.write(4, 1, xlwt.Formula("SUM(B2:B4)"))
    book.save(str(tmp_path / "a.xls"))
    faults = understood(tmp_path / "a.xls").main.faults
    assert [(of.row, of.column, of.kind) for of in faults] == [
        (row, "备注", "formula") for row in range(2, 5)
    ], "one that can make no text shows that nothing was computed"


@settings(max_examples=examples(100), deadline=None)
@given(st.data())
def test_given_an_xls_that_is_damaged_then_its_marks_are_some_or_none(data: st.DataObject) -> None:
    """Whatever the numbers of its sectors and records say, nothing goes round in a circle."""
    with TemporaryDirectory() as folder:
        whole = bytearray(hidden_and_broken(Path(folder) / "a.xls").read_bytes())
    begin = whole.index(b"\x09\x08\x10\x00")
    for _ in range(data.draw(st.integers(1, 8))):
        part = data.draw(st.sampled_from([(0, 512), (begin, begin + 2000), (0, len(whole))]))
        at = data.draw(st.integers(part[0], min(part[1], len(whole)) - 4))
        whole[at : at + 4] = data.draw(
            st.sampled_from(HOSTILE) | st.binary(min_size=4, max_size=4)
        )
    end = data.draw(st.integers(0, len(whole)))
    for content in (bytes(whole), bytes(whole[:end])):
        assert all(isinstance(of, Marks) for of in xls.marks_of(content).values())
