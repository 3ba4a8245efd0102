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
from alerting.engine import Engine
from alerting.record import series_of
from tests.alerting import centre
from tests.alerting.cases import CASES, LEVELS, Case
from tests.alerting.histories import CADENCES_MS, History
from tests.alerting.interpreter import Episode

SEEDS = range(3)
Record = dict[tuple[str, str], list[Episode]]
"""Of each place and level, as it is written, what fired, by beginning."""


def said(case: Case, alerts: Iterable[Alert]) -> Record:
    """By the engine."""
    texts = dict(zip(LEVELS, case.levels, strict=False))
    found: Record = {}
    for a in sorted(alerts, key=lambda alert: alert.began_ms):
        one = Episode(a.began_ms, a.fired_ms, a.resolved_ms, a.peak, a.peak_ms)
        found.setdefault((series_of(a), texts[a.level.name.lower()]), []).append(one)
    return found


def expected(case: Case, places: Iterable[str], history: History) -> Record:
    """By the interpreter."""
    found = {
        (place, text): case.record(level, place, history)
        for place in places
        for text, level in case.levels.items()
    }
    return {where: episodes for where, episodes in found.items() if episodes}


@pytest.mark.parametrize("cadence_ms", CADENCES_MS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_history_that_is_replayed_gives_what_the_interpreter_says(
    case: Case, cadence_ms: int, tmp_path: Path
) -> None:
    engine = Engine(*case.loaded(tmp_path, cadence_ms))
    for seed in SEEDS:
        history = case.history(cadence_ms, seed)
        alerts = []
        for sight in (sight for of in engine.sights.values() for sight in of):
            members = [centre.history(history.readings, name) for name in sight.members]
            alerts += engine.replayed(sight, members, history.upto_ms)
        assert said(case, alerts) == expected(case, engine.sights, history)


def known(history: History, seed: int) -> Iterator[tuple[int, int]]:
    """How many readings have arrived at some moments, and up to where silence is known: it often
    stands still, and often ends with an hour or just before.
    """
    random = np.random.default_rng(seed)
    count, upto_ms = 0, 0
    while count < len(history.readings):
        count += int(random.integers(1, len(history.readings) // 6))
        newest = max(row.t_ms for row in history.readings[:count])
        hour = newest - newest % 3_600_000
        upto_ms = max(upto_ms, int(random.choice([0, 0, newest, hour, hour - 1, newest - 10**7])))
        yield count, upto_ms
    yield len(history.readings), history.upto_ms


def over(record: Record) -> Record:
    """Peaks of what stands are left out: a live record has them only as far as they were told."""
    return {
        where: [one if one.resolved else replace(one, peak=None, peak_at=None) for one in episodes]
        for where, episodes in record.items()
    }


@pytest.mark.parametrize("cadence_ms", CADENCES_MS[1:])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_live_record_is_at_any_moment_what_the_interpreter_says_of_what_is_known(
    case: Case, cadence_ms: int, tmp_path: Path
) -> None:
    """Late readings and silences that were none included."""
    history = case.history(cadence_ms, 7)
    live = centre.Centre(*case.loaded(tmp_path, cadence_ms))
    before = 0
    for count, upto_ms in known(history, 7):
        live.hear(history.readings[before:count], upto_ms)
        before = count
        so_far = history.so_far(count, upto_ms)
        expect = expected(case, live.engine.sights, so_far)
        assert over(said(case, live.standing())) == over(expect)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_histories_put_every_level_to_the_test(case: Case, tmp_path: Path) -> None:
    """It fires and resolves somewhere, and the signal is its very limit somewhere."""
    fired: dict[str, list[Episode]] = {text: [] for text in case.levels}
    reached = dict.fromkeys(case.levels, case.signal is None)
    for cadence_ms in CADENCES_MS:
        places = Engine(*case.loaded(tmp_path, cadence_ms)).sights
        for seed in SEEDS:
            history = case.history(cadence_ms, seed)
            for (_, text), episodes in expected(case, places, history).items():
                fired[text] += episodes
            for place in places if case.signal else ():
                seen = {value for _, value in case.signal(history, place)}
                reached |= {text: True for text, of in case.levels.items() if of.limit in seen}
    assert all(any(one.resolved for one in episodes) for episodes in fired.values())
    assert all(reached.values())
