"""`qingyuan standard`: judges values by the standard in force on a date, as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from config.vocabulary.errors import Fault, FaultyInput
from qingyuan.words import Parser

NOT_IN_PLAN = "/"
MISSING = ("", "NA")


def run(argv: list[str]) -> int:
    """Print the judgement."""
    from ingest.standards import AirJudgement, WaterJudgement, air_quality, water_quality

    given = _parser().parse_args(argv)
    on = _date(given.on)
    values = _values(given.values)
    judged: AirJudgement | WaterJudgement
    if given.medium == "air":
        items = ["a34004", "a34002", "a21026", "a21004", "a21005", "a05024"]
        plan = [code for code in items if values.get(code) != NOT_IN_PLAN]
        numbers = {code: _number(code, text) for code, text in values.items()}
        judged = air_quality(numbers, on=on, averaging=given.averaging, plan=plan)
        answer = _air_answer(judged)
    else:
        numbers = {code: _number(code, text) for code, text in values.items()}
        judged = water_quality(numbers, on=on, target=given.target, lake=given.lake)
        answer = _water_answer(judged)
    print(json.dumps(answer, ensure_ascii=False))
    return 0


def _parser() -> Parser:
    parser = Parser("qingyuan standard", "judge values by the standard in force")
    parser.add_argument("medium", choices=("air", "water"))
    parser.add_argument("values", nargs="+", metavar="CODE=VALUE", help="NA: missing; /: no item")
    parser.add_argument("--hourly", dest="averaging", action="store_const", const="hourly")
    parser.add_argument("--daily", dest="averaging", action="store_const", const="daily")
    parser.set_defaults(averaging="hourly")
    parser.add_argument("--on", help="date, default today in Asia/Shanghai")
    parser.add_argument("--target", choices=("I", "II", "III", "IV", "V"))
    parser.add_argument("--lake", action="store_true")
    return parser


def _date(text: str | None) -> date:
    if text is None:
        return datetime.now(ZoneInfo("Asia/Shanghai")).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        fault = Fault("--on", f"{text!r} is not a date", "write it as 2026-03-01")
        raise FaultyInput([fault]) from error


def _values(pairs: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in pairs:
        code, equals, text = pair.partition("=")
        if not equals:
            raise FaultyInput([Fault(pair, "has no value", "write CODE=VALUE, e.g. a34004=72")])
        if code in values:
            raise FaultyInput([Fault(code, "is given twice", "give it once")])
        values[code] = text
    return values


def _number(code: str, text: str) -> float | None:
    if text in (*MISSING, NOT_IN_PLAN):
        return None
    try:
        return float(text)
    except ValueError as error:
        fault = Fault(code, f"{text!r} is not a number", "give a number, or NA for none")
        raise FaultyInput([fault]) from error


def _air_answer(judged: Any) -> dict[str, Any]:
    return {
        "standard": judged.standard,
        "aqi": judged.aqi,
        "level": judged.level,
        "class": judged.class_name,
        "primary": list(judged.primary),
        "iaqi": judged.iaqi,
        "missing": list(judged.missing),
    }


def _water_answer(judged: Any) -> dict[str, Any]:
    return {
        "standard": judged.standard,
        "class": judged.class_name,
        "level": judged.level,
        "deciding": list(judged.deciding),
        "target": judged.target,
        "exceeding": judged.exceeding,
        "missing": list(judged.missing),
    }
