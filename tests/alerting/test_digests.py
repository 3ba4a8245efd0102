"""The digest of a week, and who gets it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from alerting import tables
from alerting.alert import Level
from alerting.events.event import AlertEvent, EventState, Grouping
from alerting.notify import digests
from alerting.notify.digests import WeekEvent, WeeklyDigests
from alerting.notify.entries import Note
from alerting.notify.readers import Reader
from alerting.notify.repository import Message
from alerting.notify.wishes import Wishes
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import ChannelSettings
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS, begins_ms
from tests.alerting.telling import ABOVE, DEPUTY, ELSEWHERE, Noted, Telling
from tests.databases import fresh_state

MONDAY = date(2026, 11, 30)
EIGHT_MS = begins_ms(MONDAY) + 8 * HOUR_MS
TUESDAY_MS = begins_ms(date(2026, 11, 24)) + 10 * HOUR_MS
"""Of the week before, 10:00."""


@pytest.fixture(params=["sqlite", "postgresql"])
def telling(
    tmp_path: Path, catalogue: Catalogue, request: pytest.FixtureRequest
) -> Iterator[Telling]:
    """A notifier that sends digests, over either database; a deputy and an officer."""
    there = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with closing(fresh_state(tmp_path, [tables.MIGRATIONS], there)) as state:
        made = Telling(state, catalogue)
        with_digests(made)
        yield made


def with_digests(telling: Telling) -> None:
    """As after a start."""
    wording = Wording(Words.load("zh-CN"), telling.catalogue, tuple)
    telling.notifier.digests = WeeklyDigests(telling.events, telling.messages, Grouping(), wording)


def happens(telling: Telling, at_ms: int, name: str, **changes: object) -> None:
    """An alert fires at an instant, is told, and is over a quarter of an hour later."""
    telling.now_ms = at_ms
    telling.fires(name, **changes)  # type: ignore[arg-type]
    telling.after(15)
    telling.ends(name)
    telling.after(7 * 60)


def weekly(telling: Telling, at_ms: int) -> dict[str, Note]:
    """By reader the digests of a week, after the notifier has looked at an instant."""
    telling.now_ms = at_ms
    telling.notifier.step()
    found: dict[str, Note] = {}
    for of in telling.made():
        assert isinstance(of, Message)
        if of.kind == "weekly":
            assert of.reader not in found
            (entry,) = of.entries
            assert isinstance(entry.body, Note)
            found[of.reader] = entry.body
    return found


def wish(telling: Telling, username: str, wishes: Wishes) -> None:
    with telling.state.begin() as connection:
        telling.messages.save_wishes(connection, username, wishes, telling.now_ms)


def test_given_events_of_last_week_when_it_is_monday_at_eight_then_each_person_is_told_once(
    telling: Telling,
) -> None:
    """Levels, the week before, what stands and what nobody acknowledged; again after a start."""
    happens(telling, TUESDAY_MS - 7 * DAY_MS, "before")
    happens(telling, TUESDAY_MS, "a", level=Level.CRITICAL)
    happens(telling, TUESDAY_MS + DAY_MS, "b", level=Level.WARNING)
    assert weekly(telling, EIGHT_MS - 1) == {}
    found = weekly(telling, EIGHT_MS)
    assert found.keys() == {"daibiao", "huanbao"}
    note = found["daibiao"]
    assert note.title == "上周情况（11月23日至11月29日）：2 件事"
    first, *lines = note.text.split("\n")
    assert first == "按级别：严重 1 件、关注 1 件。前一周 1 件。无人确认 2 件。"
    assert lines == [
        "· 【严重】通吕运河平潮断面：ammonia-over-class，11月24日 10:00:00 开始，已结束。",
        "· 【关注】通吕运河平潮断面：ammonia-over-class，11月25日 10:00:00 开始，已结束。",
    ]
    for later_ms in (MINUTE_MS, 10 * HOUR_MS):
        with_digests(telling)
        assert weekly(telling, EIGHT_MS + later_ms) == found


def test_given_a_core_that_was_away_on_monday_morning_then_the_digest_comes_later_that_day(
    telling: Telling,
) -> None:
    """On Tuesday it comes no more."""
    happens(telling, TUESDAY_MS, "a")
    assert weekly(telling, EIGHT_MS + DAY_MS) == {}
    assert len(weekly(telling, EIGHT_MS + 12 * HOUR_MS)) == 2


def test_given_an_event_that_stands_and_was_acknowledged_then_the_digest_says_so(
    telling: Telling,
) -> None:
    """It is not among those that nobody acknowledged."""
    telling.now_ms = TUESDAY_MS
    telling.fires("a")
    telling.after(1)
    (event,) = telling.open()
    telling.acknowledges(DEPUTY, event.id)
    text = weekly(telling, EIGHT_MS)["daibiao"].text
    assert "仍未解除 1 件。" in text
    assert "无人确认" not in text
    assert "自 11月24日 10:00:00 起，仍未解除。" in text


def test_given_a_week_without_events_then_nothing_is_sent(telling: Telling) -> None:
    """Nor of one whose only alert was withdrawn, or of the week before alone."""
    happens(telling, TUESDAY_MS - 7 * DAY_MS, "before")
    telling.now_ms = TUESDAY_MS
    telling.fires("a")
    telling.after(1)
    telling.never_was("a")
    telling.after(1)
    assert weekly(telling, EIGHT_MS) == {}


def test_given_wishes_then_the_digest_is_of_what_the_person_is_told_anyway(
    telling: Telling,
) -> None:
    """Of the places wished for; a deputy never of equipment; none to who wishes none."""
    happens(telling, TUESDAY_MS, "a")
    happens(telling, TUESDAY_MS + DAY_MS, "b", station=ELSEWHERE)
    happens(
        telling, TUESDAY_MS + 2 * DAY_MS, "c", about="maintenance", rule_id="sensor-not-measuring"
    )
    wish(telling, "daibiao", Wishes(rivers=("tonglv",)))
    wish(telling, "huanbao", Wishes(weekly=False))
    found = weekly(telling, EIGHT_MS)
    assert found.keys() == {"daibiao"}
    assert found["daibiao"].title.endswith("1 件事")
    assert "通吕运河" in found["daibiao"].text


def test_given_a_group_chat_then_it_gets_no_digest(tmp_path: Path, catalogue: Catalogue) -> None:
    """It is of persons."""
    with closing(fresh_state(tmp_path, [tables.MIGRATIONS])) as state:
        settings = [ChannelSettings("group", "feishu", reads="officer")]
        channels = {"group": Noted("feishu")}
        telling = Telling(state, catalogue, channels=channels, settings=settings)
        with_digests(telling)
        happens(telling, TUESDAY_MS, "a")
        assert weekly(telling, EIGHT_MS).keys() == {"daibiao", "huanbao"}


def test_given_many_events_then_ten_have_a_line_and_the_rest_is_counted(
    catalogue: Catalogue,
) -> None:
    """The gravest ten."""
    wording = Wording(Words.load("en"), catalogue, tuple)
    event = AlertEvent(
        "a", "pollution", "ammonia-over-class", "river tonglv", TUESDAY_MS, TUESDAY_MS, TUESDAY_MS,
        EventState.OVER, gravest=Level.WARNING,
    )  # fmt: skip
    reader = Reader("daibiao", "陈明", "en", "deputy", (), Wishes())
    events = [
        WeekEvent(replace(event, id=f"{n}", gravest=Level.CRITICAL if n == 13 else event.gravest),
             (ABOVE,), n % 2 == 0)
        for n in range(14)
    ]  # fmt: skip
    week = digests.of_reader(reader, events, wording.catalogue)
    note = digests.weekly(week, 3, Grouping(), wording, MONDAY, EIGHT_MS)
    assert note
    assert note.title == "Last week (23 Nov to 29 Nov): 14 events"
    first, *lines = note.text.split("\n")
    assert first == (
        "By level: 1 Critical, 13 Warning. 3 in the week before. Acknowledged by nobody: 7."
    )
    assert len(lines) == 11
    assert lines[0].startswith("· [Critical]")
    assert lines[-1] == "And 4 more: see the platform."


@pytest.mark.parametrize(
    ("at_ms", "due"),
    [
        (EIGHT_MS - 1, None),
        (EIGHT_MS, MONDAY),
        (begins_ms(date(2026, 12, 1)) - 1, MONDAY),
        (begins_ms(date(2026, 12, 1)), None),
        (EIGHT_MS + 7 * DAY_MS, date(2026, 12, 7)),
    ],
)
def test_digests_are_due_on_monday_from_eight_on(at_ms: int, due: date | None) -> None:
    """In the district's time."""
    assert digests.monday(at_ms) == due


def test_a_week_has_one_key_a_person_also_over_the_new_year() -> None:
    """2026 has 53 ISO weeks."""
    mondays = [date(2026, 12, 21), date(2026, 12, 28), date(2027, 1, 4)]
    keys = {digests.key_of(name, of) for of in mondays for name in ("daibiao", "huanbao")}
    assert len(keys) == 6
    assert all(len(key) == 32 for key in keys)
