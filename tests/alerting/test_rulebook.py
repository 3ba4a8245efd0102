"""Versions of rules: saved, compared with what stood, and judged by from their instant on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerting.alert import State
from alerting.backtest import backtest
from alerting.rules.repository import SavedMeanwhile, Version
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import FaultyInput
from tests.alerting.conftest import SERIES, T0, RunningCentre
from tests.conftest import examples

AMMONIA, OFFLINE = "ammonia-over-class", "station-silent"


def rule(centre: RunningCentre, rule_id: str = AMMONIA) -> Rule:
    """The last version of a rule."""
    return centre.rule_repository.versions(rule_id)[-1].rule


def raised(rule: Rule, limit: float, clear_limit: float) -> Rule:
    """The next version, with another limit for each level."""
    limits = tuple(replace(of, limit=limit, clear_limit=clear_limit) for of in rule.limits)
    return replace(rule, limits=limits[:1], version=rule.version + 1)


def save(centre: RunningCentre, rule: Rule, from_s: int, *, now_s: int | None = None) -> Version:
    """Valid from a second on, saved at that second unless said otherwise."""
    with centre.state.begin() as connection:
        return centre.rule_repository.save(
            connection,
            rule,
            author="李岚",
            account="huanbao",
            reason="枯水期",
            valid_from_ms=T0 + from_s * 1000,
            now_ms=T0 + (from_s if now_s is None else now_s) * 1000,
        )


def test_a_version_holds_from_its_instant_until_the_next_one_does(centre: RunningCentre) -> None:
    """The file's holds before, and all of them are kept with author and reason."""
    save(centre, raised(rule(centre), 2.0, 1.5), 200)
    save(centre, raised(rule(centre), 3.0, 2.5), 300)

    first, second, third = centre.rule_repository.versions(AMMONIA)

    assert [v.version for v in (first, second, third)] == [1, 2, 3]
    assert [v.rule.valid_until_ms for v in (first, second)] == [T0 + 200_000, T0 + 300_000]
    assert (second.author, second.reason, second.saved_ms) == ("李岚", "枯水期", T0 + 200_000)
    for at_s, limit in ((0, 1.0), (199, 1.0), (200, 2.0), (299, 2.0), (300, 3.0)):
        (held,) = [r for r in centre.rule_repository.current(T0 + at_s * 1000) if r.id == AMMONIA]
        assert held.limits[0].limit == limit


def test_what_cannot_be_saved_is_named(centre: RunningCentre) -> None:
    """Never for the past, never without a reason, and never over what somebody else saved."""
    draft = raised(rule(centre), 2.0, 1.5)
    with pytest.raises(FaultyInput, match="lies in the past"):
        save(centre, draft, 200, now_s=201)
    with pytest.raises(FaultyInput, match="unknown rule"):
        save(centre, replace(draft, id="nobody-knows-it"), 200)
    save(centre, draft, 200)
    with pytest.raises(SavedMeanwhile, match="version 2 was saved meanwhile by 李岚"):
        save(centre, draft, 210)
    with pytest.raises(FaultyInput, match="before the last version"):
        save(centre, raised(rule(centre), 3.0, 2.5), 150)


def test_an_alert_that_stands_ends_when_its_rule_changes_and_the_new_one_judges_anew(
    centre: RunningCentre,
) -> None:
    """Still beyond by the new version: an alert of its own, from the change on."""
    centre.measured(160, 190, 2.5)
    centre.settle()
    assert ("ALARM", T0 + 160_000) in [(a.level.name, a.began_ms) for a in centre.alerts()]

    save(centre, raised(rule(centre), 2.0, 1.5), 200)
    centre.measured(190, 230, 2.5)
    centre.settle()

    alarms = [a for a in centre.alerts() if a.level.name == "ALARM"]
    assert [(a.rule_version, a.began_ms, a.resolved_ms) for a in alarms] == [
        (1, T0 + 160_000, T0 + 200_000),
        (2, T0 + 200_000, None),
    ]
    assert centre.rule_worker.settled


def test_no_longer_beyond_by_the_new_version_it_ends_and_nothing_follows(
    centre: RunningCentre,
) -> None:
    """Though readings of after the change were judged by the old one before it was known."""
    centre.measured(160, 230, 1.5)
    centre.settle()

    save(centre, raised(rule(centre), 2.0, 1.5), 200)
    centre.settle()

    assert centre.spans() == [(160, 200)]


def test_what_a_version_said_that_never_held_is_taken_back(centre: RunningCentre) -> None:
    """Another one holds from the same instant, and was saved when the first had judged already."""
    centre.measured(160, 230, 1.5)
    centre.settle()
    save(centre, raised(rule(centre), 1.2, 1.1), 200)
    centre.settle()
    assert centre.spans() == [(160, 200), (200, None)]

    save(centre, raised(rule(centre), 2.0, 1.5), 200)
    centre.settle()

    assert centre.spans() == [(160, 200)]


def test_a_version_of_the_future_waits_and_outlives_a_restart(centre: RunningCentre) -> None:
    """Readings before its instant are judged by the one in force."""
    save(centre, raised(rule(centre), 2.0, 1.5), 300, now_s=160)
    centre.measured(160, 190, 1.5)
    centre.settle()
    centre.restart()
    centre.measured(190, 320, 1.5)
    centre.settle()

    assert centre.spans() == [(160, 300)]


def test_a_station_that_is_silent_when_an_absence_changes_is_absent_by_the_new_version(
    centre: RunningCentre,
) -> None:
    """From the instant on at which that holds."""
    centre.silent_until(600)
    absent = [a for a in centre.alerts() if a.rule_id == OFFLINE]
    assert [a.state for a in absent] == [State.FIRING]

    was = rule(centre, OFFLINE)
    save(centre, replace(was, version=2), 700)
    centre.silent_until(800)

    absent = [a for a in centre.alerts() if a.rule_id == OFFLINE]
    assert {(a.rule_version, a.fired_ms, a.resolved_ms) for a in absent} == {
        (1, T0 + 249_000, T0 + 700_000),
        (2, T0 + 700_000, None),
    }


changes = st.lists(st.tuples(st.integers(100, 300), st.sampled_from([1.2, 2.0])), max_size=3)
values = st.lists(st.sampled_from([0.4, 1.1, 1.5, 2.5]), min_size=5, max_size=20)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=values, changes=changes, data=st.data())
def test_the_record_is_that_of_a_back_test_of_all_versions(
    tmp_path_factory: pytest.TempPathFactory,
    district: Path,
    catalogue: Catalogue,
    values: list[float],
    changes: list[tuple[int, float]],
    data: st.DataObject,
) -> None:
    """Whenever a version was saved, before or behind the readings that it judges."""
    centre = RunningCentre(tmp_path_factory.mktemp("book"), district, catalogue)
    waiting: Iterator[tuple[int, float]] = iter(sorted(changes))
    change = next(waiting, None)
    for target, value in enumerate(values):
        centre.measured(100 + target * 10, 110 + target * 10, value)
        centre.settle()
        while change and (change[0] <= 110 + target * 10 or data.draw(st.booleans())):
            save(centre, raised(rule(centre), change[1], change[1] - 0.1), change[0])
            change = next(waiting, None)
            centre.settle()
    centre.settle()
    t = T0 + np.arange(100, 100 + len(values) * 10, dtype=np.int64) * 1000
    readings = (t, np.repeat(values, 10))
    empty = (t[:0], readings[1][:0])

    outcome = backtest.tried(
        [r for r in centre.rule_repository.all() if r.id == AMMONIA],
        catalogue,
        lambda name: readings if name == SERIES else empty,
        int(t[-1]),
    )

    recorded = [a for a in centre.alerts() if a.rule_id == AMMONIA]
    key = ("began_ms", "fired_ms", "resolved_ms", "rule_version", "level", "peak")
    assert sorted([getattr(a, name) for name in key].__repr__() for a in recorded) == sorted(
        [getattr(a, name) for name in key].__repr__() for a in outcome.alerts
    )
    centre.close()
