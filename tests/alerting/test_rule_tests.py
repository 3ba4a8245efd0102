"""A rule file's own tests: the shorthand, what is compared, and what is wrong with a test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.backtest import rule_tests
from alerting.backtest.backtest import tried
from alerting.backtest.test_series import BEGIN_MS, Reading
from alerting.backtest.test_series import district as target
from alerting.rules import documents
from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import FaultyInput
from config.vocabulary.quality import Cause
from qingyuan.commands.rules import rules as command

RULE = """
[[rule]]
id = "heavy"
name = "重污染"
kind = "threshold"
indicator = "a34004"
stations = { river = "somewhere", kind = "air" }
reason = "a test"
[[rule.level]]
level = "warning"
above = 150
for = "3h"
clear = { below = 115, for = "2h" }
"""


def reported(folder: Path, values: str, *expect: str, every: str = "1h") -> list[str]:
    """What the only test of a file says; nothing if it holds."""
    file = folder / "rules.toml"
    test = f'[[test]]\nname = "t"\nrule = "heavy"\nevery = "{every}"\nvalues = "{values}"\n'
    file.write_text(f"{RULE}{test}expect = [{', '.join(expect)}]\n", encoding="utf-8")
    (result,) = rule_tests.tested(file)
    return list(result.differs)


@pytest.mark.parametrize(
    ("values", "expect"),
    [
        ("100 160x4 110x3", ['{ began = "1h", fired = "4h", resolved = "7h", peak = 160 }']),
        ("100 160+5x4", ['{ level = "warning", fired = "4h", peak = 175 }']),
        ("200-10x4", ['{ began = "0h", fired = "3h" }']),
        ("160x3 _ 160", ['{ began = "0h", fired = "4h" }']),
        ("160 _x4 160x3", []),
        ("160x2 160x5?", []),
        ("160x2 120! 160x2", []),
        ("160x2 170! 160x2", ['{ fired = "3h", peak = 170 }']),
    ],
)
def test_the_shorthand_says_what_arrives(tmp_path: Path, values: str, expect: list[str]) -> None:
    """Values, rows, ramps, missing, doubted and late ones."""
    assert reported(tmp_path, values, *expect) == []


def test_what_differs_is_said_in_words(tmp_path: Path) -> None:
    """Each field by itself, alerts that nobody expected, and how many there are."""
    differs = reported(tmp_path, "100 160x4 110x3", '{ began = "2h", resolved = "7h" }')
    assert differs == ["alert 1: began 2h expected, is 1h"]

    differs = reported(tmp_path, "160x4", '{ began = "0h", resolved = "5h" }')
    assert differs == ["alert 1: resolved 5h expected, is never"]

    differs = reported(tmp_path, "160x4 110x3")
    assert differs == ["0 alerts expected, 1 raised", "not expected: warning from 0s"]


@pytest.mark.parametrize(
    ("values", "every", "message"),
    [
        ("16O", "1h", "'16O' is no value of the shorthand"),
        ("160x0", "1h", "'160x0'"),
        ("160x999999999", "1h", "is no value of the shorthand"),
        ("160", "1 hour", "is not a duration"),
        ("160", "0h", "is no time at all"),
    ],
)
def test_a_faulty_test_is_named(tmp_path: Path, values: str, every: str, message: str) -> None:
    """With its number and field."""
    with pytest.raises(FaultyInput, match=message):
        reported(tmp_path, values, every=every)


def test_a_file_without_tests_and_a_test_of_no_rule_are_faults(tmp_path: Path) -> None:
    """Nothing passes because nothing was looked at."""
    file = tmp_path / "rules.toml"
    file.write_text(RULE, encoding="utf-8")
    with pytest.raises(FaultyInput, match="add a .*test"):
        rule_tests.tested(file)
    other = '\n[[test]]\nname = "t"\nrule = "light"\nevery = "1h"\nvalues = "1"\n'
    file.write_text(RULE + other, encoding="utf-8")
    with pytest.raises(FaultyInput, match="unknown rule 'light'; use one of heavy"):
        rule_tests.tested(file)


readings = st.lists(
    st.tuples(st.sampled_from([100.0, 115.0, 150.0, 160.0]), st.booleans(), st.booleans()),
    min_size=1,
    max_size=30,
)


@given(readings)
def test_in_whatever_order_readings_arrive_the_record_is_that_of_a_back_test(
    district: Path, catalogue: Catalogue, rows: list[tuple[float, bool, bool]]
) -> None:
    """Late ones amend it to what the whole history says."""
    loaded = documents.load(district / "rules.toml", catalogue)
    rule = next(rule for rule in loaded if rule.id == "ammonia-over-class")
    station = rule.series(catalogue)[0].partition("/")[0]
    scaled = [
        Reading(
            at, value / 100, late, Cause.NORMAL if good else Cause.UNUSUAL, f"{station}/w21003"
        )
        for at, (value, good, late) in enumerate(rows)
    ]
    alone = target({station: [rule.indicator]}, "water", 1000)

    record = rule_tests.rehearsed(rule, alone, scaled, 1000)

    good = [row for row in scaled if row.cause is Cause.NORMAL]
    whole = (
        BEGIN_MS + np.array([row.target for row in good], np.int64) * 1000,
        np.array([row.value for row in good]),
    )
    end_ms = BEGIN_MS + (len(rows) - 1) * 1000
    outcome = tried([rule], alone, lambda _: whole, end_ms)
    assert [(a.began_ms, a.fired_ms, a.resolved_ms, a.peak, a.level) for a in record] == [
        (a.began_ms, a.fired_ms, a.resolved_ms, a.peak, a.level) for a in outcome.alerts
    ]


def test_the_demonstration_district_s_rules_hold_their_tests(
    district: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the command, as an engineer runs it."""
    assert command.run(["test", str(district / "rules.toml")]) == 0
    assert "0 failed" in capsys.readouterr().out
