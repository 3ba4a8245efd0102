"""Whoever writes the state database keeps all others waiting: no transaction does so for long.

Work is counted, not timed: what a transaction reads of stores, words and plans it reads before it
begins, and it writes a bounded number of rows. ``benchmarks/state.py`` measures the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerting.alert import Alert, Change, Level, State, Transition
from alerting.record import slices
from alerting.record.slices import MOST_TRANSITIONS, in_slices
from alerting.rule_worker import RuleWorker
from config.catalogue.shapes import Catalogue
from config.vocabulary.quality import Cause, Quality
from ingest.annotations.corrections import ROWS_DROPPED
from ingest.annotations.findings import Finding, Judgement
from ingest.annotations.tables import CHANGE, FINDING
from ingest.state.database import State as Database
from tests.alerting.conftest import SERIES, T0, RunningCentre

MOST_STATEMENTS, MOST_ROWS = 20, 200


class Transactions:
    """What each writing transaction did: statements and rows."""

    def __init__(self, engine: sa.Engine) -> None:
        self.done: list[tuple[int, int]] = []
        self._under_way: dict[Connection, list[int]] = {}
        sa.event.listen(engine, "after_cursor_execute", self._executed)
        sa.event.listen(engine, "commit", self._committed)

    def _executed(self, connection: Connection, *arguments: Any) -> None:
        _, _, parameters, _, many = arguments
        count = self._under_way.setdefault(connection, [0, 0])
        count[0] += 1
        count[1] += len(parameters) if many else 1

    def _committed(self, connection: Connection) -> None:
        if connection in self._under_way:
            statements, rows = self._under_way.pop(connection)
            self.done.append((statements, rows))

    @property
    def most(self) -> tuple[int, int]:
        """Statements and rows of the largest."""
        return max(of for of, _ in self.done), max(rows for _, rows in self.done)


@contextmanager
def alone(database: Database, store: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The store refuses to be read while a transaction is open."""
    begin, track, open_ones = database.begin, store.track, [0]

    @contextmanager
    def counted() -> Iterator[Connection]:
        with begin() as connection:
            open_ones[0] += 1
            try:
                yield connection
            finally:
                open_ones[0] -= 1

    def outside(*arguments: Any) -> Any:
        assert not open_ones[0], "the store is read inside a transaction"
        return track(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(database, "begin", counted)
        patch.setattr(store, "track", outside)
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def centre(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    district: Path,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[RunningCentre]:
    """Thirty alerts that came and went; ten amendments are many here."""
    monkeypatch.setattr(slices, "MOST_TRANSITIONS", 10)
    there = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    made = RunningCentre(tmp_path, district, catalogue, there)
    for at_s in range(0, 3000, 100):
        made.measured(at_s, at_s + 20, 1.5, imported=True)
        made.measured(at_s + 20, at_s + 100, 0.3, imported=True)
    yield made
    made.close()


def test_given_alerts_live_and_a_long_past_that_is_judged_anew_then_each_transaction_is_small(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entries that wait, all of them taken back by one decision, and a live alert in between."""
    database = centre.state
    transactions = Transactions(database.engine)
    with alone(database, centre.store, monkeypatch):
        centre.settle()
        fired = len(centre.record())
        assert fired == 30
        centre.keep()
        centre.decide(0, 2900, value=0.2)
        centre.measured(3000, 3020, 1.5)
        centre.settle()
    assert len(centre.alerts()) == 2
    assert centre.changes().count("withdrawn") == 29
    statements, rows = transactions.most
    assert statements <= MOST_STATEMENTS
    assert rows <= MOST_ROWS


def found(n: int, layer: int) -> Judgement:
    """A judgement with so many findings."""
    rows = [
        Finding(SERIES, layer, T0 + at * 1000, T0 + at * 1000 + 500, Quality.BAD, Cause.FAULT, T0)
        for at in range(n)
    ]
    return Judgement(SERIES, layer, T0, T0 + n * 1000, tuple(rows), T0)


def test_given_many_judgements_when_they_are_said_then_each_transaction_is_small(
    centre: RunningCentre,
) -> None:
    """And each change has a revision of its own."""
    transactions = Transactions(centre.state.engine)
    centre.findings.say([found(30, layer) for layer in range(60)])
    statements, rows = transactions.most
    assert statements <= 6 * 6 + 4
    assert rows <= 6 * (2 * 30 + 6)
    revisions = [change.revision for change in centre.findings.since(0)]
    assert revisions == list(range(1, 60 * 30 + 1))
    assert centre.corrections.revision() == 60 * 30


def test_given_months_that_are_over_when_they_are_dropped_then_each_transaction_is_small(
    centre: RunningCentre,
) -> None:
    """Of findings, their changes and corrections; what goes on is kept."""
    with centre.state.begin() as connection:
        rows = [
            {"series": SERIES, "layer": 1, "from_ms": at, "to_ms": at + 1, "quality": 2, "cause": 3,
             "at_ms": 0}
            for at in (*range(2 * ROWS_DROPPED + 1), T0)
        ]  # fmt: skip
        connection.execute(sa.insert(FINDING), rows)
    centre.decide(-(T0 // 1000), -(T0 // 1000) + 1, value=1.0)
    transactions = Transactions(centre.state.engine)
    centre.findings.drop_before(T0)
    centre.corrections.drop_before(T0)
    statements, _ = transactions.most
    assert statements <= 4
    assert len(transactions.done) == 3 + 1
    with centre.state.read() as connection:
        left = connection.execute(sa.select(FINDING.c.from_ms)).scalars().all()
        assert connection.execute(sa.select(CHANGE)).all() == []
    assert left == [T0]
    assert centre.corrections.listing() == []


class Halted(Exception):
    """The process ends here."""


def test_given_a_kill_between_two_slices_when_it_starts_again_then_the_record_is_the_same(
    centre: RunningCentre,
) -> None:
    """What is amended already is found to be right; the rest follows, and nothing twice."""
    centre.settle()
    centre.keep()
    centre.decide(0, 2900, value=0.2)

    def halt(point: str) -> None:
        if point == "slice-amended":
            raise Halted

    centre.rule_worker.failpoint = halt
    with pytest.raises(Halted):
        centre.settle()
    withdrawn = centre.changes().count("withdrawn")
    assert 0 < withdrawn < 29
    centre.restart()
    centre.settle()
    assert centre.rule_worker.settled
    ids = [kept.alert.id for kept in centre.repository.listing(state=State.WITHDRAWN, most=1000)]
    assert centre.changes().count("withdrawn") == len(ids) > withdrawn


def test_given_a_database_that_fails_then_the_rule_worker_goes_on_from_its_last_transaction(
    centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it fails, also while it looks where it was."""
    centre.settle()
    worker, expected = centre.rule_worker, centre.record()
    centre.measured(3000, 3020, 1.5)
    with monkeypatch.context() as patch:
        patch.setattr(worker.repository, "save_engine", _failing)
        assert worker.loop.tried(worker._turn) > 0
        patch.setattr(worker.repository, "engine_snapshot", _failing)
        assert worker.loop.tried(worker._turn) > 0
    assert worker.loop.failing
    assert worker.loop.failing.failures == 2
    assert centre.record() == expected
    _until_settled(worker)
    assert len(centre.record()) == len(expected) + 1


def _failing(*_: object) -> None:
    raise OSError("no space left")


def _until_settled(worker: RuleWorker) -> None:
    while not worker.settled:
        assert worker.loop.tried(worker._turn) == 0


def change(name: str, *, stands: bool) -> Transition:
    """Of an alert that stands, or never was."""
    one = Alert(name, "r", 1, Level.ALARM, "pollution", "s", "i", State.FIRING, 0, 0)
    if stands:
        return Transition(Change.ADDED, one, 0, "")
    return Transition(Change.WITHDRAWN, one.withdraw(), 0, "")


@pytest.mark.parametrize("sizes", [[], [1], [60, 40, 1], [99, 99], [250], [1, 250, 1]])
def test_amendments_are_sliced_between_instances_and_none_is_lost(sizes: list[int]) -> None:
    """One instance is parted only where it is too large, and then what stands comes first."""
    amended = [
        [change(f"{row}-{n}", stands=n == size - 1) for n in range(size)]
        for row, size in enumerate(sizes)
    ]
    slices = in_slices(amended)
    assert all(len(of) <= MOST_TRANSITIONS for of in slices)
    assert sorted(of.alert.id for some in slices for of in some) == sorted(
        of.alert.id for some in amended for of in some
    )
    for row, size in enumerate(sizes):
        parts = [
            n for n, of in enumerate(slices) if any(t.alert.id.startswith(f"{row}-") for t in of)
        ]
        if size <= MOST_TRANSITIONS:
            assert len(parts) == 1
        else:
            mine = [t for t in slices[parts[0]] if t.alert.id.startswith(f"{row}-")]
            assert mine[0].alert.state is State.FIRING
