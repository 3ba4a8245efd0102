"""Nobody hears of what a silence covers; all is recorded, and what stands at its end is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from alerting.alert import Change, Level
from alerting.silences.silence import Scope
from config.catalogue.shapes import Catalogue
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from tests.alerting import notified
from tests.alerting.notified import DEPUTY, NOON_MS, OFFICER, STATION, Centre, silence, spill

BOTH = ("sqlite", "postgresql")


@pytest.fixture(params=BOTH)
def centre(
    request: pytest.FixtureRequest, tmp_path: Path, district: Path, catalogue: Catalogue
) -> Iterator[Centre]:
    """At noon, with one channel."""
    there = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with notified.centre(tmp_path, district, catalogue, postgres=there) as made:
        yield made


@pytest.mark.parametrize(
    ("scope", "covers"),
    [
        (Scope(stations=(STATION,)), True),
        (Scope(stations=("tonglv-jinsha", STATION)), True),
        (Scope(stations=("tonglv-jinsha",)), False),
        (Scope(stations=(STATION,), indicators=("w01009",)), False),
        (Scope(stations=(STATION,), indicators=("w21003",)), True),
        (Scope(rules=("ammonia-over-class",)), True),
        (Scope(rules=("oxygen-low",)), False),
        (Scope(rivers=("tonglv",)), True),
        (Scope(rivers=("haohe",)), False),
        (Scope(areas=("nowhere",)), False),
    ],
)
def test_an_alert_is_meant_where_it_has_a_value_of_each_field_that_names_any(
    catalogue: Catalogue, scope: Scope, covers: bool
) -> None:
    """Of several values of a field one is enough; a field without any asks for nothing."""
    assert scope.covers(spill(), catalogue.stations[STATION]) is covers


def test_given_a_silence_when_an_alert_fires_and_ends_under_it_then_nobody_hears_of_it(
    centre: Centre,
) -> None:
    """Neither of its beginning nor of its end; the record has it all the same."""
    centre.silenced(silence())
    alert = centre.has(spill())
    centre.passes()
    centre.has(alert.resolve(centre.now_ms), Change.RESOLVED)
    centre.passes(2 * HOUR_MS)

    assert centre.ways["screen"].sent == []
    assert [kept.alert.id for kept in centre.record.listing()] == [alert.id]


def test_when_a_silence_ends_then_everybody_is_told_what_stands(centre: Centre) -> None:
    """Just when it ends, and once."""
    centre.silenced(silence())
    centre.has(spill())
    centre.passes(HOUR_MS - 1)
    assert centre.ways["screen"].sent == []

    centre.passes(1)
    centre.passes(MINUTE_MS)

    assert centre.kinds(OFFICER)[:1] == ["begun"]
    assert centre.kinds(DEPUTY)[:1] == ["begun"]


def test_when_an_officer_ends_a_silence_early_then_what_stands_is_told_at_once(
    centre: Centre,
) -> None:
    """Of two who end it the first does."""
    made = centre.silenced(silence())
    centre.has(spill())
    centre.passes()
    with centre.record.database.begin() as connection:
        assert centre.silences.end(connection, made, "李岚", centre.now_ms)
        assert not centre.silences.end(connection, made, "王五", centre.now_ms)
    centre.passes()

    assert centre.kinds(OFFICER) == ["begun"]


def test_given_people_heard_of_an_event_when_it_was_silenced_then_they_hear_that_it_stands(
    centre: Centre,
) -> None:
    """As something that goes on, not as news."""
    centre.has(spill())
    centre.passes()
    start = centre.now_ms
    centre.silenced(silence(from_ms=start, until_ms=start + HOUR_MS))
    centre.passes(MINUTE_MS)
    assert centre.kinds(DEPUTY) == ["begun"]

    centre.passes(HOUR_MS)

    assert centre.kinds(DEPUTY) == ["begun", "stands"]


def test_given_a_silence_when_a_graver_alert_fires_then_it_breaks_through(centre: Centre) -> None:
    """What is graver than the silence names is told; where it names the gravest, nothing is."""
    centre.silenced(silence(level=Level.WARNING, scope=Scope(rivers=("tonglv",))))
    centre.silenced(silence(level=Level.CRITICAL, scope=Scope(rules=("oxygen-low",))))
    centre.has(spill(level=Level.WARNING))
    centre.has(spill(id="c" * 20, rule_id="oxygen-low", level=Level.CRITICAL))
    centre.passes()
    assert centre.ways["screen"].sent == []

    centre.has(spill(id="b" * 20, level=Level.ALARM))
    centre.passes()

    assert centre.kinds(DEPUTY) == ["begun"]


def test_a_maintenance_window_that_is_to_come_silences_nothing_before_it_begins(
    centre: Centre,
) -> None:
    """It may be planned ahead, and be called off before."""
    window = silence(
        kind="maintenance", from_ms=NOON_MS + HOUR_MS, until_ms=NOON_MS + 2 * HOUR_MS, crew="张工"
    )
    first, second = centre.silenced(window), centre.silenced(replace(window, crew="赵工"))
    with centre.record.database.begin() as connection:
        (of, _) = centre.silences.to_come(connection, NOON_MS)
        assert (of.id, of.crew, of.kind) == (first, "张工", "maintenance")
        assert centre.silences.end(connection, second, "李岚", NOON_MS)
        assert [of.id for of in centre.silences.to_come(connection, NOON_MS)] == [first]
    centre.has(spill())
    centre.passes()
    assert centre.kinds(DEPUTY) == ["begun"]


def test_silences_are_found_by_the_time_in_which_they_held(centre: Centre) -> None:
    """In force now, over a span, and over and done with, a page at a time."""
    ids = [
        centre.silenced(
            silence(from_ms=NOON_MS + n * HOUR_MS, until_ms=NOON_MS + (n + 1) * HOUR_MS)
        )
        for n in range(3)
    ]
    later = NOON_MS + 2 * HOUR_MS
    with centre.record.database.begin() as connection:
        silences = centre.silences
        assert [of.id for of in silences.standing(connection, later)] == ids[2:]
        assert [of.id for of in silences.within(connection, NOON_MS + 1, later - 1)] == ids[:2]
        past, following = silences.over(connection, later, before=0, most=1)
        assert ([of.id for of in past], following) == ([ids[1]], ids[1])
        past, following = silences.over(connection, later, before=ids[1], most=1)
        assert ([of.id for of in past], following) == ([ids[0]], None)
        assert silences.one(connection, ids[0]) == silence(id=ids[0])
        assert silences.one(connection, 99) is None
