"""`qingyuan deadline`: one line of JSON, its keys in order; lines for people; or one complaint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import config
from api.deadlines import explaining
from config import working_days
from config.catalogue.words import Words
from config.law import Rule, load
from config.vocabulary.errors import FaultyInput
from qingyuan.commands.rules.deadline import run

KEYS = [
    *("rule", "amount", "unit", "direction", "from", "due", "clause", "law", "mark"),
    *("provisional", "trace"),
]
PAGE = Path(config.__file__).parents[1] / "docs" / "deadlines-law.md"
OWN = """
[[act]]
topic = "suggestions"
law_zh = "本区办法"
source = "区人大常委会"
mark = "secondary"
confirmed_by = "代表工委"
confirmed_on = 2026-12-01
[[act.rule]]
id = "sugg.return"
title_zh = "退办"
title_en = "Return"
amount = 5
unit = "working-day"
starts_zh = "收到之日"
starts_en = "the day it was received"
clause_zh = "第1条"
"""


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What the command prints, which is one line of JSON."""
    assert run([*arguments, "--json"]) == 0
    printed = capsys.readouterr()
    assert (printed.err, printed.out.count("\n")) == ("", 1)
    return json.loads(printed.out)


def test_a_due_date_is_answered_in_the_order_of_the_contract(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Units as the law writes them, the mark in short, each step with its reason."""
    found = answer(capsys, "sugg.answer", "--from", "2025-11-30")
    assert list(found) == KEYS
    trace = found.pop("trace")
    assert found == {
        "rule": "sugg.answer",
        "amount": 3,
        "unit": "月",
        "direction": "after",
        "from": "2025-11-30",
        "due": "2026-02-28",
        "clause": "第51条第2款",
        "law": "全国人民代表大会和地方各级人民代表大会代表法",
        "mark": "R",
        "provisional": False,
    }
    assert [row["date"] for row in trace] == [
        *("2025-11-30", "2025-12-30", "2026-01-30", "2026-02-28"),
    ]
    assert trace[-1]["why"] == (
        "满3个月的对应日；当月没有30日，取当月最后一日；工作日，为最后一日；调休上班"
    )


def test_a_year_without_a_notice_is_named_beside_each_day_that_waits_for_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The answer says that the date may still move."""
    found = answer(capsys, "sugg.answer", "--from", "2026-11-30")
    assert (found["due"], found["provisional"]) == ("2027-03-01", True)
    waits = "2027年放假调休安排未公布或未录入，暂按周末和已知的法定节日计算"
    assert [waits in row["why"] for row in found["trace"]] == [False, False, False, True, True]


@pytest.mark.parametrize(
    "start", ["2026-12-31T22:30", "2026-12-31T22:30:00+08:00", "2026-12-31T14:30:00Z"]
)
def test_hours_are_answered_with_an_instant(
    capsys: pytest.CaptureFixture[str], start: str
) -> None:
    """One that names no offset is of the district."""
    found = answer(capsys, "env.incident.minor", "--from", start)
    assert (found["due"], found["unit"]) == ("2027-01-01T02:30:00+08:00", "小时")
    assert (found["from"], found["mark"]) == (start, "R-open")


def test_an_instant_starts_a_term_of_days_on_its_day(capsys: pytest.CaptureFixture[str]) -> None:
    """In the evening of London it is the next day here."""
    found = answer(capsys, "audit.unit.reply", "--from", "2026-03-02T20:00Z")
    assert found["due"] == "2026-03-13"


def test_a_person_reads_the_rule_its_standing_and_every_day(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the language of the settings."""
    assert run(["rpt.comments.zhejiang", "--from", "2026-03-02"]) == 0
    chinese = capsys.readouterr().out.splitlines()
    assert chinese[0] == "有关委员会回复对报告稿的意见（rpt.comments.zhejiang）"
    assert "待确认" in chinese[1]
    assert chinese[2:4] == ["收到征求意见的报告之日起5日内", "截止：2026-03-09"]
    assert len(chinese) == 4 + 8
    monkeypatch.setenv("QINGYUAN_LANGUAGE", "en")
    assert run(["rpt.draft", "--from", "2026-03-29"]) == 0
    english = capsys.readouterr().out.splitlines()
    assert english[2] == "20 days before the day of the standing committee's meeting"
    assert english[-1].endswith("day 20, counted back")


def test_a_district_s_own_rule_and_its_own_days_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the folders law and calendar of its catalogue."""
    for folder in ("law", "calendar"):
        (tmp_path / folder).mkdir()
    (tmp_path / "law" / "own.toml").write_text(OWN, encoding="utf-8")
    holiday = '[[holiday]]\nname = "元旦"\nfrom = 2027-01-01\nto = 2027-01-08\n'
    notice = f'notice = "通知"\npublished = 2026-11-05\nmark = "read"\n{holiday}'
    (tmp_path / "calendar" / "2027.toml").write_text(notice, encoding="utf-8")
    (tmp_path / "s.toml").write_text(f'catalogue = "{tmp_path}"\n', encoding="utf-8")
    own = ["sugg.return", "--from", "2026-12-30", "--settings", str(tmp_path / "s.toml")]
    found = answer(capsys, *own)
    assert (found["due"], found["provisional"]) == ("2027-01-14", False)
    assert run(own) == 0
    assert "代表工委 2026-12-01 确认" in capsys.readouterr().out


def test_a_rule_that_was_not_in_force_yet_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """The code of the environment took effect in the middle of August 2026."""
    notes = []
    for start in ("2026-08-14", "2026-08-15"):
        assert run(["env.annual", "--from", start]) == 0
        notes.append("不施行" in capsys.readouterr().out)
    assert notes == [True, False]


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ([], "RULE"),
        (["sugg.answer"], "--from"),
        (["sugg.anser", "--from", "2026-11-30"], "rule"),
        (["sugg.answer", "--from", "2026-02-30"], "--from"),
        (["sugg.answer", "--from", "昨天"], "--from"),
        (["sugg.answer", "--from", "1900-01-01"], "--from"),
        (["sugg.answer", "--from", "2999-01-01"], "--from"),
        (["sugg.answer", "--from", "9999-12-31"], "--from"),
        (["env.incident.minor", "--from", "2026-11-30"], "--from"),
        (["--list", "--from", "2026-11-30"], "--from"),
        (["sugg.answer", "--list"], "RULE"),
    ],
)
def test_what_cannot_be_reckoned_is_one_line_with_the_remedy(
    arguments: list[str], where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, as of every command; on stdout there is nothing, of JSON neither."""
    with pytest.raises(FaultyInput) as refused:
        run([*arguments, "--json"])
    assert capsys.readouterr().out == ""
    (fault,) = refused.value.faults
    assert fault.where == where
    assert fault.remedy
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "start",
    [
        *("", " ", " 2026-11-30", "2026-11-30 ", "2026-11-30\n", "2026/11/30", "2026.11.30"),
        *("20261130", "2026-W49-1", "2026-W49", "2026-334", "2026-11", "26-11-30", "2026-11-3"),
        *("2026年11月30日", "２０２６-11-30", "2026-11-３０", "-2026-11-30", "30-11-2026"),
        *("2026-11-31", "2026-13-01", "2026-00-10", "2025-02-29", "2100-02-29", "2026-11-00"),
        *("2026-11-30T24:00", "2026-11-30T25:00", "2026-11-30T08:60", "2026-11-30T23:59:60"),
        *("2026-11-30T8:00", "2026-11-30T08", "2026-11-30T0800", "2026-11-30x08:00"),
        *("2026-11-30T08:00:00,5", "2026-11-30T08:00z", "2026-11-30T08:00+25:00", "1764460800"),
    ],
)
@pytest.mark.parametrize("rule", ["sugg.answer", "env.incident.minor"])
def test_a_start_that_is_not_written_as_the_remedy_says_is_not_guessed_at(
    rule: str, start: str
) -> None:
    """No week, no other order, no other digits, no day that the calendar lacks."""
    with pytest.raises(FaultyInput) as refused:
        run([rule, f"--from={start}"])
    (fault,) = refused.value.faults
    assert (fault.where, "2026-11-30T09:00" in fault.remedy) == ("--from", True)
    assert repr(start) in fault.what


@pytest.mark.parametrize(
    "start",
    [
        "2026-11-30 23:00",
        "2026-11-30T23:00+0800",
        "2026-11-30T15:00:00.0009Z",
        "2026-11-30T16:00+01",
    ],
)
def test_an_instant_is_read_in_the_forms_of_the_standard(
    capsys: pytest.CaptureFixture[str], start: str
) -> None:
    """With a space, an offset of any form, parts of a second; it ends on the next day here."""
    assert answer(capsys, "env.incident.minor", "--from", start)["due"] == (
        "2026-12-01T03:00:00+08:00"
    )


def test_a_part_of_a_second_does_not_make_the_next_day(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Just before midnight it is still the old one."""
    found = answer(capsys, "audit.unit.reply", "--from", "2026-03-02T23:59:59.9999")
    assert found["trace"][0]["date"] == "2026-03-02"


@pytest.mark.parametrize(
    "asked", ["SUGG.ANSWER", " sugg.answer ", "ｓｕｇｇ．ａｎｓｗｅｒ", "sugg.anser"]
)
def test_an_id_that_is_written_otherwise_is_answered_with_ours(asked: str) -> None:
    """Case, spaces, full width: the remedy has it as it is."""
    with pytest.raises(FaultyInput) as refused:
        run([asked, "--from", "2026-11-30"])
    assert refused.value.faults[0].remedy.startswith("use sugg.answer,")


@pytest.mark.parametrize(("to", "status"), [("nobody", 0), ("/dev/full", 2)])
def test_who_has_seen_enough_may_go_and_a_full_disk_is_named(to: str, status: int) -> None:
    """A pipe that nobody reads any more is no mistake; no complaint of Python's either way."""
    reading, writing = os.pipe()
    os.close(reading)
    if to != "nobody":
        os.close(writing)
        writing = os.open(to, os.O_WRONLY)
    command = [sys.executable, "-m", "qingyuan", "deadline", "--list"]
    ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert ended.returncode == status
    assert ended.stderr.count(b"\n") == (status == 2)
    assert b"Traceback" not in ended.stderr


def test_festivals_have_english_names(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the calendar files, also two in a row."""
    english = Words.load("en")
    calendar = working_days.load()
    named = {row.name for notice in calendar.notices.values() for row in notice.holiday}
    assert all(english.name(name).isascii() for name in named | {*calendar.festivals.values()})
    monkeypatch.setenv("QINGYUAN_LANGUAGE", "en")
    assert run(["sugg.return.qingdao", "--from", "2025-09-30"]) == 0
    assert "day off for National Day and Mid-Autumn Festival" in capsys.readouterr().out


def test_json_is_the_same_in_every_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It speaks as the laws do."""
    chinese = answer(capsys, "rev.review.beijing", "--from", "2026-12-31")
    monkeypatch.setenv("QINGYUAN_LANGUAGE", "en")
    assert answer(capsys, "rev.review.beijing", "--from", "2026-12-31") == chinese


@pytest.mark.parametrize(
    ("rule", "start", "due", "whys"),
    [
        ("treasury.pay", "2026-11-30", "2026-11-30", ["就在当日；工作日，为最后一日"]),
        ("env.dust.report", "2026-11-28", "2026-11-28", ["就在当日"]),
        ("fin.final", "2026-08-01", "2026-09-30", ["从本日查起", "期间的最后一日"]),
    ],
)
def test_a_day_that_counts_is_not_said_to_be_left_out(
    capsys: pytest.CaptureFixture[str], rule: str, start: str, due: str, whys: list[str]
) -> None:
    """The act's own day, or a window that is open."""
    found = answer(capsys, rule, "--from", start)
    assert (found["due"], [row["why"] for row in found["trace"]]) == (due, whys)


def test_the_list_has_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """As JSON with what a table needs, and a line each for people."""
    listed = answer(capsys, "--list")
    assert {row["rule"] for row in listed} == set(load().rules)
    assert {row["mark"] for row in listed} == {"R", "R-open", "S", "C", "M"}
    assert run(["--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(listed)
    for rule, says in (
        ("sugg.answer", "答复代表建议: 交办之日起3个月内"),
        ("bgt.deploy", "每年6月30日前"),
        ("fin.final", "每年6月1日至9月30日"),
    ):
        assert says in next(line for line in lines if line.startswith(f"{rule} "))


def rows() -> Iterator[str]:
    """The table of the page, as the data have it."""
    words = Words.load("en")
    for rule in sorted(load().rules.values(), key=lambda rule: (rule.topic, rule.id)):
        title = f"{rule.region} {explaining.title(words, rule)}".strip()
        term = "; ".join([explaining.term(words, rule), *extensions(words, rule)])
        yield f"| `{rule.id}` | {title} | {term} | {rule.law_zh} {rule.clause_zh} | {rule.code} |"


def extensions(words: Words, rule: Rule) -> Iterator[str]:
    """By how much it may be extended."""
    for one in rule.extensions:
        length = explaining.amount(words, one.amount, one.unit)
        yield f"to {length}" if one.to else f"+ {length}"


def test_the_page_has_the_table_of_every_rule() -> None:
    """Row by row as the data have it."""
    table = PAGE.read_text(encoding="utf-8").partition("\n## The rules\n")[2]
    assert [line for line in table.splitlines() if line.startswith("| `")] == list(rows())
