"""What waits is evaluated at once: the record does not tell how much of it waited."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerting import tables
from alerting.evaluation.engine import Engine
from config.catalogue.shapes import Catalogue
from ingest.journal.columns import Columns
from tests.alerting.conftest import T0, RunningCentre
from tests.conftest import examples

Batch = tuple[int, int, float]
"""Readings from a second on, how many, and their value."""
batches = st.tuples(st.integers(0, 400), st.integers(1, 40), st.sampled_from([0.4, 0.9, 1.2, 1.5]))
marks = st.integers(0, 600)
"""The second up to which silence is known."""


def append(centre: RunningCentre, entry: Batch | int) -> None:
    if isinstance(entry, int):
        centre.journal.append(Columns.empty(), upto_ms=T0 + entry * 1000)
    else:
        from_s, count, value = entry
        centre.measured(from_s, from_s + count, value)


def record(centre: RunningCentre) -> list[tuple[object, ...]]:
    """Not whether an alert was found afterwards, which tells how it came into the record: an
    amendment and the next reading or mark of silence may both find it, whichever comes first.
    """
    return [
        (a.rule_id, a.level, a.began_ms, a.fired_ms, a.resolved_ms, a.peak)
        for a in centre.alerts()
    ]


@given(st.lists(batches | marks, max_size=12))
@example([(0, 10, 0.4), 300, (300, 20, 1.5)])
@example([(100, 30, 1.5), (0, 60, 1.5)])
@example([(213, 2, 0.4), (0, 24, 1.2), (0, 1, 0.4), (230, 17, 0.4)])
@example([(4, 1, 0.4), (0, 4, 1.2), (0, 9, 1.2)])
@settings(max_examples=examples(8))
def test_given_entries_wait_when_they_are_evaluated_at_once_then_the_record_is_that_of_each_alone(
    district: Path, catalogue: Catalogue, entries: list[Batch | int]
) -> None:
    """Silence between them, readings that came late and what was found afterwards included."""
    with tempfile.TemporaryDirectory() as folder:
        alone, waiting = (RunningCentre(Path(folder) / name, district, catalogue) for name in "ab")
        for entry in entries:
            append(alone, entry)
            alone.rule_worker.step()
            append(waiting, entry)
        alone.settle()
        waiting.settle()
        assert record(waiting) == record(alone)
        alone.close()
        waiting.close()


@given(st.lists(st.tuples(st.integers(0, 120), batches) | st.just(None), max_size=12))
@example([(0, (0, 20, 1.5)), None, (0, (0, 20, 0.4)), (100, (0, 9, 1.5)), None, None])
@settings(max_examples=examples(8))
def test_given_readings_in_order_then_each_transition_and_message_is_that_of_its_own_entry(
    district: Path, catalogue: Catalogue, entries: list[tuple[int, Batch] | None]
) -> None:
    """What a message says of others depends on what is told with it: not on how much waited."""
    with tempfile.TemporaryDirectory() as folder:
        alone, waiting = (RunningCentre(Path(folder) / name, district, catalogue) for name in "ab")
        at_s = 0
        for entry in entries:
            if entry is not None:
                gap_s, (_, count, value) = entry
                batch = (at_s + gap_s, count, value)
                at_s += gap_s + count
            for centre in (alone, waiting):
                append(centre, at_s if entry is None else batch)
            alone.rule_worker.step()
        alone.settle()
        waiting.settle()
        assert reported(waiting) == reported(alone)
        alone.close()
        waiting.close()


def reported(centre: RunningCentre) -> list[tuple[object, ...]]:
    """Transitions by entry."""
    change = tables.TRANSITION.c
    with centre.state.read() as connection:
        rows = [
            *connection.execute(
                sa.select(change.alert_id, change.n, change.change).order_by(change.id)
            ),
        ]
    return [tuple(row) for row in rows]


def test_given_many_entries_wait_when_they_are_evaluated_then_once_up_to_each_mark_of_silence(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing comes of them here; rules cost by the time they are asked more than by the reading."""
    fed: list[tuple[int, int | None]] = []
    feed = Engine.feed

    def counted(engine: Engine, columns: Columns, upto_ms: int | None) -> object:
        fed.append((len(columns), upto_ms))
        return feed(engine, columns, upto_ms)

    monkeypatch.setattr(Engine, "feed", counted)
    for entry in ((160, 10, 0.4), (170, 10, 0.4), 175, (180, 10, 0.4), (190, 10, 0.4)):
        append(centre, entry)

    centre.settle()

    assert fed == [(20, T0 + 175_000), (20, None)]
