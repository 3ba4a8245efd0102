"""A rule as programs read it."""

from __future__ import annotations

from typing import Any

import msgspec
from pydantic import BaseModel

from api.deadlines.kept.rulebook import Held
from api.deadlines.rules.records import Standing, standing_of


class RuleState(BaseModel):
    """A rule as it holds; ``version`` 0 is that of a file. ``rule`` has the fields of the data."""

    id: str
    version: int
    standing: Standing
    mark: str
    basis: str
    rule: dict[str, Any]


def rule_state(held: Held) -> RuleState:
    """The state of a rule."""
    return RuleState(
        id=held.rule.id,
        version=held.version,
        standing=standing_of(held.rule),
        mark=held.rule.code,
        basis=held.basis,
        rule=msgspec.to_builtins(held.rule),
    )
