"""What people decide on readings, in the record of alerts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.alert import State
from alerting.rule_worker import RuleWorker
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Quality
from tests.alerting.conftest import T0, RunningCentre
from tests.conftest import examples


def test_a_firing_alert_whose_readings_are_reviewed_as_bad_is_withdrawn_and_may_come_back(
    centre: RunningCentre,
) -> None:
    """And people who heard of it hear that it was none."""
    centre.measured(160, 190, 1.5)
    centre.settle()
    assert centre.spans() == [(160, None)]
    assert centre.kinds() == ["begun"]

    review = centre.decide(155, 190, quality=Quality.BAD)
    assert not centre.rule_worker.settled
    centre.settle()

    assert centre.spans() == []
    assert centre.rule_worker.settled
    (alert,) = [kept.alert for kept in centre.repository.listing()]
    assert alert.state is State.WITHDRAWN
    assert centre.kinds() == ["begun", "withdrawn"]

    centre.withdraw(review)
    centre.settle()
    assert centre.spans() == [(160, None)]


def test_an_alert_moves_when_its_beginning_is_reviewed_as_bad(centre: RunningCentre) -> None:
    """It begins with the first reading that nobody doubts, under the id it had."""
    centre.measured(160, 190, 1.5)
    centre.settle()
    (before,) = centre.alerts()

    centre.decide(150, 170, quality=Quality.BAD)
    centre.settle()

    (after,) = centre.alerts()
    assert (after.id, after.began_ms, after.state) == (before.id, T0 + 170_000, State.FIRING)


def test_corrections_below_the_limit_end_an_alert(centre: RunningCentre) -> None:
    """As soon as they last as long as the rule asks, and at the reading that did."""
    centre.measured(160, 190, 1.5)
    centre.settle()

    for at_s in range(175, 186):
        centre.decide(at_s, at_s + 1, value=0.5)
    centre.settle()

    assert centre.spans()[0] == (160, 185)
    assert centre.spans()[1:] == [(186, None)], "what came after is above the limit again"


def test_a_peak_that_is_corrected_is_the_peak_no_more(centre: RunningCentre) -> None:
    """The critical level that rested on it is withdrawn."""
    centre.measured(160, 165, 1.5)
    centre.measured(165, 170, 5.0)
    centre.settle()
    assert [alert.peak for alert in centre.alerts()] == [5.0, 5.0]

    for at_s in range(165, 170):
        centre.decide(at_s, at_s + 1, value=1.2)
    centre.settle()

    assert [(alert.level.name, alert.peak) for alert in centre.alerts()] == [("ALARM", 1.5)]


def test_readings_reviewed_as_good_are_judged_though_the_engine_passed_them_over(
    centre: RunningCentre,
) -> None:
    """They lie behind the last good one; the alert goes with the review."""
    centre.measured(160, 170, 1.5, Quality.BAD)
    centre.settle()
    assert centre.spans() == []

    review = centre.decide(160, 170, quality=Quality.GOOD)
    centre.settle()
    assert centre.spans() == [(160, None)]
    centre.measured(170, 190, 0.4)
    centre.settle()
    assert centre.spans() == [(160, 180)]

    centre.withdraw(review)
    centre.settle()
    assert centre.spans() == []


def test_a_reading_that_comes_late_among_those_reviewed_as_good_is_late(
    centre: RunningCentre,
) -> None:
    """The engine has come to the end of the review, though the field's last good one lies before."""
    for from_s, to_s in ((160, 165), (170, 180)):
        centre.measured(from_s, to_s, 1.5, Quality.BAD)
    centre.settle()
    centre.decide(160, 180, quality=Quality.GOOD)
    centre.settle()
    assert centre.spans() == [(160, None)]

    centre.measured(165, 170, 5.0)
    centre.settle()

    assert [(alert.peak, alert.last_ms) for alert in centre.alerts()] == [(5.0, T0 + 179_000)] * 2


def test_a_review_that_is_made_before_its_readings_are_evaluated_holds(
    centre: RunningCentre,
) -> None:
    """Whether they stand in the journal already or come later; taken back, they are judged."""
    centre.measured(160, 170, 1.5)
    review = centre.decide(155, 190, quality=Quality.BAD)
    centre.settle()
    centre.measured(170, 190, 1.5)
    centre.settle()
    assert centre.spans() == []
    assert centre.changes() == []

    centre.withdraw(review)
    centre.settle()
    assert centre.spans() == [(160, None)]


def test_a_crash_neither_misses_a_decision_nor_repeats_it(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it was looked at, between its mark and its mending, and afterwards."""
    centre.measured(160, 190, 1.5)
    centre.settle()
    first = centre.decide(155, 165, quality=Quality.BAD)
    centre.restart()
    centre.settle()
    assert centre.spans() == [(165, None)]

    centre.decide(155, 190, quality=Quality.BAD)
    centre.measured(190, 191, 0.4)
    with monkeypatch.context() as patch:
        patch.setattr(RuleWorker, "_mend", lambda *_, **__: False)
        centre.rule_worker.step()
    assert centre.spans() == [(165, None)]
    centre.restart()
    assert centre.rule_worker.engine.state.late
    centre.settle()
    assert centre.spans() == []

    changes = centre.changes()
    centre.restart()
    assert not centre.rule_worker.step()
    centre.withdraw(first)
    centre.settle()
    assert centre.changes() == changes == ["fired", "moved", "withdrawn"]


def test_a_station_whose_readings_are_all_reviewed_as_bad_was_silent(
    centre: RunningCentre,
) -> None:
    """What nobody measured well is absence; a member's review is enough."""
    centre.measured(160, 400, 0.4)
    centre.settle()
    assert centre.spans() == []

    review = centre.decide(170, 390, quality=Quality.BAD)
    centre.settle()
    assert [(row.rule_id, row.resolved_ms) for row in centre.alerts()] == [
        ("station-silent", T0 + 390_000)
    ]

    centre.withdraw(review)
    centre.settle()
    assert centre.spans() == []


def test_a_decision_on_what_no_rule_watches_leaves_the_record_alone(centre: RunningCentre) -> None:
    """It is seen all the same."""
    centre.decide(100, 160, quality=Quality.BAD, series="nowhere/w21003")

    assert not centre.rule_worker.step()
    assert centre.rule_worker.settled


FLAGS = st.sampled_from([Quality.GOOD, Quality.BAD])
SPANS = st.tuples(st.integers(0, 40), st.integers(1, 20))
# Each is seen by the rule worker before the next one happens, or with it.
ACTS = st.lists(
    st.tuples(
        st.one_of(
            st.tuples(st.just("measure"), SPANS, st.sampled_from([0.4, 0.95, 1.5, 2.5]), FLAGS),
            st.tuples(st.just("correct"), SPANS, st.sampled_from([0.5, 1.5, 3.0])),
            st.tuples(st.just("review"), SPANS, FLAGS),
            st.tuples(st.just("withdraw"), st.integers(0, 3)),
            st.tuples(st.sampled_from(["keep", "restart"])),
        ),
        st.booleans(),
    ),
    min_size=6,
    max_size=20,
)


@settings(max_examples=examples(25))
@given(acts=ACTS)
def test_the_record_does_not_tell_what_came_first(
    tmp_path_factory: pytest.TempPathFactory,
    district: Path,
    catalogue: Catalogue,
    acts: list[tuple[tuple[str, ...], bool]],
) -> None:
    """Readings, late ones, decisions, withdrawals and crashes in any order lead to the record of
    a house in which everything was known from the start.
    """
    lived, wise = (
        RunningCentre(tmp_path_factory.mktemp("house"), district, catalogue) for _ in range(2)
    )
    taken, standing = dict[int, tuple[float, Quality]](), dict[int, tuple[str, ...]]()
    for act, settled in acts:
        live(lived, act, taken, standing)
        if settled:
            lived.settle()
    lived.silent_until(900)

    for act in standing.values():
        live(wise, act, {}, {})
    for at_s, (value, quality) in sorted(taken.items()):
        wise.measured(at_s, at_s + 1, value, quality)
    wise.silent_until(900)

    def record(centre: RunningCentre) -> list[tuple[object, ...]]:
        return [
            (a.rule_id, a.level, a.began_ms, a.fired_ms, a.resolved_ms, a.state, a.peak)
            for a in centre.alerts()
        ]

    assert record(lived) == record(wise)
    lived.close()
    wise.close()


def live(
    centre: RunningCentre,
    act: Any,
    taken: dict[int, tuple[float, Quality]],
    standing: dict[int, tuple[str, ...]],
) -> None:
    """Have something happen; notes what was taken, the first of an instant, and what stands."""
    match act:
        case ("measure", (from_s, length), value, quality):
            for at_s in range(from_s, from_s + length):
                if at_s not in taken:
                    taken[at_s] = (value, quality)
                    centre.measured(at_s, at_s + 1, value, quality)
        case ("correct", (from_s, length), value):
            standing[centre.decide(from_s, from_s + length, value=value)] = act
        case ("review", (from_s, length), quality):
            standing[centre.decide(from_s, from_s + length, quality=quality)] = act
        case ("withdraw", target) if target < len(standing):
            decision = list(standing)[target]
            del standing[decision]
            centre.withdraw(decision)
        case ("keep",):
            centre.keep()
        case ("restart",):
            centre.restart()
