"""Checks between tables that belong together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.platforms.budget.published.equations import Equation, Known, Ref
from api.platforms.budget.published.kinds import Checks, Crossing, Lines
from api.platforms.budget.published.picking import Picking
from api.platforms.budget.published.records import Deferred


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
    own = picking.refs(crossing.figure)
    if own is None:
        return None
    others = [crossing.most] if crossing.most else list(crossing.equal)
    found = [(figure, refs) for figure in others if (refs := picking.refs(figure)) is not None]
    if not found:
        return Deferred(crossing.id, kind, "no-table", others[0].partition("/")[0])
    against = [ref for _, refs in found for ref in refs if ref in known]
    if not own or own[0] not in known or not against:
        if crossing.most:  # nobody need spend on each item
            return None
        missing = kind if not own else found[0][0].partition("/")[0]
        return Deferred(crossing.id, kind, "no-line", missing)
    if crossing.most:
        return Equation(crossing.id, own[0], ((against[0], 1),), is_limit=True)
    return _best(crossing.id, [ref for ref in own if ref in known], against, known)


def _best(check: str, own: Sequence[Ref], against: Sequence[Ref], known: Known) -> Equation:
    """The pair that agrees, else the likeliest one: with or without money carried over a table
    may mean either total of another.
    """
    pairs = [Equation(check, ref, ((other, 1),)) for ref in own for other in against]
    return next((one for one in pairs if one.holds(known)), pairs[0])


def _lines(picking: Picking, rule: Lines, known: Known) -> Iterator[Equation]:
    """Lines are compared with those of the first table whose total shows it to be of the same
    money.
    """
    own = picking.lines(rule.of)
    name = rule.of.partition("/")[2]
    for other in rule.against:
        figure = other if "/" in other else f"{other}/total"
        theirs = picking.lines(figure)
        shared = [key for key in own if key in theirs and not own[key] == theirs[key]]
        if not shared or not _is_same_money(picking, rule.of, figure, name, known):
            continue
        pairs = dict.fromkeys((own[key], theirs[key]) for key in shared)
        for left, right in pairs:
            yield Equation(rule.id, left, ((right, 1),))
        return


def _is_same_money(
    picking: Picking, figure: str, other: str, name: str, known: Known
) -> bool:
    """Whether any total of one table is one of the other; of the two sides of a table of income
    and expense either may be the one that is wrong.
    """
    kind = figure.partition("/")[0]
    figures = [figure]
    if name in ("income", "expense"):
        figures = [f"{kind}/income", f"{kind}/expense"]
    own = [ref for one in figures for ref in picking.refs(one) or () if ref in known]
    theirs = [ref for ref in picking.refs(other) or () if ref in known]
    return any(
        Equation("", ref, ((one, 1),)).holds(known)
        for ref in own
        for one in theirs
        if known[ref].fen
    )
