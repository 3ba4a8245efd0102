"""Government debt beyond its limit, and tables of it that do not add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from budget.detection.books import Books, Debt
from budget.detection.budgets.matching.coding import bare, plain
from budget.detection.budgets.matching.rounding import last_decimal
from budget.detection.records import Question, RuleKind

Figure = Literal["beginning", "end"]
FIGURES: tuple[Figure, ...] = get_args(Figure)
Named = tuple[str, str, str]
"""Kind, area and project."""
HUNDREDTH_OF_YI = 100_000_000
"""Fen of a hundredth of 亿元, the last decimal of tables of debt in 亿元."""
_LEAST_FIGURES = 20
"""Fewer sums of a year may be round by chance."""
_ROUNDED = 2
"""Last decimals by which beginning, new and refinancing bonds, repaid and end may be off."""
_QUARTERS = 4
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
    """A question for each year and debt whose balance at an end is beyond its limit
    (预算法第35条第3款), about the end at which it is most.
    """
    steps = _steps(books.debts)
    worst: dict[tuple[int, Named], Debt] = {}
    for of in _in_order(books.debts):
        if _beyond(of) >= max(1, by.at_least_cents, steps[of.year]):
            known = worst.setdefault((of.year, _named(of)), of)
            worst[of.year, _named(of)] = max(known, of, key=_beyond)
    for of in worst.values():
        beyond = _beyond(of)
        facts = {"end_cents": of.end_cents, "limit_cents": of.end_cents - beyond}
        yield _question(of, "", beyond, {**facts, "beyond_cents": beyond})


def find_broken(books: Books, by: Parameters) -> Iterator[Question]:
    """A question for each balance at the end that is not beginning and issued less repaid, and for
    each one at the beginning that is not the end of the year or quarter before.
    """
    for of in breaks(books.debts, by):
        facts = {"figure": of.figure, "says_cents": of.says_cents, "should_cents": of.should_cents}
        facts |= {"difference_cents": of.difference_cents}
        yield _question(of.debt, of.figure, of.difference_cents, facts)


def breaks(given: Sequence[Debt], by: Parameters) -> Iterator[Break]:
    """Every balance that the other figures contradict. A beginning to which the row before adds
    up is right: there its end is asked about.
    """
    debts, steps = _in_order(given), _steps(given)
    rows: defaultdict[tuple[Named, int, int], list[Debt]] = defaultdict(list)
    for of in debts:
        rows[_named(of), of.year, of.quarter].append(of)
    for of in debts:
        step = steps[of.year]
        sums = Break(of, "end", of.end_cents, _should(of))
        if sums.difference_cents >= max(1, by.at_least_cents, (_ROUNDED + 1) * step):
            yield sums
        least = max(1, by.at_least_cents, step)
        before = _before(rows, of)
        # Where the period before is there twice, nobody can say which of them goes on.
        if len(before) == 1:
            goes_on = Break(of, "beginning", of.beginning_cents, before[0].end_cents)
            close = abs(_should(before[0]) - of.beginning_cents) <= _ROUNDED * step
            explained = close and _is_broken(before[0], by, step)
            if goes_on.difference_cents >= least and not explained and not _of_year(rows, of):
                yield goes_on


def _before(rows: Mapping[tuple[Named, int, int], list[Debt]], of: Debt) -> list[Debt]:
    """Rows of the year or quarter before. The first quarter follows the fourth, or a year."""
    name = _named(of)
    if of.quarter > 1:
        return rows.get((name, of.year, of.quarter - 1), [])
    whole = rows.get((name, of.year - 1, 0), [])
    return whole or rows.get((name, of.year - 1, _QUARTERS), [])


def _of_year(rows: Mapping[tuple[Named, int, int], list[Debt]], of: Debt) -> bool:
    """Whether a later quarter begins as the first one does: its figures are of the year so far."""
    first = rows.get((_named(of), of.year, 1), []) if of.quarter > 1 else []
    return any(one.beginning_cents == of.beginning_cents for one in first)


def _is_broken(of: Debt, by: Parameters, step: int) -> bool:
    return abs(of.end_cents - _should(of)) >= max(1, by.at_least_cents, (_ROUNDED + 1) * step)


def _should(of: Debt) -> int:
    return of.beginning_cents + of.issued_cents - of.repaid_cents


def _beyond(of: Debt) -> int:
    return 0 if of.limit_cents is None else of.end_cents - of.limit_cents


def _steps(debts: Sequence[Debt]) -> Mapping[int, int]:
    """The last decimal in fen that the figures of each year show, 1 where they are too few."""
    sums: defaultdict[int, list[int]] = defaultdict(list)
    for of in debts:
        cents = of.beginning_cents, of.issued_cents, of.repaid_cents, of.end_cents
        sums[of.year] += (one for one in cents if one)
    return {
        year: last_decimal(some, HUNDREDTH_OF_YI) if len(some) >= _LEAST_FIGURES else 1
        for year, some in sums.items()
    }


def _question(of: Debt, figure: str, cents: int, facts: Mapping[str, str | int]) -> Question:
    name = "，".join(part for part in (of.area, of.name or of.project) if part)
    quarter = str(of.quarter) if of.quarter and figure else ""
    parts = (str(of.year), quarter, plain(of.kind), *_named(of)[1:], figure)
    named = {"year": of.year, "quarter": of.quarter, "period": of.quarter}
    return Question(
        grade=1,
        unit=GOVERNMENT,
        subject="/".join(part for part in parts if part),
        cents=cents,
        rows=(),
        facts={**named, "debt": f"{of.kind}（{name}）" if name else of.kind, **facts},
    )


def _named(of: Debt) -> Named:
    return plain(of.kind), bare(of.area), bare(of.project or of.name)


def _in_order(debts: Sequence[Debt]) -> list[Debt]:
    return sorted(
        debts,
        key=lambda of: (of.year, *_named(of), of.quarter, of.end_cents, of.beginning_cents),
    )


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
