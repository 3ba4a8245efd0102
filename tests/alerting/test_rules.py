"""Loading rules: every fault at once, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerting.rules import documents
from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import FaultyInput

HEAD = """
[[rule]]
id = "r"
name = "n"
kind = "threshold"
indicator = "w21003"
reason = "because"
"""
LEVEL = '[[rule.level]]\nlevel = "alarm"\n'
BASELINE = HEAD.replace("threshold", "baseline")
TOGETHER = (
    HEAD.replace("threshold", "combined").replace('indicator = "w21003"\n', "")
    + '[[rule.condition]]\nindicator = "w21003"\nabove = 1.0\n'
)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (HEAD + LEVEL, "rules.toml: rule[1].level[1]"),
        (HEAD + LEVEL + "above = 1.0\nbelow = 0.5", "rules.toml: rule[1].level[1]"),
        (HEAD + LEVEL + 'above = 1.0\nfor = "3 s"', "rules.toml: rule[1].level[1].for"),
        (
            HEAD + LEVEL + "above = 1.0\nclear = { below = 2.0 }",
            "rules.toml: rule[1].level[1].clear",
        ),
        (
            HEAD + LEVEL + "above = 1.0\nclear = { above = 0.5 }",
            "rules.toml: rule[1].level[1].clear",
        ),
        (HEAD + LEVEL + 'above = "x"', "rules.toml: rule[1].level[0].above"),
        (HEAD + LEVEL + "above = 1.0\nextra = 1", "rules.toml: rule[1].level[0]"),
        (HEAD.replace("w21003", "w99") + LEVEL + "above = 1.0", "rules.toml: rule[1].indicator"),
        (HEAD.replace('id = "r"', 'id = "R!"') + LEVEL + "above = 1.0", "rules.toml: rule[1].id"),
        (
            HEAD + 'stations = { id = "x" }\n' + LEVEL + "above = 1.0",
            "rules.toml: rule[1].stations",
        ),
        ((HEAD + LEVEL + "above = 1.0") * 2, "rules.toml: rule[2].id"),
        (
            HEAD.replace("threshold", "absence") + LEVEL + 'for = "9s"',
            "rules.toml: rule[1].indicator",
        ),
        (HEAD + LEVEL + "above = nan", "rules.toml: rule[1].level[1].above"),
        (
            BASELINE + 'window = "36h"\n' + LEVEL + "above = 4.0",
            "rules.toml: rule[1].window",
        ),
        (BASELINE + 'window = "5d"\n' + LEVEL + "above = 4.0", "rules.toml: rule[1].window"),
        (
            BASELINE + 'cusum = { over = "90m" }\n' + LEVEL + "above = 4.0",
            "rules.toml: rule[1].cusum.over",
        ),
        (TOGETHER + LEVEL + "at_least = 2", "rules.toml: rule[1].level[1].at_least"),
        ("[[rule]\n", "rules.toml"),
    ],
)
def test_a_faulty_rule_is_named_by_its_place(
    tmp_path: Path, catalogue: Catalogue, text: str, where: str
) -> None:
    """And with a remedy."""
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")

    with pytest.raises(FaultyInput) as caught:
        documents.load(tmp_path / "rules.toml", catalogue)

    assert caught.value.faults[0].where == where
    assert "\n" not in str(caught.value)


def test_two_faulty_rules_are_both_named(tmp_path: Path, catalogue: Catalogue) -> None:
    """So that a person mends the file once."""
    text = HEAD + LEVEL + HEAD.replace('"r"', '"q"') + LEVEL
    (tmp_path / "rules.toml").write_text(text, encoding="utf-8")

    with pytest.raises(FaultyInput) as caught:
        documents.load(tmp_path / "rules.toml", catalogue)

    assert len(caught.value.faults) == 2


def test_defaults_are_those_of_the_documentation(tmp_path: Path, catalogue: Catalogue) -> None:
    """Version 1, no durations, clears where it is not beyond the limit."""
    (tmp_path / "rules.toml").write_text(HEAD + LEVEL + "above = 1.0", encoding="utf-8")

    (rule,) = documents.load(tmp_path / "rules.toml", catalogue)

    assert (rule.version, rule.about, len(rule.series(catalogue))) == (1, "pollution", 6)
    limit = rule.limits[0]
    assert (limit.for_ms, limit.clear_limit, limit.clear_for_ms) == (0, 1.0, 0)
