"""Findings as sentences for people, out of the words of the platform."""

from __future__ import annotations

from collections.abc import Mapping

from budget.detection.records import Fact, Finding
from config.catalogue.words import Words

_KEY = "budget.finding."
_FACT = "budget.fact."
_MONEY = "_cents"


def sentence(words: Words, finding: Finding) -> str:
    """The question that a finding is, by the key ``budget.finding.{kind}``. Facts stand in it
    under their names, money under its name without ``_cents`` too; a fact that has words of its
    own, as ``budget.fact.basis.invoice``, stands there in them.
    """
    values = {"cents": finding.cents, "money_cents": finding.cents, **finding.facts}
    return words(_KEY + finding.kind, **_shown(words, values))


def yuan(cents: int) -> str:
    """Whole fen as yuan with two decimals."""
    sign, whole = "-" if cents < 0 else "", abs(cents)
    return f"{sign}{whole // 100:,}.{whole % 100:02}"


def _shown(words: Words, facts: Mapping[str, Fact]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in facts.items():
        if name.endswith(_MONEY) and isinstance(value, int):
            found[name] = found[name.removesuffix(_MONEY)] = yuan(value)
        else:
            found[name] = words.texts.get(f"{_FACT}{name}.{value}", value)
    return found
