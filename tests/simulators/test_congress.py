"""A congress that is not there: the same from the same seed, and its labels hang together."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from math import prod
from pathlib import Path
from statistics import median

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import working_days
from simulators.congress import localities, matters, units
from simulators.congress.days import Calendar
from simulators.congress.grammar import said, wordings
from simulators.congress.matters import VOICES, Matter
from simulators.congress.records import Congress, Suggestion
from simulators.congress.simulation import simulate

YEARS = 4
SEEDS = st.integers(min_value=0, max_value=7)
"""Few, since a congress takes a second."""
ONE_FOR_EACH = settings(max_examples=4, deadline=None)


@cache
def played(seed: int, years: int = YEARS) -> Congress:
    return simulate(seed, years)


@cache
def by_id(seed: int) -> dict[str, Suggestion]:
    return {one.id: one for one in played(seed).suggestions}


def raised_again(congress: Congress, wording: str) -> list[Suggestion]:
    return [one for one in congress.suggestions if one.wording == wording]


def test_a_seed_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """Whatever the order of its sets is."""
    written = []
    for salt in ("1", "2"):
        path = tmp_path / f"{salt}.jsonl"
        command = [sys.executable, "-m", "simulators.congress", "--seed", "3", "--years", "2"]
        environment = os.environ | {"PYTHONHASHSEED": salt}
        subprocess.run([*command, "--out", str(path)], env=environment, check=True)
        written.append(path.read_bytes())
    assert written[0] == written[1]
    rows = [msgspec.json.decode(line) for line in written[0].splitlines()]
    kinds = Counter(row["kind"] for row in rows)
    assert kinds["unit"] == len(units.load().named)
    assert kinds["suggestion"] == len(played(3, 2).suggestions)
    assert rows[-1]["body"] == played(3, 2).suggestions[-1].body


def test_another_seed_gives_other_texts() -> None:
    """Titles repeat, as in life."""
    bodies = [{one.body for one in played(seed).suggestions} for seed in (1, 2)]
    assert len(bodies[0] & bodies[1]) < len(bodies[0]) / 100


def test_fewer_years_are_the_beginning_of_more() -> None:
    """So what was measured on two years stands in four."""
    two = played(3, 2).suggestions
    assert played(3).suggestions[: len(two)] == two


@ONE_FOR_EACH
@given(seed=SEEDS)
def test_the_years_of_a_district_are_as_many_suggestions_as_one_makes(seed: int) -> None:
    """A neighbourhood of the 341 that one district had in a year."""
    counts = Counter(one.year for one in played(seed).suggestions)
    assert sorted(counts) == [1, 2, 3, 4]
    assert all(335 <= count <= 355 for count in counts.values())
    assert len(by_id(seed)) == counts.total()


@ONE_FOR_EACH
@given(seed=SEEDS)
def test_one_raised_again_is_later_than_each_it_repeats(seed: int) -> None:
    """In another year, of the same matter and locality, and no earlier one is left out."""
    earlier: dict[tuple[str, str], list[str]] = {}
    for one in played(seed).suggestions:
        topic = (one.matter, one.locality)
        assert list(one.same_matter_as) == earlier.get(topic, [])
        assert (one.wording == "first") is (not one.same_matter_as)
        for same in (by_id(seed)[other] for other in one.same_matter_as):
            assert same.year < one.year
            assert same.submitted_on < one.submitted_on
            if one.wording == "far":
                assert not set(same.voices) & set(one.voices)
        earlier.setdefault(topic, []).append(one.id)
    far, near = (len(raised_again(played(seed), wording)) for wording in ("far", "near"))
    assert 0.55 < far / (far + near) < 0.8


@ONE_FOR_EACH
@given(seed=SEEDS)
def test_a_suggestion_names_its_locality_and_no_other_matter_has_its_text(seed: int) -> None:
    """Where two towns have the name, with the town."""
    known = {one.id: one for one in localities.load()}
    topics: dict[str, tuple[str, str]] = {}
    for one in played(seed).suggestions:
        locality = known[one.locality]
        name = locality.name if locality.unique else locality.full_name
        assert name in one.body, one.body
        assert not set("[]{}|") & set(one.title + one.body), one.body
        topic = (one.matter, one.locality)
        assert topics.setdefault(one.body, topic) == topic


@ONE_FOR_EACH
@given(seed=SEEDS)
def test_the_days_of_a_life_follow_each_other(seed: int) -> None:
    """Written, submitted, assigned, signed for, contacted, answered, rated."""
    for one in played(seed).suggestions:
        assert one.written_on <= one.submitted_on < one.assignments[0].assigned_on
        assert all(row.assigned_on <= row.signed_for_on for row in one.assignments)
        begun = one.assignments[-1].assigned_on
        first = one.answers[0]
        assert begun < first.answered_on
        assert all(begun < row.on <= first.answered_on for row in one.contacts)
        assert all(begun < row.given_on <= first.answered_on for row in one.co_opinions)
        for answer in one.answers:
            assert answer.late is (answer.answered_on > answer.due_on)
            assert all(row.on is None or row.on > answer.answered_on for row in answer.ratings)
            assert [row.deputy for row in answer.ratings] == [one.deputy, *one.cosigners]
            if answer.promise:
                assert answer.promise.due_on > answer.answered_on
        for answer, again in pairwise(one.answers):
            assert answer.ratings[0].result == "dissatisfied"
            assert answer.answered_on < again.answered_on


@ONE_FOR_EACH
@given(seed=SEEDS)
def test_a_promise_ends_as_its_label_says(seed: int) -> None:
    """And each of the three happens."""
    promises = [
        answer.promise
        for one in played(seed).suggestions
        for answer in one.answers
        if answer.promise
    ]
    for promise in promises:
        assert (promise.settled_on is None) is (promise.outcome == "broken")
        if promise.settled_on:
            assert (promise.settled_on > promise.due_on) is (promise.outcome == "late")
    assert set(Counter(promise.outcome for promise in promises)) == {"kept", "late", "broken"}


@ONE_FOR_EACH
@given(seed=SEEDS)
def test_one_given_back_goes_to_the_unit_that_was_named(seed: int) -> None:
    """The last one has it, and none of the others was right."""
    names = {unit.id: unit.name for unit in played(seed).units}
    given_back = 0
    for one in played(seed).suggestions:
        *wrong, right = one.assignments
        assert right.unit == one.lead
        assert right.returned_on is None
        assert one.lead not in one.co_units
        for row, after in pairwise(one.assignments):
            assert row.unit not in (one.lead, row.names)
            assert row.names == after.unit
            assert names[row.names] in row.reason
            assert row.returned_on is not None
            assert row.signed_for_on < row.returned_on < after.assigned_on
        given_back += bool(wrong)
    assert 0.05 < given_back / len(by_id(seed)) < 0.15


@ONE_FOR_EACH
@given(seed=SEEDS)
def test_a_unit_acts_only_while_it_stands(seed: int) -> None:
    """Former ones until the reform, those that took over afterwards."""
    register = units.load()
    former = {unit.id: unit.became for unit in register.named.values() if unit.became}
    for one in played(seed).suggestions:
        acting = {one.lead, *one.co_units, *(row.unit for row in one.assignments)}
        gone = set(former) if one.year >= units.REFORMED_IN else set(former.values())
        assert not acting & gone
        assert one.lead_today == former.get(one.lead, one.lead)


def content(one: Suggestion) -> set[str]:
    """Pairs of characters of its text, without those of its locality's and town's names."""
    known = {row.id: row for row in localities.load()}[one.locality]
    text = one.body.replace(known.full_name, "").replace(known.name, "")
    return {"".join(pair) for pair in pairwise(text.replace(known.town_name, ""))}


def test_two_thirds_of_those_raised_again_have_few_words_in_common_with_the_earlier_one() -> None:
    """Beside the matter's and the locality's: they share less than a third of what one in the
    same voice shares.
    """
    shares: dict[str, float] = {}
    for wording in ("far", "near"):
        shared = []
        for one in raised_again(played(1), wording):
            ours, theirs = content(one), content(by_id(1)[one.same_matter_as[-1]])
            shared.append(len(ours & theirs) / min(len(ours), len(theirs)))
        shares[wording] = median(shared)
    assert shares["far"] < 0.12
    assert shares["far"] < shares["near"] / 3


def ways(matter: Matter) -> Iterator[tuple[str, int]]:
    """In how many ways a matter's problem, cause and request are said, synonyms left aside."""
    said_so = [matter.wording[voice] for voice in VOICES]
    yield "problem", sum(prod(map(wordings, one.problems)) for one in said_so)
    yield "cause", sum(wordings(one.cause) for one in said_so)
    yield "request", sum(prod(map(wordings, one.requests)) for one in said_so)


def test_there_are_as_many_matters_and_wordings_as_a_district_has() -> None:
    """Eighty in twelve fields, twelve wordings of each problem, cause and request."""
    known = matters.load()
    assert len({matter.id for matter in known}) == len(known) >= 80
    assert len({matter.field for matter in known}) >= 12
    few = [(matter.id, part) for matter in known for part, count in ways(matter) if count < 12]
    assert few == []


def test_every_unit_of_a_matter_is_known() -> None:
    """So is the kind of locality that it is about; and no two localities are one."""
    register, kinds = units.load().named, {one.kind for one in localities.load()}
    assert len({one.id for one in localities.load()}) == len(localities.load())
    for matter in matters.load():
        named = {matter.lead, matter.outside, *matter.co, *matter.wrong}
        named |= {matter.other} if matter.other else set()
        assert named - {"town"} <= set(register), matter.id
        assert matter.at in kinds


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        ("2023-01-31", 1, "2023-02-28"),
        ("2022-11-30", 3, "2023-02-28"),
        ("2024-02-08", 3, "2024-05-08"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_month_s_last(
    day: str, months: int, due: str
) -> None:
    """As the Civil Code counts."""
    days = Calendar(working_days.load())
    assert days.months_later(date.fromisoformat(day), months) == date.fromisoformat(due)


@given(st.randoms(use_true_random=False), st.integers(2, 5000), st.integers(0, 5000))
def test_a_number_lies_within_its_bounds(drawn: random.Random, least: int, more: int) -> None:
    """Round or not."""
    assert least <= int(said(f"{{{least}-{least + more}}}", drawn, {})) <= least + more
