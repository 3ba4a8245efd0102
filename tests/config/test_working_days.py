"""Which days are working days, and which of them wait for a notice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.vocabulary.errors import FaultyInput
from config.working_days import Reason, load

DAYS = load()
NOTICE = 'notice = "通知"\npublished = 2026-11-05\nmark = "read"\n'


@pytest.mark.parametrize(
    ("on", "reason", "holiday"),
    [
        (date(2026, 9, 20), Reason.MAKE_UP, ""),
        (date(2026, 9, 25), Reason.HOLIDAY, "中秋节"),
        (date(2026, 9, 26), Reason.HOLIDAY, "中秋节"),
        (date(2026, 11, 28), Reason.WEEKEND, ""),
        (date(2026, 11, 30), Reason.WEEKDAY, ""),
        (date(2025, 10, 8), Reason.HOLIDAY, "国庆节、中秋节"),
        (date(2022, 12, 31), Reason.HOLIDAY, "元旦"),
        (date(2022, 10, 9), Reason.MAKE_UP, ""),
    ],
)
def test_a_day_of_a_year_with_a_notice_is_as_the_notice_has_it(
    on: date, reason: Reason, holiday: str
) -> None:
    """Make-up days, days off between festival and weekend, plain ones."""
    found = DAYS.day(on)
    assert (found.reason, found.holiday, found.provisional) == (reason, holiday, False)


@pytest.mark.parametrize(
    ("year", "off", "working"),
    [
        (2021, 31, 7),
        (2022, 32, 7),
        (2023, 26, 7),
        (2024, 28, 8),
        (2025, 28, 5),
        (2026, 33, 6),
    ],
)
def test_a_year_has_the_days_off_and_working_weekends_of_its_notice(
    year: int, off: int, working: int
) -> None:
    """Counted in the notices' text."""
    days = [DAYS.day(date(year, 1, 1) + timedelta(n)) for n in range(366)]
    reasons = [day.reason for day in days if day.date.year == year]
    assert reasons.count(Reason.HOLIDAY) == off
    assert reasons.count(Reason.MAKE_UP) == working


@pytest.mark.parametrize(
    ("on", "holiday"),
    [
        (date(2027, 1, 1), "元旦"),
        (date(2027, 2, 8), "春节"),
        (date(2027, 9, 15), "中秋节"),
        (date(2051, 10, 3), "国庆节"),
    ],
)
def test_a_festival_of_a_year_without_a_notice_is_a_day_off_and_provisional(
    on: date, holiday: str
) -> None:
    """The law gives it; the notice may move more."""
    found = DAYS.day(on)
    assert (found.working, found.holiday, found.provisional) == (False, holiday, True)


MONTH_OF_MOON = 29.53
NEW_YEARS = [day for day, name in DAYS.festivals.items() if name == "春节"][1::4]


@pytest.mark.parametrize("first", NEW_YEARS)
def test_the_festivals_of_a_year_stand_to_each_other_as_the_moon_does(first: str) -> None:
    """Spring Festival from the eve of the first day of the first month, Dragon Boat on the fifth
    of a month, Mid-Autumn on the fifteenth; Tomb-Sweeping on the fourth or the fifth of April.
    """
    new_year = date.fromisoformat(first)
    days = {date.fromisoformat(day): name for day, name in DAYS.festivals.items() if len(day) > 5}
    of_year = {day: name for day, name in days.items() if day.year == new_year.year}
    assert list(of_year.values()).count("春节") == 4
    for offset in (-1, 0, 1, 2):
        assert days[new_year + timedelta(offset)] == "春节"
    for name, number in (("端午节", 5), ("中秋节", 15)):
        (day,) = (day for day, its in of_year.items() if its == name)
        age = ((day - new_year).days + 1 - number) % MONTH_OF_MOON
        assert min(age, MONTH_OF_MOON - age) < 2
    (swept,) = (day for day, its in of_year.items() if its == "清明节")
    assert (swept.month, swept.day) in ((4, 4), (4, 5))


def test_festivals_that_move_are_known_for_every_year_to_come() -> None:
    """From the first without a notice to 2060."""
    assert [int(day[:4]) for day in NEW_YEARS] == list(range(2027, 2061))


def test_the_last_days_of_a_year_are_provisional_until_the_next_year_s_notice(
    tmp_path: Path,
) -> None:
    """As the notice of 2023 took the last day of 2022."""
    assert not DAYS.day(date(2026, 12, 25)).provisional
    assert DAYS.day(date(2026, 12, 31)).provisional
    row = '[[holiday]]\nname = "元旦"\nfrom = 2026-12-31\nto = 2027-01-02\n'
    (tmp_path / "2027.toml").write_text(NOTICE + "make_up = [2026-12-27]\n" + row)
    entered = load(tmp_path)
    assert entered.day(date(2026, 12, 31)).holiday == "元旦"
    assert entered.day(date(2026, 12, 27)).reason is Reason.MAKE_UP
    assert not entered.day(date(2026, 12, 31)).provisional
    assert not entered.day(date(2027, 2, 8)).provisional


def test_five_working_days_over_a_holiday_show_every_day_on_the_way() -> None:
    """From Friday before the Mid-Autumn week of 2026: its Sunday is worked, three days are off."""
    days = DAYS.after(date(2026, 9, 18), 6)
    assert [str(day.date)[5:] for day in days if day.working] == [
        *("09-20", "09-21", "09-22", "09-23", "09-24", "09-28"),
    ]
    assert days[0].reason is Reason.WEEKEND
    assert days[-1].date == date(2026, 9, 28)


def test_a_term_that_ends_on_a_day_off_ends_on_the_next_working_day() -> None:
    """The first of October 2026 is the first of seven days off."""
    assert DAYS.not_before(date(2026, 10, 1))[-1].date == date(2026, 10, 8)
    assert DAYS.not_before(date(2026, 10, 8))[-1].date == date(2026, 10, 8)


@given(
    start=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    first=st.integers(1, 40),
    more=st.integers(1, 40),
)
def test_counting_in_two_steps_is_counting_in_one(start: date, first: int, more: int) -> None:
    """And the last day of a count is a working day, with as many working days as asked for."""
    whole = DAYS.after(start, first + more)
    halfway = DAYS.after(start, first)
    assert halfway + DAYS.after(halfway[-1].date, more) == whole
    assert sum(day.working for day in whole) == first + more
    assert whole[-1].working


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[[holiday]]\nname = "a"\nfrom = 2027-01-02\nto = 2027-01-01\n', "2027.toml: holiday[1]"),
        ('[[holiday]]\nname = "a"\nfrom = 2026-05-01\nto = 2026-05-02\n', "2027.toml: holiday[1]"),
        (
            2 * '[[holiday]]\nname = "a"\nfrom = 2027-01-01\nto = 2027-01-02\n',
            "2027.toml: holiday[2]",
        ),
        ("make_up = [2027-01-04]\n", "2027.toml: make_up 2027-01-04"),
        ("make_up = [2028-01-01]\n", "2027.toml: make_up 2028-01-01"),
        ("make_up = [2027-01-02]\n", "2027.toml: make_up 2027-01-02"),
        ('make_up = ["soon"]\n', "2027.toml: make_up[0]"),
        ("", "2027.toml: file"),
    ],
)
def test_a_faulty_file_is_refused_with_the_place_and_the_remedy(
    tmp_path: Path, text: str, where: str
) -> None:
    """Each by itself."""
    new_year = '[[holiday]]\nname = "a"\nfrom = 2027-01-01\nto = 2027-01-03\n'
    holidays = new_year if text.startswith("make_up") else ""
    (tmp_path / "2027.toml").write_text(NOTICE + text + holidays)
    with pytest.raises(FaultyInput) as refused:
        load(tmp_path)
    assert [fault.where for fault in refused.value.faults] == [where]
    assert all(fault.remedy for fault in refused.value.faults)
