"""Instants and spans as people read them."""

from __future__ import annotations

from datetime import datetime

import pytest

from alerting.formats import duration, exact_duration, instant, spaced, water_class
from config.catalogue.words import Words
from config.vocabulary.time import ZONE

WORDS, ENGLISH = Words.load("zh-CN"), Words.load("en")
S, M, H, D = 1000, 60_000, 3_600_000, 86_400_000


def at(*moment: int) -> int:
    """An instant in the district."""
    return int(datetime(*moment, tzinfo=ZONE).timestamp() * 1000)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ((2026, 11, 30, 15, 36, 6), "15:36:06"),
        ((2026, 11, 30), "00:00:00"),
        ((2026, 11, 29, 23, 59, 59), "11月29日 23:59:59"),
        ((2026, 12, 1, 1), "12月1日 01:00:00"),
        ((2025, 11, 30, 15, 36, 6), "2025年11月30日 15:36:06"),
        ((2015, 3, 2, 8), "2015年3月2日 08:00:00"),
    ],
)
def test_an_instant_shows_its_day_where_that_is_another_and_its_year_likewise(
    moment: tuple[int, ...], said: str
) -> None:
    """Midnight is that of the district."""
    assert instant(WORDS, at(*moment), at(2026, 11, 30, 0, 30)) == said


@pytest.mark.parametrize(
    ("span_ms", "said"),
    [
        (0, "0 秒"),
        (59_400, "59 秒"),
        (59_600, "1 分钟"),
        (60 * S, "1 分钟"),
        (119 * S, "1 分 59 秒"),
        (90 * M, "1 小时 30 分"),
        (H - 400, "1 小时"),
        (3 * H + 20 * S, "3 小时"),
        (D - 20 * S, "1 天"),
        (47 * H, "1 天 23 小时"),
        (14 * D, "14 天"),
    ],
)
def test_a_duration_has_two_units_at_most(span_ms: int, said: str) -> None:
    """Rounded to the second, the minute, the hour."""
    assert duration(WORDS, span_ms) == said


def test_a_duration_that_was_set_is_reported_exactly() -> None:
    """No part of it is rounded away."""
    assert exact_duration(WORDS, D + H + M + S) == "1 天 1 小时 1 分 1 秒"
    assert exact_duration(WORDS, 1500) == "1.5 秒"


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ((2026, 11, 30, 15, 36, 6), "15:36:06"),
        ((2026, 12, 1, 1), "1 Dec 01:00:00"),
        ((2015, 3, 2, 8), "2 Mar 2015 08:00:00"),
    ],
)
def test_an_instant_in_english_names_its_month(moment: tuple[int, ...], said: str) -> None:
    """Day before month, as a number alone could be either."""
    assert instant(ENGLISH, at(*moment), at(2026, 11, 30, 0, 30)) == said


def test_a_number_takes_the_form_that_its_noun_has_with_it() -> None:
    """One of one, the other of none and of many; Chinese has one form."""
    assert duration(ENGLISH, D) == "1 day"
    assert duration(ENGLISH, 2 * D + 3 * H) == "2 days 3 h"
    assert ENGLISH("overview.firing", n=0) == "0 alerts"
    assert WORDS("overview.firing", n=1) == "1 条报警"


@pytest.mark.parametrize(
    ("name", "chinese", "english"),
    [("I", "Ⅰ类", "Class I"), ("III", "Ⅲ类", "Class III"), ("劣V", "劣Ⅴ类", "below Class V")],
)
def test_a_class_is_written_as_readers_know_it(name: str, chinese: str, english: str) -> None:
    """Of GB 3838."""
    assert water_class(WORDS, name) == chinese
    assert water_class(ENGLISH, name) == english


def test_things_side_by_side_are_joined_as_the_language_does() -> None:
    """Commas for things, semicolons for clauses."""
    assert WORDS.listed(["氨氮", "总磷"]) == "氨氮、总磷"
    assert (
        ENGLISH.listed(map(ENGLISH.name, ["氨氮", "总磷"])) == "ammonia nitrogen, total phosphorus"
    )
    assert WORDS.clauses(["甲", "乙"]) == "甲；乙"
    assert ENGLISH.clauses(["a", "b"]) == "a; b"


def test_an_empty_value_leaves_no_gap() -> None:
    """Before a mark, or between characters; between English words there is one."""
    assert spaced("当 氨氮 达标 后，报警 解除。") == "当氨氮达标后，报警解除。"
    assert spaced("once it is at 0.9 mg/L .") == "once it is at 0.9 mg/L."


def test_a_name_without_another_one_keeps_its_own() -> None:
    """A district need not translate anything."""
    assert ENGLISH.name("某某河断面") == "某某河断面"
