"""What people say of an alert stands beside what the engine says of it."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
import sqlalchemy as sa

from alerting import repository as tables
from alerting.alert import Alert, Change, Level, State, Transition, Verdict
from alerting.repository import Review
from config.vocabulary.quality import Quality
from tests.alerting.conftest import T0, House

ALERT = Alert(
    id="a" * 20,
    rule_id="ammonia-over-class",
    rule_version=1,
    level=Level.ALARM,
    about="pollution",
    station="tonglv-pingchao",
    indicator="w21003",
    state=State.FIRING,
    began_ms=T0,
    fired_ms=T0 + 3000,
)


def put(house: House, *alerts: Alert) -> None:
    """Alerts on record."""
    with house.state.begin() as connection:
        changes = [Transition(Change.FIRED, alert, alert.fired_ms, "") for alert in alerts]
        house.repository.record(connection, 1, changes)


def review(house: House, alert_id: str, verdict: Verdict, note: str = "") -> None:
    """By 李岚, now."""
    with house.state.begin() as connection:
        house.repository.review(connection, alert_id, verdict, "李岚", house.now_ms, note)


def test_a_later_review_takes_the_place_of_an_earlier_one(house: House) -> None:
    """Of another alert nothing is said."""
    put(house, ALERT, replace(ALERT, id="b" * 20))
    review(house, ALERT.id, Verdict.TRUE, "到场看过")
    house.now_ms += 60_000
    review(house, ALERT.id, Verdict.SENSOR, "电极结垢")

    kept, other = (house.repository.get(name * 20) for name in "ab")
    assert kept is not None
    assert kept.review == Review(Verdict.SENSOR, "李岚", house.now_ms, "电极结垢")
    assert other is not None
    assert other.review is None


def test_the_engine_leaves_alone_what_people_said(house: House) -> None:
    """An alert that moves, resolves and is withdrawn keeps its marks."""
    house.measured(160, 190, 1.5)
    house.settle()
    (before,) = house.alerts()
    review(house, before.id, Verdict.PLANNED, "清淤")
    with house.state.begin() as connection:
        house.repository.acknowledge(connection, before.id, "陈明", house.now_ms)
    marked = house.repository.get(before.id)
    assert marked is not None

    house.decide(150, 170, quality=Quality.BAD)
    house.measured(190, 220, 0.4)
    house.settle()
    moved = house.repository.get(before.id)
    house.decide(150, 200, quality=Quality.BAD)
    house.settle()
    withdrawn = house.repository.get(before.id)

    assert moved is not None
    assert (moved.alert.state, moved.alert.began_ms) == (State.RESOLVED, T0 + 170_000)
    assert replace(moved, alert=before) == replace(marked, alert=before)
    assert withdrawn is not None
    assert withdrawn.alert.state is State.WITHDRAWN
    assert replace(withdrawn, alert=before) == replace(marked, alert=before)


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"began_ms": T0 - 1}, False),
        ({"began_ms": T0 + 9999}, True),
        ({"began_ms": T0 + 10_000}, False),
        ({"rule_version": 7, "level": Level.CRITICAL}, True),
        ({"rule_id": "oxygen-low"}, False),
        ({"state": State.RESOLVED, "resolved_ms": T0 + 90_000}, True),
        ({"state": State.WITHDRAWN}, False),
    ],
)
def test_reviewed_alerts_of_a_rule_are_those_on_record_that_began_in_a_span(
    house: House, changes: dict[str, object], counts: bool
) -> None:
    """Half open, of any version and level; one that was withdrawn never was."""
    alert = replace(ALERT, **changes)  # type: ignore[arg-type]
    put(house, alert, replace(ALERT, id="b" * 20))
    review(house, alert.id, Verdict.FALSE)

    found = house.repository.reviewed("ammonia-over-class", T0, T0 + 10_000)

    assert found == ([(alert, Verdict.FALSE)] if counts else [])


def test_a_record_of_before_is_opened_and_says_why_without_a_value(house: House) -> None:
    """An alert that had fired before the value was kept, and the engine's snapshot with its run."""
    house.measured(160, 190, 1.5)
    house.settle()
    with house.state.begin() as connection:
        row = connection.execute(sa.select(tables.ENGINE)).one()
        old = msgspec.msgpack.decode(row.snapshot)
        assert [run.pop("fired_value", None) for run in old["runs"].values()].count(1.5) == 1
        kept = {"snapshot": msgspec.msgpack.encode(old)}
        connection.execute(sa.update(tables.ENGINE).values(kept))
        connection.execute(sa.text("alter table alert drop column fired_value"))
        connection.execute(sa.text("update alembic_alerting set version_num = '0004'"))
    house.state.migrate([tables.MIGRATIONS])
    house.restart()
    house.measured(190, 200, 1.6)
    house.settle()

    (alert,) = house.alerts()
    assert (alert.state, alert.last_value, alert.fired_value) == (State.FIRING, 1.6, None)
    why = house.watch.wording.sentences(alert, house.now_ms).why
    assert why.endswith("触发“警告”级报警。")


def test_the_value_at_firing_stays_while_an_alert_goes_on(house: House) -> None:
    """Through its last value, its end, and a decision on the reading itself."""
    house.measured(160, 170, 1.5)
    house.measured(170, 175, 1.9)
    house.settle()
    assert [alert.fired_value for alert in house.alerts()] == [1.5]
    house.measured(175, 200, 0.4)
    house.settle()
    assert [(alert.state, alert.fired_value) for alert in house.alerts()] == [
        (State.RESOLVED, 1.5)
    ]
    house.keep()
    house.decide(163, 164, value=1.7)
    house.settle()
    assert [alert.fired_value for alert in house.alerts()] == [1.7]
