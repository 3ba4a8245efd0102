"""Duty calendars in the state database, of both kinds: kept, never changed, and asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from alerting import tables
from alerting.duty.calendar import Calendar
from alerting.duty.records import ChangeRefused, Entry, Rota, Substitute, What
from alerting.duty.repository import ChangedMeanwhile, DutyRepository, UnknownPosition
from config.vocabulary.time import DAY_MS
from ingest.state.database import State
from tests.databases import fresh_state

NOW_MS = 1_795_492_800_000  # 2026-11-24 12:00 in the district


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """With the tables of alerting."""
    there = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    made = fresh_state(tmp_path, [tables.MIGRATIONS], there)
    yield made
    made.close()


@pytest.fixture
def kept(state: State) -> DutyRepository:
    """Without a position."""
    return DutyRepository(state)


def save(
    kept: DutyRepository,
    what: What,
    position: str = "",
    *,
    now_ms: int = NOW_MS,
    seen: int | None = None,
) -> Entry:
    """In a transaction of its own."""

    def make(_calendar: Calendar, _saved_ms: int) -> What:
        return what

    with kept.state.begin() as connection:
        by = ("李岚", "huanbao")
        return kept.add(connection, position, make, by=by, now_ms=now_ms, seen=seen)


def rota(*people: str, from_ms: int = NOW_MS, name: str = "值班员") -> Rota:
    """By day, from midnight to midnight."""
    return Rota(name, "day", 0, "2026-11-24", from_ms, people)


def test_given_positions_then_each_has_its_id_and_says_who_is_on_duty(
    kept: DutyRepository,
) -> None:
    """As was known at any instant."""
    first = save(kept, rota("an", "bo"))
    second = save(kept, rota("chen", from_ms=NOW_MS + 1, name="带班领导"))
    assert (first.position, second.position) == ("duty-1", "duty-2")
    assert list(kept.calendars()) == ["duty-1", "duty-2"]
    duty = kept.on_duty("duty-1", NOW_MS + DAY_MS, NOW_MS)
    assert duty is not None
    assert duty.person == "bo"
    assert kept.on_duty("duty-1", NOW_MS + DAY_MS, NOW_MS - 1) is None
    assert kept.on_duty("duty-9", NOW_MS, NOW_MS) is None
    assert kept.calendars()["duty-1"].entries == (first,)


def test_given_somebody_who_cannot_be_on_duty_then_the_backup_is_and_else_nobody(
    kept: DutyRepository,
) -> None:
    """By position, as those who tell people ask for it; a later change is seen at once."""
    save(kept, Rota("值班员", "day", 0, "2026-11-24", NOW_MS, ("an",), backup="wu"))
    save(kept, rota("an", name="带班领导"))

    def everybody(_person: str, _at_ms: int) -> bool:
        return True

    assert kept.present(NOW_MS, everybody) == {"duty-1": "an", "duty-2": "an"}
    assert kept.present(NOW_MS - 1, everybody) == {}
    assert kept.present(NOW_MS, lambda person, _at_ms: person != "an") == {"duty-1": "wu"}
    save(kept, Substitute(NOW_MS, NOW_MS + DAY_MS, "xu", "出差"), "duty-2")
    assert kept.present(NOW_MS, everybody)["duty-2"] == "xu"


def test_given_gaps_of_several_positions_then_all_are_found_by_beginning(
    kept: DutyRepository,
) -> None:
    """With the name of the position."""
    save(kept, rota("an"))
    save(kept, rota("bo", from_ms=NOW_MS + DAY_MS, name="带班领导"))
    found = kept.gaps(NOW_MS, NOW_MS + 2 * DAY_MS, lambda _person, _at_ms: False)
    assert [(gap.name, gap.person, gap.from_ms) for gap in found] == [
        ("值班员", "an", NOW_MS),
        ("带班领导", "bo", NOW_MS + DAY_MS),
    ]


def test_given_a_clock_that_was_set_back_then_entries_still_follow_each_other(
    kept: DutyRepository,
) -> None:
    """Otherwise what was known would change."""
    save(kept, rota("an"))
    with pytest.raises(ChangeRefused):
        save(kept, rota("bo", from_ms=NOW_MS - 1), "duty-1", now_ms=NOW_MS - DAY_MS)
    later = save(kept, rota("bo"), "duty-1", now_ms=NOW_MS - DAY_MS)
    assert later.saved_ms == NOW_MS


def test_given_two_who_save_at_once_then_the_second_hears_of_the_first(
    kept: DutyRepository,
) -> None:
    """And nothing of theirs is kept."""
    first = save(kept, rota("an"))
    span = (NOW_MS + DAY_MS, NOW_MS + 2 * DAY_MS)
    save(kept, Substitute(*span, "wu", "出差"), "duty-1", seen=first.id)
    with pytest.raises(ChangedMeanwhile) as caught:
        save(kept, Substitute(*span, "xu", "病假"), "duty-1", seen=first.id)
    assert caught.value.by == "李岚"
    assert len(kept.calendars()["duty-1"].entries) == 2
    with pytest.raises(UnknownPosition):
        save(kept, rota("an"), "duty-7")


def test_an_entry_is_never_changed_nor_removed(kept: DutyRepository) -> None:
    """The database itself refuses."""
    save(kept, rota("an"))
    with kept.state.begin() as connection:
        kept.renew_feeds(connection, "an", NOW_MS)
    assert (kept.feed_serial("an"), kept.feed_serial("bo")) == (1, 0)
    for table in (tables.DUTY_ENTRY, tables.DUTY_FEED):
        for deed in (sa.update(table).values(id=9), sa.delete(table)):
            with pytest.raises(sa.exc.DBAPIError), kept.state.begin() as connection:
                connection.execute(deed)
    assert len(kept.calendars()["duty-1"].entries) == 1
