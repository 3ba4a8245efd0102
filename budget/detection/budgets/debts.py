"""Government debt beyond its limit, and tables of it that do not add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Break:
    """A balance that is given as ``says_cents`` and would be ``should_cents``."""

    debt: Debt
    figure: Figure
    says_cents: int
    should_cents: int

    @property
    def difference_cents(self) -> int:
        """Without its sign."""
        return abs(self.says_cents - self.should_cents)


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
    for of in breaks(books.debts, by):
        facts = {"figure": of.figure, "says_cents": of.says_cents, "should_cents": of.should_cents}
        facts |= {"difference_cents": of.difference_cents}
        yield _question(of.debt, of.figure, of.difference_cents, facts)


def breaks(given: Sequence[Debt], by: Parameters) -> Iterator[Break]:
    """Every balance that the other figures contradict."""
    debts = _in_order(given)
    ends: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)
    for of in debts:
        ends[*_named(of), of.year].add(of.end_cents)
    for of in debts:
        should = of.beginning_cents + of.issued_cents - of.repaid_cents
        found = [Break(of, "end", of.end_cents, should)]
        before = ends.get((*_named(of), of.year - 1), set())
        # Where the year before is there twice, nobody can say which of them goes on.
        if len(before) == 1:
            found.append(Break(of, "beginning", of.beginning_cents, min(before)))
        yield from (one for one in found if one.difference_cents >= max(1, by.at_least_cents))


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
