"""The rules that a district starts from: they fit it, and each shows by its own tests what it does."""

from __future__ import annotations

from pathlib import Path

import pytest

import config
from alerting.alert import Level
from alerting.backtest import rule_tests
from alerting.rules import documents
from config.catalogue.shapes import Catalogue

RULES = Path(config.__file__).parent / "data" / "rules" / "defaults.toml"


@pytest.mark.parametrize("result", rule_tests.tested(RULES), ids=lambda result: result.name)
def test_each_of_its_tests_holds(result: rule_tests.Result) -> None:
    """Run as `qingyuan rules test` does."""
    assert result.differs == ()


def test_every_rule_has_a_test() -> None:
    """Nobody need guess what a rule would do."""
    document = documents.document(RULES)

    assert {row["rule"] for row in document["test"]} == {row["id"] for row in document["rule"]}


def test_the_demonstration_district_could_take_them(catalogue: Catalogue) -> None:
    """Each finds stations there."""
    document = documents.document(RULES)

    loaded = documents.load(RULES, catalogue)

    assert [rule.id for rule in loaded] == [row["id"] for row in document["rule"]]


def test_what_deputies_hear_of_names_its_standard(catalogue: Catalogue) -> None:
    """But for sewage, which is told before it exceeds a limit."""
    unnamed = {
        rule.id
        for rule in documents.load(RULES, catalogue)
        for limit in rule.limits
        if rule.about == "pollution" and limit.level > Level.NOTICE and not limit.basis
    }

    assert unnamed == {"sewage-signature"}
