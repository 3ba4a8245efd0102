"""Low counts stay hidden whatever anybody reckons from the counts and totals that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from api.platforms.judicial.low_counts import LEAST, Cells, Shown, side_by_side, two_way
from tests.conftest import examples

Key = tuple[int, int, int]
SIZES = st.tuples(st.integers(1, 4), st.integers(1, 4))
COUNTS = st.one_of(st.integers(0, 4), st.integers(0, 12), st.integers(5, 60))
TABLES = SIZES.flatmap(
    lambda of: st.lists(
        st.lists(COUNTS, min_size=of[1], max_size=of[1]), min_size=of[0], max_size=of[0]
    )
)


def whole(cells: Cells) -> list[list[int]]:
    """With the totals that the table has in truth."""
    rows = [[*row, sum(row)] for row in cells]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


class Reader:
    """All that somebody can reckon from what is shown; of several tables the last rows are one."""

    def __init__(self, tables: Sequence[Shown]) -> None:
        self.names: dict[Key, int] = {}
        self.known: dict[int, int] = {}
        self.sums: list[Mapping[int, int]] = []
        for at, table in enumerate(tables):
            rows, columns = range(len(table)), range(len(table[0]))
            last = (rows[-1], columns[-1])
            names = {(row, of): self._name(at, row, of, last[0]) for row in rows for of in columns}
            for (row, column), name in names.items():
                if (value := table[row][column]) is not None:
                    self.known[name] = value
            self.sums += [
                {names[row, of]: -1 if of == last[1] else 1 for of in columns} for row in rows
            ]
            self.sums += [
                {names[row, of]: -1 if row == last[0] else 1 for row in rows} for of in columns
            ]

    def _name(self, table: int, row: int, column: int, last: int) -> int:
        key = (0, -1, column) if row == last else (table, row, column)
        return self.names.setdefault(key, len(self.names))

    def possible(self) -> Iterator[tuple[int, int, Key]]:
        """The least and the most that each hidden count can be, by linear programs."""
        equal = np.zeros((len(self.sums), len(self.names)))
        for at, of in enumerate(self.sums):
            for variable, sign in of.items():
                equal[at, variable] = sign
        bounds = [(self.known.get(of, 0), self.known.get(of)) for of in range(len(self.names))]
        for key, variable in self.names.items():
            if variable not in self.known:
                aim = np.zeros(len(self.names))
                aim[variable] = 1
                least, most = (
                    linprog(of, A_eq=equal, b_eq=np.zeros(len(self.sums)), bounds=bounds)
                    for of in (aim, -aim)
                )
                assert least.status == 0
                assert most.status in (0, 3)
                yield round(least.fun), round(-most.fun) if most.status == 0 else 10**6, key


def holds(tables: Sequence[Shown], truths: Sequence[Sequence[Sequence[int]]]) -> None:
    for table, truth in zip(tables, truths, strict=True):
        for shown, real in zip(table, truth, strict=True):
            assert all(of in (None, value) for of, value in zip(shown, real, strict=True))
            assert all(of is None or of >= LEAST for of in shown)
    for least, most, (at, row, column) in Reader(tables).possible():
        assert least < most, "it can be reckoned"
        if truths[at][row][column] < LEAST:
            assert least == 0
            assert most >= LEAST - 1


@settings(max_examples=examples(200))
@given(TABLES)
@example([[0, 0, 20]])
@example([[1, 1, 1, 1], [9, 9, 9, 9]])
@example([[12, 8, 0], [30, 30, 30]])
def test_given_a_table_then_no_hidden_count_can_be_reckoned(cells: Cells) -> None:
    holds([two_way(cells)], [whole(cells)])


@settings(max_examples=examples(120))
@given(TABLES, st.data())
def test_given_two_tables_of_the_same_things_then_neither_tells_what_the_other_hides(
    first: Cells, data: st.DataObject
) -> None:
    totals = [sum(column) for column in zip(*first, strict=True)]
    cut = [data.draw(st.integers(0, of)) for of in totals]
    second = [cut, [of - part for of, part in zip(totals, cut, strict=True)]]
    holds(side_by_side(first, second), [whole(first), whole(second)])


def test_given_no_low_count_then_nothing_is_hidden() -> None:
    cells = [[5, 60], [7, 8]]
    assert two_way(cells) == whole(cells)


def test_given_one_low_count_then_the_lowest_that_do_are_hidden_beside_it_and_no_total() -> None:
    cells = [[3, 9, 50], [8, 7, 60], [40, 50, 70]]
    assert two_way(cells) == [
        [None, None, 50, 62],
        [None, None, 60, 75],
        [40, 50, 70, 160],
        [51, 66, 180, 297],
    ]


def test_given_tables_of_other_things_then_they_are_refused() -> None:
    with pytest.raises(ValueError, match="same things"):
        side_by_side([[5]], [[6]])
