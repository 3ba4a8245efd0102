"""Files by what is in them: encodings, archives, damage, size."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from config.vocabulary.errors import FaultyInput
from tabular.understanding import understood
from tests.tabular.offices import book, text

ROWS = ["部门,金额", "水利局,1.50", "教育局,2.50", "合计,4.00"]


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "encoding", "packed", "member"),
    [
        (text(ROWS), "utf-8", "", ""),
        (text(ROWS, "utf-8-sig"), "utf-8-sig", "", ""),
        (text(ROWS, "gb18030"), "gb18030", "", ""),
        (text(ROWS, "gbk", end="\r"), "gb18030", "", ""),
        (text(ROWS, "utf-16"), "utf-16", "", ""),
        (text(ROWS, "utf-16-le"), "utf-16-le", "", ""),
        (text(ROWS, "utf-16-be"), "utf-16-be", "", ""),
        (gzip.compress(text(ROWS), mtime=0), "utf-8", "gzip", ""),
        (archive({"a.csv": text(ROWS, "gbk")}), "gb18030", "zip", "a.csv"),
        (archive({"__MACOSX/._a.csv": b"x", "b/": b"", "b/a.txt": text(ROWS)}), "utf-8", "zip",
         "b/a.txt"),
        (archive({"表.xlsx": book(表=[row.split(",") for row in ROWS])}), "xlsx", "zip", "表.xlsx"),
        (gzip.compress(book(表=[row.split(",") for row in ROWS]), mtime=0), "xlsx", "gzip", ""),
    ],
)  # fmt: skip
def test_a_table_is_the_same_in_every_encoding_and_archive(
    content: bytes, encoding: str, packed: str, member: str
) -> None:
    """Whatever the file is named."""
    found = understood(content, "report.xlsx")
    assert (found.encoding, found.packed, found.member) == (encoding, packed, member)
    assert [cells for _, cells in found.main.data()] == [("水利局", "1.50"), ("教育局", "2.50")]
    assert found.main.fault_count == 0


def test_a_spreadsheet_s_own_line_on_the_delimiter_is_followed() -> None:
    """Rows keep their numbers."""
    found = understood(text(["sep=;", "a;b", "x,y;1"]))
    assert (found.delimiter, found.main.header) == (";", (2,))
    assert next(found.main.data()) == (3, ("x,y", "1"))


def test_a_quote_that_nobody_closed_swallows_no_rows() -> None:
    """Among commas too."""
    for more in (5, 60):
        rows = ["部门,用途,金额", '甲,"急 采购,1.50', *["乙,物业,2.50"] * more]
        assert understood(text(rows)).main.rows == more + 1
        twice = [*rows, '丙,"慢 采购,1.50']
        assert understood(text(twice)).main.rows == more + 2


def test_a_quote_that_nobody_closed_is_refused_by_its_line_where_others_hold_commas() -> None:
    """For then nobody knows which commas part cells."""
    rows = ["部门,用途,金额", '甲,办公,"1,000.50"', '乙,"急 采购,1.50', "丙,物业,2.50"]
    with pytest.raises(FaultyInput, match="line 3 opens a quote that nobody closes"):
        understood(text(rows))


def test_a_long_text_between_quotes_is_one_cell() -> None:
    """A suggestion of a deputy has many lines."""
    body = "\n".join(f"第{n}条，建议" for n in range(80))
    found = understood(text(["编号,正文,日期", f'1,"{body}",2025-01-01', "2,短,2025-01-02"]))
    assert [cells[1] for _, cells in found.main.data()] == [body, "短"]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "holds no table"),
        (b"\xff\x00\x81\xff", "neither a workbook nor a text"),
        (bytes(range(256)) * 20, "neither a workbook nor a text"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"Rar!\x1a\x07", "packed with RAR"),
        (b"\x89PNG\r\n", "is a picture"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "is a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "is a workbook of XML"),
        (b"PK\x03\x04 broken", "is no workbook that can be read"),
        (b"\xd0\xcf\x11\xe0 broken", "is no workbook that can be read"),
        (b"\x1f\x8b broken", "cannot be read"),
        (gzip.compress(text(ROWS), mtime=0)[:-9], "cannot be read"),
        (archive({"a.csv": b"a", "b.csv": b"b"}), r"is a zip with 2 tables \(a.csv, b.csv\)"),
        (archive({"a.doc": b"a"}), r"is a zip with no table \(a.doc\)"),
        (archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b""}), "is a document"),
        (archive({"[Content_Types].xml": b"<Types/>"}), "is no workbook that can be read"),
        (archive({"xl/workbook.xml": b"<workbook/>"}), "is no workbook that can be read"),
        (text(ROWS[:1]), "holds no table"),
        (text(["水利局教育局,1"] * 30) + b"\xe6\xb0,5\n", "line 31 holds a sign that is broken in utf-8"),
        (text(["水利局教育局,1"] * 30, "gbk") + b"\xcb,5\n", "line 31 .* broken in gb18030"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_understood_is_refused_in_one_line(
    content: bytes, what: str
) -> None:
    """With the line where there is one, and a remedy."""
    with pytest.raises(FaultyInput, match=what) as refused:
        understood(content, "a.xlsx")
    assert refused.value.faults[0].where == "a.xlsx"
    assert refused.value.faults[0].remedy


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """And so is a folder."""
    for path in (tmp_path / "nothing.csv", tmp_path):
        with pytest.raises(FaultyInput, match="cannot be read"):
            understood(path)


def test_a_long_text_is_read_without_being_held(tmp_path: Path) -> None:
    """Its rows are many times the memory that reading takes; the total behind them is seen."""
    path = tmp_path / "long.csv"
    rows, filling = 30_000, "x" * 400
    with path.open("w", encoding="utf-8") as file:
        file.write("序号,用途,金额\n")
        for number in range(rows):
            file.write(f"{number},{filling},1.01\n")
        file.write(f"合计,,{rows * 1.01:.2f}\n")
    tracemalloc.start()
    try:
        found = understood(path)
        counted = sum(1 for _ in found.main.data())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert counted == found.main.rows == rows
    assert found.main.fault_count == 0
    assert path.stat().st_size > 12_000_000 > most


def test_what_tabs_part_may_have_quotes_around_cells_of_several_lines() -> None:
    """A record is one row."""
    found = understood(
        text(["部门\t用途\t金额", '甲\t"物业费\n（含运费）"\t1.50', "乙\t电费\t2.50"])
    )
    assert list(found.main.data()) == [
        (2, ("甲", "物业费\n（含运费）", "1.50")),
        (3, ("乙", "电费", "2.50")),
    ]
