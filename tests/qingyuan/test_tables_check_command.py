"""`qingyuan tables check`: what a file with tables holds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from qingyuan.__main__ import main
from tests.tabular.offices import book, hidden_and_broken, text

ROWS = [
    "部门,支付日期,金额（万元）,备注",
    "水利局,2025-03-01,1.50,",
    "教育局,20250231,（0.50）,退回",
    "卫健委,2025年3月,2.00,",
    "合计,,3.10,",
]


def check(monkeypatch: pytest.MonkeyPatch, path: Path, *options: str) -> int:
    """The exit status of the command."""
    monkeypatch.setattr(sys, "argv", ["qingyuan", "tables", "check", str(path), *options])
    return main()


def test_given_a_text_then_json_says_what_it_holds_and_names_each_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Others rely on these keys; faults of single cells leave the status 0."""
    path = tmp_path / "支付.csv"
    path.write_bytes(text(ROWS, "gb18030"))
    assert check(monkeypatch, path, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert {
        key: said[key] for key in ("encoding", "delimiter", "sheet", "header_row", "rows")
    } == {
        "encoding": "gb18030",
        "delimiter": ",",
        "sheet": None,
        "header_row": 1,
        "rows": 3,
    }
    assert [(one["name"], one["kind"], one["empty"]) for one in said["columns"]] == [
        ("部门", "text", 0),
        ("支付日期", "date", 0),
        ("金额（万元）", "money", 0),
        ("备注", "text", 2),
    ]
    assert said["faults"] == [
        {
            "row": 3,
            "column": "支付日期",
            "what": "'20250231' is in no calendar",
            "remedy": "write it as 2025-03-31",
            "kind": "calendar",
        },
        {
            "row": 5,
            "column": "金额（万元）",
            "what": "says 3.10, but the rows make 3.00",
            "remedy": "mend the sum, or the rows that make it",
            "kind": "total",
            "says": "3.10",
            "should": "3.00",
        },
    ]
    assert said["totals_yuan"] == {"金额（万元）": "30000.00"}
    assert (said["unit"], said["columns"][1]["months"]) == ("万元", [4])
    assert said["not_data"] == [{"row": 5, "why": "a total"}]


def test_given_a_workbook_then_each_table_and_what_was_left_out_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table with most rows comes first; faults say in which sheet they are."""
    path = tmp_path / "表.xlsx"
    path.write_bytes(
        book(
            封面=[["说明"]],
            hidden=[["部门", "金额"], ["甲", 1], ["乙", 1], ["丙", 1]],
            大=[["部门", "金额"], ["甲", 1.5], ["乙", 2.5]],
            小=[["部门", "金额"], ["甲", 1.5], ["合计", 2.5]],
        )
    )
    assert check(monkeypatch, path, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["encoding"], said["sheet"], said["rows"]) == ("xlsx", "大", 2)
    assert [(table["sheet"], table["rows"]) for table in said["tables"]] == [("大", 2), ("小", 1)]
    assert (said["hidden_sheets"], said["sheets_without_data"]) == (["hidden"], ["封面"])
    assert [(fault["sheet"], fault["row"]) for fault in said["faults"]] == [("小", 3)]


def test_given_a_workbook_that_hides_rows_and_columns_then_they_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are among the data."""
    path = hidden_and_broken(tmp_path / "a.xls")
    assert check(monkeypatch, path, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["hidden_rows"]) == (6, [[3, 4], [6, 6]])
    assert said["hidden_columns"] == ["备注"]
    assert check(monkeypatch, path) == 0
    lines = capsys.readouterr().out
    assert "hidden, and read: 3 row(s), 3 to 4, 6" in lines
    assert "hidden, and read: column 备注" in lines


def test_given_no_option_then_people_read_it_in_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Columns with kinds and sums, rows that are no data, faults with remedies."""
    path = tmp_path / "支付.csv"
    path.write_bytes(text(ROWS))
    assert check(monkeypatch, path) == 0
    said = capsys.readouterr().out
    assert "3 rows of data under the header in row 1" in said
    assert "金额（万元）: money, 万元, 30000.00 yuan" in said
    assert "no data, a total: row 5" in said
    assert "row 3, 支付日期: '20250231' is in no calendar; write it as 2025-03-31" in said


def test_given_a_file_without_a_table_then_the_status_is_2_and_json_has_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A program reads the same shape, a person one line."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"%PDF-1.7")
    assert check(monkeypatch, path, "--json") == 2
    said = capsys.readouterr()
    assert "book.xlsx: is a PDF, and no table; send the table itself" in said.err
    found = json.loads(said.out)
    assert (found["encoding"], found["columns"], found["rows"]) == (None, [], 0)
    assert found["faults"][0]["what"] == "is a PDF, and no table"
