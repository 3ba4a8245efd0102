"""A year's days off become known: deadlines that depend on them are reckoned anew, and say why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.audit import search
from api.deadlines.opening import deadlines_of
from api.deadlines.recomputation import A_SLICE, Recomputation
from api.deadlines.records import Act, Standing
from api.deadlines.repository import Deadlines
from api.web.forms import NotAccepted
from config.vocabulary.time import DAY_MS
from config.working_days import Notice
from tests.api.conftest import BOTH, NOW_MS, RunningCentre
from tests.api.deadline_rules import (
    CLERK,
    HOLDERS,
    RULES,
    core_of,
    notice,
    rules_instead,
    started,
)
from tests.api.test_deadline_life import STEPS, Step, act, assert_explained
from tests.conftest import examples

pytestmark = pytest.mark.parametrize("kind", BOTH)
FESTIVAL = (date(2027, 2, 22), date(2027, 2, 26))
"""Monday to Friday around 2027-02-24, of a year whose notice is not there yet."""


@pytest.fixture
def deadlines(centre: RunningCentre, monkeypatch: pytest.MonkeyPatch) -> Deadlines:
    """Of the site, with the rules of the tests."""
    rules_instead(monkeypatch)
    return deadlines_of(centre.services)


def enter(deadlines: Deadlines, given: Notice, year: int = 2027) -> None:
    """Keep a notice of the office."""
    with deadlines.state.begin() as connection:
        deadlines.calendar.add(connection, year, given, who="huanbao", at_ms=NOW_MS)


def follow(centre: RunningCentre, deadlines: Deadlines) -> int:
    """Reckon anew."""
    return Recomputation(deadlines, centre.services.words, centre.clock).follow_calendar()


def test_given_a_term_into_a_year_without_a_notice_when_it_comes_then_the_move_says_why(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """And the date is firm from then on."""
    key = started(deadlines, "note.answer")
    before = deadlines.one(key)
    assert (before.reckoned.due, before.reckoned.provisional) == (date(2027, 2, 24), True)
    enter(deadlines, notice(2027, off=FESTIVAL, make_up=(date(2027, 2, 27),)))
    assert follow(centre, deadlines) == 1
    after = deadlines.one(key)
    assert (after.reckoned.due, after.reckoned.provisional) == (date(2027, 2, 27), False)
    event = deadlines.history(key)[-1]
    assert (event.kind, event.by.who) == (Act.RECOMPUTED, "")
    assert event.why == "因2027年放假安排公布"
    assert (event.before_ms, event.after_ms) == (before.reckoned.due_ms, after.reckoned.due_ms)
    (row,) = search(deadlines.state, action="deadline.recompute")
    assert row.subject == str(key)
    assert follow(centre, deadlines) == 0


def test_given_a_notice_that_moves_nothing_then_only_the_mark_goes(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """No event tells of what did not happen."""
    key = started(deadlines, "note.answer")
    enter(deadlines, notice(2027, off=(date(2027, 2, 6), date(2027, 2, 12))))
    assert follow(centre, deadlines) == 0
    found = deadlines.one(key)
    assert (found.reckoned.due, found.reckoned.provisional) == (date(2027, 2, 24), False)
    assert len(deadlines.history(key)) == 1


def test_given_a_wrong_entry_when_mended_then_the_newest_wins(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """Over the one before, and over the files."""
    key = started(deadlines, "note.answer")
    enter(deadlines, notice(2027, off=FESTIVAL))
    follow(centre, deadlines)
    assert deadlines.one(key).reckoned.due == date(2027, 3, 1)
    enter(deadlines, notice(2027, off=(date(2027, 2, 6), date(2027, 2, 12))))
    follow(centre, deadlines)
    assert deadlines.one(key).reckoned.due == date(2027, 2, 24)
    assert deadlines.history(key)[-1].why == "因2027年放假安排更正"
    assert centre.services.working_days.day(date(2027, 2, 8)).holiday == "春节"


def test_given_a_notice_that_comes_as_a_file_then_a_start_reckons_anew(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """What was reckoned with other files is known by their hash."""
    key = started(deadlines, "note.answer")
    files = deadlines.working_days
    newer = {**files.notices, 2027: notice(2027, off=FESTIVAL)}
    with_file = Deadlines(deadlines.state, deadlines.law, type(files)(newer, files.festivals))
    assert follow(centre, with_file) == 1
    assert with_file.one(key).reckoned.due == date(2027, 3, 1)


def test_given_more_than_a_slice_then_no_transaction_has_them_all(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """Each slice may be the last before a kill; the next start goes on."""
    keys = [started(deadlines, "note.answer") for _ in range(A_SLICE + 2)]
    enter(deadlines, notice(2027, off=FESTIVAL))
    begun = list[int]()
    begin = deadlines.state.begin

    def one_then_killed() -> object:
        begun.append(1)
        if len(begun) > 1:
            raise KeyboardInterrupt
        return begin()

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(deadlines.state, "begin", one_then_killed)
        follow(centre, deadlines)
    assert [len(deadlines.history(key)) for key in keys] == [2] * A_SLICE + [1] * 2
    assert follow(centre, deadlines) == 2
    for key in keys:
        assert_explained(deadlines, key)


def test_given_that_it_is_met_then_nothing_moves_it_any_more(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """A history stays as it was."""
    key = started(deadlines, "note.answer")
    with deadlines.state.begin() as connection:
        deadlines.end(connection, key, NOW_MS, actor=CLERK, at_ms=NOW_MS)
    enter(deadlines, notice(2027, off=FESTIVAL))
    assert follow(centre, deadlines) == 0
    assert deadlines.one(key).standing is Standing.ENDED
    assert deadlines.one(key).reckoned.due == date(2027, 2, 24)


NOTICES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 8)), max_size=2)


@settings(max_examples=examples(10), suppress_health_check=list(HealthCheck))
@given(
    rule_id=st.sampled_from([one.id for one in RULES[:4]]),
    steps=STEPS,
    notices=NOTICES,
)
def test_a_due_date_never_moves_unexplained_whatever_notices_come_between(
    centre: RunningCentre,
    deadlines: Deadlines,
    rule_id: str,
    steps: list[Step],
    notices: list[tuple[int, int]],
) -> None:
    """Acts of people and notices in any order."""
    key, now_ms = started(deadlines, rule_id), NOW_MS
    for step in steps:
        now_ms += step[1] * DAY_MS // 4
        try:
            act(deadlines, deadlines.one(key), step, now_ms)
        except NotAccepted:
            pass
        if notices and step[1] % 2:
            first, length = notices.pop()
            begin = date(2027, 1, 1) + timedelta(days=first)
            enter(deadlines, notice(2027, off=(begin, begin + timedelta(days=length))))
            follow(centre, deadlines)
    follow(centre, deadlines)
    assert_explained(deadlines, key)


def test_the_job_of_the_core_sees_what_the_pages_entered(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """It is handed the days off of the files, and finds the office's itself."""
    key = started(deadlines, "note.answer", by=HOLDERS)
    enter(deadlines, notice(2027, off=FESTIVAL))
    core = core_of(centre)
    Recomputation(deadlines_of(core), core.words, core.now_ms).follow_calendar()
    assert deadlines.one(key).reckoned.due == date(2027, 3, 1)
