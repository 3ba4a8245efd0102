"""Nothing that is shown of an anonymous poll tells of fewer than five people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

import pytest

from api.ballots.box import GROUP
from api.ballots.questions import Condition, Form, Option, Question, Values
from api.ballots.results import Result, results
from tests.api.ballots.forms import question

Given = dict[str, Sequence[Values]]


def choice(options: int) -> Question:
    """A question with so many options."""
    found = tuple(Option(str(n), f"选项 {n}") for n in range(1, options + 1))
    return Question("q", "one", "总体评价", found)


def published(one: Question, table: tuple[int, ...]) -> tuple[object, ...]:
    """All that a reader sees of a question with so many answers of each option."""
    given = [(str(n),) for n, count in enumerate(table, 1) for _ in range(count)]
    (found,) = results(Form("", questions=(one,)), {"q": given}, anonymous=True)
    return (found.shown_to, *(cell.count for cell in found.cells))


def tables(options: int, total: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many people can choose."""
    for table in product(range(total + 1), repeat=options):
        if sum(table) == total:
            yield table


@pytest.mark.parametrize(("options", "most"), [(2, 48), (3, 44), (4, 16), (5, 12)])
def test_given_all_that_is_published_then_no_reader_can_reckon_a_small_count(
    options: int, most: int
) -> None:
    """Also not by taking what is shown from the whole, or by knowing how cells are hidden and which
    option few people choose: behind everything published lie tables that differ in each small
    cell, and in the smallest number.
    """
    one = choice(options)
    for total in range(GROUP, most + 1):
        behind: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
        for table in tables(options, total):
            behind[published(one, table)].append(table)
        for every in behind.values():
            smallest = {min(filter(None, table), default=0) for table in every}
            assert len(smallest) > 1 or not 0 < smallest.pop() < GROUP, every
            for cell in range(options):
                values = {table[cell] for table in every}
                assert len(values) > 1 or not 0 < values.pop() < GROUP, every


def test_given_many_options_then_neither_few_who_chose_one_nor_few_who_did_not_are_told() -> None:
    """Each option is an answer by itself."""
    given: list[Values] = [("1", "2")] * 20
    given += [("1",)] * 3
    given += [("1", "3")] * 10
    (found,) = results(Form("", questions=(question("q", "many"),)), {"q": given}, anonymous=True)
    assert [cell.count for cell in found.cells] == [33, 20, 10]
    given += [("2", "3")] * 4
    (found,) = results(Form("", questions=(question("q", "many"),)), {"q": given}, anonymous=True)
    assert [cell.count for cell in found.cells] == [None, 24, 14]


BRANCHED = Form(
    "问卷",
    questions=(question("a"), question("b", "text", condition=Condition("a", ("3",)))),
)


def branched(kinds: dict[str, int]) -> Result:
    """The texts of those who chose the third option."""
    answers: list[Values] = [(of,) for of, n in kinds.items() for _ in range(n)]
    texts: list[Values] = [(f"原因 {n}",) for n in range(kinds["3"])]
    return results(BRANCHED, {"a": answers, "b": texts}, anonymous=True)[1]


def test_given_a_branch_that_few_took_or_all_but_few_then_it_is_hidden() -> None:
    """The rest of the first question would tell of the few."""
    assert branched({"1": 30, "3": 4}).shown_to is None
    assert branched({"1": 3, "3": 40}).shown_to is None
    shown = branched({"1": 30, "3": 6})
    assert (shown.shown_to, len(shown.texts)) == (6, 6)


def test_given_few_answers_then_texts_means_and_orders_are_hidden_too() -> None:
    """A mean with all cells but one gives that one."""
    form = Form("", questions=(question("s", "scale"), question("r", "ranking")))
    few: Given = {"s": [("5",)] * 4, "r": [("1", "2", "3")] * 4}
    assert all(of.shown_to is None for of in results(form, few, anonymous=True))
    small: Given = {
        "s": [("5",)] * 20 + [("1",)] * 2,
        "r": [("1", "2", "3")] * 20 + [("3", "2", "1")] * 2,
    }
    scale, ranking = results(form, small, anonymous=True)
    assert (scale.mean, ranking.means) == (None, None)
    named, orders = results(form, small, anonymous=False)
    assert named.mean == pytest.approx(102 / 22)
    assert orders.means == pytest.approx({"1": 26 / 22, "2": 2, "3": 62 / 22})
    texts: Given = {"t": [("好",)] * 4 + [()] * 10}
    (found,) = results(
        Form("", questions=(question("t", "text", required=False),)), texts, anonymous=True
    )
    assert (found.shown_to, found.texts, found.texts_hidden) == (14, (), True)
