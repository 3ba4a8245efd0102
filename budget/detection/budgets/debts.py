"""Government debt beyond its limit, and tables of it that do not add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from budget.detection.books import Books, Debt
from budget.detection.budgets.matching.coding import bare, plain
from budget.detection.records import Question, RuleKind

Figure = Literal["beginning", "end"]
FIGURES: tuple[Figure, ...] = get_args(Figure)
GOVERNMENT = ""
"""The unit of a question about a debt: it is the whole government's."""


class Parameters(Struct, frozen=True, forbid_unknown_fields=True):
    """Differences below ``at_least_cents`` are those of rounding."""

    at_least_cents: Annotated[int, Meta(ge=0)]


def find_over(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each debt whose balance at the end of a year is beyond its limit
    (预算法第35条第3款).
    """
    for of in _in_order(books.debts):
        if of.limit_cents is None:
            continue
        beyond = of.end_cents - of.limit_cents
        if beyond > 0 and beyond >= by.at_least_cents:
            facts = {"end_cents": of.end_cents, "limit_cents": of.limit_cents}
            yield _question(of, "", beyond, {**facts, "beyond_cents": beyond})


def find_broken(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each balance at the end that is not beginning and issued less repaid, and for
    each one at the beginning that is not the end of the year before.
    """
    debts = _in_order(books.debts)
    ends: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)
    for of in debts:
        ends[*_named(of), of.year].add(of.end_cents)
    for of in debts:
        should = of.beginning_cents + of.issued_cents - of.repaid_cents
        yield from _broken(of, "end", of.end_cents, should, by)
        before = ends.get((*_named(of), of.year - 1), set())
        # Where the year before is there twice, nobody can say which of them goes on.
        if len(before) == 1:
            yield from _broken(of, "beginning", of.beginning_cents, min(before), by)


def _broken(
    of: Debt, figure: Figure, says: int, should: int, by: Parameters
) -> Iterator[Question]:
    difference = abs(says - should)
    if difference and difference >= by.at_least_cents:
        facts = {"figure": figure, "says_cents": says, "should_cents": should}
        yield _question(of, figure, difference, {**facts, "difference_cents": difference})


def _question(of: Debt, figure: str, cents: int, facts: Mapping[str, str | int]) -> Question:
    name = of.name or of.project
    parts = (str(of.year), plain(of.kind), bare(of.project or of.name), figure)
    return Question(
        grade=1,
        unit=GOVERNMENT,
        subject="/".join(part for part in parts if part),
        cents=cents,
        rows=(),
        facts={"year": of.year, "debt": f"{of.kind}（{name}）" if name else of.kind, **facts},
    )


def _named(of: Debt) -> tuple[str, str]:
    return plain(of.kind), bare(of.project or of.name)


def _in_order(debts: Sequence[Debt]) -> list[Debt]:
    return sorted(debts, key=lambda of: (of.year, *_named(of), of.end_cents, of.beginning_cents))


OVER = RuleKind(
    name="debt-over-limit",
    parameters=Parameters,
    needs=frozenset({"debts"}),
    find=find_over,
)
BROKEN = RuleKind(
    name="debt-does-not-add-up",
    parameters=Parameters,
    needs=frozenset({"debts"}),
    find=find_broken,
)
