"""What people say of an alert stands beside what the engine says of it."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
import sqlalchemy as sa

from alerting import tables
from alerting.alert import Alert, Change, Level, State, Transition, Verdict
from alerting.events.repository import Act, Events
from alerting.record.repository import Review
from alerting.wording.sentences import Wording
from config.catalogue.words import Words
from config.vocabulary.quality import Quality
from tests.alerting.conftest import T0, RunningCentre
from tests.phrases import WORDS, has

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


def put(centre: RunningCentre, *alerts: Alert) -> None:
    """Alerts on record."""
    with centre.state.begin() as connection:
        changes = [Transition(Change.FIRED, alert, alert.fired_ms, "") for alert in alerts]
        centre.repository.record(connection, 1, changes)


def review(centre: RunningCentre, alert_id: str, verdict: Verdict, note: str = "") -> None:
    """By 李岚, now."""
    with centre.state.begin() as connection:
        centre.repository.review(
            connection, alert_id, verdict, "李岚", "huanbao", centre.now_ms, note
        )


def test_a_later_review_takes_the_place_of_an_earlier_one(centre: RunningCentre) -> None:
    """Of another alert nothing is said."""
    put(centre, ALERT, replace(ALERT, id="b" * 20))
    review(centre, ALERT.id, Verdict.TRUE, "到场看过")
    centre.now_ms += 60_000
    review(centre, ALERT.id, Verdict.SENSOR, "电极结垢")

    kept, other = (centre.repository.get(name * 20) for name in "ab")
    assert kept is not None
    assert kept.review == Review(Verdict.SENSOR, "李岚", centre.now_ms, "电极结垢", "huanbao")
    assert other is not None
    assert other.review is None


def test_the_engine_leaves_alone_what_people_said(centre: RunningCentre) -> None:
    """An alert that moves, resolves and is withdrawn keeps its marks."""
    centre.measured(160, 190, 1.5)
    centre.settle()
    (before,) = centre.alerts()
    review(centre, before.id, Verdict.PLANNED, "清淤")
    centre.kinds()
    with centre.state.begin() as connection:
        event = Events(centre.state).of_alert(connection, before, "river tonglv", "x", T0)
        act = Act(event, "acknowledged", centre.now_ms, "daibiao", "陈明", "deputy")
        Events(centre.state).acknowledge(connection, act)
    marked = centre.repository.get(before.id)
    assert marked is not None

    centre.decide(150, 170, quality=Quality.BAD)
    centre.measured(190, 220, 0.4)
    centre.settle()
    moved = centre.repository.get(before.id)
    centre.decide(150, 200, quality=Quality.BAD)
    centre.settle()
    withdrawn = centre.repository.get(before.id)

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
    centre: RunningCentre, changes: dict[str, object], counts: bool
) -> None:
    """Half open, of any version and level; one that was withdrawn never was."""
    alert = replace(ALERT, **changes)  # type: ignore[arg-type]
    put(centre, alert, replace(ALERT, id="b" * 20))
    review(centre, alert.id, Verdict.FALSE)

    found = centre.repository.reviewed("ammonia-over-class", T0, T0 + 10_000)

    assert found == ([(alert, Verdict.FALSE)] if counts else [])


def test_a_record_of_before_is_opened_and_says_why_without_a_value(centre: RunningCentre) -> None:
    """An alert that had fired before the value was kept, and the engine's snapshot with its run."""
    centre.measured(160, 190, 1.5)
    centre.settle()
    with centre.state.begin() as connection:
        row = connection.execute(sa.select(tables.ENGINE)).one()
        old = msgspec.msgpack.decode(row.snapshot)
        assert [run.pop("fired_value", None) for run in old["runs"].values()].count(1.5) == 1
        kept = {"snapshot": msgspec.msgpack.encode(old)}
        connection.execute(sa.update(tables.ENGINE).values(kept))
        connection.execute(sa.update(tables.ALERT).values(fired_value=None))
    centre.restart()
    centre.measured(190, 200, 1.6)
    centre.settle()

    (alert,) = centre.alerts()
    assert (alert.state, alert.last_value, alert.fired_value) == (State.FIRING, 1.6, None)
    wording = Wording(Words.load("zh-CN"), centre.catalogue, centre.rule_repository.all)
    why = wording.sentences(alert, centre.now_ms).why
    assert has(why, "alert.why", level=WORDS("level.alarm"), shown="")


def test_the_value_at_firing_stays_while_an_alert_goes_on(centre: RunningCentre) -> None:
    """Through its last value, its end, and a decision on the reading itself."""
    centre.measured(160, 170, 1.5)
    centre.measured(170, 175, 1.9)
    centre.settle()
    assert [alert.fired_value for alert in centre.alerts()] == [1.5]
    centre.measured(175, 200, 0.4)
    centre.settle()
    assert [(alert.state, alert.fired_value) for alert in centre.alerts()] == [
        (State.RESOLVED, 1.5)
    ]
    centre.keep()
    centre.decide(163, 164, value=1.7)
    centre.settle()
    assert [alert.fired_value for alert in centre.alerts()] == [1.7]
