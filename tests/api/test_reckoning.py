"""Due dates by the law's own cases, and what holds of every one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.deadlines.explaining import sentence
from api.deadlines.reckoning import Extended, Lamp, Pause, changes, lamp, latest, reckon
from api.deadlines.trace import Code, Reckoned
from config import working_days
from config.catalogue.words import LANGUAGES, Words
from config.law import Direction, Term, Unit, load
from config.vocabulary.time import DAY_MS, HOUR_MS, ZONE, begins_ms
from config.working_days import Notice, WorkingDays

DAYS = working_days.load()
LAW = load()
SPRING = (
    'notice = "通知"\npublished = 2026-11-05\nmark = "read"\n'
    "make_up = [2027-02-28]\n"
    '[[holiday]]\nname = "春节"\nfrom = 2027-02-05\nto = 2027-02-12\n'
)
STARTS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
AMOUNTS = st.integers(1, 200)


def on(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)


def at(text: str) -> int:
    """An instant of the district, in ms."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


def term(text: str, direction: Direction = "after") -> Term:
    """Of "3 month"."""
    amount, unit = text.split()
    return Term(amount=int(amount), unit=msgspec.convert(unit, Unit), direction=direction)


def codes(reckoned: Reckoned) -> list[tuple[str, list[str]]]:
    """Each day of the trace, month and day, with what it is."""
    return [(f"{step.date:%m-%d}", [str(w.code) for w in step.whys]) for step in reckoned.trace]


def with_spring(folder: Path) -> WorkingDays:
    """The notice of 2027 of one district, entered."""
    (folder / "2027.toml").write_text(SPRING, encoding="utf-8")
    return working_days.load(folder)


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        # the same-numbered day, or the last of a month that has none
        ("2025-11-30", "3 month", "2026-02-28"),
        ("2026-11-30", "3 month", "2027-03-01"),
        ("2023-11-30", "3 month", "2024-02-29"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2024-02-29", "4 year", "2028-02-29"),
        ("2026-08-31", "1 month", "2026-09-30"),
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2026-03-31", "6 month", "2026-09-30"),
        ("2025-08-29", "6 month", "2026-02-28"),
        ("2026-03-15", "3 month", "2026-06-15"),
        # the end of a year
        ("2025-12-31", "2 month", "2026-02-28"),
        ("2025-10-31", "2 month", "2025-12-31"),
        ("2025-12-15", "20 day", "2026-01-04"),
        # the starting day is not counted
        ("2026-03-02", "1 day", "2026-03-03"),
        ("2026-03-02", "0 day", "2026-03-02"),
        # the last day is a day off: Spring Festival, National Day, a weekend
        ("2026-01-31", "15 day", "2026-02-24"),
        ("2025-11-23", "3 month", "2026-02-24"),
        ("2025-11-24", "3 month", "2026-02-24"),
        ("2026-07-01", "3 month", "2026-10-08"),
        ("2026-03-06", "8 day", "2026-03-16"),
        # the last day is a weekend that is worked
        ("2026-02-04", "10 day", "2026-02-14"),
        ("2026-08-20", "1 month", "2026-09-20"),
        ("2026-07-10", "3 month", "2026-10-10"),
        # working days over make-up days and festivals
        ("2026-02-12", "5 working-day", "2026-02-26"),
        ("2026-02-13", "1 working-day", "2026-02-14"),
        ("2026-02-14", "1 working-day", "2026-02-24"),
        ("2026-09-18", "6 working-day", "2026-09-28"),
        ("2026-09-30", "1 working-day", "2026-10-08"),
        # half a month has fifteen days
        ("2026-04-10", "3 half-month", "2026-05-25"),
        ("2026-04-10", "2 half-month", "2026-05-11"),
    ],
)
def test_a_term_after_an_act_ends_as_the_civil_code_counts(
    start: str, length: str, due: str
) -> None:
    """Articles 201 to 203; all these days have their notice."""
    reckoned = reckon(term(length), on(start), DAYS)
    assert str(reckoned.due) == due
    assert reckoned.due_ms == begins_ms(on(due) + timedelta(1)) - 1
    assert reckoned.provisional is (due >= "2026-12-26")


@pytest.mark.parametrize(
    ("start", "length", "due", "better"),
    [
        ("2026-12-20", "30 day", "2026-11-20", None),
        ("2026-03-20", "20 day", "2026-02-28", None),
        ("2026-03-20", "27 day", "2026-02-21", "2026-02-14"),
        ("2026-12-01", "10 day", "2026-11-21", "2026-11-20"),
        ("2026-10-11", "7 day", "2026-10-04", "2026-09-30"),
        ("2026-03-31", "1 month", "2026-02-28", None),
        ("2026-10-08", "1 working-day", "2026-09-30", None),
        ("2026-02-25", "3 working-day", "2026-02-13", None),
        ("2026-12-01", "1 half-month", "2026-11-16", None),
    ],
)
def test_a_term_before_a_day_counts_back_and_is_never_moved(
    start: str, length: str, due: str, better: str | None
) -> None:
    """The day itself is not counted; a day off asks for the working day before it."""
    reckoned = reckon(term(length, "before"), on(start), DAYS)
    assert str(reckoned.due) == due
    assert reckoned.better_before == (on(better) if better else None)
    assert (reckoned.trace[-1].whys[-1].code is Code.BETTER_BEFORE) is (better is not None)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-12-31T22:30", 4, "2027-01-01T02:30"),
        ("2026-02-16T23:59", 2, "2026-02-17T01:59"),
        ("2026-11-30T00:00", 24, "2026-12-01T00:00"),
        ("2026-09-30T20:00", 72, "2026-10-03T20:00"),
    ],
)
def test_hours_run_through_nights_and_holidays(start: str, hours: int, due: str) -> None:
    """The answer is an instant, and each day on the way stands in the trace."""
    reckoned = reckon(term(f"{hours} hour"), at(start), DAYS)
    assert (reckoned.due_ms, reckoned.due) == (at(due), on(due[:10]))
    assert not reckoned.provisional
    first, last = on(start[:10]), on(due[:10])
    assert [step.date for step in reckoned.trace] == [
        first + timedelta(n) for n in range((last - first).days + 1)
    ]


@pytest.mark.parametrize(
    ("rule", "start", "opens", "due", "better"),
    [
        ("fin.final", "2026-05-01", "2026-06-01", "2026-09-30", None),
        ("fin.final", "2026-07-01", "2026-06-01", "2026-09-30", None),
        ("fin.final", "2026-10-01", "2027-06-01", "2027-09-30", None),
        ("rev.catalogue.shanghai", "2026-12-01", "2027-01-01", "2027-01-31", "2027-01-29"),
        ("bgt.deploy", "2026-06-30", "2026-01-01", "2026-06-30", None),
        ("soe.report", "2026-03-01", "2026-01-01", "2026-12-31", None),
        ("water.quarter", "2026-05-20", "2026-04-01", "2026-06-30", None),
        ("env.incident.half-year", "2026-01-31", "2026-01-01", "2026-06-30", None),
        ("env.incident.month", "2024-02-03", "2024-02-01", "2024-02-29", None),
        ("treasury.rep.ten-days", "2026-02-21", "2026-02-21", "2026-02-28", None),
        ("treasury.rep.ten-days", "2026-03-20", "2026-03-11", "2026-03-20", None),
        ("treasury.rep.ten-days", "2026-03-31", "2026-03-21", "2026-03-31", None),
        ("treasury.rep", "2026-03-31", "2026-03-31", "2026-03-31", None),
        ("sugg.promise.chongqing", "2026-12-31", "2026-10-01", "2026-12-31", None),
    ],
)
def test_a_calendar_term_ends_with_its_window_and_is_not_moved(
    rule: str, start: str, opens: str, due: str, better: str | None
) -> None:
    """The window that ends first, on the day or behind it."""
    reckoned = reckon(LAW.rule(rule), on(start), DAYS)
    assert (str(reckoned.opens), str(reckoned.due)) == (opens, due)
    assert reckoned.better_before == (on(better) if better else None)


def test_a_financial_year_ends_on_its_day_though_that_is_a_day_off() -> None:
    """Money of the budget of 2022 that is left at the end of 2023, a Sunday."""
    reckoned = reckon(LAW.rule("carry2"), on("2021-12-31"), DAYS)
    assert (str(reckoned.due), str(reckoned.better_before)) == ("2023-12-31", "2023-12-29")


def test_the_trace_of_months_shows_each_month_the_clamp_and_the_days_of_the_move() -> None:
    """From the last of November, over a February that ends on a Sunday."""
    reckoned = reckon(LAW.rule("sugg.answer"), on("2026-11-30"), DAYS)
    assert codes(reckoned) == [
        ("11-30", ["start"]),
        ("12-30", ["month"]),
        ("01-30", ["month"]),
        ("02-28", ["month", "clamped", "moved"]),
        ("03-01", ["moved-here"]),
    ]


def test_the_trace_of_working_days_shows_each_day_and_why() -> None:
    """Over the Mid-Autumn week of 2026, whose Sunday is worked."""
    reckoned = reckon(term("6 working-day"), on("2026-09-18"), DAYS)
    chinese = Words.load("zh-CN")
    assert [(f"{step.date:%m-%d}", sentence(chinese, step)) for step in reckoned.trace] == [
        ("09-18", "起算日，当日不计入"),
        ("09-19", "周末，不计入"),
        ("09-20", "第1个工作日；调休上班"),
        ("09-21", "第2个工作日"),
        ("09-22", "第3个工作日"),
        ("09-23", "第4个工作日"),
        ("09-24", "第5个工作日"),
        ("09-25", "中秋节放假，不计入"),
        ("09-26", "中秋节放假，不计入"),
        ("09-27", "中秋节放假，不计入"),
        ("09-28", "第6个工作日"),
    ]


def test_an_extension_adds_to_the_end_before_it_was_moved() -> None:
    """The end of 02-15 was moved to 02-24; ten days more run from 02-15."""
    reckoned = reckon(term("15 day"), on("2026-01-31"), DAYS, [Extended(10, "day")])
    assert str(reckoned.due) == "2026-02-25"
    one_more = [Extended(10, "day"), Extended(3, "working-day")]
    assert str(reckon(term("15 day"), on("2026-01-31"), DAYS, one_more).due) == "2026-02-28"


def test_months_on_months_keep_the_starting_day_s_number() -> None:
    """Three and three from the thirtieth of November are six, to the thirtieth of May."""
    reckoned = reckon(term("3 month"), on("2025-11-30"), DAYS, [Extended(3, "month")])
    assert str(reckoned.due) == "2026-06-01"
    assert "2026-05-30" in {str(step.date) for step in reckoned.trace}


def test_an_extension_to_an_amount_counts_from_the_start() -> None:
    """And one to less than the term has already changes nothing."""
    rule = LAW.rule("sugg.answer.zhejiang")
    assert latest(rule, on("2026-01-15"), DAYS).due == on("2026-07-15")
    assert (
        reckon(rule, on("2026-01-15"), DAYS, [Extended(1, "month", to=True)]).due
        == reckon(rule, on("2026-01-15"), DAYS).due
    )
    criminal = latest(LAW.rule("trial.criminal"), on("2026-01-15"), DAYS)
    assert criminal.due == on("2026-07-15")
    assert latest(LAW.rule("trial.criminal.simple"), on("2026-03-02"), DAYS).due == on(
        "2026-04-17"
    )


def test_the_trace_says_who_extended_and_why() -> None:
    """On the day on which the term would have ended."""
    given = Extended(1, "month", by="主任会议", reason="涉及面广")
    reckoned = reckon(term("3 month"), on("2026-01-15"), DAYS, [given])
    (step,) = [step for step in reckoned.trace if step.date == on("2026-04-15")]
    assert sentence(Words.load("zh-CN"), step).endswith("延长1个月；主任会议决定；理由：涉及面广")
    assert reckoned.due == on("2026-05-15")


@pytest.mark.parametrize(
    ("length", "without", "paused"),
    [
        ("30 day", "2026-04-01", "2026-04-08"),
        ("10 working-day", "2026-03-16", "2026-03-20"),
        ("1 month", "2026-04-02", "2026-04-09"),
    ],
)
def test_paused_days_are_added(length: str, without: str, paused: str) -> None:
    """From Friday to Tuesday and two days more, of which one is a Saturday: of working days
    those alone that would have counted.
    """
    pauses = [Pause(on("2026-03-06"), on("2026-03-10")), Pause(on("2026-03-13"), on("2026-03-14"))]
    assert str(reckon(term(length), on("2026-03-02"), DAYS).due) == without
    reckoned = reckon(term(length), on("2026-03-02"), DAYS, pauses=pauses)
    assert str(reckoned.due) == paused
    assert "paused" in {str(why.code) for step in reckoned.trace for why in step.whys}


def test_a_term_that_has_no_extension_or_pause_says_so() -> None:
    """Its day is fixed by something else; hours need an instant."""
    pause = [Pause(on("2026-03-06"), on("2026-03-06"))]
    for fixed in (LAW.rule("fin.final"), term("7 day", "before")):
        with pytest.raises(ValueError, match="no change"):
            reckon(fixed, on("2026-03-02"), DAYS, [Extended(1, "day")])
        with pytest.raises(ValueError, match="no change"):
            reckon(fixed, on("2026-03-02"), DAYS, pauses=pause)
    with pytest.raises(ValueError, match="no pause"):
        reckon(term("2 hour"), at("2026-03-02T08:00"), DAYS, pauses=pause)
    with pytest.raises(ValueError, match="instant"):
        reckon(term("2 hour"), on("2026-03-02"), DAYS)


def test_an_hour_term_may_be_extended() -> None:
    """By hours, or to hours in all."""
    by = reckon(term("2 hour"), at("2026-03-02T23:00"), DAYS, [Extended(24, "hour", "市局")])
    assert by.due_ms == at("2026-03-04T01:00")
    to = reckon(term("2 hour"), at("2026-03-02T23:00"), DAYS, [Extended(4, "hour", to=True)])
    assert to.due_ms == at("2026-03-03T03:00")


def test_a_year_without_a_notice_is_provisional_only_where_the_due_date_depends_on_it() -> None:
    """A month that ends there depends on its last day, working days on each of them; a window and
    a term before a day do not.
    """
    assert reckon(term("3 month"), on("2026-11-10"), DAYS).provisional
    assert reckon(term("20 working-day"), on("2026-12-07"), DAYS).provisional
    assert not reckon(term("5 working-day"), on("2026-12-07"), DAYS).provisional
    assert not reckon(LAW.rule("fin.final"), on("2026-12-07"), DAYS).provisional
    assert not reckon(term("30 day", "before"), on("2027-03-10"), DAYS).provisional
    assert reckon(term("9 working-day", "before"), on("2027-03-10"), DAYS).provisional


def test_an_entered_notice_moves_a_provisional_due_date_and_says_which_day_did_it(
    tmp_path: Path,
) -> None:
    """The last of February is worked after all."""
    old = reckon(LAW.rule("sugg.answer"), on("2026-11-30"), DAYS)
    new = reckon(LAW.rule("sugg.answer"), on("2026-11-30"), with_spring(tmp_path))
    assert (old.due, new.due) == (on("2027-03-01"), on("2027-02-28"))
    assert (old.provisional, new.provisional) == (True, False)
    ((was, now),) = changes(old, new)
    assert (str(was.date), was.reason, now.reason) == ("2027-02-28", "weekend", "make-up")


def lamp_on(start: str, due: str, now: str, *, verified: bool = True) -> Lamp:
    """At noon of a day; the due date is a day."""
    end = begins_ms(on(due) + timedelta(1)) - 1
    return lamp(begins_ms(on(start)), end, at(f"{now}T12:00"), verified=verified)


def test_a_lamp_is_green_then_yellow_and_red_from_the_day_after() -> None:
    """Of forty days the last ten are yellow; the due day itself is in time."""
    assert lamp_on("2026-03-01", "2026-04-09", "2026-03-30") is Lamp.GREEN
    assert lamp_on("2026-03-01", "2026-04-09", "2026-03-31") is Lamp.YELLOW
    assert lamp_on("2026-03-01", "2026-04-09", "2026-04-09") is Lamp.YELLOW
    assert lamp_on("2026-03-01", "2026-04-09", "2026-04-10") is Lamp.RED


@pytest.mark.parametrize(
    ("rule", "green", "yellow"),
    [("rpt.draft", "2026-03-04T00:00", "2026-03-05T00:00"),
     ("sugg.report.shanghai", "2026-03-28T17:59", "2026-03-28T18:00")],
)  # fmt: skip
def test_a_lamp_of_a_term_before_a_day_is_yellow_in_its_last_quarter(
    rule: str, green: str, yellow: str
) -> None:
    """Of twenty days before a meeting the last five, and of one the last six hours; then red."""
    reckoned = reckon(LAW.rule(rule), on("2026-03-29"), DAYS)
    for now, seen in (
        (at(green), Lamp.GREEN),
        (at(yellow), Lamp.YELLOW),
        (reckoned.due_ms, Lamp.YELLOW),
        (reckoned.due_ms + 1, Lamp.RED),
    ):
        assert lamp(reckoned.started_ms, reckoned.due_ms, now, verified=True) is seen


def test_a_rule_that_nobody_stands_for_is_never_red() -> None:
    """Before its end it has the colours of every other."""
    assert lamp_on("2026-03-01", "2026-04-09", "2026-04-10", verified=False) is Lamp.UNCONFIRMED
    assert lamp_on("2026-03-01", "2026-04-09", "2026-03-10", verified=False) is Lamp.GREEN


def test_a_lawful_extension_is_not_red() -> None:
    """The lamp asks for the due date with the extension."""
    rule, start = LAW.rule("petition.handle"), on("2026-03-02")
    for reckoned, seen in (
        (reckon(rule, start, DAYS), Lamp.RED),
        (latest(rule, start, DAYS), Lamp.YELLOW),
    ):
        now = at("2026-05-20T09:00")
        assert lamp(reckoned.started_ms, reckoned.due_ms, now, verified=True) is seen


AFTER = st.sampled_from(["day", "working-day", "month", "half-month"])


@given(start=STARTS, amount=AMOUNTS, unit=AFTER)
def test_a_term_after_an_act_never_ends_on_a_day_off_nor_earlier_for_a_later_act(
    start: date, amount: int, unit: str
) -> None:
    """Whatever the unit."""
    length = term(f"{amount} {unit}")
    reckoned = reckon(length, start, DAYS)
    assert DAYS.day(reckoned.due).working
    assert reckoned.due > start
    assert reckoned.due <= reckon(length, start + timedelta(1), DAYS).due
    assert reckoned.due <= reckon(term(f"{amount + 1} {unit}"), start, DAYS).due


@given(start=STARTS, amount=AMOUNTS)
def test_the_working_days_of_a_trace_are_as_many_as_the_term_has(start: date, amount: int) -> None:
    """And no day is left out of it."""
    reckoned = reckon(term(f"{amount} working-day"), start, DAYS)
    counted = [s for s in reckoned.trace if s.whys[0].code is Code.WORKING]
    assert len(counted) == amount
    assert all(step.day and step.day.working for step in counted)
    assert all(b.date - a.date == timedelta(1) for a, b in pairwise(reckoned.trace))


@given(start=STARTS, rule=st.sampled_from(sorted(LAW.rules.values(), key=lambda rule: rule.id)))
def test_the_trace_of_every_rule_ends_on_its_due_day_and_reads_in_every_language(
    start: date, rule: Term
) -> None:
    """Its days run one way, and each says something."""
    reckoned = reckon(rule, begins_ms(start) + 3 * HOUR_MS, DAYS)
    dates = [step.date for step in reckoned.trace]
    assert dates[-1] == reckoned.due
    assert dates == sorted(dates, reverse=rule.direction == "before")
    assert len(set(dates)) == len(dates)
    assert all(
        sentence(WORDS[language], step) for language in LANGUAGES for step in reckoned.trace
    )


WORDS = {language: Words.load(language) for language in LANGUAGES}

HOLIDAYS = st.lists(
    st.tuples(st.integers(0, 360), st.integers(1, 9)), max_size=6, unique_by=lambda row: row[0]
)


def noticed(rows: list[tuple[int, int]], worked: list[int]) -> WorkingDays:
    """A notice of 2027 with these days off, and of the others these weekends worked."""
    first = date(2027, 1, 1)
    off = {first + timedelta(begin + n) for begin, length in rows for n in range(length)}
    off = {day for day in off if day.year == 2027}
    weekends = (first + timedelta(n) for n in worked)
    make_up = [day for day in weekends if day.isoweekday() > 5 and day not in off]
    holidays = [{"name": "假日", "from": day, "to": day} for day in sorted(off)]
    made = {"notice": "通知", "published": date(2026, 11, 5), "mark": "read"}
    notice = msgspec.convert({**made, "holiday": holidays, "make_up": make_up}, Notice)
    return WorkingDays({**DAYS.notices, 2027: notice}, DAYS.festivals)


@given(
    start=st.dates(date(2026, 9, 1), date(2027, 10, 1)),
    amount=st.integers(1, 60),
    unit=AFTER,
    rows=HOLIDAYS.filter(bool),
    worked=st.lists(st.integers(0, 364), max_size=20),
)
def test_a_notice_moves_provisional_due_dates_alone_and_names_the_days(
    start: date, amount: int, unit: str, rows: list[tuple[int, int]], worked: list[int]
) -> None:
    """A due date never moves without a day that says why; its first changed day is at or before
    both due dates.
    """
    length = term(f"{min(amount, 6) if unit == 'month' else amount} {unit}")
    old = reckon(length, start, DAYS)
    new = reckon(length, start, noticed(rows, worked))
    named = changes(old, new)
    if not old.provisional:
        assert (new.due, named) == (old.due, ())
    if new.due != old.due:
        assert named
        assert named[0][0].date <= min(old.due, new.due)


@given(start=STARTS, amount=st.integers(1, 12), more=st.integers(1, 12))
def test_an_extension_by_months_is_a_longer_term(start: date, amount: int, more: int) -> None:
    """The same due date, however it came about; and never an earlier one."""
    extended = reckon(term(f"{amount} month"), start, DAYS, [Extended(more, "month")])
    assert extended.due == reckon(term(f"{amount + more} month"), start, DAYS).due
    assert extended.due >= reckon(term(f"{amount} month"), start, DAYS).due


@given(
    start=STARTS,
    unit=st.sampled_from(["day", "month"]),
    amount=st.integers(1, 20),
    begin=st.integers(1, 90),
    length=st.integers(1, 30),
)
def test_a_pause_within_a_term_moves_its_unmoved_end_by_its_days(
    start: date, unit: str, amount: int, begin: int, length: int
) -> None:
    """One behind the end moves nothing."""
    pause = Pause(start + timedelta(begin), start + timedelta(begin + length - 1))
    plain = unmoved(term(f"{amount} {unit}"), start, [])
    paused = unmoved(term(f"{amount} {unit}"), start, [pause])
    assert paused - plain == timedelta(length if pause.first <= plain else 0)


def unmoved(length: Term, start: date, pauses: list[Pause]) -> date:
    """The end of a term that is not moved past days off."""
    return reckon(msgspec.structs.replace(length, moves=False), start, DAYS, pauses=pauses).due


@given(started=st.integers(0, DAY_MS), span=st.integers(1, 400 * DAY_MS), now=st.integers(0, 900))
def test_a_lamp_only_ever_grows_worse(started: int, span: int, now: int) -> None:
    """Green, yellow, red, in that order."""
    order = [Lamp.GREEN, Lamp.YELLOW, Lamp.RED]
    seen = [
        order.index(lamp(started, started + span, started + day * DAY_MS, verified=True))
        for day in (now, now + 1)
    ]
    assert seen == sorted(seen)
