"""`qingyuan documents`: the articles of a document as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from qingyuan.__main__ import main


def articles(monkeypatch: pytest.MonkeyPatch, path: Path) -> int:
    """The exit status of the command."""
    monkeypatch.setattr(sys, "argv", ["qingyuan", "documents", "articles", str(path)])
    return main()


def test_given_a_document_then_json_has_number_label_chapter_and_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Others rely on these keys; one without articles is an empty list."""
    path = tmp_path / "办法.md"
    path.write_text(
        "# 某办法\n\n第一条 甲。\n\n## 第一章　总　则\n\n第一条之一　乙：\n\n（一）丙。\n",
        encoding="utf-8",
    )
    assert articles(monkeypatch, path) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"number": 1, "label": "第一条", "chapter": None, "text": "甲。"},
        {"number": 1, "label": "第一条之一", "chapter": "第一章 总则", "text": "乙：\n（一）丙。"},
    ]
    path.write_text("# 某意见\n\n一、总体要求\n\n甲。\n", encoding="utf-8")
    assert articles(monkeypatch, path) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_given_a_fault_and_one_that_is_excused_then_json_has_both_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Article 99 is beyond a text that the folder gives and the table does not know."""
    laws, path = tmp_path / "laws", tmp_path / "办法.md"
    laws.mkdir()
    (laws / "某事条例(2020-01-01).md").write_text("# 某事条例\n\n第一条 甲。\n", encoding="utf-8")
    path.write_text(
        "# 某办法\n\n第一条 违者处200元罚款。\n\n第二条 依照《某事条例》第九十九条处以罚款。\n",
        encoding="utf-8",
    )
    given = ["qingyuan", "documents", "check", str(path), "--laws", str(laws)]
    monkeypatch.setattr(sys, "argv", [*given, "--on", "2026-12-01"])
    assert main() == 0
    found = json.loads(capsys.readouterr().out)
    assert all(list(of) == ["check", "article", "words", "why", "excluded"] for of in found)
    said = [(of["check"], of["article"], of["words"], of["excluded"]) for of in found]
    assert ("penalty", 1, "违者处200元罚款", None) in said
    excused = "处罚引用了法律、法规、规章"
    assert ("penalty", 2, "依照《某事条例》第九十九条处以罚款", excused) in said
    assert ("missing-article", 2, "《某事条例》第九十九条", None) in said
    monkeypatch.setattr(sys, "argv", [*given[:4], "--laws", str(tmp_path / "none")])
    assert main() == 2


def test_given_an_old_word_file_then_it_is_refused_in_one_line_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "办法.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"))
    assert articles(monkeypatch, path) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("qingyuan: 办法.doc: is a document of Word 97 to 2003")
    assert said.err.strip().endswith("save it as docx")
