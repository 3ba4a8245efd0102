"""`qingyuan deadline`: until when a rule of the law gives time, with each day on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import law, working_days
from config.catalogue.words import Words
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import ZONE
from qingyuan.arguments import Parser, add_settings, answering, configured

if TYPE_CHECKING:
    from api.deadlines.trace import Reckoned

_REMEDY = "write a day as 2026-11-30, an instant as 2026-11-30T09:00"
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?)?", re.ASCII
)
_YEARS = range(2000, 2100)
"""Of which laws and festivals are known at all."""


def run(argv: list[str]) -> int:
    """Print one due date, or every rule."""
    given = _parser().parse_args(argv)
    asked = {"RULE": given.rule, "--from": given.start}
    for name, value in asked.items():
        if (value is None) is not given.list:
            what = "stands beside --list" if given.list else "is missing"
            raise FaultyInput([Fault(name, what, "give RULE and --from, or --list")])
    settings = configured(given)
    rules = law.load(settings.catalogue / "law")
    words = Words.load(settings.language, {}, settings.catalogue)
    if given.list:
        lines = _list(rules, words, as_json=given.json)
    else:
        rule = rules.rule(given.rule)
        lines = _one(rule, given.start, words, settings.catalogue, as_json=given.json)
    with answering():
        for line in lines:
            print(line)
    return 0


def _parser() -> Parser:
    parser = Parser("qingyuan deadline", "until when a rule of the law gives time")
    parser.add_argument("rule", nargs="?", metavar="RULE", help="its id; see --list")
    parser.add_argument("--from", dest="start", metavar="DATE", help="day or instant of the start")
    parser.add_argument("--list", action="store_true", help="every rule")
    parser.add_argument("--json", action="store_true")
    add_settings(parser)
    return parser


def _one(
    rule: law.Rule, text: str, words: Words, catalogue: Path, *, as_json: bool
) -> Iterator[str]:
    from api.deadlines.explaining import explained
    from api.deadlines.reckoning import reckon

    start = _start(text, rule)
    days = working_days.load(catalogue / "calendar")
    reckoned = reckon(rule, start, days)
    if as_json:
        answer = _answer(rule, text, reckoned, words.into("zh-CN"))
        return iter([json.dumps(answer, ensure_ascii=False)])
    return explained(words, rule, reckoned)


def _start(text: str, rule: law.Rule) -> date | int:
    """A day, or for hours an instant in ms; one without an offset is of the district's zone."""
    fault = Fault("--from", f"{text!r} is no day and no instant", _REMEDY)
    if not _INSTANT.fullmatch(text):
        raise FaultyInput([fault])
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise FaultyInput([fault]) from error
    if at.year not in _YEARS:
        fault = Fault("--from", f"the year {at.year} is out of reach", "write one of 2000 to 2099")
        raise FaultyInput([fault])
    if len(text) <= len("2026-11-30"):
        if rule.unit == "hour":
            fault = Fault("--from", f"{text!r} names no hour", "write it as 2026-11-30T09:00")
            raise FaultyInput([fault])
        return at.date()
    whole = at.replace(microsecond=0, tzinfo=at.tzinfo or ZONE)
    return int(whole.timestamp()) * 1000 + at.microsecond // 1000


def _answer(rule: law.Rule, text: str, reckoned: Reckoned, chinese: Words) -> dict[str, Any]:
    from api.deadlines.explaining import sentence

    return {
        "rule": rule.id,
        "amount": rule.amount,
        "unit": rule.unit_zh,
        "direction": rule.direction,
        "from": text,
        "due": _instant(reckoned.due_ms) if rule.unit == "hour" else str(reckoned.due),
        "clause": rule.clause_zh,
        "law": rule.law_zh,
        "mark": rule.code,
        "provisional": reckoned.provisional,
        "trace": [
            {"date": str(step.date), "why": sentence(chinese, step)} for step in reckoned.trace
        ],
    }


def _named(rule: law.Rule, chinese: Words) -> dict[str, Any]:
    from api.deadlines.explaining import term

    return {
        "rule": rule.id,
        "title": rule.title_zh,
        "term": term(chinese, rule),
        "amount": rule.amount,
        "unit": rule.unit_zh,
        "direction": rule.direction,
        "clause": rule.clause_zh,
        "law": rule.law_zh,
        "mark": rule.code,
        "verified": rule.verified,
        "region": rule.region,
    }


def _instant(t_ms: int) -> str:
    return datetime.fromtimestamp(t_ms / 1000, ZONE).isoformat()


def _list(rules: law.Law, words: Words, *, as_json: bool) -> Iterator[str]:
    from api.deadlines.explaining import term, title

    rows = sorted(rules.rules.values(), key=lambda rule: rule.id)
    if as_json:
        chinese = words.into("zh-CN")
        yield json.dumps([_named(rule, chinese) for rule in rows], ensure_ascii=False)
        return
    for rule in rows:
        named = f"{rule.id:32} {rule.code:6} {title(words, rule)}: {term(words, rule)}"
        yield f"{named} ({rule.law_zh} {rule.clause_zh})"
