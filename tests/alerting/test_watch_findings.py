"""What the checks find, in the record of alerts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.alert import State
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Cause, Quality
from ingest.findings import Finding, Judgement
from tests.alerting.conftest import SERIES, T0, House


def find(house: House, *spans: tuple[int, int]) -> None:
    """The checks doubt the readings of these spans, in seconds, and no others."""
    rows = tuple(
        Finding(SERIES, 0, T0 + a * 1000, T0 + b * 1000, Quality.SUSPECT, Cause.SPIKE, T0)
        for a, b in spans
    )
    house.findings.say([Judgement(SERIES, 0, 0, 1 << 60, rows, T0)])


def test_doubted_readings_feed_no_alert(house: House) -> None:
    """What was found before an entry is fed is seen."""
    find(house, (160, 190))
    house.measured(160, 190, 1.5)
    house.settle()

    assert house.spans() == []


def test_an_alert_that_rested_on_a_spike_is_withdrawn_when_it_is_told_apart(house: House) -> None:
    """And people who heard of it hear that it was none."""
    house.measured(160, 190, 1.5)
    house.settle()
    assert house.spans() == [(160, None)]

    find(house, (155, 190))
    house.settle()

    (alert,) = [kept.alert for kept in house.repository.listing()]
    assert alert.state is State.WITHDRAWN
    told = house.repository.told(alert.id)
    assert {(row.event, row.muted) for row in told} == {("fired", ""), ("withdrawn", "")}


def test_readings_that_turn_out_to_be_good_raise_the_alert_that_they_deserve(house: House) -> None:
    """Though they lie behind all good ones that were fed."""
    find(house, (160, 190))
    house.measured(160, 190, 1.5)
    house.settle()

    find(house)
    house.settle()

    assert house.spans() == [(160, None)]
    assert house.watch.settled


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


@settings(max_examples=40)
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
    folder = tmp_path_factory.mktemp("watch")
    worlds, sayings = [], sorted(sayings, key=lambda said: said[0])
    for name, known in (("live", False), ("after", True)):
        (folder / name).mkdir()
        house = House(folder / name, district, catalogue)
        if known and sayings:
            find(house, *apart(sayings[-1][1]))
        for place in range(21):
            for at, found in sayings:
                if not known and at == place:
                    find(house, *apart(found))
            if place < len(values):
                house.measured(place * 5, place * 5 + 5, values[place])
                house.settle()
        house.settle()
        worlds.append(sorted(house.spans(), key=repr))
        house.close()

    assert worlds[0] == worlds[1]
