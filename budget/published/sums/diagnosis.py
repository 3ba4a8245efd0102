"""Which cell is wrong, where several sums do not hold. Pure.

A wrong figure breaks every sum it is in, and all of them ask for one and the same other figure.
The cell that explains most broken sums and would break no right one is named; one sum alone leaves
it open, then a slip of the pen speaks for a cell, else the total is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from budget.published.records import Figure
from budget.published.sums.equations import Equation, Known, Ref

_MOST_PASSES = 20
"""Corrections that follow from one another; a table that needs more was not understood."""
_SAYING = 5
"""Parts of a rank by which cells differ, before their order in the files."""
_POWERS = tuple(10**n for n in (1, 2, 3, 4, 6, 8))


@dataclass(frozen=True, slots=True)
class Finding:
    """A wrong figure: what it should be in fen, and the sums that ask for it. Where it is not
    certain, the whole of a sum is named and one of its parts may be wrong instead.
    """

    ref: Ref
    says: int | None
    should: int
    equations: tuple[Equation, ...]
    is_certain: bool = True


def findings_of(equations: Sequence[Equation], known: Known) -> list[Finding]:
    """The fewest wrong figures that explain every sum that does not hold."""
    figures, found = dict(known), list[Finding]()
    settled = set[Ref]()
    sums = [one for one in equations if not one.is_limit]
    at: dict[Ref, list[Equation]] = {}
    for one in equations:
        for ref in one.refs:
            at.setdefault(ref, []).append(one)
    for _ in range(_MOST_PASSES):
        broken = [one for one in sums if not one.holds(figures)]
        candidates = [one for one in _candidates(broken, at, figures) if one.ref not in settled]
        certain = _apart(_certain(candidates), at)
        if not certain:
            break
        for best in certain:
            settled.add(best.ref)
            old = known.get(best.ref)
            figures[best.ref] = Figure(best.should, old.step if old is not None else 0)
            says = old.fen if old is not None else None
            found.append(Finding(best.ref, says, best.should, best.fixes))
    found += _open([one for one in sums if not one.holds(figures)], figures, known)
    found += _limits(equations, figures, settled)
    return found


def _open(broken: Sequence[Equation], known: Known, written: Known) -> Iterator[Finding]:
    """Sums of which nothing tells the wrong figure: their wholes are named."""
    asked: dict[tuple[Ref, int], list[Equation]] = {}
    for one in broken:
        says = known[one.whole].fen if one.whole in known else 0
        asked.setdefault((one.whole, says - one.residual(known)), []).append(one)
    for (ref, should), of in asked.items():
        stated = written[ref].fen if ref in written else None
        yield Finding(ref, stated, should, tuple(of), is_certain=False)


@dataclass(frozen=True, slots=True)
class _Candidate:
    ref: Ref
    should: int
    fixes: tuple[Equation, ...]
    rank: tuple[int, ...]


def _certain(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Those that explain more than they break, and better than every other cell does."""
    by_sum: dict[int, list[_Candidate]] = {}
    for one in candidates:
        for fixed in one.fixes:
            by_sum.setdefault(id(fixed), []).append(one)
    return [
        one
        for one in candidates
        if one.rank[0] > 0
        and not any(
            rival.ref != one.ref and rival.rank[:_SAYING] >= one.rank[:_SAYING]
            for fixed in one.fixes
            for rival in by_sum[id(fixed)]
        )
    ]


def _apart(
    candidates: Sequence[_Candidate], at: Mapping[Ref, Sequence[Equation]]
) -> list[_Candidate]:
    """The best of candidates that have no sum in common: one changes nothing for another."""
    found, touched = list[_Candidate](), set[int]()
    for one in sorted(candidates, key=lambda one: one.rank, reverse=True):
        own = {id(equation) for equation in at[one.ref]}
        if not own & touched:
            touched |= own
            found.append(one)
    return found


def _candidates(
    broken: Sequence[Equation], at: dict[Ref, list[Equation]], known: Known
) -> Iterator[_Candidate]:
    for ref in dict.fromkeys(ref for one in broken for ref in one.refs):
        says = known[ref].fen if ref in known else 0
        wanted = {
            says - one.residual(known) * one.sign_of(ref): one
            for one in sorted(at[ref], key=lambda one: -one.tolerance(known))
            if not (one.is_limit or one.holds(known))
        }
        for should in wanted:
            figures = {**_only(at[ref], known), ref: Figure(should, _step(ref, known))}
            fixes = [one for one in at[ref] if not one.holds(known) and one.holds(figures)]
            harms = [one for one in at[ref] if one.holds(known) and not one.holds(figures)]
            harms = [one for one in harms if not one.is_limit]
            rank = (
                sum(not one.is_limit for one in fixes) - len(harms),
                -len(harms),
                sum(one.is_limit for one in fixes),
                _slip(says, should, known[ref].step) if ref in known else -1,
                any(one.whole == ref for one in fixes),
                -ref[0],
                -ref[1],
                -ref[2],
            )
            yield _Candidate(ref, should, tuple(fixes), rank)


def _only(equations: Sequence[Equation], known: Known) -> dict[Ref, Figure]:
    """The figures of some sums."""
    return {ref: known[ref] for one in equations for ref in one.refs if ref in known}


def _step(ref: Ref, known: Known) -> int:
    return known[ref].step if ref in known else 0


def _slip(says: int, should: int, step: int) -> int:
    """How much a figure looks like a slip of another: 2 for a wrong power of ten, as 元 in a table
    of 万元 are, 1 for digits that changed their order.
    """
    if not says or not should:
        return 0
    for power in _POWERS:
        if abs(says - should * power) <= step * power or abs(should - says * power) <= step:
            return 2
    one, other = str(abs(says)), str(abs(should))
    differ = [n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    swapped = len(one) == len(other) and len(differ) == 2 and differ[1] == differ[0] + 1
    return int(swapped and sorted(one) == sorted(other))


def _limits(equations: Sequence[Equation], known: Known, settled: set[Ref]) -> Iterator[Finding]:
    """Figures over their limit, where no wrong figure explains it."""
    for one in equations:
        if one.is_limit and not one.holds(known) and not settled & set(one.refs):
            says = known[one.whole].fen
            yield Finding(one.whole, says, says - one.residual(known), (one,))
