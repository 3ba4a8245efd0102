"""The table of a suggestion's states, walked by real hands: nobody is ever stuck, and no deadline
is nobody's; and the law's own examples.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.platforms.duty import terms
from api.platforms.duty.ratings.records import GRADES
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.procedures.part import NextStep, part_of
from api.procedures.refusals import NotAllowed, NotWithdrawn, UnknownThing
from config.vocabulary.time import DAY_MS, begins_ms
from tests.api.conftest import RunningCentre
from tests.api.duty.suggestion_hands import CLERK, EVERYBODY, REPLY, SECOND, TEXT, Duty
from tests.conftest import examples

STATES = tuple(of.name for of in PROCEDURE.states)
HELPED = ("short", "no-contact", "opinions", "window")
"""Obstacles that go by what somebody does beside the steps, or by time."""
Values = Mapping[str, str]


@pytest.fixture
def duty(centre: RunningCentre) -> Duty:
    """Nothing is written yet."""
    return Duty(centre)


def values(duty: Duty, item_id: str, step: str) -> Values:
    """All that a step needs."""
    today = duty.today
    assigning = {"unit": "housing", "effort": "hard", "day": today}
    given: Mapping[str, Values] = {
        "edit": TEXT,
        "retract": {"why": "另提"},
        "accept": {"number": f"{item_id}号", "session": "session", "topic": "water"},
        "amend": {"why": "请补充"},
        "exclude": {"ground": "case", "why": "是正在审理的案件"},
        "assign": assigning,
        "refuse-return": {"why": "职责清楚"},
        "settle-dispute": {**assigning, "unit": "water", "why": "三定方案第3条"},
        "join": {"joint": "1号", "why": "同一河段"},
        "name-lead": {"lead": SECOND, "why": "换届"},
        "ask-return": {"return_unit": "water", "article": "河道条例第4条", "why": "归水利"},
        "reply": {**REPLY, "day": today},
        "reply-again": {**REPLY, "day": today},
        "conclude": {"minutes": "当面说明", "day": today},
        "order-again": {"minutes": "再办", "day": today},
    }
    return given.get(step, {})


def own_steps(duty: Duty, item_id: str) -> list[tuple[str, NextStep]]:
    """Each step with each person from whom nothing but the platform's own rule keeps it."""
    found = []
    for who in EVERYBODY:
        try:
            part = part_of(duty.services, duty.people[who], PROCEDURE, item_id)
        except UnknownThing:
            continue
        found += [(who, of) for of in part.following if of.own]
    return found


def possible(of: NextStep) -> bool:
    """Whether it can be taken now, or after what people do beside the steps."""
    if of.against is None:
        return True
    keys = tuple(f".against-{name}" for name in HELPED)
    return isinstance(of.against, NotAllowed) and of.against.key.endswith(keys)


def assert_goes_on(duty: Duty, item_id: str) -> list[tuple[str, NextStep]]:
    """Somebody can lead it on, or it is an end; and each term that runs is somebody's."""
    state, running = duty.row(item_id)["state"], duty.terms(item_id)
    for rule, term in running.items():
        assert duty.who(term), f"{rule} is nobody's in state {state}"
    if PROCEDURE.closed(state):
        assert not running, f"{set(running)} run on in state {state}"
        return []
    steps = own_steps(duty, item_id)
    leading = [of for _, of in steps if of.step.to not in ("", state)]
    assert any(possible(of) for of in leading), f"nobody leads on from {state}"
    return [(who, of) for who, of in steps if of.against is None]


def help_on(duty: Duty, item_id: str, outcome: str) -> None:
    """Whatever people do beside the steps: the unit speaks with the deputy, who rates the reply;
    and time goes by.
    """
    row = duty.row(item_id)
    if row["state"] == "handling":
        duty.contacted(item_id)
    if row["state"] == "answered":
        duty.rated(item_id, row["lead"], outcome)
        duty.centre.clock.now_ms += 40 * DAY_MS


def path_to(state: str) -> list[str]:
    """The shortest way by the table from a draft to a state; a second round behind a first one."""
    ways: dict[str, list[str]] = {"draft": []}
    waiting = deque(["draft"])
    while waiting:
        at = waiting.popleft()
        for step in PROCEDURE.following(at):
            if step.to and step.to not in ways:
                ways[step.to] = [*ways[at], step.name]
                waiting.append(step.to)
    found = ways[state]
    if "dispute" in found:  # only the second return comes there
        again = ["grant-return", "assign", "ask-return"]
        found = [*found[: found.index("dispute")], *again, *found[found.index("dispute") :]]
    if "confer" in found:  # only a second reply
        found = [*found[: found.index("confer")], "hand-back", "reply-again", "confer"]
    return found


def walked(duty: Duty, state: str) -> str:
    """A suggestion in a state, by the hands that may."""
    item_id = duty.drafted()
    for name in path_to(state):
        help_on(duty, item_id, "dissatisfied" if state in ("again", "conferring") else "fairly")
        steps = {of.step.name: who for who, of in assert_goes_on(duty, item_id)}
        if name == "submit":
            duty.submit(item_id)
        else:
            duty.take(steps[name], item_id, name, **values(duty, item_id, name))
    assert duty.row(item_id)["state"] == state
    return item_id


def test_given_any_state_then_it_is_reached_and_somebody_leads_on_or_it_is_an_end(
    duty: Duty,
) -> None:
    """All fourteen, each by the shortest way."""
    for state in STATES:
        assert_goes_on(duty, walked(duty, state))


@settings(max_examples=examples(15))
@given(data=st.data())
def test_whatever_likely_deeds_then_somebody_leads_on_and_every_deadline_has_an_owner(
    duty: Duty, data: st.DataObject
) -> None:
    """From any state on: steps by whoever may, steps taken back, contacts, ratings, and time."""
    item_id = walked(duty, data.draw(st.sampled_from(STATES)))
    for _ in range(data.draw(st.integers(1, 6))):
        steps = assert_goes_on(duty, item_id)
        deed = data.draw(st.sampled_from(["step", "step", "step", "help", "withdraw"]))
        if deed == "help":
            help_on(duty, item_id, data.draw(st.sampled_from(GRADES)))
        elif deed == "withdraw":
            try:
                duty.withdraw(CLERK, item_id)
            except (NotWithdrawn, UnknownThing):
                continue
        elif steps:
            who, of = data.draw(st.sampled_from(steps))
            if of.step.name == "submit":
                duty.submit(item_id)
            else:
                duty.take(who, item_id, of.step.name, **values(duty, item_id, of.step.name))
    assert_goes_on(duty, item_id)


@pytest.mark.parametrize(
    ("day", "effort", "due"),
    [
        ("2026-11-24", "normal", "2027-02-24"),
        ("2026-11-24", "hard", "2027-05-24"),
        ("2026-11-30", "normal", "2027-03-01"),
        ("2026-08-31", "hard", "2027-03-01"),
    ],
)
def test_given_the_day_of_assignment_then_the_answer_is_due_three_or_six_months_after_it(
    duty: Duty, day: str, effort: str, due: str
) -> None:
    """代表法 art. 51: natural months from the assignment; where the month has no such day its last
    one, and 2027-02-28 is a Sunday, so the Monday after it.
    """
    duty.centre.clock.now_ms = begins_ms(date.fromisoformat(day)) + 1
    item_id = duty.assigned(effort=effort)
    rule = terms.ANSWER_HARD if effort == "hard" else terms.ANSWER
    running = duty.terms(item_id)
    assert {terms.ANSWER, terms.ANSWER_HARD} & set(running) == {rule}
    assert running[rule].reckoned.due.isoformat() == due
    assert duty.who(running[rule]) == ("zhujian",)


def test_given_a_reply_then_its_signers_have_twenty_working_days_and_silence_ends_the_window(
    duty: Duty,
) -> None:
    """Of the comparator that the centre begins with, until the office has confirmed another."""
    item_id = walked(duty, "answered")
    term = duty.terms(item_id)[terms.RATE]
    assert term.reckoned.due.isoformat() == "2026-12-22"
    assert duty.who(term) == ("daibiao",)
    close = [
        of for who, of in own_steps(duty, item_id) if who == CLERK and of.step.name == "close"
    ]
    assert [of.reason for of in close] == ["还有代表没有评价，评价期限也没过。"]
    duty.centre.clock.now_ms = term.reckoned.due_ms + 1
    duty.take(CLERK, item_id, "close")
    assert duty.row(item_id)["state"] == "closed"
