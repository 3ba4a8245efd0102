"""Healthy water and air of the kinds that are easily doubted; see ``benchmarks/quality.py``."""

from __future__ import annotations

import pytest

from benchmarks.quality_healthy import Healthy, stations

MOST = 0.01
MADE = stations(120, seed=7)


@pytest.mark.parametrize("station", MADE, ids=[of.name for of in MADE])
def test_of_healthy_readings_at_most_one_in_a_hundred_is_doubted(station: Healthy) -> None:
    shares = {code: doubted / count for code, doubted, count in station.flagged()}
    assert {code: share for code, share in shares.items() if share > MOST} == {}


def test_and_in_the_same_readings_what_was_broken_is_found() -> None:
    """A thermometer of whole degrees that stands still for two weeks; salt that falls dry."""
    floods, *_, whole = MADE
    whole.of["w01010"][200:536] = whole.of["w01010"][200]
    floods.of["w01014"][900:940] = 0.0
    found = {code: doubted for code, doubted, _ in whole.flagged()}
    assert found["w01010"] >= 336
    dry = {code: doubted for code, doubted, _ in floods.flagged()}
    assert all(doubted >= 40 for doubted in dry.values())
