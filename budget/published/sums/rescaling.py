"""A table in another unit than it says: 元 under the words 单位：万元. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from budget.published.records import Figure, PublishedTable
from budget.published.sums.equations import Equation, Known

_FACTORS = (Fraction(10_000), Fraction(1, 10_000), Fraction(1000), Fraction(1, 1000))
"""Between 元, 千元 and 万元."""


def rescaled(
    tables: Sequence[PublishedTable],
    inside: Sequence[Equation],
    between: Sequence[Equation],
    known: Known,
) -> tuple[list[int], Known]:
    """The number of a table that disagrees with the others by one and the same power of ten, if
    there is one, and all figures as they are meant. Its own sums agree, or a figure is wrong and
    not the unit. One whose unit is not written is tried first.
    """
    order = sorted(range(len(tables)), key=lambda n: tables[n].unit_from != "assumed")
    for number in order:
        own = [one for one in between if any(ref[0] == number for ref in one.refs)]
        own = [one for one in own if all(ref in known for ref in one.refs)]
        filled = [one for one in own if known[one.whole].fen]
        wrong = [one for one in filled if not one.holds(known)]
        if not wrong:
            continue
        suspects = {ref for one in wrong for ref in one.refs if ref[0] == number}
        sums = [one for one in inside if suspects & set(one.refs)]
        for factor in _FACTORS:
            other = {
                ref: _times(figure, factor) if ref[0] == number else figure
                for ref, figure in known.items()
            }
            if all(one.holds(other) for one in (*own, *sums)):
                return [number], other
    return [], known


def _times(figure: Figure, factor: Fraction) -> Figure:
    return Figure(round(figure.fen * factor), round(max(figure.step, 1) * factor) or 1)
