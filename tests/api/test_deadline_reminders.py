"""Reminders: on working mornings, to whoever must act, of each occasion once."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import sqlalchemy as sa

from alerting.notify.entries import Entry, Note, read
from alerting.tables import OUTBOX
from api.accounts.records import Grant, Membership
from api.accounts.repositories.people import People
from api.deadlines import reminders
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Responsible
from api.deadlines.repository import Deadlines
from config.vocabulary.time import ZONE
from tests.api.conftest import BOTH, NOW_MS, RunningCentre
from tests.api.deadline_rules import CLERK, core_of, notice, rules_instead, started

pytestmark = pytest.mark.parametrize("kind", BOTH)
ENVIRONMENT = Responsible("environment", "deadlines.change-terms")


@pytest.fixture
def deadlines(centre: RunningCentre, monkeypatch: pytest.MonkeyPatch) -> Deadlines:
    """Of the site, with the rules of the tests."""
    rules_instead(monkeypatch)
    return deadlines_of(centre.services)


def morning(centre: RunningCentre, day: str) -> list[tuple[str, Note]]:
    """The messages that the job posts on a morning: reader and text."""
    centre.clock.now_ms = round(
        datetime.fromisoformat(f"{day}T08:30").replace(tzinfo=ZONE).timestamp() * 1000
    )
    known = {entry.key for entry in _outbox(centre)}
    reminders.remind(core_of(centre))
    fresh = [entry for entry in _outbox(centre) if entry.key not in known]
    return [(entry.reader or "", entry.body) for entry in fresh if isinstance(entry.body, Note)]


def _outbox(centre: RunningCentre) -> list[Entry]:
    with centre.services.state.read() as connection:
        return [read(row) for row in connection.execute(sa.select(OUTBOX).order_by(OUTBOX.c.key))]


def test_given_a_term_then_its_occasions_are_told_once_each(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """A quarter left, the last working day, the first one overdue, then each week."""
    started(deadlines, "note.days")  # due on Tuesday, 2026-12-08
    days = [f"2026-12-{day:02}" for day in range(1, 24)]
    heard = {day: found[0][1].text for day in days if (found := morning(centre, day))}
    assert list(heard) == ["2026-12-07", "2026-12-08", "2026-12-09", "2026-12-16", "2026-12-23"]
    assert "还剩 1 天" in heard["2026-12-07"]
    assert "今天到期" in heard["2026-12-08"]
    assert "已超期 1 天" in heard["2026-12-09"]
    assert "已超期 8 天" in heard["2026-12-16"]


def test_given_a_festival_then_nobody_is_reminded_before_the_next_working_morning(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """Due 2026-12-31; the first three days of January and the weekend are off."""
    started(deadlines, "note.fixed", date(2026, 12, 24))
    days = ["2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04", "2027-01-05"]
    assert [day for day in days if morning(centre, day)] == ["2026-12-31", "2027-01-04"]


def test_given_that_it_is_met_or_pauses_then_nobody_is_reminded(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """There is nothing to do."""
    met, paused = started(deadlines, "note.fixed"), started(deadlines, "note.days")
    with deadlines.state.begin() as connection:
        deadlines.end(connection, met, NOW_MS, actor=CLERK, at_ms=NOW_MS)
        deadlines.pause(connection, paused, "等待鉴定", actor=CLERK, at_ms=NOW_MS)
    assert morning(centre, "2026-12-09") == []


def test_given_several_deadlines_then_a_person_has_one_message_a_morning(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """However often the job runs."""
    for _ in range(2):
        started(deadlines, "note.fixed")
    started(deadlines, "note.fixed", by=ENVIRONMENT)
    found = dict(morning(centre, "2026-12-01"))
    assert found.keys() == {"daigongwei", "lianluo", "huanbao"}
    assert found["lianluo"].title == "有 2 件事的办理期限需要您留意"
    assert len(found["huanbao"].text.splitlines()) == 1
    assert found["huanbao"].link == "/deadlines/"
    assert morning(centre, "2026-12-01") == []


def test_given_who_must_act_then_only_they_hear(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """A person; the holders in a unit; where it has nobody, the holders for the whole district."""
    people = People(centre.services.state)
    with centre.services.state.begin() as connection:
        people.add(connection, "zhujian", "沈洁", "x", "own")
        people.join(connection, "zhujian", Membership("finance"))
        people.grant(connection, "zhujian", Grant("clerk", unit="finance"))
    for responsible in (
        Responsible("deputies-committee", "deadlines.change-terms", "daibiao"),
        Responsible("finance", "deadlines.change-terms"),
    ):
        started(deadlines, "note.fixed", by=responsible)
    assert {who for who, _ in morning(centre, "2026-12-01")} == {"daibiao", "zhujian"}
    with centre.services.state.begin() as connection:
        people.put(connection, "zhujian", disabled_ms=NOW_MS)
    assert {who for who, _ in morning(centre, "2026-12-02")} == {
        "daibiao",
        "daigongwei",
        "huanbao",
        "lianluo",
    }


def test_given_days_off_that_move_a_due_date_then_whoever_must_act_hears_from_when_to_when(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """Once, with the reason; whoever extended a term need not be told of it."""
    key = started(deadlines, "note.answer")
    with deadlines.state.begin() as connection:
        off = (date(2027, 2, 22), date(2027, 2, 26))
        deadlines.calendar.add(
            connection, 2027, notice(2027, off=off), who="huanbao", at_ms=NOW_MS
        )
    found = dict(morning(centre, "2026-11-25"))
    assert found.keys() == {"daigongwei", "lianluo"}
    note = found["lianluo"]
    assert "因2027年放假安排公布，期限由 2027-02-24 改为 2027-03-01" in note.text
    assert morning(centre, "2026-11-26") == []
    with deadlines.state.begin() as connection:
        until = date(2027, 4, 1)
        deadlines.extend(connection, key, "涉及多个部门", actor=CLERK, at_ms=NOW_MS, until=until)
    assert [who for who, _ in morning(centre, "2026-11-27")] == ["daigongwei"]


def test_given_another_due_date_then_its_occasions_are_new(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """An extended term is reminded of again."""
    key = started(deadlines, "note.days")
    assert len(morning(centre, "2026-12-08")) == 2
    with deadlines.state.begin() as connection:
        deadlines.extend(connection, key, "等待鉴定", actor=CLERK, at_ms=NOW_MS, amount=2)
    assert [day for day in ("2026-12-09", "2026-12-10") if morning(centre, day)] == [
        "2026-12-09",
        "2026-12-10",
    ]


def test_given_an_unconfirmed_rule_then_the_message_says_so(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """Nobody is called late by a rule that nobody stands for."""
    started(deadlines, "note.local")
    note = dict(morning(centre, "2026-12-03"))["lianluo"]
    assert "规则待确认" in note.text
    assert "超期" not in note.text
