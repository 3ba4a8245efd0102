"""`qingyuan budget`: what rules on money ask about files, without a centre."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from budget.detection import documents
from budget.detection.kinds import KINDS
from config.catalogue.words import LANGUAGES, Words
from qingyuan.__main__ import main
from qingyuan.commands.budget.words import FOLDER

MAPS = ["unit=单位", "payee=收款人", "amount=金额", "date=日期"]


def answer(monkeypatch: pytest.MonkeyPatch, *argv: str) -> int:
    """The exit status of the command."""
    monkeypatch.setattr(sys, "argv", ["qingyuan", "budget", *argv])
    return main()


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Of two months; the second pays once more what the first paid."""
    lines = {
        "3月.csv": ["单位,收款人,金额,日期", "水利局,通达有限公司,8123.45,2025-03-20"],
        "4月.csv": [
            "单位,收款人,金额,日期",
            "教育局,正大公司,700.00,2025-04-01",
            "水利局,通达有限责任公司,8123.45,2025-04-02",
            "水利局,正大公司,55.00,",
        ],
    }
    for name, rows in lines.items():
        (tmp_path / name).write_bytes("\n".join(rows).encode("gb18030"))
    return str(tmp_path / "3月.csv"), str(tmp_path / "4月.csv")


def test_given_a_payment_repeated_in_another_file_when_asked_then_json_names_both_rows(
    files: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(monkeypatch, "findings", *files, "--map", *MAPS, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["rows"] == 4
    assert said["total"] == "16946.90"
    assert said["refused"] == [
        {
            "file": files[1],
            "row": 4,
            "what": "日期: is empty; write the day as 2025-03-31",
            "words": "日期是空的，请写上日期，如 2025-03-31",
        }
    ]
    assert [(one["rule"], one["grade"], one["rows"]) for one in said["findings"]] == [
        ("duplicate-payment", 3, [[files[0], 2], [files[1], 3]])
    ]
    assert "水利局向通达有限公司付了2笔，每笔都是8,123.45元" in said["findings"][0]["words"]
    assert {"rule": "over-indicator", "missing": ["indicator", "indicators"]} in said["deferred"]


def test_given_no_json_when_asked_then_sentences_and_places(
    files: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = Path(files[0]).with_name("3月（又）.csv")
    twin.write_bytes(Path(files[0]).read_bytes())
    assert answer(monkeypatch, "findings", *files, str(twin), "--map", *MAPS) == 0
    said = capsys.readouterr().out
    spoken = said.replace(str(twin.parent), "").replace(".csv", "")
    assert re.findall("[A-Za-z]{2,}", spoken) == []
    assert "[可能重复支付 · 仅供参考] 水利局向通达有限公司" in said
    assert "没有运行，缺少：支付的指标编号、预算指标" in said
    assert "16,946.90元" in said
    assert f"{files[0]}:2; {files[1]}:3" in said


def test_given_a_usual_header_when_nobody_mapped_it_then_the_answer_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "5月.csv"
    file.write_text("单位,收款人,金额,日期,发票号码\n水利局,甲公司,5,2025-05-06,31245\n")
    assert answer(monkeypatch, "findings", str(file), "--map", *MAPS) == 0
    assert "invoice=发票号码" in capsys.readouterr().out
    mapped = ("findings", str(file), "--map", *MAPS, "--json", "--only-mapped")
    assert answer(monkeypatch, *mapped) == 0
    assert json.loads(capsys.readouterr().out)["by_header"] == {str(file): {}}


def test_given_a_column_that_is_not_there_when_asked_then_one_line_lists_those_that_are(
    files: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    maps = [*MAPS[:3], "date=付款日"]
    assert answer(monkeypatch, "findings", files[0], "--map", *maps) == 2
    assert (
        "no column '付款日' (date); name one of 单位, 收款人, 金额, 日期"
        in capsys.readouterr().err
    )


def test_given_the_rules_when_listed_then_each_has_its_source_and_parameters(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer(monkeypatch, "rules", "--json") == 0
    said = {one["id"]: one for one in json.loads(capsys.readouterr().out)}
    assert said["split-payment"]["parameters"]["limits"][0]["mark"] == "unverified"
    assert all(one["source"] and one["mark"] for one in said.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_a_kind_when_it_finds_something_then_a_sentence_is_there(language: str) -> None:
    words = Words.load(language, {"budget": FOLDER})  # type: ignore[arg-type]
    kinds = {rule.kind for rule in documents.load()}
    assert kinds <= set(KINDS)
    assert [kind for kind in kinds if f"budget.finding.{kind}" not in words.texts] == []


def test_every_rule_says_its_source_and_known_false_alarms_in_english_too() -> None:
    """Whoever adds a case in one language adds it in the other."""
    counts = {of.id: (len(of.false_alarms), len(of.false_alarms_en)) for of in documents.load()}
    assert [name for name, (ours, english) in counts.items() if ours != english] == []
    assert [of.id for of in documents.load() if not of.source_en] == []
