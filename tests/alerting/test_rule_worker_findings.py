"""What the checks find, in the record of alerts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.alert import State
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Cause, Quality
from ingest.annotations.findings import Finding, Judgement
from tests.alerting.conftest import SERIES, T0, RunningCentre
from tests.conftest import examples


def find(centre: RunningCentre, *spans: tuple[int, int]) -> None:
    """The checks doubt the readings of these spans, in seconds, and no others."""
    rows = tuple(
        Finding(SERIES, 0, T0 + a * 1000, T0 + b * 1000, Quality.SUSPECT, Cause.SPIKE, T0)
        for a, b in spans
    )
    centre.findings.say([Judgement(SERIES, 0, 0, 1 << 60, rows, T0)])


def test_doubted_readings_feed_no_alert(centre: RunningCentre) -> None:
    """What was found before an entry is fed is seen."""
    find(centre, (160, 190))
    centre.measured(160, 190, 1.5)
    centre.settle()

    assert centre.spans() == []


def test_an_alert_that_rested_on_a_spike_is_withdrawn_when_it_is_reported_apart(
    centre: RunningCentre,
) -> None:
    """And people who heard of it hear that it was none."""
    centre.measured(160, 190, 1.5)
    centre.settle()
    assert centre.spans() == [(160, None)]
    assert centre.kinds() == ["begun"]

    find(centre, (155, 190))
    centre.settle()

    (alert,) = [kept.alert for kept in centre.repository.listing()]
    assert alert.state is State.WITHDRAWN
    assert centre.kinds() == ["begun", "withdrawn"]


def test_readings_that_turn_out_to_be_good_raise_the_alert_that_they_deserve(
    centre: RunningCentre,
) -> None:
    """Though they lie behind all good ones that were fed."""
    find(centre, (160, 190))
    centre.measured(160, 190, 1.5)
    centre.settle()

    find(centre)
    centre.settle()

    assert centre.spans() == [(160, None)]
    assert centre.rule_worker.settled


spans = st.lists(
    st.tuples(st.integers(0, 100), st.integers(1, 60)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=3,
)


def apart(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without those that begin within another."""
    kept: list[tuple[int, int]] = []
    for span in sorted(found):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


@settings(max_examples=examples(40))
@given(
    values=st.lists(st.sampled_from([0.5, 0.95, 1.5, 2.5]), min_size=10, max_size=20),
    sayings=st.lists(st.tuples(st.integers(0, 20), spans), max_size=4),
)
def test_it_does_not_matter_when_the_checks_said_it(
    tmp_path_factory: pytest.TempPathFactory,
    district: Path,
    catalogue: Catalogue,
    values: list[float],
    sayings: list[tuple[int, list[tuple[int, int]]]],
) -> None:
    """The record is that of a centre to which the last word was known from the beginning."""
    folder = tmp_path_factory.mktemp("rule_worker")
    worlds, sayings = [], sorted(sayings, key=lambda said: said[0])
    for name, known in (("live", False), ("after", True)):
        (folder / name).mkdir()
        centre = RunningCentre(folder / name, district, catalogue)
        if known and sayings:
            find(centre, *apart(sayings[-1][1]))
        for target in range(21):
            for at, found in sayings:
                if not known and at == target:
                    find(centre, *apart(found))
            if target < len(values):
                centre.measured(target * 5, target * 5 + 5, values[target])
                centre.settle()
        centre.settle()
        worlds.append(sorted(centre.spans(), key=repr))
        centre.close()

    assert worlds[0] == worlds[1]
