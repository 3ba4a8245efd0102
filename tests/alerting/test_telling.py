"""What is told follows from what stands in the database, at any start of any process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting import tables
from alerting.alert import About, Alert, Change, Level, State, Transition
from alerting.notify import outbox
from alerting.notify.plan import plan
from alerting.record.events import AlertEvents
from alerting.record.repository import SHOWN, Repository
from alerting.tables import MIGRATIONS
from alerting.wording.sentences import Wording
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.settings import Settings
from config.vocabulary.time import MINUTE_MS
from ingest.state.database import State as Database
from ingest.state.database import open_state

T0 = 1_795_492_800_000
RULES: list[tuple[str, About]] = [("r", "pollution"), ("q", "pollution"), ("s", "maintenance")]
STATIONS = ("tonglv-pingchao", "tonglv-jinsha", "xinjianghai-shigang")
Verdicts = dict[str, tuple[str, str]]
"""Key of a telling -> why it is muted, and its storm."""


class SequenceLedger:
    """The outbox of a database and, beside it, one memory of storms that was never forgotten."""

    def __init__(self, state: Database, catalogue: Catalogue) -> None:
        self.state = state
        self.repository = Repository(state)
        self.wording = Wording(Words.load("zh-CN"), catalogue, lambda: ())
        self.alert_events = AlertEvents(catalogue.stations)
        self.standing: dict[str, Alert] = {}
        self.remembered: Verdicts = {}
        self.n = 0

    def change(self, batch: list[Transition]) -> None:
        """One transaction, as the rule worker writes it, and the same by the memory."""
        self.n += 1
        with self.state.begin() as connection:
            outbox.write(connection, self.repository, self.wording, self.n, batch, T0)
        for one in batch:
            self.standing.pop(one.alert.id, None)
            if one.alert.state is State.FIRING:
                self.standing[one.alert.id] = one.alert
        for row in plan(batch, list(self.standing.values()), self.alert_events):
            self.remembered[row.key] = (row.muted, row.alert_event)

    def written(self) -> Verdicts:
        """What stands in the outbox."""
        of = tables.OUTBOX.c
        query = sa.select(of.key, of.muted, of.alert_event).where(of.event != SHOWN)
        with self.state.read() as connection:
            return {row.key: (row.muted, row.alert_event) for row in connection.execute(query)}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = request.getfixturevalue("postgres").database() if request.param != "sqlite" else ""
    state = open_state(Settings(data_dir=tmp_path, state_url=url))
    state.migrate([MIGRATIONS])
    yield state
    state.close()


def fires(draw: st.DataObject, name: str, at_ms: int) -> Transition:
    """An alert of some rule and level somewhere."""
    rule, about = draw.draw(st.sampled_from(RULES))
    level, station = draw.draw(st.sampled_from(Level)), draw.draw(st.sampled_from(STATIONS))
    one = Alert(name, rule, 1, level, about, station, "w21003", State.FIRING, at_ms, at_ms)
    return Transition(Change.FIRED, one, at_ms, "")


def drawn(draw: st.DataObject, ledger: SequenceLedger, at_ms: int, n: int) -> Iterator[Transition]:
    """What happens in one transaction: some fire, and of those that stand some end."""
    for one in list(ledger.standing.values()):
        fate = draw.draw(st.sampled_from(["stands", "stands", "ends", "never was"]))
        if fate == "ends":
            yield Transition(Change.RESOLVED, one.resolve(at_ms), at_ms, "")
        if fate == "never was":
            yield Transition(Change.WITHDRAWN, one.withdraw(), one.fired_ms, "")
    for more in range(draw.draw(st.integers(0, 2))):
        yield fires(draw, f"{n}-{more}", at_ms)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_reported_is_the_same_from_the_outbox_as_from_memory(
    tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue, data: st.DataObject
) -> None:
    """So a restart between any two transactions changes nothing."""
    state = open_state(Settings(data_dir=tmp_path_factory.mktemp("told")))
    state.migrate([MIGRATIONS])
    ledger, at_ms = SequenceLedger(state, catalogue), T0
    for n in range(data.draw(st.integers(1, 12))):
        at_ms += MINUTE_MS * data.draw(st.sampled_from([1, 59, 60, 359, 361, 1439, 1441]))
        ledger.change(list(drawn(data, ledger, at_ms, n)))

    assert ledger.written() == ledger.remembered
    state.close()


def fired(name: str, station: str, minute: int, level: Level = Level.ALARM) -> Transition:
    """An alert that fires."""
    at = T0 + minute * MINUTE_MS
    one = Alert(name, "r", 1, level, "pollution", station, "w21003", State.FIRING, at, at)
    return Transition(Change.FIRED, one, at, "")


def test_a_message_names_the_other_stations_of_its_event(
    database: Database, catalogue: Catalogue
) -> None:
    """What stands beside a rise, and what is over with an end; what is muted has its reason."""
    ledger = SequenceLedger(database, catalogue)
    above, below = STATIONS[:2]
    ledger.change([fired("a", above, 0)])
    ledger.change([fired("b", below, 30)])
    ledger.change([fired("c", below, 60, Level.CRITICAL)])
    for name in "cab":
        ended = ledger.standing[name].resolve(T0 + 90 * MINUTE_MS)
        ledger.change([Transition(Change.RESOLVED, ended, ended.resolved_ms or 0, "")])

    def said(name: str, event: str) -> str:
        rows = ledger.repository.messages_of(name)
        (row,) = [row for row in rows if (row.audience, row.event) == ("deputy", event)]
        return row.muted or row.text

    assert "同一事件" not in said("a", "fired")
    assert said("b", "fired") == "told with others"
    assert said("c", "fired").endswith("同一事件中，通吕运河平潮断面也有报警。")
    assert [said(name, "resolved") for name in "ca"] == ["not over yet"] * 2
    assert said("b", "resolved").endswith("同一事件中通吕运河平潮断面的报警也已结束。")
