"""Answers are held against the labels: whoever proposes nothing, all, or just what belongs."""

from __future__ import annotations

from benchmarks.joins_scoring import scored
from simulators.connections.simulation import connections

MADE = connections(4)
OF_AFFAIRS = [name for affair in MADE.affairs for name in affair.things]


def test_nothing_proposed_is_nothing_found_and_nothing_wrong() -> None:
    row = scored(MADE, {name: {} for name in OF_AFFAIRS}).whole
    assert row.pairs > 50
    assert (row.either, row.right, row.wrong) == (0, 0, 0)


def test_whoever_proposes_just_the_rest_of_the_affair_finds_all() -> None:
    rest = {
        name: {of: "" for of in affair.things if of != name}
        for affair in MADE.affairs
        for name in affair.things
    }
    row = scored(MADE, rest).whole
    assert row.either == row.both == row.pairs
    assert row.wrong == 0


def test_whoever_proposes_everything_finds_all_and_is_mostly_wrong() -> None:
    every = [of.id for of in MADE.things]
    row = scored(MADE, {of: {one: "" for one in every if one != of} for of in OF_AFFAIRS}).whole
    assert row.either == row.pairs
    assert row.wrong > 100 * row.right


def test_one_end_suffices_and_look_alikes_are_wrong_on_their_axis() -> None:
    pair = next(of for of in MADE.affairs[2].pairs if of.axis == "place")
    innocent = MADE.innocents[0]
    answers: dict[str, dict[str, str]] = {name: {} for name in OF_AFFAIRS}
    answers[pair.first] = {pair.second: "", innocent.thing: ""}
    score = scored(MADE, answers)
    assert (score.whole.either, score.whole.both, score.whole.right) == (1, 0, 1)
    assert score.rows[innocent.axis].wrong == score.whole.wrong == 1
    assert score.ways == {innocent.way: 1}
