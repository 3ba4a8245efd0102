"""Rules that stay silent where the standard is exceeded. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from alerting.rules.registry import kind_of
from alerting.rules.rule import Rule
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import day_of


@dataclass(frozen=True, slots=True)
class Laxity:
    """The first level of a draft lies beyond the ``limit`` of the standard at the ``stations``,
    both told as the draft's kind does.
    """

    stations: tuple[str, ...]
    limit: float
    drafted: float


def laxities(before: Rule, draft: Rule, catalogue: Catalogue, now_ms: int) -> list[Laxity]:
    """Where a draft is laxer than the version that it follows, and than the standard of the day
    from which on it holds.
    """
    on, kind = date.fromisoformat(day_of(max(now_ms, draft.valid_from_ms))), kind_of(draft)
    found: dict[tuple[float, float], list[str]] = {}
    for target in draft.targets(catalogue):
        limit = kind.standard_limit(draft, target, on)
        first, known = (kind.first_limit(rule, target) for rule in (draft, before))
        if limit is None or first is None or known is None:
            continue
        sign = draft.limits[0].sign
        if sign * first > max(sign * limit, sign * known):
            found.setdefault((limit, first), []).append(target.station.id)
    return [Laxity(tuple(names), *figures) for figures, names in found.items()]
