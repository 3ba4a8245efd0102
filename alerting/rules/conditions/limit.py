"""A level of a rule: its limit, how long it must be passed, and what ends it."""

from __future__ import annotations

from dataclasses import dataclass

from alerting.alert import Level


@dataclass(frozen=True, slots=True)
class Limit:
    """One level of a rule. Limits are in the unit of what the rule looks at; NaN-free; times in
    ms.

    ``sign`` is +1 where the level lies above its limit and -1 where it lies below, so that
    ``sign * value > sign * limit`` means beyond. An absence has no limit (None).
    """

    level: Level
    limit: float | None
    sign: int
    for_ms: int
    clear_limit: float | None
    clear_for_ms: int
    basis: str = ""
    """The standard and class behind the limit, in words for people."""
