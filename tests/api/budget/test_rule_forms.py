"""The form of every rule of the product: what nobody changed is read back as it was."""

from __future__ import annotations

import pytest

from api.platforms.budget.rules.records.parts import Field, leaves, parts
from api.platforms.budget.rules.records.reading import Unfit, read, same, written
from budget.detection.documents import load
from budget.detection.records import RuleDocument

RULES = load()


@pytest.mark.parametrize("rule", RULES, ids=[of.id for of in RULES])
def test_given_a_form_that_nobody_changed_then_the_rule_is_the_same(rule: RuleDocument) -> None:
    """Money, shares, words, things under keys and lists of things alike."""
    assert same(read(rule, written(rule)), rule)


@pytest.mark.parametrize("rule", RULES, ids=[of.id for of in RULES])
def test_given_figures_that_are_none_then_every_one_of_them_is_named(rule: RuleDocument) -> None:
    """All at once, each by its path; letters, nothing, and below every limit."""
    fields = [of for of in leaves(parts(rule, written(rule))) if of.control == "figure"]
    for text in ("many", "", "NaN", "1e99", "-1"):
        changed = {of.path: (text,) for of in fields if _filled(rule, of)}
        if not changed:
            continue
        with pytest.raises(Unfit) as refused:
            read(rule, {**written(rule), **changed})
        assert {of.where for of in refused.value.faults} >= set(changed)


def _filled(rule: RuleDocument, of: Field) -> bool:
    """Whether it is no field of the empty row."""
    return of.path in written(rule)


def test_money_is_exact_between_fen_and_yuan() -> None:
    """A fen is never lost, and half of one is refused."""
    rule = next(of for of in RULES if of.id == "over-indicator")
    path = "parameters.beyond_cents"
    typed = {**written(rule), path: ("1,234.57",)}
    assert read(rule, typed).parameters["beyond_cents"] == 123_457
    assert written(read(rule, typed))[path] == ("1234.57",)
    with pytest.raises(Unfit):
        read(rule, {**typed, path: ("0.005",)})
