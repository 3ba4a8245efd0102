"""Things that belong together, whatever the rows: properties of the matching, and planted pairs."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.cases.joins.matching import MOST, matched, rarity, reasons
from api.cases.joins.records import ASPECTS, SPECIFIC, Proposal
from api.ports import Reference
from api.traces.records import AXES, Axis, Mark, Trace, Traced
from config.vocabulary.time import DAY_MS
from tests.conftest import examples

PLATFORMS = ("environment", "duty", "budget", "judicial", "documents")
MARKS = st.tuples(st.sampled_from(AXES), st.sampled_from("abc"))
NUMBERS = st.integers(0, 400)


def thing(
    platform: str, number: int, marks: frozenset[Mark], day: int | None, group: str = ""
) -> Traced:
    """A thing that names its marks."""
    traces = tuple(Trace(axis, key, f"{platform}{number}说{key}") for axis, key in sorted(marks))
    began_ms = None if day is None else day * DAY_MS
    return Traced(Reference(platform, "thing", str(number)), "", traces, began_ms, group=group)


@st.composite
def rows(draw: st.DrawFn) -> list[Traced]:
    """Some things of all platforms, some of which are of one group."""
    count = draw(st.integers(2, 14))
    return [
        thing(
            draw(st.sampled_from(PLATFORMS)),
            number,
            draw(st.frozensets(MARKS, max_size=6)),
            draw(st.none() | NUMBERS),
            draw(st.sampled_from(("", "", "together"))),
        )
        for number in range(count)
    ]


def pairs(found: list[Proposal]) -> list[tuple[Reference, Reference]]:
    """The things that were proposed, each with the one that it may belong to."""
    return [(of.reference, of.source) for of in found]


@settings(max_examples=examples(200))
@given(rows(), st.randoms(use_true_random=False))
def test_given_any_things_then_proposals_are_of_others_explained_and_in_no_order_of_rows(
    things: list[Traced], shuffled: random.Random
) -> None:
    """Of another platform, of another group, once a group, with a specific aspect and a second
    one; the strongest first.
    """
    of = {row.reference for row in things[:2]}
    groups = {row.reference: row.own_group for row in things}
    found = matched(things, of)
    mixed = shuffled.sample(things, len(things))
    assert matched(mixed, of) == found
    assert [-one.strength for one in found] == sorted(-one.strength for one in found)
    assert len({groups[one.reference] for one in found}) == len(found)
    for one in found:
        assert one.reference not in of
        assert groups[one.reference] not in {groups[source] for source in of}
        assert one.source in of
        assert one.reference.platform != one.source.platform
        aspects = [ASPECTS[reason.why] for reason in one.reasons]
        assert len(set(aspects)) == len(aspects) >= 2
        assert set(aspects) & set(SPECIFIC)
        assert one.strength == pytest.approx(sum(reason.bits for reason in one.reasons))
    for source in of:
        assert sum(one.source == source for one in found) <= MOST


@settings(max_examples=examples(200))
@given(rows())
def test_given_two_things_then_the_reasons_are_the_same_from_both_sides(
    things: list[Traced],
) -> None:
    """But for whose words come first."""
    rare = rarity(things)
    for one, other in permutations(things[:5], 2):
        there, back = reasons(one, other, rare), reasons(other, one, rare)
        turned = [(of.why, of.key, of.theirs, of.ours, of.bits, of.days) for of in back]
        assert [(of.why, of.key, of.ours, of.theirs, of.bits, of.days) for of in there] == turned


@settings(max_examples=examples(200))
@given(rows(), st.data())
def test_given_something_hidden_then_neither_it_nor_a_reason_with_it_is_proposed(
    things: list[Traced], data: st.DataObject
) -> None:
    """And where something is proposed to whoever sees less, so it is to whoever sees all."""
    of = {row.reference for row in things[:2]}
    hidden = data.draw(st.frozensets(st.sampled_from([row.reference for row in things])))
    found = matched(things, of, lambda reference: reference not in hidden)
    assert not {one for pair in pairs(found) for one in pair} & hidden
    assert not found or matched(things, of)


@settings(max_examples=examples(200))
@given(rows())
def test_given_a_thing_of_a_further_platform_that_shares_nothing_then_nothing_changes(
    things: list[Traced],
) -> None:
    """How rare a key is follows from the two platforms that are compared, and from no other."""
    of = {row.reference for row in things[:2]}
    further = thing("further", 99, frozenset({("town", "nowhere")}), 7)
    assert matched([*things, further], of) == matched(things, of)


def test_given_a_unit_and_a_topic_or_a_town_and_a_near_day_alone_then_nothing_is_proposed() -> (
    None
):
    """However rare they are among a hundred things."""
    others = [thing("duty", n, frozenset({("town", f"t{n}")}), None) for n in range(2, 100)]
    source = thing("budget", 0, frozenset({("unit", "u"), ("topic", "o"), ("town", "z")}), 5)
    office = thing("duty", 1, frozenset({("unit", "u"), ("topic", "o")}), 5)
    nearby = thing("duty", 1, frozenset({("town", "z")}), 5)
    both = thing("duty", 1, frozenset({("town", "z"), ("topic", "o")}), 5)
    assert matched([source, office, *others], {source.reference}) == []
    assert matched([source, nearby, *others], {source.reference}) == []
    assert pairs(matched([source, both, *others], {source.reference})) == [
        (both.reference, source.reference)
    ]


def test_given_towns_or_narrow_topics_that_differ_then_things_do_not_belong_together() -> None:
    """However much else they share; a project or a river from one town to the next outweighs the
    towns, and a wide topic excludes nothing.
    """
    others = [thing("duty", n, frozenset({("town", f"t{n}")}), None) for n in range(9, 200)]

    def proposed(ours: frozenset[Mark], theirs: frozenset[Mark]) -> bool:
        both: frozenset[Mark] = frozenset({("law", "l"), ("payee", "p")})
        source, other = thing("budget", 0, ours | both, 5), thing("duty", 1, theirs | both, 5)
        return bool(matched([source, other, *others], {source.reference}))

    here, there = frozenset({("town", "a")}), frozenset({("town", "b")})
    meals, roads = frozenset({("topic", "school-meals")}), frozenset({("topic", "school-roads")})
    assert proposed(here, here)
    assert not proposed(here, there)
    assert proposed(here | {("reach", "at s")}, there | {("reach", "at s")})
    assert not proposed(here | {("reach", "r")}, there | {("reach", "r")})
    assert proposed(here | {("project", "p")}, there | {("project", "p")})
    assert not proposed(here | meals, here | roads)
    assert proposed(here | meals, here | {("topic", "education")})


@pytest.mark.parametrize(("topic", "proposed"), [("school-meals", True), ("education", False)])
def test_given_a_topic_that_half_of_all_have_in_one_town_then_a_narrow_one_alone_is_enough(
    topic: str, proposed: bool
) -> None:
    """Which of them says no key; people choose, and the earliest come first."""
    same: frozenset[Mark] = frozenset({("town", "t"), ("topic", topic)})
    asked = [thing("duty", n, same, n) for n in range(1, 60)]
    others = [thing("duty", n, frozenset({("town", f"t{n}")}), None) for n in range(60, 120)]
    source = thing("budget", 0, same, None)
    found = matched([source, *asked, *others], {source.reference})
    assert [one.reference for one in found] == [of.reference for of in asked[:MOST] if proposed]


TOWNS, UNITS, TOPICS, LAWS, PAYEES = 10, 20, 16, 60, 400
DAYS = 730


def _plain(chance: random.Random, platform: str, number: int) -> Traced:
    """A thing as a district has hundreds: topics and units are not all as frequent, and go with
    each other.
    """
    topic = min(chance.randrange(TOPICS), chance.randrange(TOPICS))
    marks: set[tuple[Axis, str]] = {("topic", f"{topic}"), ("unit", f"{topic % UNITS}")}
    if chance.random() < 0.7:
        marks.add(("town", f"{chance.randrange(TOWNS)}"))
    if platform in ("documents", "judicial"):
        marks |= {("law", f"{min(chance.randrange(LAWS) for _ in range(3))}") for _ in range(3)}
    if platform == "budget":
        marks |= {("payee", f"{chance.randrange(PAYEES)}") for _ in range(4)}
    return thing(platform, number, frozenset(marks), chance.randrange(DAYS))


def _planted(chance: random.Random, platform: str, number: int, first: Traced) -> Traced:
    """A thing that belongs to another one: its topic, its town, some weeks later, and now and then
    something that only these two name.
    """
    own = {trace.mark for trace in first.traces if trace.axis in ("topic", "unit", "town")}
    rare: Mark = ("project", f"only {first.reference.id}")
    marks = own | ({rare} if rare in {trace.mark for trace in first.traces} else set())
    assert first.began_ms is not None
    day = first.began_ms // DAY_MS + chance.randrange(20)
    return thing(platform, number, frozenset(marks), day)


@pytest.mark.parametrize("seed", range(3))
def test_given_planted_pairs_among_six_hundred_things_then_most_are_found_and_few_are_wrong(
    seed: int,
) -> None:
    """Four of five are found, and at most two of five proposals are of nothing."""
    chance = random.Random(seed)
    every = [_plain(chance, chance.choice(PLATFORMS), number) for number in range(600)]
    pair_of: dict[Reference, Reference] = {}
    for n in range(40):
        plain = _plain(chance, "duty", 1000 + n)
        marks = {of.mark for of in plain.traces if of.axis != "town"}
        marks |= {("town", f"{n % TOWNS}")}
        if n % 2:
            marks.add(("project", f"only {plain.reference.id}"))
        first = thing("duty", 1000 + n, frozenset(marks), (plain.began_ms or 0) // DAY_MS)
        second = _planted(chance, chance.choice(PLATFORMS[2:]), 2000 + n, first)
        every += [first, second]
        pair_of[first.reference] = second.reference
    proposed = {source: matched(every, {source}) for source in pair_of}
    found = sum(
        pair_of[source] in {one.reference for one in of} for source, of in proposed.items()
    )
    wrong = sum(one.reference != pair_of[source] for source, of in proposed.items() for one in of)
    total = sum(map(len, proposed.values()))
    assert found >= 0.8 * len(pair_of), (found, wrong, total)
    assert wrong <= 0.4 * total, (found, wrong, total)
