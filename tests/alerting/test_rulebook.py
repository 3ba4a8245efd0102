"""Versions of rules: saved, compared with what stood, and judged by from their instant on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerting import backtest
from alerting.alert import State
from alerting.rulebook import SavedMeanwhile, Version
from alerting.rules import Rule
from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import FaultyInput
from tests.alerting.conftest import SERIES, T0, House

AMMONIA, OFFLINE = "ammonia-over-class", "station-silent"


def rule(house: House, rule_id: str = AMMONIA) -> Rule:
    """The last version of a rule."""
    return house.rulebook.versions(rule_id)[-1].rule


def raised(rule: Rule, limit: float, clear_limit: float) -> Rule:
    """The next version, with another limit for each level."""
    limits = tuple(replace(of, limit=limit, clear_limit=clear_limit) for of in rule.limits)
    return replace(rule, limits=limits[:1], version=rule.version + 1)


def save(house: House, rule: Rule, from_s: int, *, now_s: int | None = None) -> Version:
    """Valid from a second on, saved at that second unless said otherwise."""
    with house.state.begin() as connection:
        return house.rulebook.save(
            connection,
            rule,
            author="李岚",
            reason="枯水期",
            valid_from_ms=T0 + from_s * 1000,
            now_ms=T0 + (from_s if now_s is None else now_s) * 1000,
        )


def test_a_version_holds_from_its_instant_until_the_next_one_does(house: House) -> None:
    """The file's holds before, and all of them are kept with author and reason."""
    save(house, raised(rule(house), 2.0, 1.5), 200)
    save(house, raised(rule(house), 3.0, 2.5), 300)

    first, second, third = house.rulebook.versions(AMMONIA)

    assert [v.version for v in (first, second, third)] == [1, 2, 3]
    assert [v.rule.valid_until_ms for v in (first, second)] == [T0 + 200_000, T0 + 300_000]
    assert (second.author, second.reason, second.saved_ms) == ("李岚", "枯水期", T0 + 200_000)
    for at_s, limit in ((0, 1.0), (199, 1.0), (200, 2.0), (299, 2.0), (300, 3.0)):
        (held,) = [r for r in house.rulebook.current(T0 + at_s * 1000) if r.id == AMMONIA]
        assert held.limits[0].limit == limit


def test_what_cannot_be_saved_is_named(house: House) -> None:
    """Never for the past, never without a reason, and never over what somebody else saved."""
    draft = raised(rule(house), 2.0, 1.5)
    with pytest.raises(FaultyInput, match="lies in the past"):
        save(house, draft, 200, now_s=201)
    with pytest.raises(FaultyInput, match="unknown rule"):
        save(house, replace(draft, id="nobody-knows-it"), 200)
    save(house, draft, 200)
    with pytest.raises(SavedMeanwhile, match="version 2 was saved meanwhile by 李岚"):
        save(house, draft, 210)
    with pytest.raises(FaultyInput, match="before the last version"):
        save(house, raised(rule(house), 3.0, 2.5), 150)


def test_an_alert_that_stands_ends_when_its_rule_changes_and_the_new_one_judges_anew(
    house: House,
) -> None:
    """Still beyond by the new version: an alert of its own, from the change on."""
    house.measured(160, 190, 2.5)
    house.settle()
    assert ("ALARM", T0 + 160_000) in [(a.level.name, a.began_ms) for a in house.alerts()]

    save(house, raised(rule(house), 2.0, 1.5), 200)
    house.measured(190, 230, 2.5)
    house.settle()

    alarms = [a for a in house.alerts() if a.level.name == "ALARM"]
    assert [(a.rule_version, a.began_ms, a.resolved_ms) for a in alarms] == [
        (1, T0 + 160_000, T0 + 200_000),
        (2, T0 + 200_000, None),
    ]
    assert house.watch.settled


def test_no_longer_beyond_by_the_new_version_it_ends_and_nothing_follows(house: House) -> None:
    """Though readings of after the change were judged by the old one before it was known."""
    house.measured(160, 230, 1.5)
    house.settle()

    save(house, raised(rule(house), 2.0, 1.5), 200)
    house.settle()

    assert house.spans() == [(160, 200)]


def test_what_a_version_said_that_never_held_is_taken_back(house: House) -> None:
    """Another one holds from the same instant, and was saved when the first had judged already."""
    house.measured(160, 230, 1.5)
    house.settle()
    save(house, raised(rule(house), 1.2, 1.1), 200)
    house.settle()
    assert house.spans() == [(160, 200), (200, None)]

    save(house, raised(rule(house), 2.0, 1.5), 200)
    house.settle()

    assert house.spans() == [(160, 200)]


def test_a_version_of_the_future_waits_and_outlives_a_restart(house: House) -> None:
    """Readings before its instant are judged by the one in force."""
    save(house, raised(rule(house), 2.0, 1.5), 300, now_s=160)
    house.measured(160, 190, 1.5)
    house.settle()
    house.restart()
    house.measured(190, 320, 1.5)
    house.settle()

    assert house.spans() == [(160, 300)]


def test_a_station_that_is_silent_when_an_absence_changes_is_absent_by_the_new_version(
    house: House,
) -> None:
    """From the instant on at which that holds."""
    house.silent_until(600)
    absent = [a for a in house.alerts() if a.rule_id == OFFLINE]
    assert [a.state for a in absent] == [State.FIRING]

    was = rule(house, OFFLINE)
    save(house, replace(was, version=2), 700)
    house.silent_until(800)

    absent = [a for a in house.alerts() if a.rule_id == OFFLINE]
    assert {(a.rule_version, a.fired_ms, a.resolved_ms) for a in absent} == {
        (1, T0 + 249_000, T0 + 700_000),
        (2, T0 + 700_000, None),
    }


changes = st.lists(st.tuples(st.integers(100, 300), st.sampled_from([1.2, 2.0])), max_size=3)
values = st.lists(st.sampled_from([0.4, 1.1, 1.5, 2.5]), min_size=5, max_size=20)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    house = House(tmp_path_factory.mktemp("book"), district, catalogue)
    waiting: Iterator[tuple[int, float]] = iter(sorted(changes))
    change = next(waiting, None)
    for place, value in enumerate(values):
        house.measured(100 + place * 10, 110 + place * 10, value)
        house.settle()
        while change and (change[0] <= 110 + place * 10 or data.draw(st.booleans())):
            save(house, raised(rule(house), change[1], change[1] - 0.1), change[0])
            change = next(waiting, None)
            house.settle()
    house.settle()
    t = T0 + np.arange(100, 100 + len(values) * 10, dtype=np.int64) * 1000
    readings = (t, np.repeat(values, 10))
    empty = (t[:0], readings[1][:0])

    outcome = backtest.tried(
        [r for r in house.rulebook.all() if r.id == AMMONIA],
        catalogue,
        lambda name: readings if name == SERIES else empty,
        int(t[-1]),
    )

    recorded = [a for a in house.alerts() if a.rule_id == AMMONIA]
    key = ("began_ms", "fired_ms", "resolved_ms", "rule_version", "level", "peak")
    assert sorted([getattr(a, name) for name in key].__repr__() for a in recorded) == sorted(
        [getattr(a, name) for name in key].__repr__() for a in outcome.alerts
    )
    house.close()
