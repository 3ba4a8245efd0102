"""Rules of every kind, from their text to the record, against the plain interpreter of the docs.

Instants are compared exactly, and so are peaks but for those of trends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from alerting.alert import Alert
from alerting.evaluation.engine import Engine
from alerting.evaluation.history import series_of
from alerting.evaluation.whole_history import alerts_of_history
from config.vocabulary.time import HOUR_MS
from tests.alerting import centre
from tests.alerting.cases import CASES, LEVELS, Case
from tests.alerting.histories import CADENCES_MS, History
from tests.alerting.interpreter import Episode

SEEDS = range(4)
Record = dict[tuple[str, str], list[Episode]]
"""Of each place and level, as it is written, what fired, by beginning."""


def said(case: Case, alerts: Iterable[Alert]) -> Record:
    """By the engine."""
    texts = dict(zip(LEVELS, case.levels, strict=False))
    found: Record = {}
    for a in sorted(alerts, key=lambda alert: alert.began_ms):
        one = Episode(a.began_ms, a.fired_ms, a.resolved_ms, a.peak, a.peak_ms, a.fired_value)
        found.setdefault((series_of(a), texts[a.level.name.lower()]), []).append(one)
    return found


def expected(case: Case, targets: Iterable[str], h: History) -> tuple[Record, set[str]]:
    """By the interpreter; and the levels whose very limit is among what they see."""
    found, reached = Record(), set()
    for target in targets:
        seen = case.seen(target, h)
        for text, level in case.levels.items():
            if episodes := case.record(level, seen, target, h):
                found[target, text] = episodes
            if any(one.value == level.limit for one in seen):
                reached.add(text)
    return found, reached


@pytest.mark.parametrize("case", CASES, ids=str)
def test_histories_that_are_replayed_give_what_the_interpreter_says(
    case: Case, tmp_path: Path
) -> None:
    """Every level fires and resolves in some of them, and sees its very limit."""
    resolved, reached = set(), set()
    for cadence_ms in CADENCES_MS:
        engine = Engine(*case.loaded(tmp_path, cadence_ms))
        for seed in SEEDS:
            history = case.history(cadence_ms, seed)
            record, at_limit = expected(case, engine.rule_instances, history)
            assert said(case, replayed(engine, history)) == record
            reached |= at_limit
            resolved |= {
                text for (_, text), of in record.items() if any(one.resolved for one in of)
            }
    assert resolved == case.levels.keys()
    assert reached == (case.levels.keys() if case.signal else set())


def replayed(engine: Engine, history: History) -> Iterator[Alert]:
    """What a back-test finds."""
    for instance in (instance for of in engine.rule_instances.values() for instance in of):
        members = [centre.history(history.readings, name) for name in instance.members]
        yield from alerts_of_history(instance, members, history.upto_ms)


@pytest.mark.parametrize("cadence_ms", CADENCES_MS[1:])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_live_record_is_at_any_moment_what_the_interpreter_says_of_what_is_known(
    case: Case, cadence_ms: int, tmp_path: Path
) -> None:
    """After late readings, silences that were none, and restarts."""
    history, random = case.history(cadence_ms, len(SEEDS)), np.random.default_rng(cadence_ms)
    live = centre.Centre(*case.loaded(tmp_path, cadence_ms))
    count = upto_ms = 0
    while count < len(history.readings):
        before, count = count, count + int(random.integers(1, len(history.readings) // 6))
        heard = history.readings[before:count]
        upto_ms = max(upto_ms, known(heard, random))
        live.hear(heard, upto_ms)
        record, _ = expected(case, live.engine.rule_instances, history.so_far(count, upto_ms))
        assert over(said(case, live.standing())) == over(record)
        if random.random() < 0.3:
            live.restart()


def known(heard: Sequence[centre.Reading], random: np.random.Generator) -> int:
    """Up to where silence is known: nowhere, hours ago, up to the last reading, or to an hour's
    end or just before it.
    """
    newest = max(row.t_ms for row in heard)
    hour = newest - newest % HOUR_MS
    return int(random.choice([0, newest - 3 * HOUR_MS, newest, hour, hour - 1]))


def over(record: Record) -> Record:
    """Without the peaks of what stands, of which a live record has only what was told."""
    return {
        where: [one if one.resolved else replace(one, peak=None, peak_at=None) for one in episodes]
        for where, episodes in record.items()
    }
