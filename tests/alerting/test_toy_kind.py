"""A new kind of rule is one object: everything that knows kinds finds it in the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alerting import tables
from alerting.alert import Level, State
from alerting.backtest.backtest import tried
from alerting.backtest.rule_tests import rehearsed
from alerting.backtest.test_series import BEGIN_MS, Reading, district
from alerting.rules import documents, serialising
from alerting.rules.registry import documented
from alerting.rules.repository import RuleRepository
from alerting.rules.rule import Rule
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import Settings
from config.vocabulary.errors import FaultyInput
from ingest.state.database import open_state
from tests.alerting.toy_kind import DOCUMENT, Distance, registered

CADENCE_MS = 60_000
SERIES = "tonglv-jinsha/w01001"
VALUES = (7.4, 8.6, 8.9, 7.6, 6.4)


@pytest.fixture
def words() -> Iterator[Words]:
    words = Words.load("zh-CN")
    with registered(words):
        yield words


@pytest.fixture
def here() -> Catalogue:
    return district({"tonglv-jinsha": ["w01001"]}, "water", CADENCE_MS)


@pytest.fixture
def rule(words: Words, here: Catalogue, tmp_path: Path) -> Rule:
    return loaded(DOCUMENT, here, tmp_path)


def loaded(text: str, here: Catalogue, folder: Path) -> Rule:
    (folder / "rules.toml").write_text(text, encoding="utf-8")
    (rule,) = documents.load(folder / "rules.toml", here)
    return rule


def test_the_loader_reads_it_and_the_serialiser_writes_it(rule: Rule) -> None:
    assert rule.signal == Distance(7.5)
    assert serialising.own(rule) == {"middle": 7.5}
    assert documents.read(serialising.serialised(rule), "rule", []) == rule


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("middle = 7.5\n", "", r"rule\[1\].middle: is missing"),
        ("middle = 7.5", "middle = -1", "middle: is negative"),
        ("middle = 7.5", 'middle = "7.5"', "middle.*Expected `float`"),
        ("middle = 7.5", 'middle = 7.5\nwindow = "1h"', "window: does not belong to .* kind toy"),
        (
            'kind = "toy"',
            'kind = "rate"\nwindow = "1h"',
            "middle: does not belong to .* kind rate",
        ),
    ],
)
def test_the_loader_finds_its_faults(
    words: Words, here: Catalogue, tmp_path: Path, old: str, new: str, fault: str
) -> None:
    with pytest.raises(FaultyInput, match=fault):
        loaded(DOCUMENT.replace(old, new), here, tmp_path)


def test_the_engine_and_the_back_test_judge_its_signal(rule: Rule, here: Catalogue) -> None:
    """Live, reading by reading, as on a whole history."""
    rows = [Reading(at, value, series=SERIES) for at, value in enumerate(VALUES)]
    live = rehearsed(rule, here, rows, CADENCE_MS)
    t = BEGIN_MS + np.arange(len(VALUES), dtype=np.int64) * CADENCE_MS
    past = tried([rule], here, lambda _: (t, np.array(VALUES)), int(t[-1])).alerts
    expected = [(t[1], t[3], 1.4), (t[4], None, 1.1)]
    assert [(of.began_ms, of.resolved_ms, of.peak) for of in live] == expected
    assert [(of.began_ms, of.resolved_ms, of.peak) for of in past] == expected


def test_its_alert_speaks_in_its_words(rule: Rule, here: Catalogue, words: Words) -> None:
    (alert,) = tried([rule], here, lambda _: (np.array([1000]), np.array([9.0])), 1000).alerts
    assert (alert.level, alert.state) == (Level.ALARM, State.FIRING)
    said = Wording(words, here, lambda: [rule]).sentences(alert, 1000)
    assert said.clause.startswith("pH值与 7.5 的距离 1.50")
    assert "高于限值 1.00" in said.why


def test_a_version_of_it_is_stored_and_read_again(rule: Rule, tmp_path: Path) -> None:
    state = open_state(Settings(data_dir=tmp_path))
    state.migrate([tables.MIGRATIONS])
    again = replace(rule, version=2, signal=Distance(8.0))
    with state.begin() as connection:
        RuleRepository(state, [rule]).save(
            connection, again, author="李岚", account="l", reason="r", valid_from_ms=5, now_ms=1
        )
    found = RuleRepository(state, [rule]).versions("apart")[-1].rule
    state.close()
    assert found == replace(again, valid_from_ms=5)


def test_the_docs_list_it(words: Words) -> None:
    row = "| toy | how far the value lies from `middle` | readings | `indicator`, `middle` |"
    assert row in documented()


def test_the_docs_list_every_kind() -> None:
    """As the registry has them."""
    text = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
    assert "\n".join(documented()) in text
