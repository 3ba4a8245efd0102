"""The order of seats, walked: whoever asks, leaves or declares a conflict, and whenever."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from api.accounts.records import Account
from api.deadlines.kept.answerable import staff
from api.deadlines.opening import deadlines_of
from api.meetings import repository as meetings
from api.platforms.judicial.hearings import repository
from api.platforms.judicial.hearings.actions import announcing, attending, commenting, seating
from api.platforms.judicial.hearings.actions.settling import settle
from api.platforms.judicial.hearings.procedure import OFFICE as SEAT_KEPT
from api.platforms.judicial.hearings.procedure import OWN, PROCEDURE
from api.platforms.judicial.hearings.records import (
    HOLDS,
    LEAST_COMMENTS,
    Candidate,
    Comment,
    Seat,
    form,
    moves,
    ordered,
    replayed,
    summed,
)
from api.platforms.judicial.hearings.tables import SEAT
from api.ports import Reference
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.events import image
from api.procedures.procedure import Procedure
from api.procedures.refusals import StepRefused
from config.vocabulary.time import day_of
from tests.api.conftest import NOW_MS, RunningCentre
from tests.api.judicial.hearing_hands import (
    BEGINS_MS,
    COURT,
    DAY_MS,
    DEPUTIES,
    OFFICE,
    announced,
    step,
)
from tests.conftest import examples

TO = {"seat": "granted", "queue": "waiting", "move-up": "granted", "lapse": "lapsed"}
LEFT = ("conflict", "given-up", "dropped")


@pytest.mark.parametrize("procedure", [PROCEDURE, OWN, SEAT_KEPT])
def test_every_state_is_reached_and_leads_on_or_is_an_end(procedure: Procedure) -> None:
    """From the first one, by the rows alone."""
    reached, fresh = {procedure.first.to}, [procedure.first.to]
    while fresh:
        following = {one.to for one in procedure.following(fresh.pop()) if one.to} - reached
        reached |= following
        fresh += following
    assert reached == {state.name for state in procedure.states}
    for state in procedure.states:
        assert state.closed != bool(procedure.following(state.name)), state


def test_fewest_seats_before_go_first_then_longest_ago_then_the_lower_lot() -> None:
    people = [
        Candidate("late", 1, "2026-06-01"),
        Candidate("early", 1, "2025-06-01"),
        Candidate("often", 2, "2020-01-01"),
        Candidate("never-a", 0, ""),
        Candidate("never-b", 0, ""),
    ]
    found = [of.username for of in ordered("seed", people)]
    assert found[2:] == ["early", "late", "often"]
    lots = [hashlib.sha256(f"seed|{of}".encode()).hexdigest() for of in found[:2]]
    assert lots == sorted(lots)
    assert ordered("seed", people[::-1]) == ordered("seed", people)


BEFORE = st.tuples(st.integers(0, 3), st.dates(date(2024, 1, 1), date(2026, 11, 1)))


def settled(state: str, quota: int, seats: list[Seat], before: dict[str, Candidate]) -> list[Seat]:
    """The seats after all that the centre does."""
    by_id = {of.id: of for of in seats}
    for move in moves(state, quota, "s", seats, before):
        one, value = by_id[move.seat], move.given
        by_id[move.seat] = (
            replace(one, state=TO[move.step])
            if not value
            else replace(
                one,
                state=TO[move.step],
                turn=int(value["turn"]),
                batch=int(value["batch"]),
                had=int(value["had"]),
                last_day=value.get("last", ""),
            )
        )
    return list(by_id.values())


@settings(max_examples=examples(200), deadline=None)
@given(st.data(), st.integers(1, 4), st.lists(BEFORE, min_size=1, max_size=8))
def test_never_more_seats_than_the_quota_nobody_waits_beside_a_free_one_and_it_can_be_replayed(
    data: st.DataObject, quota: int, had: list[tuple[int, date]]
) -> None:
    """People ask before the seats are allotted and after it, and leave in any order."""
    before = {
        f"p{n}": Candidate(f"p{n}", times, last.isoformat() if times else "")
        for n, (times, last) in enumerate(had)
    }
    names, state = list(before), "announced"
    seats: list[Seat] = []
    for _ in range(data.draw(st.integers(1, 14))):
        deed = data.draw(st.sampled_from(("ask", "leave", "allot")))
        free = [name for name in names if name not in {of.username for of in seats}]
        there = [of for of in seats if of.state in ("asked", "waiting", *HOLDS)]
        if deed == "ask" and free:
            seats.append(Seat(len(seats) + 1, "asked", data.draw(st.sampled_from(free))))
        elif deed == "leave" and there:
            leaves, why = data.draw(st.sampled_from(there)), data.draw(st.sampled_from(LEFT))
            seats = [replace(of, state=why) if of is leaves else of for of in seats]
        elif deed == "allot":
            state = "allotted"
        seats = settled(state, quota, seats, before)
        holding = [of for of in seats if of.state in HOLDS]
        waiting = [of for of in seats if of.state == "waiting"]
        assert len(holding) <= quota
        assert not waiting or len(holding) == quota
        assert all(of.state != "asked" for of in seats) or state == "announced"
        if waiting:
            first = min(of.turn or 0 for of in waiting)
            assert all((of.turn or 0) < first for of in holding), "somebody was passed over"
        in_order = sorted((of for of in seats if of.turn), key=lambda of: of.turn or 0)
        assert [of.turn for of in in_order] == list(range(1, len(in_order) + 1))
        assert list(replayed("s", in_order)) == [of.username for of in in_order]
        assert settled(state, quota, seats, before) == seats
    lapsed = settled("held", quota, seats, before)
    assert not [of for of in lapsed if of.state in ("asked", "waiting", "proposed")]


@settings(max_examples=examples(100), deadline=None)
@given(st.integers(0, 12), st.integers(0, 12))
def test_unsigned_comments_are_shown_from_five_on_and_are_in_no_count_before(
    unsigned: int, signed: int
) -> None:
    answers = dict.fromkeys(form().questions, "good")
    given_ = [Comment(answers, f"text {n}", "") for n in range(unsigned)]
    given_ += [Comment(answers, f"signed {n}", f"name {n}") for n in range(signed)]
    found = summed(given_)
    assert found.hidden == (0 < unsigned < LEAST_COMMENTS)
    shown = signed if found.hidden else signed + unsigned
    assert len(found.texts) == shown
    if shown:
        assert {of["good"] for of in found.counts.values()} == {shown}
    else:
        assert found.counts == {}
    assert all(of.signed for of in found.texts) or not found.hidden


DEEDS = (
    *("ask", "ask", "allot", "allot", "propose", "accept", "confirm", "give-up"),
    *("declare", "drop", "cancel"),
)
CHEN, XU, GU = DEPUTIES
GIVEN = {"give-up": {"why": "出差"}, "declare": {"conflict": "party"}, "drop": {"why": "名单有误"}}


def act(centre: RunningCentre, hearing: str, deed: str, who: Account) -> None:
    """A deed of somebody, as far as it is possible."""
    services = centre.services
    if deed == "ask":
        seating.ask(services, who, hearing)
    elif deed == "propose":
        seating.propose(services, OFFICE, hearing, who.username)
    elif deed == "allot":
        step(centre, OFFICE, hearing, "allot")
    elif deed == "cancel":
        step(centre, COURT, hearing, "cancel", why="不再举行")
    else:
        with services.state.read() as connection:
            seat = repository.own_seat(connection, int(hearing), who.username)
        if seat is None:
            return
        procedure, hand = (SEAT_KEPT, OFFICE) if deed == "drop" else (OWN, who)
        name = "ask" if deed == "accept" else deed
        with taking.acts(services, procedure, hand) as acting:
            taking.take(acting, str(seat.id), name, GIVEN.get(deed, {}))
        seating.done(services, str(seat.id))


def assert_holds(centre: RunningCentre, hearing: str, quota: int) -> None:
    """All that must be true of an occasion at any time."""
    services = centre.services
    order = seating.order(services, OFFICE, hearing)
    holding = {of.username for of in order.turns if of.state in HOLDS}
    assert len(holding) <= quota
    assert order.holds
    with services.state.read() as connection:
        row = repository.one(connection, int(hearing))
        known = repository.meeting_at(connection, int(hearing))
        guests = meetings.guests(connection, known) if known else []
        people = staff(connection, services.roles, day_of(services.now_ms()))
        for one in connection.execute(sa.select(SEAT)).mappings():
            assert (one["state"] in HOLDS) <= (one["conflict"] is None)
            events = procedures.events(connection, OWN, str(one["id"]))
            assert events[-1].after == image(dict(one))
    if row["state"] == "allotted":
        assert {of.username for of in guests if of.expected} == holding
    for term in deadlines_of(services).of_subject(Reference("judicial", "hearing", hearing)):
        assert not term.open or people.who(term.responsible), "a term without an owner"


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    quota=st.integers(1, 2),
    deeds=st.lists(
        st.tuples(st.sampled_from(DEEDS), st.sampled_from(DEPUTIES)), min_size=4, max_size=14
    ),
)
@example(2, [("ask", CHEN), ("ask", XU), ("allot", CHEN), ("ask", GU), ("declare", XU)])
@example(1, [("ask", CHEN), ("allot", CHEN), ("ask", GU), ("drop", CHEN), ("cancel", CHEN)])
def test_given_any_deeds_by_any_hands_then_quota_conflicts_order_list_and_terms_hold(
    centre: RunningCentre, quota: int, deeds: list[tuple[str, Account]]
) -> None:
    """On the rows themselves; whoever left has no invitation to the door either. In the end those
    who have a seat comment, and nobody before the body noted what followed.
    """
    centre.clock.now_ms = NOW_MS
    hearing = announced(centre, seats=str(quota))
    for deed, who in deeds:
        try:
            act(centre, hearing, deed, who)
        except StepRefused:
            settle(centre.services, int(hearing))
        assert_holds(centre, hearing, quota)
    assert comment_now(centre, hearing) == set()
    row = announcing.seen(centre.services, COURT, hearing)
    guests = attending.guests(centre.services, row["id"])
    centre.clock.now_ms = BEGINS_MS
    if guests:
        attending.enter(centre.services, COURT, row, [of.number for of in guests], [])
    centre.clock.now_ms = BEGINS_MS + DAY_MS
    settle(centre.services, int(hearing))
    assert comment_now(centre, hearing) == set()
    if row["state"] != "cancelled":
        step(centre, COURT, hearing, "note-outcome", outcome="judgment", day="2026-12-02")
    assert comment_now(centre, hearing) == {of.username for of in guests}
    assert comment_now(centre, hearing) == set(), "somebody commented twice"


def comment_now(centre: RunningCentre, hearing: str) -> set[str]:
    """Those whose comment is taken, of all."""
    answers, found = dict.fromkeys(form().questions, "fair"), set()
    for who in DEPUTIES:
        try:
            commenting.give(centre.services, who, hearing, answers)
        except StepRefused:
            continue
        found.add(who.username)
    return found


def test_given_a_time_that_changed_then_the_list_at_the_door_has_it_and_the_term_runs_anew(
    centre: RunningCentre,
) -> None:
    services, hearing = centre.services, announced(centre)
    subject = Reference("judicial", "hearing", hearing)
    when = {"from": "2026-12-10T09:00", "until": "", "location": "第一法庭", "link": ""}
    step(centre, COURT, hearing, "change", **when, why="法庭调整")
    (term,) = [of for of in deadlines_of(services).of_subject(subject) if of.open]
    assert day_of(term.reckoned.due_ms - 1) == "2026-12-07"
    seating.ask(services, DEPUTIES[0], hearing)
    step(centre, OFFICE, hearing, "allot")
    assert not [of for of in deadlines_of(services).of_subject(subject) if of.open]
    later = when | {"location": "第二法庭"}
    step(centre, COURT, hearing, "change", **later, why="设备检修")
    meeting = attending.meeting_of(services, int(hearing))
    assert meeting is not None
    assert meeting.location == "第二法庭"
    (event,) = announcing.appointments(services, DEPUTIES[0].username)
    assert event.note == "第二法庭"


def test_given_a_day_that_is_over_then_it_was_held_once_and_the_body_has_a_term_to_say_what_followed(
    centre: RunningCentre,
) -> None:
    services, hearing = centre.services, announced(centre)
    centre.clock.now_ms = BEGINS_MS + DAY_MS
    for _ in range(2):
        settle(services, int(hearing))
    (term,) = [
        of
        for of in deadlines_of(services).of_subject(Reference("judicial", "hearing", hearing))
        if of.open
    ]
    assert term.rule.id == "hearing.outcome"
    assert term.responsible.unit == "court"
    with pytest.raises(StepRefused):
        seating.ask(services, DEPUTIES[0], hearing)
