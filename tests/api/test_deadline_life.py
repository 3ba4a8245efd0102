"""The life of a deadline: started, extended, paused, met; its due date never moves unexplained."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.audit import search
from api.deadlines.reckoning import Lamp
from api.deadlines.records import Act, Deadline, NotInForce, Standing
from api.deadlines.repository import Deadlines
from api.web.forms import NotAccepted
from config.law import Law
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import DAY_MS, HOUR_MS, begins_ms
from config.working_days import load
from tests.api.conftest import BOTH, NOW_MS, RunningCentre
from tests.api.deadline_rules import CLERK, LAW, NOTE, RULES, TODAY, rule, started
from tests.conftest import examples

pytestmark = pytest.mark.parametrize("kind", BOTH)


@pytest.fixture
def deadlines(centre: RunningCentre) -> Deadlines:
    """Of the rules above."""
    return Deadlines(centre.services.state, LAW, load())


def test_given_a_rule_when_started_then_the_deadline_keeps_its_text_and_its_trace(
    deadlines: Deadlines,
) -> None:
    """2026-11-24 and three months is 2027-02-24, of a year without a notice."""
    found = deadlines.one(started(deadlines, "note.answer"))
    assert found.reckoned.due == date(2027, 2, 24)
    assert found.reckoned.trace[-1].date == found.reckoned.due
    assert (found.rule, found.rule_version, found.verified) == (LAW.rule("note.answer"), 0, True)
    assert found.lamp(NOW_MS) is Lamp.GREEN
    assert [one.kind for one in deadlines.history(found.id)] == [Act.STARTED]
    assert deadlines.of_subject(NOTE) == [found]


def test_given_an_extension_then_who_and_why_stand_in_history_trace_and_audit(
    deadlines: Deadlines,
) -> None:
    """A lawful extension is not late."""
    key = started(deadlines, "note.answer")
    late_ms = begins_ms(date(2027, 2, 25))
    assert deadlines.one(key).lamp(late_ms) is Lamp.RED
    with deadlines.state.begin() as connection:
        until = date(2027, 4, 1)
        deadlines.extend(connection, key, "涉及三个部门", actor=CLERK, at_ms=NOW_MS, until=until)
    found = deadlines.one(key)
    assert found.reckoned.due == until
    assert found.lamp(late_ms) is Lamp.GREEN
    event = deadlines.history(key)[-1]
    assert (event.kind, event.by, event.why) == (Act.EXTENDED, CLERK, "涉及三个部门")
    assert any(
        (why.by, why.reason) == ("lianluo", "涉及三个部门")
        for day in found.reckoned.trace
        for why in day.whys
    )
    (row,) = search(deadlines.state, action="deadline.extend")
    assert (row.who, row.subject) == ("lianluo", str(key))


@pytest.mark.parametrize(
    ("rule_id", "values", "key"),
    [
        ("note.fixed", {"until": date(2027, 1, 4)}, "no-extension"),
        ("note.answer", {"until": date(2027, 5, 25)}, "too-far"),
        ("note.answer", {"until": date(2027, 2, 24)}, "not-later"),
        ("note.answer", {"amount": 4}, "too-far"),
        ("note.days", {"amount": 7}, "too-far"),
        ("note.answer", {"until": date(2027, 4, 1), "why": " "}, "why"),
    ],
)
def test_given_more_than_the_rule_allows_then_it_is_refused_and_nothing_moves(
    deadlines: Deadlines, rule_id: str, values: dict[str, object], key: str
) -> None:
    """With a key of the words."""
    found = deadlines.one(started(deadlines, rule_id))
    given = {"why": "涉及三个部门", **values}
    with pytest.raises(NotAccepted) as refused, deadlines.state.begin() as connection:
        deadlines.extend(connection, found.id, actor=CLERK, at_ms=NOW_MS, **given)  # type: ignore[arg-type]
    assert refused.value.key == key
    assert deadlines.one(found.id) == found
    assert len(deadlines.history(found.id)) == 1


def test_given_a_pause_when_it_goes_on_then_its_days_did_not_count(deadlines: Deadlines) -> None:
    """Paused from Wednesday to Tuesday: six days, and nothing turns red meanwhile."""
    key = started(deadlines, "note.answer")
    with deadlines.state.begin() as connection:
        deadlines.pause(connection, key, "等待鉴定", actor=CLERK, at_ms=NOW_MS + DAY_MS)
    paused = deadlines.one(key)
    assert paused.standing is Standing.PAUSED
    assert paused.lamp(NOW_MS + 400 * DAY_MS) is Lamp.GREEN
    with deadlines.state.begin() as connection:
        deadlines.resume(connection, key, "鉴定已出", actor=CLERK, at_ms=NOW_MS + 7 * DAY_MS)
    found = deadlines.one(key)
    assert found.standing is Standing.RUNNING
    assert found.reckoned.due == date(2027, 3, 2)
    assert [one.kind for one in deadlines.history(key)][1:] == [Act.PAUSED, Act.RESUMED]


def test_given_a_rule_without_pause_then_it_is_refused(deadlines: Deadlines) -> None:
    """The law gives none."""
    key = started(deadlines, "note.fixed")
    with (
        pytest.raises(NotAccepted, match="allows no pause"),
        deadlines.state.begin() as connection,
    ):
        deadlines.pause(connection, key, "等待鉴定", actor=CLERK, at_ms=NOW_MS)


def test_given_that_it_was_met_on_paper_before_then_that_day_counts(deadlines: Deadlines) -> None:
    """Written down a day too late, met in time; it ends once."""
    key = started(deadlines, "note.fixed")
    due_ms = deadlines.one(key).reckoned.due_ms
    with deadlines.state.begin() as connection:
        which = (NOTE, "note.fixed")
        done = [
            deadlines.end(connection, which, due_ms, actor=CLERK, at_ms=due_ms + DAY_MS)
            for _ in range(2)
        ]
    assert done == [True, False]
    found = deadlines.one(key)
    assert (found.standing, found.late) == (Standing.ENDED, False)
    assert found.lamp(due_ms + 100 * DAY_MS) is Lamp.YELLOW
    assert deadlines.running() == []


def test_given_that_nothing_is_to_be_done_any_more_then_it_is_cancelled_with_a_reason(
    deadlines: Deadlines,
) -> None:
    """And is no more among those that run."""
    key = started(deadlines, "note.fixed")
    with deadlines.state.begin() as connection:
        assert deadlines.cancel(connection, key, "退回重办", actor=CLERK, at_ms=NOW_MS)
    assert deadlines.one(key).standing is Standing.CANCELLED
    assert deadlines.history(key)[-1].why == "退回重办"
    with pytest.raises(NotAccepted), deadlines.state.begin() as connection:
        deadlines.extend(connection, key, "再延", actor=CLERK, at_ms=NOW_MS, until=TODAY)


def test_given_a_rule_that_nobody_stands_for_then_it_is_never_red(deadlines: Deadlines) -> None:
    """Another province's, read in its text."""
    found = deadlines.one(started(deadlines, "note.local"))
    assert found.lamp(NOW_MS + 100 * DAY_MS) is Lamp.UNCONFIRMED


def test_given_hours_then_it_begins_at_an_instant_and_ends_at_one(deadlines: Deadlines) -> None:
    """Nights and holidays count."""
    found = deadlines.one(started(deadlines, "note.report", NOW_MS))
    assert found.reckoned.due_ms == NOW_MS + 2 * HOUR_MS
    with pytest.raises(NotAccepted, match="instant"):
        started(deadlines, "note.report")


def test_given_a_term_that_runs_back_from_a_day_then_it_runs_from_when_it_was_written_down(
    deadlines: Deadlines,
) -> None:
    """Twenty days before a meeting on 2027-02-12, a Friday: 81 days from now, never moved."""
    found = deadlines.one(started(deadlines, "note.before", date(2027, 2, 12)))
    assert found.reckoned.due == date(2027, 1, 23)
    assert found.reckoned.better_before == date(2027, 1, 22)
    lamps = [found.lamp(NOW_MS + days * DAY_MS) for days in (0, 44, 46, 60, 61)]
    assert lamps == [Lamp.GREEN, Lamp.GREEN, Lamp.YELLOW, Lamp.YELLOW, Lamp.RED]


@pytest.mark.parametrize("unit", ["day", "hour"])
def test_given_a_day_on_which_the_rule_is_not_in_force_then_no_term_begins(
    deadlines: Deadlines, unit: str
) -> None:
    """Both bounds are days on which it is; the refusal names the one that stands against it."""
    first, last = TODAY, TODAY + timedelta(days=30)
    bounded = rule(
        id="note.new", unit=unit, valid_from=first, valid_to=last, extensions=(), pausable=False
    )
    held = replace(deadlines, law=Law({bounded.id: bounded}))

    def begun(on: date) -> int:
        return started(held, bounded.id, begins_ms(on) if unit == "hour" else on)

    assert held.one(begun(first)).open
    assert held.one(begun(last)).open
    early, late = first - timedelta(days=1), last + timedelta(days=1)
    with pytest.raises(NotInForce, match=f"start: lies on {early}, .* from {first} on; ") as yet:
        begun(early)
    with pytest.raises(NotInForce, match=f"start: lies on {late}, .* until {last}; ") as more:
        begun(late)
    assert (yet.value.key, more.value.key) == ("not-yet", "no-more")
    assert len(held.running()) == 2


def test_given_an_unknown_rule_then_the_refusal_names_near_ones(deadlines: Deadlines) -> None:
    """Instead of a deadline without a term."""
    with pytest.raises(FaultyInput, match=r"note\.answer"):
        started(deadlines, "note.anser")
    assert deadlines.of_subject(NOTE) == []


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["extend", "pause", "resume", "end", "cancel", "reopen", "wait"]),
        st.integers(0, 60),
    ),
    max_size=12,
)


def act(deadlines: Deadlines, before: Deadline, step: Step, now_ms: int) -> None:
    """Do one thing to a deadline."""
    name, amount = step
    by = {"actor": CLERK, "at_ms": now_ms}
    with deadlines.state.begin() as connection:
        match name:
            case "extend":
                until = before.reckoned.due + timedelta(days=amount)
                deadlines.extend(connection, before.id, "涉及多个部门", until=until, **by)  # type: ignore[arg-type]
            case "pause":
                deadlines.pause(connection, before.id, "等待鉴定", **by)  # type: ignore[arg-type]
            case "resume":
                deadlines.resume(connection, before.id, "鉴定已出", **by)  # type: ignore[arg-type]
            case "end":
                deadlines.end(connection, before.id, now_ms, **by)  # type: ignore[arg-type]
            case "reopen":
                deadlines.reopen(connection, before.id, "误办结", **by)  # type: ignore[arg-type]
            case "cancel":
                deadlines.cancel(connection, before.id, "退回重办", **by)  # type: ignore[arg-type]


@settings(max_examples=examples(12), suppress_health_check=list(HealthCheck))
@given(rule_id=st.sampled_from([one.id for one in RULES[:4]]), steps=STEPS)
def test_a_due_date_never_moves_without_an_event_that_says_why(
    deadlines: Deadlines, rule_id: str, steps: list[Step]
) -> None:
    """Whatever people do, in whatever order: the events are a chain that ends at the due date."""
    key, now_ms = started(deadlines, rule_id), NOW_MS
    for step in steps:
        before = deadlines.one(key)
        now_ms += step[1] * DAY_MS // 4
        events = len(deadlines.history(key))
        try:
            act(deadlines, before, step, now_ms)
        except NotAccepted:
            assert deadlines.one(key) == before
            assert len(deadlines.history(key)) == events
    assert_explained(deadlines, key)


def assert_explained(deadlines: Deadlines, key: int) -> None:
    """Each event begins where the one before ended, and says why where it moves the due date."""
    first, *others = deadlines.history(key)
    assert (first.kind, first.before_ms) == (Act.STARTED, None)
    due_ms = first.after_ms
    for event in others:
        assert event.before_ms == due_ms
        assert event.why or event.after_ms == due_ms
        due_ms = event.after_ms
    assert deadlines.one(key).reckoned.due_ms == due_ms
