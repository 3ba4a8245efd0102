"""Instants and spans as people read them."""

from __future__ import annotations

from datetime import datetime

import pytest

from alerting.wording.formats import duration, exact_duration, instant
from config.catalogue.words import Words
from config.vocabulary.time import ZONE

WORDS = Words.load("zh-CN")
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
