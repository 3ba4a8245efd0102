"""Whom a change is told, and why somebody is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alerting.alert import Alert, Change, Level, State, Transition
from alerting.delivery import plan

ALARM = Alert("a1", "r", 1, Level.ALARM, "pollution", "s", "w21003", State.FIRING, 0, 3)
CRITICAL = replace(ALARM, id="a2", level=Level.CRITICAL)
NOTICE = replace(ALARM, id="a4", level=Level.NOTICE)
ENDED = ALARM.resolve(9)
OFFLINE = replace(ALARM, id="a3", rule_id="silent", about="maintenance", indicator="")


def told(change: Change, alert: Alert, standing: list[Alert], heard: set[str]) -> list[str]:
    """Audience or reason of each telling."""
    tellings = plan([Transition(change, alert, 3, "")], standing, heard)
    return [telling.muted or telling.audience for telling in tellings]


@pytest.mark.parametrize(
    ("change", "alert", "standing", "heard", "expected"),
    [
        (Change.FIRED, ALARM, [ALARM], set(), ["deputy", "officer"]),
        (Change.FIRED, OFFLINE, [OFFLINE], set(), ["officer"]),
        (Change.FIRED, NOTICE, [NOTICE], set(), ["officer"]),
        (Change.ADDED, ENDED, [], set(), ["no longer stands"] * 2),
        (Change.ADDED, ALARM, [ALARM], set(), ["deputy", "officer"]),
        (Change.FIRED, ALARM, [ALARM, CRITICAL], set(), ["hidden by a higher level"] * 2),
        (Change.FIRED, CRITICAL, [ALARM, CRITICAL], set(), ["deputy", "officer"]),
        (Change.RESOLVED, ENDED, [], {"a1"}, ["deputy", "officer"]),
        (Change.RESOLVED, ENDED, [], set(), ["nobody heard of it"] * 2),
        (Change.WITHDRAWN, ALARM.withdraw(), [], {"a1"}, ["deputy", "officer"]),
        (Change.MOVED, ENDED, [], {"a1"}, ["deputy", "officer"]),
        (Change.MOVED, ALARM, [ALARM], {"a1"}, []),
        (Change.DATA_LOST, ALARM, [ALARM], {"a1"}, ["deputy", "officer"]),
        (Change.DATA_BACK, ALARM, [ALARM], {"a1"}, []),
    ],
)
def test_a_change_is_told_to_those_it_concerns_or_muted_with_a_reason(
    change: Change, alert: Alert, standing: list[Alert], heard: set[str], expected: list[str]
) -> None:
    """One row a case."""
    assert told(change, alert, standing, heard) == expected


def test_the_same_change_has_the_same_key_and_another_event_another() -> None:
    """So that a repeat cannot be handed over twice."""
    fired = Transition(Change.FIRED, ALARM, 3, "")
    ended = Transition(Change.RESOLVED, ENDED, 9, "")
    once, again = (plan([fired, ended], [], {"a1"}) for _ in range(2))

    assert [t.key for t in once] == [t.key for t in again]
    assert len({t.key for t in once}) == 4
