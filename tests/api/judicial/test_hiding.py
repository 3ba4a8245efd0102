"""No hidden count can be derived exactly from all that is shown over time.

The oracle knows nothing of how counts are chosen: it is linear programming over everything that
anybody may have written down, all versions of all months. A count that stands in two places with
the same value (a pending one and the next month's old, a cell that a revision kept) is one unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from api.platforms.judicial.figures.records.hiding import Known, hidden
from api.platforms.judicial.figures.records.series import Month
from api.platforms.judicial.figures.records.templates import (
    FLOW,
    TOTAL,
    cell,
    month_after,
    month_before,
    templates,
)
from api.platforms.judicial.low_counts import LEAST
from tests.conftest import examples

PETITIONS = templates()["petitions"]
ROWS = tuple(PETITIONS.rows)
COUNT = st.sampled_from((0, 0, 1, 2, 3, 4, 5, 6, 9, 17, 40))
Given = Mapping[str, tuple[int, int]]
"""By row what is new, and how much of what could be closed stays pending."""

GIVEN: st.SearchStrategy[Given] = st.fixed_dictionaries(
    dict.fromkeys(ROWS, st.tuples(COUNT, COUNT))
)


def table(month: str, olds: Mapping[str, int], given: Given) -> Month:
    """A month that holds."""
    values: dict[str, int] = {}
    for row in ROWS:
        new, left = given[row]
        pending = min(left, olds[row] + new)
        flow = (olds[row], new, olds[row] + new - pending, pending)
        values |= {cell(row, of): count for of, count in zip(FLOW, flow, strict=True)}
    values |= {cell(TOTAL, of): sum(values[cell(row, of)] for row in ROWS) for of in FLOW}
    return Month(month, values)


@st.composite
def months(draw: st.DrawFn, most: int = 4) -> list[Month]:
    """Some months in a row, in which low counts are many."""
    olds, found, month = {row: draw(COUNT) for row in ROWS}, [], "2026-01"
    for _ in range(draw(st.integers(1, most))):
        found.append(table(month, olds, draw(GIVEN)))
        olds = {row: found[-1].values[cell(row, "pending")] for row in ROWS}
        month = month_after(month)
    return found


def decided(accepted: Sequence[Month]) -> list[Month]:
    """Versions with what is hidden of them, one after the other as they are accepted."""
    found: list[Month] = []
    for one in accepted:
        newest = {of.month: of for of in found}
        before, after = newest.get(month_before(one.month)), newest.get(month_after(one.month))
        known = Known(newest.get(one.month), before, after)
        found.append(replace(one, hidden=hidden(PETITIONS, one, known)))
    return found


Count = tuple[str, str, int]
"""A count by month, cell and value; what is old is what was pending a month before."""


def derived(versions: Sequence[Month]) -> Iterator[Count]:
    """Hidden counts that follow from all that is shown."""
    pairs = [(of, counts(of)) for of in versions]
    shown = {keys[of] for one, keys in pairs for of in keys if of not in one.hidden}
    hidden_ones = dict.fromkeys(key for _, keys in pairs for key in keys.values())
    at = {key: number for number, key in enumerate(of for of in hidden_ones if of not in shown)}
    lines, right = [], []
    for of, keys in pairs:
        for names, signs in equations():
            line, known = np.zeros(len(at)), 0
            for name, sign in zip(names, signs, strict=True):
                if keys[name] in at:
                    line[at[keys[name]]] += sign
                else:
                    known += sign * of.values[name]
            lines.append(line)
            right.append(-known)
    for key, number in at.items():
        least, most = (end(number, sign, lines, right) for sign in (1, -1))
        if most - least < 0.5:
            yield key


def counts(of: Month) -> Mapping[str, Count]:
    """Each cell of a month as the one unknown that it is."""
    found = {}
    for name, count in of.values.items():
        row, _, column = name.partition(".")
        same = (month_before(of.month), cell(row, "pending"), count)
        found[name] = same if column == "old" else (of.month, name, count)
    return found


def end(
    number: int, sign: int, lines: Sequence[np.ndarray[Any, Any]], right: Sequence[int]
) -> float:
    """The least or the greatest that an unknown can be."""
    aim = np.zeros(len(lines[0]))
    aim[number] = sign
    found = linprog(aim, A_eq=np.array(lines), b_eq=right, bounds=(0, 10_000))
    assert found.status == 0, found.message
    return float(sign * found.fun)


def equations() -> Iterator[tuple[Sequence[str], Sequence[int]]]:
    """The sums of a table: names of cells and their signs."""
    for row in PETITIONS.lines:
        yield [cell(row, of) for of in FLOW], (1, 1, -1, -1)
    for column in FLOW:
        yield [cell(row, column) for row in PETITIONS.lines], (*([1] * len(ROWS)), -1)


def test_the_oracle_derives_what_a_single_hidden_count_leaves_open() -> None:
    """Low counts alone are hidden, as one would who does not think of sums."""
    one = table("2026-01", dict.fromkeys(ROWS, 9), dict.fromkeys(ROWS, (20, 8)))
    given_rows = dict.fromkeys(ROWS, (20, 8)) | {"visits": (20, 3)}
    low = table("2026-01", dict.fromkeys(ROWS, 9), given_rows)
    assert list(derived([one])) == []
    naive = frozenset(name for name, count in low.values.items() if count < LEAST)
    assert naive == {"visits.pending"}
    assert list(derived([replace(low, hidden=naive)])) == [("2026-01", "visits.pending", 3)]


@settings(max_examples=examples(40), deadline=None)
@given(months())
def test_no_hidden_count_is_derived_from_months_that_follow_each_other(of: list[Month]) -> None:
    versions = decided(of)
    for one in versions:
        low = {name for name, count in one.values.items() if count < LEAST}
        assert low <= one.hidden
    assert list(derived(versions)) == []


@settings(max_examples=examples(25), deadline=None)
@given(months(3).flatmap(st.permutations))
def test_nor_where_months_are_accepted_in_another_order(of: list[Month]) -> None:
    assert list(derived(decided(of))) == []


@settings(max_examples=examples(25), deadline=None)
@given(months(2), st.data())
def test_nor_from_a_month_before_and_after_its_revision(
    of: list[Month], data: st.DataObject
) -> None:
    last = of[-1]
    olds = {row: last.values[cell(row, "old")] for row in ROWS}
    again = table(last.month, olds, data.draw(GIVEN))
    next_olds = {row: again.values[cell(row, "pending")] for row in ROWS}
    then = table(month_after(last.month), next_olds, data.draw(GIVEN))
    assert list(derived(decided([*of, again, then]))) == []


def test_where_no_count_is_low_nothing_is_hidden() -> None:
    one = table("2026-01", dict.fromkeys(ROWS, 20), dict.fromkeys(ROWS, (30, 12)))
    assert decided([one])[0].hidden == frozenset()
    assert hidden(templates()["court"], one, Known()) == frozenset()
