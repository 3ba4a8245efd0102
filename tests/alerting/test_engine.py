"""The record is a function of the set of readings, whatever the order of arrival and the cuts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.alert import Alert, Change, State
from alerting.rules import documents
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Cause
from tests.alerting.centre import Centre, Reading
from tests.conftest import examples

STATION = "tonglv-jinsha"
SERIES = f"{STATION}/w21003"


@pytest.fixture(scope="module")
def in_force(district: Path, catalogue: Catalogue) -> tuple[Rule, ...]:
    """The demonstration rules."""
    return documents.load(district / "rules.toml", catalogue)


class Ammonia(Centre):
    """A centre that hears of ammonia at one station; instants in seconds."""

    def reported(self, rows: list[tuple[int, float]], upto_s: int | None = None) -> None:
        """Feed a batch and mend what came late."""
        readings = [Reading(SERIES, t * 1000, value) for t, value in rows]
        self.hear(readings, None if upto_s is None else upto_s * 1000)


@pytest.fixture
def centre(in_force: tuple[Rule, ...], catalogue: Catalogue) -> Ammonia:
    """A centre that has heard nothing."""
    return Ammonia(in_force, catalogue)


def spill(first: int, last: int, end: int, start: int = 0) -> list[tuple[int, float]]:
    """Quiet, beyond class III from first to last, quiet."""
    return [(t, 1.5 if first <= t < last else 0.4) for t in range(start, end)]


def ammonia(centre: Ammonia) -> list[Alert]:
    """Alerts of the ammonia rule."""
    return [a for a in centre.record.values() if a.rule_id == "ammonia-over-class"]


def test_a_batch_in_any_order_of_rows_fires_and_resolves(centre: Ammonia) -> None:
    """Above 1.0 for 3 s, clear at 0.9 for 10 s."""
    centre.reported(list(reversed(spill(10, 20, 40))))

    (alert,) = ammonia(centre)
    assert (alert.began_ms, alert.fired_ms, alert.resolved_ms) == (10_000, 13_000, 30_000)
    assert [c.change for c in centre.changes] == [Change.FIRED, Change.RESOLVED]


def test_readings_that_are_not_good_are_passed_over(centre: Ammonia) -> None:
    """A sensor fault is not pollution."""
    centre.hear([Reading(SERIES, t * 1000, v, Cause.RANGE) for t, v in spill(0, 20, 20)])
    assert centre.engine.standing() == []


def test_late_readings_add_an_alert_that_is_over(centre: Ammonia) -> None:
    """The backlog of an outage, after the link came back."""
    centre.reported([(0, 0.4), (100, 0.4)])
    centre.reported(spill(10, 20, 99, start=1))

    (alert,) = ammonia(centre)
    assert alert.state is State.RESOLVED
    assert alert.retrospective
    assert [c.change for c in centre.changes if c.alert.id == alert.id] == [Change.ADDED]


def test_late_readings_withdraw_an_alert_that_never_was(centre: Ammonia) -> None:
    """A quiet reading between two beyond the limit."""
    centre.reported([(0, 1.5), (3, 1.5)])
    assert ammonia(centre)[0].state is State.FIRING

    centre.reported([(1, 0.4)])

    assert ammonia(centre)[0].state is State.WITHDRAWN
    assert centre.engine.standing() == []


def test_a_moved_alert_keeps_its_id_through_its_end(centre: Ammonia) -> None:
    """People have heard of it under that id."""
    centre.reported([(5, 1.5), (8, 1.5)])
    reported = ammonia(centre)[0].id
    centre.reported([(3, 1.5), (4, 1.5)])
    centre.reported(spill(0, 0, 30, start=9))

    (alert,) = ammonia(centre)
    assert (alert.id, alert.began_ms, alert.state) == (reported, 3000, State.RESOLVED)


def test_silence_of_a_station_fires_when_upto_says_so(centre: Ammonia) -> None:
    """Not before, and not twice."""
    centre.reported([(0, 0.4)])
    for upto in (50, 90, 91, 95):
        centre.reported([], upto_s=upto)

    fired = [c for c in centre.changes if c.alert.rule_id == "station-silent"]
    assert [(c.change, c.at_ms) for c in fired] == [(Change.FIRED, 90_000)]
    assert fired[0].alert.about == "maintenance"


def test_a_backlog_withdraws_a_silence_that_was_none(centre: Ammonia) -> None:
    """The station measured on while its link was down, and fell silent later."""
    centre.reported([(0, 0.4)], upto_s=95)
    centre.reported([(t, 0.4) for t in range(10, 80, 10)])
    centre.reported([], upto_s=170)

    silences = [a for a in centre.record.values() if a.rule_id == "station-silent"]
    assert [(a.began_ms, a.state) for a in silences] == [
        (0, State.WITHDRAWN),
        (70_000, State.FIRING),
    ]


def test_an_engine_restored_from_its_snapshot_goes_on_as_if_nothing_had_been(
    in_force: tuple[Rule, ...], catalogue: Catalogue
) -> None:
    """At every place of an event."""
    history = spill(5, 15, 40)
    whole = Ammonia(in_force, catalogue)
    whole.reported(history)
    for cut in range(len(history)):
        parts = Ammonia(in_force, catalogue)
        parts.reported(history[:cut])
        parts.restart()
        parts.reported(history[cut:])
        assert parts.episodes() == whole.episodes()


READINGS = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from([0.4, 0.95, 1.5, 2.5])),
    max_size=40,
    unique_by=lambda row: row[0],
)


@settings(max_examples=examples(150), deadline=None)
@given(history=READINGS, data=st.data())
def test_any_order_and_any_cut_give_the_same_record(
    in_force: tuple[Rule, ...],
    catalogue: Catalogue,
    history: list[tuple[int, float]],
    data: st.DataObject,
) -> None:
    """Late, early, one by one or all at once."""
    shuffled = data.draw(st.permutations(history))
    size = data.draw(st.integers(1, 12))
    straight, tangled = Ammonia(in_force, catalogue), Ammonia(in_force, catalogue)
    straight.reported(sorted(history), upto_s=200)

    for first in range(0, len(shuffled), size):
        tangled.reported(list(shuffled[first : first + size]))
    tangled.reported([], upto_s=200)

    assert tangled.episodes() == straight.episodes()
    assert {alert for alert, _ in tangled.engine.standing()} == {
        a.id for a in tangled.record.values() if a.state is State.FIRING
    }


def test_withdrawing_and_resolving_are_the_only_ways_on_from_firing(centre: Ammonia) -> None:
    """A resolved alert does not resolve again."""
    centre.reported([(0, 1.5), (3, 1.5)])
    resolved = ammonia(centre)[0].resolve(9000)
    assert resolved.resolved_ms == 9000
    with pytest.raises(ValueError, match="only a firing one"):
        replace(resolved).resolve(10_000)
