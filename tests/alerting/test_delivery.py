"""Whom a change is told, and why somebody is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from alerting.alert import Alert, Change, Level, State, Transition
from alerting.notify.plan import plan
from alerting.record.events import AGAIN_MS, BESIDE_MS, TOGETHER_MS, AlertEvents
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import HOUR_MS

ABOVE, BELOW, ELSEWHERE = "tonglv-pingchao", "tonglv-jinsha", "xinjianghai-shigang"
AIR, OTHER_AIR = "air-jinsha", "air-shigang"
ALARM = Alert("a1", "r", 1, Level.ALARM, "pollution", ABOVE, "w21003", State.FIRING, 0, 3)
CRITICAL = replace(ALARM, id="a2", level=Level.CRITICAL)
NOTICE = replace(ALARM, id="a4", level=Level.NOTICE)
ENDED = ALARM.resolve(9)
OFFLINE = replace(ALARM, id="a3", rule_id="silent", about="maintenance", indicator="")
BOTH = ["deputy", "officer"]


class Line:
    """Alerts that fire and end one after the other, and what a deputy is told of each."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.alert_events = AlertEvents(catalogue.stations)
        self.standing: dict[str, Alert] = {}
        self.others: tuple[str, ...] = ()

    def fires(
        self,
        name: str,
        hour: float,
        station: str = ABOVE,
        *,
        level: Level = Level.WARNING,
        rule: str = "r",
    ) -> str:
        """The reason why a deputy is not told, or that he is."""
        at = int(hour * HOUR_MS)
        alert = replace(
            ALARM, id=name, station=station, level=level, rule_id=rule, began_ms=at, fired_ms=at
        )
        self.standing[name] = alert
        return self.notified(Transition(Change.FIRED, alert, at, ""))

    def ends(self, name: str, hour: float) -> str:
        """The same of its end."""
        at = int(hour * HOUR_MS)
        return self.notified(
            Transition(Change.RESOLVED, self.standing.pop(name).resolve(at), at, "")
        )

    def never_was(self, name: str) -> str:
        """The same when late readings take it back."""
        alert = self.standing.pop(name)
        return self.notified(Transition(Change.WITHDRAWN, alert.withdraw(), alert.fired_ms, ""))

    def notified(self, transition: Transition, audience: str = "deputy") -> str:
        """Of any transition; to whom it is told beside it stands in ``others``."""
        notifications = plan([transition], list(self.standing.values()), self.alert_events)
        (notification,) = [row for row in notifications if row.audience == audience]
        self.others = notification.others
        return notification.muted or "told"


@pytest.fixture
def line(catalogue: Catalogue) -> Line:
    return Line(catalogue)


def notified(
    catalogue: Catalogue,
    change: Change,
    alert: Alert,
    standing: Sequence[Alert],
    heard: Sequence[Alert],
) -> list[str]:
    """Audience or reason of each telling, when some alerts fired and were told before."""
    alert_events = AlertEvents(catalogue.stations)
    for one in heard:
        plan([Transition(Change.FIRED, one, one.fired_ms, "")], [one], alert_events)
    notifications = plan([Transition(change, alert, 3, "")], standing, alert_events)
    return [notification.muted or notification.audience for notification in notifications]


@pytest.mark.parametrize(
    ("change", "alert", "standing", "heard", "expected"),
    [
        (Change.FIRED, ALARM, [ALARM], [], BOTH),
        (Change.FIRED, OFFLINE, [OFFLINE], [], ["officer"]),
        (Change.FIRED, NOTICE, [NOTICE], [], ["officer"]),
        (Change.ADDED, ENDED, [], [], ["no longer stands"] * 2),
        (Change.ADDED, ALARM, [ALARM], [], BOTH),
        (Change.ADDED, ALARM, [ALARM], [ALARM], ["told already"] * 2),
        (Change.FIRED, ALARM, [ALARM, CRITICAL], [CRITICAL], ["hidden by a higher level"] * 2),
        (Change.FIRED, CRITICAL, [ALARM, CRITICAL], [ALARM], BOTH),
        (Change.RESOLVED, ENDED, [], [ALARM], BOTH),
        (Change.RESOLVED, ENDED, [], [], ["nobody heard of it"] * 2),
        (Change.WITHDRAWN, ALARM.withdraw(), [], [ALARM], BOTH),
        (Change.WITHDRAWN, ALARM.withdraw(), [], [], ["nobody heard of it"] * 2),
        (Change.MOVED, ENDED, [], [ALARM], BOTH),
        (Change.MOVED, ALARM, [ALARM], [ALARM], []),
        (Change.DATA_LOST, ALARM, [ALARM], [ALARM], BOTH),
        (Change.DATA_LOST, ALARM, [ALARM], [], ["nobody heard of it"] * 2),
        (Change.DATA_BACK, ALARM, [ALARM], [ALARM], []),
    ],
)
def test_a_change_is_reported_to_those_it_concerns_or_muted_with_a_reason(
    catalogue: Catalogue,
    change: Change,
    alert: Alert,
    standing: Sequence[Alert],
    heard: Sequence[Alert],
    expected: list[str],
) -> None:
    """One row a case."""
    assert notified(catalogue, change, alert, standing, heard) == expected


def test_the_same_change_has_the_same_key_and_another_event_another(catalogue: Catalogue) -> None:
    """So that a repeat cannot be handed over twice."""
    fired = Transition(Change.FIRED, ALARM, 3, "")
    ended = Transition(Change.RESOLVED, ENDED, 9, "")
    once, again = (plan([fired, ended], [], AlertEvents(catalogue.stations)) for _ in range(2))

    assert [t.key for t in once] == [t.key for t in again]
    assert len({t.key for t in once}) == 4


def test_of_an_event_its_beginning_its_rises_and_its_end_are_reported(line: Line) -> None:
    """Down the river, and up again; one end for all of them, which names the other stations."""
    assert line.fires("a", 0, ABOVE) == "told"
    assert line.fires("b", 2, BELOW) == "told with others"
    assert line.fires("c", 3, BELOW, level=Level.ALARM) == "told"
    assert line.others == (ABOVE,)
    assert line.fires("d", 4, ABOVE, level=Level.ALARM) == "told with others"
    assert [line.ends(name, 5) for name in "cad"] == ["not over yet"] * 3
    assert line.ends("b", 6) == "told"
    assert line.others == (ABOVE,)


@pytest.mark.parametrize(
    ("first", "second", "notified"),
    [
        (ABOVE, BELOW, "told with others"),
        (ABOVE, ELSEWHERE, "told"),
        (AIR, OTHER_AIR, "told with others"),
        (AIR, ABOVE, "told"),
    ],
)
def test_an_event_is_of_one_river_or_of_the_air(
    line: Line, first: str, second: str, notified: str
) -> None:
    """What happens elsewhere is news."""
    line.fires("a", 0, first)

    assert line.fires("b", 0.5, second) == notified


@pytest.mark.parametrize(
    ("second", "third", "notified"),
    [
        (TOGETHER_MS - 1, 2 * TOGETHER_MS - 2, "told with others"),
        (TOGETHER_MS - 1, 2 * TOGETHER_MS - 1, "told"),
        (1, TOGETHER_MS + 1, "told"),
    ],
)
def test_an_event_grows_as_long_as_firings_follow_each_other(
    line: Line, second: int, third: int, notified: str
) -> None:
    """A day after the last one it is news again, though the first still stands."""
    line.fires("a", 0, ABOVE)
    assert line.fires("b", second / HOUR_MS, BELOW) == "told with others"

    assert line.fires("c", third / HOUR_MS, "tonglv-erjia") == notified


@pytest.mark.parametrize(
    ("audience", "after", "notified"),
    [
        ("deputy", BESIDE_MS - 1, "told with others"),
        ("deputy", BESIDE_MS, "told"),
        ("officer", 1, "told"),
    ],
)
def test_what_another_rule_says_at_the_same_time_is_for_officers(
    line: Line, audience: str, after: int, notified: str
) -> None:
    """A deputy hears once that the river is polluted, an officer by what."""
    line.fires("a", 0)
    other = replace(ALARM, id="b", level=Level.WARNING, rule_id="other", fired_ms=after)
    line.standing["b"] = other

    assert line.notified(Transition(Change.FIRED, other, after, ""), audience) == notified


def test_a_graver_alert_of_another_rule_is_reported_at_any_time(line: Line) -> None:
    """It belongs to the storm, and raises it."""
    line.fires("a", 0)

    assert line.fires("b", 0.1, level=Level.ALARM, rule="other") == "told"
    assert line.ends("a", 5) == "not over yet"
    assert line.ends("b", 6) == "told"


def test_what_people_take_to_be_over_is_reported_anew(line: Line) -> None:
    """However soon it comes."""
    line.fires("a", 0)
    assert line.ends("a", 2) == "told"

    assert line.fires("b", 2.1) == "told"


def test_of_one_that_comes_and_goes_people_hear_until_its_end_was_reported_once(
    line: Line,
) -> None:
    """From then on they take it to stand, until it has been quiet for so long that it is news."""
    line.fires("a", 0)
    line.ends("a", 2)
    line.fires("b", 3)
    assert line.ends("b", 4) == "told lately"
    assert line.fires("c", 5) == "told lately"
    assert line.ends("c", 6) == "told lately"

    assert line.fires("d", 5 + TOGETHER_MS / HOUR_MS) == "told"


def test_an_end_that_comes_long_after_the_last_one_is_reported(line: Line) -> None:
    """So nobody waits for it in vain."""
    line.fires("a", 0)
    line.ends("a", 2)
    line.fires("b", 3)

    assert line.ends("b", 2 + AGAIN_MS / HOUR_MS) == "told"


def test_levels_hidden_by_a_higher_one_keep_an_event_from_being_over(line: Line) -> None:
    """All-clear is given when none of them stands."""
    line.standing["low"] = replace(ALARM, id="low", level=Level.WARNING)
    assert line.fires("high", 0, level=Level.CRITICAL) == "told"
    low = line.standing["low"]
    hidden = line.notified(Transition(Change.FIRED, low, low.fired_ms, ""))
    assert hidden == "hidden by a higher level"

    assert line.ends("high", 4) == "not over yet"
    assert line.ends("low", 5) == "told"


def test_when_the_only_alert_that_was_reported_never_was_the_next_one_is_reported(
    line: Line,
) -> None:
    """Who is told so hears of the others that stand; then nobody knows of a storm any more."""
    line.fires("a", 0, ABOVE)
    line.fires("b", 1, BELOW)

    assert line.never_was("a") == "told"
    assert line.others == (BELOW,)
    assert line.fires("c", 2, ABOVE) == "told"


def test_faults_of_sensors_are_each_of_its_own_station(line: Line) -> None:
    """Somebody has to go there."""
    for name, station in (("a", ABOVE), ("b", BELOW)):
        fault = replace(OFFLINE, id=name, station=station)
        line.standing[name] = fault
        assert line.notified(Transition(Change.FIRED, fault, 3, ""), "officer") == "told"
