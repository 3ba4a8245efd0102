"""Affairs through all platforms that are not there: the same from the same seed, and the labels
say what they mean.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from itertools import combinations

import pytest

from simulators.connections.records import AXES, Alert, Connections, Document, Thing
from simulators.connections.simulation import connections

SEEDS = (4, 5, 6)


@cache
def made(seed: int) -> Connections:
    return connections(seed)


def things(seed: int) -> dict[str, Thing]:
    return {of.id: of for of in made(seed).things}


def test_a_seed_gives_the_same_in_another_process() -> None:
    source = "from simulators.connections.simulation import connections as c; print(c(4))"
    found = [
        subprocess.run(
            [sys.executable, "-c", source],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": salt, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for salt in ("1", "2")
    ]
    assert found[0] == found[1] == f"{made(4)}\n"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_label_is_about_things_that_are_there_and_each_pair_of_an_affair_has_one(
    seed: int,
) -> None:
    there = things(seed)
    assert len(there) == len(made(seed).things)
    for affair in made(seed).affairs:
        assert 2 <= len(affair.things) <= 6
        assert set(affair.things) <= there.keys()
        platforms = {type(there[of]) for of in affair.things}
        assert len(platforms) >= 2
        pairs = {frozenset((of.first, of.second)) for of in affair.pairs}
        assert pairs == {frozenset(of) for of in combinations(affair.things, 2)}
    axes = {of.axis for affair in made(seed).affairs for of in affair.pairs}
    assert axes >= set(AXES)


@pytest.mark.parametrize("seed", SEEDS)
def test_look_alikes_and_background_belong_to_nothing_and_look_alikes_are_as_many_as_pairs(
    seed: int,
) -> None:
    of_affairs = [name for affair in made(seed).affairs for name in affair.things]
    assert len(set(of_affairs)) == len(of_affairs)
    innocents = made(seed).innocents
    assert {of.near for of in innocents} <= set(of_affairs)
    assert not {of.thing for of in innocents} & set(of_affairs)
    assert {of.thing for of in innocents} <= things(seed).keys()
    seen = [of for affair in made(seed).affairs for of in affair.pairs if of.axis]
    assert len(innocents) >= len(seen)
    assert len(things(seed)) - len(of_affairs) - len(innocents) >= 300


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_comes_after_today_and_what_was_long_before_was(seed: int) -> None:
    there = things(seed)
    assert max(of.on for of in there.values()) <= made(seed).as_of
    before = [of for of in made(seed).innocents if of.way == "long-before"]
    assert before
    for one in before:
        apart = (there[one.near].on - there[one.thing].on).days
        assert 600 < apart < 900


@pytest.mark.parametrize("seed", SEEDS)
def test_a_law_cited_in_passing_stands_in_a_document_on_something_else(seed: int) -> None:
    there = things(seed)
    found = [of for of in made(seed).innocents if of.way == "in-passing"]
    assert found
    for one in found:
        document = there[one.thing]
        assert isinstance(document, Document)
        assert document.text.count("《") >= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rise_comes_down_the_river_a_day_later(seed: int) -> None:
    there = things(seed)
    rises = [of for of in made(seed).affairs if of.shape == "reach"]
    assert len(rises) == 2
    for affair in rises:
        above, below = there[affair.things[0]], there[affair.things[1]]
        assert isinstance(above, Alert)
        assert isinstance(below, Alert)
        assert above.station.partition("-")[0] == below.station.partition("-")[0]
        assert (below.on - above.on).days == 1
