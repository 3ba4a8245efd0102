"""Whatever happens in whatever order: what must hold of who is told."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from alerting import tables
from alerting.alert import Level, State
from alerting.escalation.policy import Policy, Step, Target
from alerting.events.event import EventState
from alerting.notify.entries import OfEvent
from alerting.record.repository import AlreadyAcknowledged
from alerting.silences.silence import Scope, Silence, is_silenced
from config.catalogue.shapes import Catalogue
from config.settings import Settings
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from ingest.state.database import open_state
from tests.alerting.telling import ABOVE, BELOW, DEPUTY, ELSEWHERE, OFFICER, Telling
from tests.conftest import examples

NAMES = [f"a{n}" for n in range(8)]
STATIONS = st.sampled_from([ABOVE, BELOW, ELSEWHERE, "air-jinsha"])
LEVELS = st.sampled_from(list(Level))
POLICIES = st.builds(
    Policy,
    id=st.just("grave-pollution"),
    name=st.just("x"),
    about=st.just("pollution"),
    least=st.sampled_from(["notice", "alarm"]),
    steps=st.lists(
        st.builds(
            Step,
            wait_minutes=st.integers(1, 60),
            targets=st.just((Target("duty", "*"), Target("role", "officer"))),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
    rounds=st.integers(1, 2),
)
MINUTES = st.floats(0.01, 300)
OPERATIONS = st.one_of(
    st.tuples(st.just("fires"), st.sampled_from(NAMES), STATIONS, LEVELS),
    st.tuples(st.just("ends"), st.sampled_from(NAMES)),
    st.tuples(st.just("never was"), st.sampled_from(NAMES)),
    st.tuples(st.just("loses data"), st.sampled_from(NAMES)),
    st.tuples(st.just("silence"), STATIONS, LEVELS, st.integers(1, 300)),
    st.tuples(st.just("acknowledges"), st.sampled_from([DEPUTY, OFFICER]), st.booleans()),
    st.tuples(st.just("restart")),
    st.tuples(st.just("after"), MINUTES),
)


class Played:
    """A history, played on a telling."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.silences: list[Silence] = []
        self.play: dict[str, Callable[..., object]] = {
            "fires": self._fires,
            "ends": lambda name: self._changes(name, telling.ends),
            "never was": lambda name: self._changes(name, telling.never_was),
            "loses data": lambda name: self._changes(name, telling.loses_data),
            "silence": self._silence,
            "acknowledges": self._acknowledges,
            "restart": telling.restart,
            "after": telling.after,
        }

    def _fires(self, name: str, station: str, level: Level) -> None:
        if name not in self.telling.alerts:
            self.telling.fires(name, station=station, level=level)

    def _changes(self, name: str, change: Callable[[str], None]) -> None:
        alert = self.telling.alerts.get(name)
        if alert is not None and alert.state is State.FIRING:
            change(name)

    def _silence(self, station: str, level: Level, minutes: int) -> None:
        self.telling.now_ms += 1  # what was told at this very instant came before
        now = self.telling.now_ms
        row = Silence(
            0, "silence", Scope(stations=(station,)), level, "r", "n", "u", now, now,
            now + minutes * MINUTE_MS,
        )  # fmt: skip
        self.silences.append(row)
        with self.telling.state.begin() as connection:
            self.telling.silences.add(connection, row)

    def _acknowledges(self, person: object, taken: bool) -> None:
        for event in self.telling.open()[:1]:
            try:
                self.telling.acknowledges(
                    person,
                    event.id,
                    taken=taken and person is OFFICER,  # type: ignore[arg-type]
                )
            except AlreadyAcknowledged:
                assert self._has_acts(event.id)

    def _has_acts(self, event: str) -> bool:
        with self.telling.state.read() as connection:
            return bool(self.telling.events.acts(connection, [event]))

    def entries(self) -> list[tuple[str, object]]:
        return [(of.reader, entry) for of in self.telling.made() for entry in of.entries]  # type: ignore[attr-defined]

    def assert_nothing_twice(self) -> None:
        steps = Counter(
            (reader, entry.event, entry.kind, entry.body.round, entry.body.step)
            for reader, entry in self.entries()
            if entry.kind == "step"
        )
        assert not [key for key, n in steps.items() if n > 1]
        entries = Counter((reader, entry.key) for reader, entry in self.entries())
        assert not [key for key, n in entries.items() if n > 1]

    def assert_silent_where_silenced(self) -> None:
        for _, entry in self.entries():
            alert = entry.body.alert
            assert isinstance(entry.body, OfEvent)
            if entry.kind in ("over", "withdrawn"):
                continue
            station = self.telling.catalogue.subjects[alert.station]
            assert not is_silenced(self.silences, alert, station, entry.at_ms)

    def assert_settled(self) -> None:
        """Every silence is over, and all that stands is told and answered or at its end."""
        for event in self.telling.open():
            if event.state is not EventState.STANDING:
                continue
            standing = [of for of in self.telling.alerts.values() if of.state is State.FIRING]
            with self.telling.state.read() as connection:
                members = self.telling.events.members(connection, [event.id])[event.id]
            own = [of for of in members if of.state is State.FIRING]
            assert {of.id for of in own} <= {of.id for of in standing}
            assert event.held or event.known_level >= max(of.level for of in own)
            assert not event.silenced
            assert event.step_ms is None or event.step_ms > self.telling.now_ms


@settings(max_examples=examples(20))
@given(POLICIES, st.lists(OPERATIONS, min_size=3, max_size=20))
def test_whatever_happens_what_stands_is_told_and_nothing_is_told_twice_or_against_a_silence(
    catalogue: Catalogue, policy: Policy, operations: list[tuple[object, ...]]
) -> None:
    """Over random histories, policies, silences, answers, restarts and clocks."""
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_state(Settings(data_dir=Path(folder)))) as state,
    ):
        tables.METADATA.create_all(state.engine)
        telling = Telling(state, catalogue)
        telling.duty = {"leader": "daibiao"}
        with state.begin() as connection:
            telling.policies.save(connection, policy, "李岚", "huanbao", telling.now_ms)
        played = Played(telling)
        for name, *arguments in operations:
            played.play[str(name)](*arguments)
        played.assert_nothing_twice()
        for _ in range(12):
            telling.after(5 * HOUR_MS / MINUTE_MS / 4)
        played.assert_nothing_twice()
        played.assert_silent_where_silenced()
        played.assert_settled()


def test_given_a_ladder_then_it_ends_at_its_last_step(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    """So that no event asks for ever."""
    with closing(open_state(Settings(data_dir=tmp_path))) as state:
        tables.METADATA.create_all(state.engine)
        telling = Telling(state, catalogue)
        telling.fires("a")
        telling.after(24 * 60, every_s=600)
        assert [of.step_ms for of in telling.open()] == [None]
