"""Alerts, acknowledgements and messages of before there were alert events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alerting import tables
from alerting.events.event import AlertEvent, EventState, Grouping, NoticeKind, advanced
from alerting.events.repository import Act, Events, Marks
from alerting.notify.entries import OfEvent
from alerting.notify.repository import SENT, Messages
from alerting.record.repository import Repository
from api import tables as account_tables
from config.settings import Settings
from ingest.state.database import State, open_state, upgrade
from tests.api.conftest import BOTH
from tests.conftest import Postgres

pytestmark = pytest.mark.parametrize("kind", BOTH)
OLD = "0006"
T0 = 1_796_000_000_000
LATER = T0 + 3_600_000
ALERT = """
    insert into alert (
        id, rule_id, rule_version, level, about, station, indicator, state, began_ms, fired_ms,
        resolved_ms, peak, peak_ms, last_value, last_ms, data_lost, retrospective, fired_value,
        acknowledged_by, acknowledged_account, acknowledged_ms
    ) values (
        :id, 'ammonia', 1, :level, 'pollution', :station, 'w21003', :state, :fired_ms, :fired_ms,
        :resolved_ms, 3.1, :fired_ms, 2.9, :fired_ms, :data_lost, :no, 2.5,
        :name, :account, :acknowledged_ms
    )
"""
MESSAGE = """
    insert into outbox (
        key, alert_id, event, audience, text, muted, created_ms, attempts, next_ms, sent_ms, storm
    ) values (:key, :alert, :event, :audience, '', :muted, :at_ms, 1, :next_ms, :sent_ms, :storm)
"""


class Older:
    """A state database as the version before left it, and its rows."""

    def __init__(self, state: State) -> None:
        self.state = state
        with state.begin() as connection:
            upgrade(connection, tables.MIGRATIONS, OLD)

    def staffed(self, version: str = "head") -> None:
        """Two deputies and an officer have accounts."""
        people = (("chen", "deputy"), ("wang", "deputy"), ("li", "officer"))
        with self.state.begin() as connection:
            upgrade(connection, account_tables.MIGRATIONS, "0001")
            for who, role in people:
                account = "insert into account values (:who, :who, :role, '', '')"
                connection.execute(sa.text(account), {"who": who, "role": role})
            upgrade(connection, account_tables.MIGRATIONS, version)

    def alert(self, alert: str, state: str = "firing", **values: Any) -> None:
        """One at a station, of level 3."""
        known = dict.fromkeys(("resolved_ms", "name", "account", "acknowledged_ms"))
        known |= {"resolved_ms": LATER} if state == "resolved" else {}
        row = {"level": 3, "station": "jinsha", "fired_ms": T0, "data_lost": False, "no": False}
        with self.state.begin() as connection:
            row |= known | {"id": alert, "state": state}
            connection.execute(sa.text(ALERT), row | values)

    def message(
        self,
        alert: str,
        event: str = "fired",
        audience: str = "deputy",
        fate: str = "sent",
        event_id: str | None = None,
    ) -> None:
        """One that was sent, that waits, or that was muted; by itself where ``event_id`` says no
        other.
        """
        row = {
            "key": f"{alert}-{event}-{audience}",
            "alert": alert,
            "event": event,
            "audience": audience,
            "muted": "hidden by a higher level" if fate == "muted" else "",
            "at_ms": T0,
            "next_ms": T0 if fate == "waits" else None,
            "sent_ms": T0 + 1 if fate == "sent" else None,
            "storm": alert if event_id is None else event_id,
        }
        with self.state.begin() as connection:
            connection.execute(sa.text(MESSAGE), row)

    def migrated(self) -> Newer:
        """What this version finds."""
        self.state.migrate([tables.MIGRATIONS])
        return Newer(self.state)


class Newer:
    """What has become of it."""

    def __init__(self, state: State) -> None:
        self.events, self.messages, self.record = Events(state), Messages(state), Repository(state)
        self.state = state

    def event(self, name: str) -> AlertEvent:
        """One that is there."""
        with self.state.read() as connection:
            found = self.events.one(connection, name)
        assert found
        return found

    def marks(self, name: str) -> Marks:
        """Of an event."""
        with self.state.read() as connection:
            return self.events.marks(connection, name)

    def acts(self, name: str) -> list[Act]:
        """On an event."""
        with self.state.read() as connection:
            return self.events.acts(connection, [name]).get(name, [])

    def members(self, name: str) -> set[str]:
        """Alerts of an event."""
        with self.state.read() as connection:
            return {of.id for of in self.events.members(connection, [name]).get(name, ())}

    def unjoined(self) -> set[str]:
        """Alerts that the notifier finds."""
        with self.state.read() as connection:
            return {of.id for of in self.events.unjoined(connection)}

    def heard(self, name: str) -> set[str]:
        """Readers who know of an event."""
        with self.state.read() as connection:
            known = self.messages.known(connection, name, 0, 0)
        return {who for who, of in known.items() if of.event}

    def next_notice(self, name: str) -> NoticeKind | None:
        """What the notifier's next turn tells of an event."""
        event = self.event(name)
        with self.state.read() as connection:
            members = self.events.members(connection, [name])[name]
        _, notice = advanced(event, members, lambda _: False, LATER + 60_000, Grouping())
        return notice.kind if notice else None


@pytest.fixture
def older(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> Iterator[Older]:
    """Without rows."""
    url = ""
    if kind == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.database()
    state = open_state(Settings(data_dir=tmp_path, state_url=url))
    yield Older(state)
    state.close()


def test_given_an_alert_that_stands_and_was_told_then_its_event_stands_and_is_not_told_again(
    older: Older,
) -> None:
    """A rise, further stations and its end are."""
    older.alert("a")
    older.message("a")
    newer = older.migrated()
    event = newer.event("a")
    assert (event.state, event.known_level) == (EventState.STANDING, 3)
    assert event.known_stations == {"jinsha": 3}
    assert newer.members("a") == {"a"}
    assert newer.next_notice("a") is None


def test_given_alerts_that_were_told_as_one_then_they_are_one_event_and_each_station_has_its_level(
    older: Older,
) -> None:
    """As deputies knew them; of a level that an alert no longer has nobody knows."""
    older.alert("a", "withdrawn", level=4)
    older.alert("b", level=3, station="xingren", fired_ms=LATER)
    older.alert("c", level=2, station="pingchao")
    for name in "abc":
        older.message(name, event_id="a")
        older.message(name, audience="officer", event_id=name)
    newer = older.migrated()
    assert newer.members("a") == {"a", "b", "c"}
    event = newer.event("a")
    assert event.known_stations == {"xingren": 3, "pingchao": 2}
    assert (event.known_level, event.gravest) == (3, 4)
    assert (event.began_ms, event.latest_ms) == (T0, LATER)


def test_given_a_lower_level_that_a_higher_one_hid_then_it_is_no_event_of_its_own(
    older: Older,
) -> None:
    """The outbox kept it with its event."""
    older.alert("a", level=4)
    older.message("a")
    older.alert("b")
    older.message("b", fate="muted", event_id="a")
    newer = older.migrated()
    assert newer.members("a") == {"a", "b"}
    assert not newer.unjoined()
    assert newer.next_notice("a") is None


def test_given_a_muted_alert_of_before_events_then_it_stands_and_is_not_told(older: Older) -> None:
    """Its row names no event."""
    older.alert("a")
    older.message("a", fate="muted", event_id="")
    assert older.migrated().next_notice("a") is None


def test_given_a_beginning_that_waits_then_the_notifier_tells_it(older: Older) -> None:
    """Rather twice than not at all, where another audience has heard of it."""
    older.alert("a")
    older.message("a", audience="officer")
    older.message("a", fate="waits")
    assert older.migrated().next_notice("a") is NoticeKind.BEGUN


def test_given_an_alert_that_was_kept_back_then_the_notifier_finds_it(older: Older) -> None:
    """It stands, and the outbox says nothing of it."""
    older.alert("a")
    assert older.migrated().unjoined() == {"a"}


def test_given_one_that_was_kept_back_and_is_acknowledged_then_it_is_still_told(
    older: Older,
) -> None:
    """To everybody else."""
    older.alert("a", name="陈明", account="chen", acknowledged_ms=LATER)
    assert older.migrated().next_notice("a") is NoticeKind.BEGUN


def test_given_an_end_that_waits_then_whoever_heard_of_the_event_is_told(older: Older) -> None:
    """Everybody of the audience."""
    older.staffed()
    older.alert("a", "resolved")
    older.message("a")
    older.message("a", "resolved", fate="waits")
    newer = older.migrated()
    assert newer.next_notice("a") is NoticeKind.OVER
    assert {"chen", "wang"} <= newer.heard("a")
    assert "li" not in newer.heard("a")


def test_given_an_alert_that_came_and_went_before_it_was_told_then_nothing_is_told(
    older: Older,
) -> None:
    """It is on record."""
    older.alert("a", "resolved")
    older.message("a", fate="waits")
    older.message("a", "resolved", fate="waits")
    newer = older.migrated()
    assert newer.event("a").state is EventState.OVER
    assert newer.record.get("a")


def test_given_data_that_stay_away_as_was_told_then_it_is_not_told_again(older: Older) -> None:
    """As long as they do."""
    for name in "ab":
        older.alert(name, data_lost=True)
        older.message(name)
    older.message("b", "data-lost")
    newer = older.migrated()
    assert newer.next_notice("a") is NoticeKind.DATA_LOST
    assert newer.next_notice("b") is None


def test_given_an_alert_that_is_over_then_its_event_is_over_with_the_messages_that_were_sent(
    older: Older,
) -> None:
    """A beginning and an end, to each audience, and when."""
    older.alert("a", "resolved")
    for told in ("fired", "data-lost", "resolved"):
        older.message("a", told)
        older.message("a", told, "officer")
    newer = older.migrated()
    event = newer.event("a")
    assert (event.state, event.ended_ms) == (EventState.OVER, LATER)
    with newer.state.read() as connection:
        entries = newer.messages.of_event(connection, "a")
        sent = newer.messages.every(connection)
    kinds = sorted(entry.kind for entry, _ in entries)
    assert kinds == ["begun", "begun", "data-lost", "data-lost", "over", "over"]
    assert {of.reader for _, tellings in entries for of in tellings} == {"@deputy", "@officer"}
    alerts = {of.body.alert.id for of, _ in entries if isinstance(of.body, OfEvent)}
    assert alerts == {"a"}
    assert [of.settled_ms for _, of in sent if of.state in SENT] == [T0 + 1] * 6
    assert newer.messages.waiting() == (0, None)


def test_given_a_message_that_was_withdrawn_or_muted_then_only_what_was_sent_is_kept(
    older: Older,
) -> None:
    """Nobody had the other."""
    older.alert("a", "withdrawn")
    older.message("a")
    older.message("a", "withdrawn")
    older.message("a", audience="officer", fate="muted")
    newer = older.migrated()
    with newer.state.read() as connection:
        kinds = [entry.kind for entry, _ in newer.messages.of_event(connection, "a")]
    assert sorted(kinds) == ["begun", "withdrawn"]
    assert newer.event("a").ended_ms == T0


def test_given_acknowledgements_then_the_first_marks_the_event_and_each_is_an_act(
    older: Older,
) -> None:
    """With the role that the account has; a deputy's does not take it off the officers' list."""
    older.staffed()
    older.alert("a", "resolved", name="陈明", account="chen", acknowledged_ms=T0 + 5)
    older.alert("b", name="李岚", account="li", acknowledged_ms=T0 + 9)
    older.alert("c")
    for name in "abc":
        older.message(name, event_id="a")
    newer = older.migrated()
    marks = newer.marks("a")
    assert (marks.acknowledged_by, marks.acknowledged_account) == ("陈明", "chen")
    assert (marks.acknowledged_ms, marks.deputies_ms, marks.officers_ms) == (
        T0 + 5,
        T0 + 5,
        T0 + 9,
    )
    assert marks.taken_ms is None
    assert [(of.username, of.role, of.kind, of.at_ms) for of in newer.acts("a")] == [
        ("chen", "deputy", "acknowledged", T0 + 5),
        ("li", "officer", "acknowledged", T0 + 9),
    ]


def test_given_an_acknowledged_alert_of_which_nobody_was_told_then_it_is_kept_as_well(
    older: Older,
) -> None:
    """Of an account that nobody knows any more only the name is kept."""
    older.alert("a", "resolved", name="陈明", acknowledged_ms=T0 + 5)
    newer = older.migrated()
    assert newer.event("a").state is EventState.OVER
    assert [(of.username, of.name) for of in newer.acts("a")] == [("", "陈明")]


def test_given_roles_that_still_stand_with_the_accounts_then_they_count(older: Older) -> None:
    """Tables of alerts are brought up to date before those of accounts."""
    older.staffed("0001")
    older.alert("a", name="李岚", account="li", acknowledged_ms=T0 + 5)
    older.message("a")
    newer = older.migrated()
    assert newer.marks("a").officers_ms == T0 + 5
    assert {"chen", "wang"} <= newer.heard("a")


def test_given_what_only_pages_heard_then_nothing_is_kept_of_it(older: Older) -> None:
    """Browsers that were open."""
    older.alert("a", "resolved")
    older.message("a", "shown", "browsers", fate="waits", event_id="")
    newer = older.migrated()
    with newer.state.read() as connection:
        assert newer.events.one(connection, "a") is None
        assert newer.messages.every(connection) == []
