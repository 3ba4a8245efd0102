"""Who is on duty: orders by day and week, days off, hand, substitutes, swaps, gaps, and that what
was known is never rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.duty import ical
from alerting.duty.calendar import Calendar, Shift, hours
from alerting.duty.changes import check
from alerting.duty.records import (
    ChangeRefused,
    Entry,
    Held,
    Rota,
    Substitute,
    Swap,
    What,
    Withdrawal,
    moved_days,
)
from config import working_days
from config.vocabulary.time import DAY_MS, FOR_EVER_MS, HOUR_MS, ZONE

DAYS = working_days.load()
SAVED_MS = round(datetime(2026, 11, 20, 12, tzinfo=ZONE).timestamp() * 1000)


def at(text: str) -> int:
    """An instant of the district, such as ``2026-11-24 09:00``."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


def rota(*people: str, **changes: object) -> Rota:
    """By day, handed over at 08:30, from Monday, 2026-11-23 on."""
    values: dict[str, object] = {
        "name": "值班员",
        "turn": "day",
        "handover_minute": 510,
        "first_day": "2026-11-23",
        "valid_from_ms": at("2026-11-23 08:30"),
        "people": people,
    }
    return Rota(**(values | changes))  # type: ignore[arg-type]


@dataclass
class Book:
    """The entries of a position as they are saved one after the other."""

    entries: list[Entry] = field(default_factory=list)
    now_ms: int = SAVED_MS

    @property
    def calendar(self) -> Calendar:
        """As it stands."""
        return Calendar("duty-1", self.entries)

    def save(self, what: What) -> Entry:
        """Add an entry that holds."""
        check(self.calendar, what, self.now_ms)
        number = len(self.entries) + 1
        self.entries.append(Entry(number, "duty-1", self.now_ms, "李岚", "huanbao", what))
        return self.entries[-1]

    def who(self, text: str, known_ms: int = FOR_EVER_MS) -> str | None:
        """Who is on duty at an instant of the district."""
        found = self.calendar.on_duty(at(text), known_ms)
        return found.person if found else None


def book(*whats: What) -> Book:
    """With these entries."""
    made = Book()
    for what in whats:
        made.save(what)
    return made


def test_given_an_order_by_day_then_people_follow_each_other_at_the_hand_over() -> None:
    """The first one comes again behind the last."""
    kept = book(rota("an", "bo", "chen"))
    assert kept.who("2026-11-23 08:29") is None
    assert kept.who("2026-11-23 08:30") == "an"
    assert kept.who("2026-11-24 08:29") == "an"
    assert kept.who("2026-11-24 08:30") == "bo"
    assert kept.who("2026-11-26 09:00") == "an"


def test_given_an_order_by_week_then_each_has_seven_days_from_the_first_day_on() -> None:
    """Whatever weekday that is."""
    kept = book(rota("an", "bo", turn="week", first_day="2026-11-25"))
    assert kept.who("2026-11-25 09:00") == "an"
    assert kept.who("2026-12-02 08:29") == "an"
    assert kept.who("2026-12-02 08:30") == "bo"
    (first, second) = kept.calendar.shifts(at("2026-11-25 08:30"), at("2026-12-09 08:30"))
    assert (first.person, second.person) == ("an", "bo")
    assert first.until_ms - first.from_ms == 7 * DAY_MS


def test_given_an_order_for_days_off_then_it_advances_on_days_off_alone() -> None:
    """And the other on working days alone."""
    kept = book(rota("an", "bo", off_people=("wu", "xu")))
    found = [kept.who(f"2026-11-{day} 09:00") for day in range(23, 31)]
    assert found == ["an", "bo", "an", "bo", "an", "wu", "xu", "bo"]


def test_given_a_public_holiday_then_it_is_a_day_off_and_a_make_up_day_is_none() -> None:
    """After the notice: 2026-10-01 to 07 are off, Sunday, 09-20 and Saturday, 10-10 are worked."""
    moved = moved_days(DAYS, (), "2026-09-14")
    assert {"2026-09-20", "2026-10-01", "2026-10-07", "2026-10-10"} <= set(moved)
    assert "2026-10-03" not in moved  # a Saturday anyway
    first = date(2026, 9, 14).toordinal()
    of = rota("an", off_people=("wu", "xu"), first_day="2026-09-14", moved=moved)
    off = [day for day in range(first, first + 40) if of.off(day)]
    assert off == [
        day for day in range(first, first + 40) if not DAYS.day(date.fromordinal(day)).working
    ]
    for day in range(first, first + 40):
        assert of.days_off(first, day) == sum(each < day for each in off)


def test_given_a_later_notice_when_the_rota_is_not_saved_anew_then_nothing_changes() -> None:
    """A rota fixes its days off; saved anew it keeps those of the past."""
    before = moved_days(DAYS, (), "2026-09-14")
    anew = moved_days(DAYS, before, "2026-10-05")
    assert anew[: len(before)] == before
    other = ("2026-10-01", "2026-10-09")
    again = moved_days(DAYS, other, "2026-10-05")
    assert "2026-10-01" in again
    assert "2026-10-09" not in again


def test_given_a_day_by_hand_then_it_goes_before_the_order_which_counts_on() -> None:
    """A month by hand has no order at all: what is not named is nobody's."""
    kept = book(rota("an", "bo", by_hand={"2026-11-24": "chen"}))
    assert [kept.who(f"2026-11-{day} 09:00") for day in (23, 24, 25)] == ["an", "chen", "an"]
    alone = book(rota(turn="hand", by_hand={"2026-11-24": "chen"}))
    assert [alone.who(f"2026-11-{day} 09:00") for day in (23, 24)] == ["", "chen"]


def test_given_a_substitute_then_nobody_else_is_on_duty_meanwhile() -> None:
    """To the minute, and the last one named stands."""
    span = {"from_ms": at("2026-11-24 18:00"), "until_ms": at("2026-11-25 06:00")}
    kept = book(rota("an", "bo"), Substitute(person="wu", reason="出差", **span))
    assert kept.who("2026-11-24 17:59") == "bo"
    assert kept.who("2026-11-24 18:00") == "wu"
    assert kept.who("2026-11-25 06:00") == "bo"
    kept.save(Substitute(person="xu", reason="病假", **span))
    assert kept.who("2026-11-24 18:00") == "xu"


def test_given_a_swap_then_each_takes_the_span_of_the_other() -> None:
    """One act for both."""
    one = Held(at("2026-11-23 08:30"), at("2026-11-24 08:30"), "an")
    other = Held(at("2026-11-24 08:30"), at("2026-11-25 08:30"), "bo")
    kept = book(rota("an", "bo"), Swap(one, other))
    assert [kept.who(f"2026-11-{day} 09:00") for day in (23, 24, 25)] == ["bo", "an", "an"]


def test_given_a_withdrawn_swap_then_the_rota_holds_again_and_the_past_stays() -> None:
    """A substitute that has begun was on duty until it was withdrawn."""
    kept = book(rota("an", "bo"))
    swap = kept.save(
        Swap(
            Held(at("2026-11-23 08:30"), at("2026-11-24 08:30"), "an"),
            Held(at("2026-11-24 08:30"), at("2026-11-25 08:30"), "bo"),
        )
    )
    kept.save(Withdrawal(swap.id))
    assert [kept.who(f"2026-11-{day} 09:00") for day in (23, 24)] == ["an", "bo"]
    span = (at("2026-11-25 08:30"), at("2026-11-26 08:30"))
    named = kept.save(Substitute(*span, "wu", "出差"))
    kept.now_ms = at("2026-11-25 20:00")
    kept.save(Withdrawal(named.id))
    assert kept.who("2026-11-25 19:59") == "wu"
    assert kept.who("2026-11-25 20:00") == "an"
    assert kept.who("2026-11-25 20:00", known_ms=kept.now_ms - 1) == "wu"


def test_given_a_new_rota_then_who_was_on_duty_stays_and_what_was_known_too() -> None:
    """It holds from its beginning on, over every earlier one."""
    kept = book(rota("an", "bo"))
    kept.now_ms = at("2026-11-24 12:00")
    kept.save(rota("xu", first_day="2026-11-26", valid_from_ms=at("2026-11-26 08:30")))
    assert kept.who("2026-11-26 08:29") == "an"
    assert kept.who("2026-11-26 08:30") == "xu"
    assert kept.who("2026-11-26 08:30", known_ms=kept.now_ms - 1) == "bo"
    kept.save(rota(ended=True, valid_from_ms=at("2026-12-01 08:30")))
    assert kept.who("2026-12-01 08:29") == "xu"
    assert kept.who("2026-12-01 08:30") is None


def test_given_somebody_who_leaves_then_a_gap_begins_with_the_day_after() -> None:
    """Also a day that nobody has; a position that has ended has none."""
    kept = book(rota("an", "bo", by_hand={}, backup="wu"))
    kept.save(rota(ended=True, valid_from_ms=at("2026-11-28 08:30")))

    def who_can(person: str, at_ms: int) -> bool:
        return person != "bo" or at_ms < at("2026-11-25 00:00")

    found = kept.calendar.gaps(at("2026-11-23 08:30"), at("2026-12-10 00:00"), who_can)
    assert [(of.from_ms, of.until_ms, of.person, of.backup) for of in found] == [
        (at("2026-11-25 00:00"), at("2026-11-25 08:30"), "bo", "wu"),
        (at("2026-11-26 08:30"), at("2026-11-27 08:30"), "bo", "wu"),
    ]
    alone = book(rota(turn="hand", by_hand={"2026-11-24": "chen"}))
    (gap, *_) = alone.calendar.gaps(at("2026-11-23 08:30"), at("2026-11-25 08:30"), who_can)
    assert (gap.person, gap.until_ms) == ("", at("2026-11-24 08:30"))


NOON = at("2026-11-24 12:00")
ONE = Held(at("2026-11-25 08:30"), at("2026-11-26 08:30"), "an")
OTHER = Held(at("2026-11-26 08:30"), at("2026-11-27 08:30"), "bo")


@pytest.mark.parametrize(
    ("what", "key"),
    [
        (rota("an", name=""), "name"),
        (rota("an", valid_from_ms=NOON - 1), "past"),
        (rota(valid_from_ms=NOON), "people"),
        (rota("an", handover_minute=1440, valid_from_ms=NOON), "handover"),
        (rota(*["an"] * 61, valid_from_ms=NOON), "many"),
        (rota("an", first_day="2026-02-30", valid_from_ms=NOON), "day"),
        (rota("an", by_hand={"1.12.": "bo"}, valid_from_ms=NOON), "day"),
        (rota("an", turn="month", valid_from_ms=NOON), "turn"),
        (Substitute(NOON - 1, NOON + HOUR_MS, "wu", "出差"), "past"),
        (Substitute(NOON, NOON, "wu", "出差"), "order"),
        (Substitute(NOON, NOON + 93 * DAY_MS, "wu", "出差"), "long"),
        (Substitute(NOON, NOON + HOUR_MS, "wu", " "), "reason"),
        (Substitute(NOON, NOON + HOUR_MS, "bo", "出差"), "already"),
        (Swap(ONE, ONE), "overlap"),
        (Swap(ONE, Held(OTHER.from_ms, OTHER.until_ms, "an")), "same"),
        (Swap(ONE, Held(OTHER.from_ms, OTHER.until_ms + 1, "bo")), "unheld"),
        (Swap(Held(NOON - 1, NOON + 1, "bo"), ONE), "past"),
        (Withdrawal(1), "other"),
        (Withdrawal(99), "other"),
    ],
)
def test_what_does_not_hold_is_refused_in_words(what: What, key: str) -> None:
    """The past above all."""
    kept = book(rota("an", "bo"))
    kept.now_ms = NOON
    with pytest.raises(ChangeRefused) as caught:
        kept.save(what)
    assert caught.value.key == key


def test_a_swap_or_substitute_is_withdrawn_once_and_not_when_it_is_over_or_half_done() -> None:
    """The past is never rewritten."""
    kept = book(rota("an", "bo"), Swap(ONE, OTHER))
    span = (OTHER.until_ms, OTHER.until_ms + DAY_MS)
    named = kept.save(Substitute(*span, "wu", "出差"))
    kept.save(Withdrawal(named.id))

    def refusal(what: What) -> str:
        with pytest.raises(ChangeRefused) as caught:
            kept.save(what)
        return caught.value.key

    assert refusal(Withdrawal(named.id)) == "withdrawn"
    kept.now_ms = ONE.from_ms + 1
    assert refusal(Withdrawal(2)) == "turns"
    kept.now_ms = OTHER.until_ms
    assert refusal(Withdrawal(2)) == "over"


PEOPLE = st.sampled_from(["an", "bo", "chen", "wu"])
HALF_HOURS = st.integers(0, 48 * 20)
FIRST = at("2026-11-23 00:00")
LAST = FIRST + 30 * DAY_MS


@st.composite
def histories(draw: st.DrawFn) -> Book:
    """Any entries that hold, one after the other, over some weeks."""
    kept = Book()
    kept.now_ms = FIRST
    for _ in range(draw(st.integers(1, 8))):
        kept.now_ms += draw(st.integers(1, 60)) * HOUR_MS
        begin = kept.now_ms + draw(HALF_HOURS) * HOUR_MS // 2
        what = draw(st.one_of(_rotas(begin), _substitutes(begin), _swaps(begin, kept), _ends()))
        try:
            kept.save(what)
        except ChangeRefused:
            continue
    return kept


def _rotas(begin: int) -> st.SearchStrategy[What]:
    day = st.dates(date(2026, 11, 23), date(2026, 12, 20)).map(date.isoformat)
    return st.builds(
        rota,
        turn=st.sampled_from(["day", "week", "hand"]),
        people=st.lists(PEOPLE, max_size=3).map(tuple),
        off_people=st.lists(PEOPLE, max_size=2).map(tuple),
        by_hand=st.dictionaries(day, PEOPLE, max_size=3),
        first_day=day,
        handover_minute=st.sampled_from([0, 510, 1439]),
        valid_from_ms=st.just(begin),
        ended=st.sampled_from([False, False, False, True]),
    )


def _substitutes(begin: int) -> st.SearchStrategy[What]:
    ends = HALF_HOURS.map(lambda of: begin + (of + 1) * HOUR_MS // 2)
    return st.builds(Substitute, st.just(begin), ends, PEOPLE, st.just("出差"))


def _ends() -> st.SearchStrategy[What]:
    return st.builds(Withdrawal, st.integers(1, 8))


def _swaps(begin: int, kept: Book) -> st.SearchStrategy[What]:
    found = kept.calendar.shifts(begin, begin + 10 * DAY_MS)
    if not found:
        return _ends()
    held = st.sampled_from(found).map(lambda of: Held(of.from_ms, of.until_ms, of.person))
    return st.builds(Swap, held, held)


@given(histories(), st.integers(0, 7))
def test_what_was_known_never_changes_by_what_is_saved_later(kept: Book, n: int) -> None:
    """Nor does who was on duty before it was saved."""
    entries = kept.entries[:n]
    if len(entries) == len(kept.entries):
        return
    known, then = kept.entries[len(entries)].saved_ms - 1, Calendar("duty-1", entries)
    now = kept.calendar
    for hour in range(0, 31 * 24, 7):
        instant = FIRST + hour * HOUR_MS
        assert now.on_duty(instant, known) == then.on_duty(instant)
        if instant <= known:
            assert now.on_duty(instant) == then.on_duty(instant)


@given(histories())
def test_shifts_cover_the_span_without_overlap_and_each_instant_has_one_person(
    kept: Book,
) -> None:
    """Where the position is kept; elsewhere there is none."""
    now = kept.calendar
    shifts = now.shifts(FIRST, LAST)
    for one, following in pairwise(shifts):
        assert one.until_ms <= following.from_ms
        assert (one.until_ms, one.duty) != (following.from_ms, following.duty)
    for instant in range(FIRST, LAST, 5 * HOUR_MS + 60_000):
        standing = [of for of in shifts if of.from_ms <= instant < of.until_ms]
        due = now.on_duty(instant)
        assert [of.duty for of in standing] == ([due] if due else [])


@given(histories(), st.data())
def test_a_swap_keeps_the_sum_of_hours(kept: Book, data: st.DataObject) -> None:
    """Of both people together, and of the whole position; nobody else's change."""
    before = kept.calendar.shifts(FIRST, LAST + 60 * DAY_MS)
    later: list[Shift] = [of for of in before if of.from_ms >= kept.now_ms and of.person]
    if len({of.person for of in later}) < 2:
        return
    one = data.draw(st.sampled_from(later))
    other = data.draw(st.sampled_from([of for of in later if of.person != one.person]))
    held = [Held(of.from_ms, of.until_ms, of.person) for of in (one, other)]
    kept.save(Swap(*held))
    was, now = hours(before), hours(kept.calendar.shifts(FIRST, LAST + 60 * DAY_MS))
    both = (one.person, other.person)
    assert sum(was.values()) == sum(now.values())
    assert sum(was[of] for of in both) == sum(now.get(of, 0) for of in both)
    difference = (other.until_ms - other.from_ms) - (one.until_ms - one.from_ms)
    assert now.get(one.person, 0) - was[one.person] == difference
    for person in was.keys() - set(both):
        assert was[person] == now[person]


@given(st.text(min_size=1, max_size=200))
def test_a_calendar_of_any_text_has_lines_of_75_bytes_that_unfold_to_it(text: str) -> None:
    """RFC 5545, 3.1: no character is torn apart."""
    shown = " ".join(text.split())
    made = ical.calendar("c", [ical.Event("1", FIRST, FIRST + 1, shown)], FIRST)
    lines = made.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    unfolded = made.decode().replace("\r\n ", "").split("\r\n")
    (title,) = (line for line in unfolded if line.startswith("SUMMARY:"))
    escaped = title.removeprefix("SUMMARY:")
    for sign in ",;\\":
        escaped = escaped.replace(f"\\{sign}", sign)
    assert escaped == shown
