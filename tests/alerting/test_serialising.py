"""A rule written out as a document and read again."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from alerting.rules import documents, serialising
from alerting.rules.rule import Rule
from config.settings import DISTRICTS
from config.vocabulary.errors import Fault
from tests.alerting.test_engine_looking import RULES

DEFAULTS = DISTRICTS.parent / "rules" / "defaults.toml"
MORE = """
[[rule]]
id = "days"
name = "d"
kind = "trend"
indicator = "w01009"
window = "60d"
season = "week"
limit = 5.0
towards = "below"
reason = "r"
stations = { river = "tonglv" }
[[rule.level]]
level = "notice"
within = "30d"
clear = { above = 45, for = "2d" }

[[rule]]
id = "air"
name = "a"
kind = "standard"
reason = "r"
stations = { kind = "air" }
[[rule.level]]
level = "warning"
above = 150
for = "90m"
clear = { below = 120 }

[[rule]]
id = "absence"
name = "a"
kind = "absence"
reason = "r"
[[rule.level]]
level = "warning"
for = "1500ms"
"""
EVERY = [
    row
    for text in (RULES, MORE, DEFAULTS.read_text(encoding="utf-8"))
    for row in tomllib.loads(text)["rule"]
]


def read(row: dict[str, Any]) -> Rule:
    """A rule without faults."""
    faults: list[Fault] = []
    rule = documents.read(row, "rule", faults)
    assert rule is not None, faults
    return rule


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row["id"])
def test_what_is_written_out_is_the_same_rule(row: dict[str, Any]) -> None:
    """Of every kind, with limits, durations, standards and what the kind looks at."""
    rule = read(row)
    assert read(serialising.serialised(rule)) == rule


def test_every_kind_is_written_out() -> None:
    """Or the test before would say little."""
    assert len({row["kind"] for row in EVERY}) == 9


def test_a_kind_s_own_fields_stand_with_their_defaults() -> None:
    """So that a page can show what a document left out."""
    by_id = {row["id"]: serialising.own(read(row)) for row in EVERY}
    assert by_id["class"] == {"averaging": "hour", "target": "station"}
    assert by_id["air"] == {"averaging": "hour"}
    assert by_id["drift"] == {"window": "10d", "cusum": {"slack": 0.5, "over": "2d"}}
    assert by_id["absence"] == {}
    assert by_id["days"] == {
        "window": "60d",
        "significance": 0.05,
        "season": "week",
        "limit": 5.0,
        "towards": "below",
    }


@pytest.mark.parametrize(
    ("id_", "form"),
    [
        ("mean", "limit"),
        ("class", "by"),
        ("air", "limit"),
        ("trend", "limit"),
        ("days", "within"),
        ("absence", ""),
    ],
)
def test_the_form_of_a_limit_follows_the_kind(id_: str, form: str) -> None:
    """A number, classes, days, conditions, or none at all."""
    assert serialising.form(read(next(row for row in EVERY if row["id"] == id_))) == form
