"""`qingyuan standard`: one line of JSON, its keys in order; or one line of complaint."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.vocabulary.errors import FaultyInput
from qingyuan.commands.rules.standard import run

AIR_KEYS = ["standard", "aqi", "level", "class", "primary", "iaqi", "missing"]
WATER_KEYS = ["standard", "class", "level", "deciding", "target", "exceeding"]
FIVE = ["a34002=20", "a21026=5", "a21004=20", "a21005=0.5", "a05024=80"]
TODAY = ["--on", "2026-11-24"]


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """What the command prints, which is one line."""
    assert run(list(arguments)) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.count("\n") == 1
    found: dict[str, Any] = json.loads(printed.out)
    return found


def test_air_answers_in_the_order_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """The design's own example, with all six items."""
    found = answer(capsys, "air", "a34004=72", *FIVE, "--hourly", *TODAY)
    assert list(found) == AIR_KEYS
    assert found == {
        "standard": "HJ 633-2026",
        "aqi": 111,
        "level": "三级",
        "class": "轻度污染",
        "primary": ["a34004"],
        "iaqi": {
            "a34004": 111,
            "a34002": 20,
            "a21026": 2,
            "a21004": 10,
            "a21005": 5,
            "a05024": 25,
        },
        "missing": [],
    }


def test_water_answers_in_the_order_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """The multiple is over the target's limit; dissolved oxygen has none."""
    found = answer(capsys, "water", "w01009=4.2", "w21003=1.25", "--target", "III")
    assert list(found)[:6] == WATER_KEYS
    assert found == {
        "standard": "GB 3838-2002",
        "class": "IV",
        "level": "轻度污染",
        "deciding": ["w01009", "w21003"],
        "target": "III",
        "exceeding": {"w01009": None, "w21003": 0.25},
        "missing": [],
    }


def test_without_a_target_nothing_exceeds(capsys: pytest.CaptureFixture[str]) -> None:
    """The class is given all the same, in Chinese characters and not in escapes."""
    assert run(["water", "w21003=9"]) == 0
    printed = capsys.readouterr().out
    assert '"class": "劣V"' in printed
    assert '"target": null, "exceeding": {}' in printed


@pytest.mark.parametrize(
    ("on", "standard", "aqi"),
    [("2026-02-28", "HJ 633-2012", 97), ("2026-03-01", "HJ 633-2026", 111)],
)
def test_the_date_chooses_the_set(
    capsys: pytest.CaptureFixture[str], on: str, standard: str, aqi: int
) -> None:
    """The last day of the one and the first of the other."""
    found = answer(capsys, "air", "a34004=72", *FIVE, "--on", on)
    assert (found["standard"], found["aqi"]) == (standard, aqi)


def test_without_a_date_it_is_today(capsys: pytest.CaptureFixture[str]) -> None:
    """In Shanghai, whatever the machine's zone."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    silent = answer(capsys, "air", "a34004=72", *FIVE)
    assert silent == answer(capsys, "air", "a34004=72", *FIVE, "--on", today)


def test_daily_takes_ozone_by_its_8_hour_column(capsys: pytest.CaptureFixture[str]) -> None:
    """160 is an index of 100 there and of 50 in the 1 h column."""
    ozone = ["air", "a05024=160", "--plan", "a05024", *TODAY]
    assert answer(capsys, *ozone, "--daily")["aqi"] == 100
    assert answer(capsys, *ozone, "--hourly")["aqi"] == 50


@pytest.mark.parametrize("gap", [["a05024=NA"], ["a05024="], []])
def test_an_item_without_a_value_is_missing_however_it_is_written(
    capsys: pytest.CaptureFixture[str], gap: list[str]
) -> None:
    """NA, nothing, or not named at all: an AQI up to 100 is withheld since 2026."""
    found = answer(capsys, "air", "a34004=40", *FIVE[:4], *gap, *TODAY)
    assert found["missing"] == ["a05024"]
    assert [found[key] for key in ("aqi", "level", "class", "primary")] == [None, None, None, []]
    assert found["iaqi"]["a34004"] == 60


@pytest.mark.parametrize("plan", [["a05024=/"], ["--plan", "a34004,a34002,a21026,a21004,a21005"]])
def test_an_item_outside_the_plan_is_not_missing(
    capsys: pytest.CaptureFixture[str], plan: list[str]
) -> None:
    """Said by a stroke in its place or by the plan."""
    found = answer(capsys, "air", "a34004=40", *FIVE[:4], *plan, *TODAY)
    assert (found["missing"], found["aqi"]) == ([], 60)


def test_water_items_may_be_missing_or_outside_the_plan(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The class is of what there is."""
    found = answer(capsys, "water", "w21003=NA", "w21011=/", "w01009=6")
    assert (found["class"], found["missing"]) == ("II", ["w21003"])


def test_options_may_stand_among_the_values(capsys: pytest.CaptureFixture[str]) -> None:
    """As people type them."""
    found = answer(capsys, "air", "a34004=72", "--hourly", *TODAY, *FIVE)
    assert found["aqi"] == 111


@pytest.mark.parametrize(("on", "aqi"), [("2025-07-01", 125), ("2026-07-01", 50)])
def test_of_a_day_ozone_has_two_figures_until_2026(
    capsys: pytest.CaptureFixture[str], on: str, aqi: int
) -> None:
    """Its largest 8 h mean and its largest hour."""
    day = ["air", "a05024=100", "--plan", "a05024", "--daily", "--ozone-hour", "250"]
    assert answer(capsys, *day, "--on", on)["aqi"] == aqi


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["air", "a05024=1", "--ozone-hour", "1"], "--ozone-hour: is of a day"),
        (["air", "a05024=1", "--daily", "--ozone-hour", "x"], "--ozone-hour: 'x' is not a number"),
        (["air", "a34004=1", "a34004=2"], "a34004: is given twice"),
        (["air", "a34004=1_0"], "a34004: '1_0' is not a number"),
        (["air", "a34004=1e300"], "a34004: 1e\\+300 cannot be measured"),
        (["water", "w21003=1e300", "--target", "I"], "w21003: 1e\\+300 cannot be measured"),
        (["air", "a34004=1\n2"], "a34004: '1\\\\n2' is not a number"),
        (["air", "x\ny=1"], "CODE=VALUE: 'x\\\\ny=1' names no item"),
        (["air", "=1"], "CODE=VALUE: '=1' names no item"),
        (["air", "a34004=1", "--plan", "a34002"], "a34004: has a value but is not in --plan"),
        (["air", "a34004=1", "--plan", "a34004,pm10"], "--plan: 'pm10' is not an item"),
        (["air", "a34004=1", "--hourly", "--daily"], "argument --daily: not allowed"),
        (["water", "w21003=1", "--target", "VI"], "argument --target: invalid choice: 'VI'"),
        (["water", "w21003=1", "--on", "1999-01-01"], "--on: no standard is known"),
        (["water", "pm=1"], "pm: is not an item"),
        (["air"], "CODE=VALUE"),
    ],
)
def test_a_mistake_is_named_in_one_line(arguments: list[str], names: str) -> None:
    """With the field; the front door prints it and ends with 2."""
    with pytest.raises(FaultyInput, match=names) as caught:
        run(arguments)
    assert "\n" not in str(caught.value)
