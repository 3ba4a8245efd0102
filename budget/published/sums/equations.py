"""Sums that must hold between figures of published tables. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from budget.published.records import Figure, Position, PublishedTable

Ref = tuple[int, int, int]
"""A figure: the number of its table among those that belong together, row (from 1) and column."""
Known = Mapping[Ref, Figure]


@dataclass(frozen=True, slots=True)
class Equation:
    """``whole`` is the sum of ``parts``, each with its sign; where ``is_limit`` it is that sum at
    most. ``check`` is the id of the check that it makes.
    """

    check: str
    whole: Ref
    parts: tuple[tuple[Ref, int], ...]
    is_limit: bool = False

    def residual(self, known: Known) -> int:
        """The fen by which the whole is more than its parts."""
        made = sum(sign * known[ref].fen for ref, sign in self.parts if ref in known)
        return (known[self.whole].fen if self.whole in known else 0) - made

    def tolerance(self, known: Known) -> int:
        """Twice the fen by which roundings may miss: half a step for each figure that is not 0."""
        refs = [self.whole, *(ref for ref, _ in self.parts)]
        return sum(known[ref].step for ref in refs if ref in known and known[ref].fen)

    def holds(self, known: Known) -> bool:
        """Whether it is true, but for roundings."""
        residual = self.residual(known)
        if self.is_limit and residual < 0:
            return True
        return abs(residual) * 2 <= self.tolerance(known)

    def is_filled(self, known: Known) -> bool:
        """Whether any of its figures is there."""
        return self.whole in known or any(ref in known for ref, _ in self.parts)

    @property
    def refs(self) -> tuple[Ref, ...]:
        """All of its figures."""
        return (self.whole, *(ref for ref, _ in self.parts))

    def sign_of(self, ref: Ref) -> int:
        """The sign with which a figure stands in the residual."""
        return 1 if ref == self.whole else -next(sign for part, sign in self.parts if part == ref)


def sum_of(check: str, whole: Ref, parts: Iterable[Ref]) -> Equation:
    """A whole that is the sum of its parts."""
    return Equation(check, whole, tuple((ref, 1) for ref in parts))


def known_of(tables: Sequence[PublishedTable]) -> dict[Ref, Figure]:
    """Every figure of some tables."""
    return {
        (number, *position): figure
        for number, table in enumerate(tables)
        for position, figure in table.figures.items()
    }


def unreadable_of(tables: Sequence[PublishedTable]) -> frozenset[Ref]:
    """Cells that should hold a figure and do not."""
    return frozenset(
        (number, *position) for number, table in enumerate(tables) for position in table.wrong
    )


def position_of(ref: Ref) -> Position:
    """The cell of a figure in its table."""
    return ref[1], ref[2]
