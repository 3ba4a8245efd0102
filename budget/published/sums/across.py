"""Checks between tables that belong together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from budget.published.kinds import Checks, Crossing, Lines
from budget.published.records import Deferred
from budget.published.sums.equations import Equation, Known
from budget.published.sums.picking import Picking, Sum


def equations_across(
    picking: Picking, known: Known, checks: Checks
) -> tuple[list[Equation], list[Deferred]]:
    """Sums that tables repeat, and the checks of which a table or a figure is missing."""
    equations, deferred = list[Equation](), list[Deferred]()
    for crossing in checks.crossings:
        found = _crossing(picking, crossing, known)
        if isinstance(found, Equation):
            equations.append(found)
        elif found is not None:
            deferred.append(found)
    for rule in checks.lines:
        equations += _lines(picking, rule, known)
    return equations, deferred


def _crossing(picking: Picking, crossing: Crossing, known: Known) -> Equation | Deferred | None:
    kind = crossing.figure.partition("/")[0]
    own = picking.sums(crossing.figure)
    if own is None:
        return None
    others = [crossing.most] if crossing.most else list(crossing.equal)
    found = [(figure, sums) for figure in others if (sums := picking.sums(figure)) is not None]
    mine = [one for one in own if all(ref in known for ref in one)]
    against = [one for _, sums in found for one in sums if all(ref in known for ref in one)]
    if not (found and mine and against):
        return _deferred(picking, crossing, is_found=bool(found), is_there=bool(mine))
    pairs = [_pair(crossing, one, other) for one in mine for other in against]
    if crossing.most:
        return pairs[0]
    less = [
        _pair(crossing, (*one, *carried), sums[0])
        for figure, sums in found
        for one in mine
        if sums and (carried := picking.carried(figure))
    ]
    likeliest = _likeliest(picking, kind, pairs, less)
    return next((one for one in (*pairs, *less) if one.holds(known)), likeliest)


def _deferred(
    picking: Picking, crossing: Crossing, *, is_found: bool, is_there: bool
) -> Deferred | None:
    """Why two tables cannot be compared; nobody need spend on an item that has a limit."""
    kind, _, _ = crossing.figure.partition("/")
    other, _, _ = (crossing.most or crossing.equal[0]).partition("/")
    if not is_found:
        return Deferred(crossing.id, kind, "no-table", other)
    if crossing.most:
        return None
    if not picking.is_filled(kind):
        return Deferred(crossing.id, kind, "empty")
    return Deferred(crossing.id, kind, "no-line", other if is_there else kind)


def _pair(crossing: Crossing, own: Sum, other: Sum) -> Equation:
    """The first figure is the others, less those that are added to it."""
    parts = (*((ref, 1) for ref in other), *((ref, -1) for ref in own[1:]))
    return Equation(crossing.id, own[0], parts, is_limit=bool(crossing.most))


def _likeliest(
    picking: Picking, kind: str, pairs: Sequence[Equation], less: Sequence[Equation]
) -> Equation:
    """Income that has columns for money carried over is with it, all else is of the year alone:
    where the other table has no total of the year, it is the total ``less`` what is carried over.
    """
    wants_year = not (kind == "income" and picking.carries(kind))
    of_year = [one for one in pairs if picking.is_of_year(one.parts[0][0]) == wants_year]
    return (of_year or (less if wants_year else ()) or pairs)[0]


def _lines(picking: Picking, rule: Lines, known: Known) -> Iterator[Equation]:
    """Lines are compared with those of the first table whose total shows it to be of the same
    money.
    """
    own = picking.lines(rule.of)
    name = rule.of.partition("/")[2]
    for other in rule.against:
        figure = other if "/" in other else f"{other}/total"
        theirs = picking.lines(figure)
        shared = [key for key in own if key in theirs and own[key] != theirs[key]]
        if not shared or not _is_same_money(picking, rule.of, figure, name, known):
            continue
        pairs = dict.fromkeys((own[key], theirs[key]) for key in shared)
        for left, right in pairs:
            yield Equation(rule.id, left, ((right, 1),))
        return


def _is_same_money(picking: Picking, figure: str, other: str, name: str, known: Known) -> bool:
    """Whether any total of one table is one of the other, or with what is carried on; of the two
    sides of a table of income and expense either may be the one that is wrong.
    """
    kind = figure.partition("/")[0]
    figures = [figure]
    if name in ("income", "expense"):
        figures = [f"{kind}/income", f"{kind}/expense"]
    own = [sums[0] for one in figures for sums in picking.sums(one) or () if sums[0] in known]
    theirs = [sums[0] for sums in picking.sums(other) or () if sums[0] in known]
    carried = [tuple((ref, 1) for ref in picking.carried(one)) for one in figures]
    return any(
        Equation("", ref, ((one, 1), *more)).holds(known)
        for ref in own
        for one in theirs
        for more in ((), *carried)
        if known[ref].fen
    )
