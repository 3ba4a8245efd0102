"""`qingyuan standard`: judges values by the standard in force on a date, as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from config.vocabulary.errors import Fault, FaultyInput
from qingyuan.arguments import Parser

if TYPE_CHECKING:
    from ingest.standards.air import AirJudgement
    from ingest.standards.water import WaterJudgement

NOT_IN_PLAN = "/"
MISSING = ("", "NA")


def run(argv: list[str]) -> int:
    """Print the judgement."""
    from ingest.standards.air import air_items, air_quality
    from ingest.standards.water import water_quality

    given = _parser().parse_intermixed_args(argv)
    on = _date(given.on)
    texts = _values(given.values)
    values = {code: _number(code, text) for code, text in texts.items()}
    skipped = [code for code, text in texts.items() if text == NOT_IN_PLAN]
    if given.medium == "air":
        plan = _plan(given.plan, air_items(), texts)
        hour = None if given.ozone_hour is None else _number("--ozone-hour", given.ozone_hour)
        if hour is not None and given.averaging != "daily":
            raise FaultyInput([Fault("--ozone-hour", "is of a day", "give --daily")])
        judged = air_quality(values, on=on, averaging=given.averaging, plan=plan, ozone_hour=hour)
        answer = _air_answer(judged)
    else:
        found = water_quality(values, on=on, target=given.target, lake=given.lake)
        answer = _water_answer(found, skipped)
    print(json.dumps(answer, ensure_ascii=False))
    return 0


def _parser() -> Parser:
    parser = Parser("qingyuan standard", "judge values by the standard in force")
    parser.add_argument("medium", choices=("air", "water"))
    parser.add_argument("values", nargs="+", metavar="CODE=VALUE", help="NA: missing; /: no item")
    span = parser.add_mutually_exclusive_group()
    span.add_argument("--hourly", dest="averaging", action="store_const", const="hourly")
    span.add_argument("--daily", dest="averaging", action="store_const", const="daily")
    parser.set_defaults(averaging="hourly")
    parser.add_argument("--on", help="date, default today in Asia/Shanghai")
    parser.add_argument("--plan", metavar="CODES", help="air: items measured here, with commas")
    parser.add_argument(
        "--ozone-hour", metavar="VALUE", help="air: a day's largest hour, counts until 2026-02"
    )
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
        if not (code.isascii() and code.isalnum()):
            # Quoted, because a line break in it would make two lines of the complaint.
            raise FaultyInput([Fault("CODE=VALUE", f"{pair!r} names no item", "write a34004=72")])
        if not equals:
            raise FaultyInput([Fault(pair, "has no value", "write CODE=VALUE, e.g. a34004=72")])
        if code in values:
            raise FaultyInput([Fault(code, "is given twice", "give it once")])
        values[code] = text
    return values


def _plan(text: str | None, items: Sequence[str], texts: Mapping[str, str]) -> list[str]:
    """Items that the station measures: those of ``--plan``, without any given as ``/``."""
    named = list(items) if text is None else [code.strip() for code in text.split(",")]
    for code in named:
        if code not in items:
            remedy = f"use some of {','.join(items)}"
            raise FaultyInput([Fault("--plan", f"{code!r} is not an item of an AQI", remedy)])
    for code, value in texts.items():
        if code in items and code not in named and value != NOT_IN_PLAN:
            raise FaultyInput([Fault(code, "has a value but is not in --plan", "add it there")])
    return [code for code in named if texts.get(code) != NOT_IN_PLAN]


def _number(code: str, text: str) -> float | None:
    if text in (*MISSING, NOT_IN_PLAN):
        return None
    try:
        # float() would read 7_2 as 72.
        return float(text.replace("_", "?"))
    except ValueError as error:
        fault = Fault(code, f"{text!r} is not a number", "give a number, or NA for none")
        raise FaultyInput([fault]) from error


def _air_answer(judged: AirJudgement) -> dict[str, Any]:
    return {
        "standard": judged.standard,
        "aqi": judged.aqi,
        "level": judged.level,
        "class": judged.class_name,
        "primary": list(judged.primary),
        "iaqi": judged.iaqi,
        "missing": list(judged.missing),
    }


def _water_answer(judged: WaterJudgement, skipped: Sequence[str]) -> dict[str, Any]:
    return {
        "standard": judged.standard,
        "class": judged.class_name,
        "level": judged.level,
        "deciding": list(judged.deciding),
        "target": judged.target,
        "exceeding": judged.exceeding,
        "missing": [code for code in judged.missing if code not in skipped],
    }
