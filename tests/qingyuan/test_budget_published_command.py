"""`qingyuan budget published`: whether a department's tables add up."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from qingyuan.__main__ import main
from tests.tabular.offices import book


def published(monkeypatch: pytest.MonkeyPatch, *given: str) -> int:
    """The exit status of the command."""
    monkeypatch.setattr(sys, "argv", ["qingyuan", "budget", "published", *given])
    return main()


def workbook(path: Path, items: str) -> str:
    """Two tables of a department; ``items`` is a sum of the first."""
    function: list[list[object]] = [
        ["一般公共预算支出表（功能分类）"],
        ["部门：澄浦区水利局", None, None, None, "单位：元"],
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["合计", None, "30,000.50", 20000.5, 10000],
        ["213", "农林水支出", 30000.5, "20,000.50", 10000],
        ["2130301", "　　行政运行", 20000.5, 20000.5, None],
        ["2130305", "　　水利工程建设", 10000, None, items],
    ]
    basic: list[list[object]] = [
        ["一般公共预算基本支出表"],
        ["部门：澄浦区水利局", None, None, None, "单位：万元"],
        ["科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        ["301", "工资福利支出", 2.0, 2.0, None],
        ["合计", None, 2.0, 2.0, None],
    ]
    path.write_bytes(book(公开05表=function, 公开08表=basic))
    return str(path)


def test_given_a_wrong_figure_then_json_names_its_cell_and_what_it_should_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Others rely on these keys; a sum in 元 and one in rounded 万元 agree."""
    path = workbook(tmp_path / "预算.xlsx", "1,000.00")
    assert published(monkeypatch, path, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["tables"][0] == {
        "file": "预算.xlsx",
        "sheet": "公开05表",
        "title": "一般公共预算支出表（功能分类）",
        "kind": "一般公共预算支出功能分类",
        "unit": "元",
        "unit_from": "table",
        "header_rows": [3],
        "data": {"first": 5, "last": 7, "rows": 3},
        "total_row": 4,
        "total_rows": [4],
    }
    assert [(one["kind"], one["unit"]) for one in said["tables"][1:]] == [
        ("一般公共预算基本支出经济分类", "万元")
    ]
    assert said["adds_up"] is False
    (one,) = said["breaks"]
    sentence = one.pop("words")
    assert one == {
        "check": "class",
        "checks": ["class", "basic-and-project"],
        "kind": "一般公共预算支出功能分类",
        "file": "预算.xlsx",
        "sheet": "公开05表",
        "cell": "E7",
        "label": "水利工程建设 / 项目支出",
        "says": "1000.00",
        "should": "10000.00",
        "unit": "元",
        "difference_fen": -900000,
    }
    assert "E7" in sentence
    assert "应为 10000.00 元" in sentence
    assert {one["why"] for one in said["deferred"]} == {"no-table", "no-column"}
    assert said["refused"] == []


def test_given_tables_that_add_up_then_people_read_so_and_what_was_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workbook(tmp_path / "预算.xlsx", "10,000.00")
    assert published(monkeypatch, path) == 0
    said = capsys.readouterr().out
    assert "公开05表：一般公共预算支出功能分类，单位元，数据 3 行" in said
    assert "没有发现数字不符" in said
    assert "没有找到《财政拨款收支总表》" in said


def test_a_file_that_cannot_be_read_is_refused_and_the_others_are_answered_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = workbook(tmp_path / "预算.xlsx", "10,000.00")
    broken = tmp_path / "决算.pdf"
    broken.write_bytes(b"%PDF-1.7")
    assert published(monkeypatch, path, str(broken), "--json") == 2
    out, err = capsys.readouterr()
    said = json.loads(out)
    assert len(said["tables"]) == 2
    assert [one["file"] for one in said["refused"]] == ["决算.pdf"]
    assert "决算.pdf" in err
