"""Each proposal ends in exactly one way, and no term of it is without an owner."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.platforms.documents.proposals import repository
from api.platforms.documents.proposals.procedure import (
    COMPLETE,
    DECIDE,
    DECLINE,
    PROCEDURE,
    REPLY,
    SUPPLEMENT,
    TRANSFER,
)
from api.platforms.documents.proposals.records import CLOSED, NotLinked
from api.procedures import taking
from api.procedures.part import NextStep, part_of
from api.procedures.ports import todos
from api.procedures.refusals import NotAllowed, NotByHand, NotWithdrawn, NotYours, UnknownThing
from config.vocabulary.time import DAY_MS
from tests.api.conftest import BOTH, RunningCentre
from tests.api.documents.proposal_hands import CLERK, EVERYBODY, HEAD, Proposals
from tests.conftest import examples

STATES = tuple(of.name for of in PROCEDURE.states)
WAYS_TO = {
    "received": (),
    "incomplete": ("ask-complete",),
    "accepted": ("ask-complete", "supplement", "accept"),
    "declining": ("accept", "decline"),
    "reviewing": ("accept", "open"),
    "concluded": ("accept", "open", "conclude"),
    "answered": ("accept", "open", "conclude", "reply"),
    "passed": ("pass-on",),
    "declined": ("decline", "tell"),
    "withdrawn": ("retract",),
}
TERMS_IN = {
    "received": {COMPLETE, TRANSFER},
    "incomplete": {SUPPLEMENT},
    "accepted": {DECIDE},
    "declining": {DECLINE},
    "reviewing": set[str](),
    "concluded": {REPLY},
}
"""Of reviewing the review has terms of its own."""


@pytest.fixture
def work(centre: RunningCentre) -> Proposals:
    """Nothing is proposed yet."""
    return Proposals(centre)


def steps_of(work: Proposals, item: str) -> list[NextStep]:
    """Steps that the office may take now; nobody else sees it."""
    for who in EVERYBODY:
        if who not in (CLERK, HEAD):
            with pytest.raises(UnknownThing):
                part_of(work.services, work.people[who], PROCEDURE, item)
    part = part_of(work.services, work.people[CLERK], PROCEDURE, item)
    return [of for of in part.following if of.against is None]


def take(work: Proposals, item: str, name: str) -> None:
    """A step by whoever takes it: the centre by itself once the review is over."""
    if name == "conclude":
        work.review_over(item)
    else:
        work.step(CLERK, item, name, **work.values(name))


def assert_goes_on(work: Proposals, item: str) -> list[str]:
    """In exactly the terms of its state, each the office's; the steps that lead on. An end has
    neither.
    """
    state, running, steps = work.of(item)["state"], work.running(item), steps_of(work, item)
    if PROCEDURE.closed(state):
        assert state in CLOSED
        assert not running
        assert not steps
        return []
    assert set(running) == TERMS_IN[state]
    for term in running.values():
        assert {CLERK, HEAD} <= set(work.who(term)), term.rule.id
    names = [of.step.name for of in steps]
    if state == "reviewing":
        return [*names, "conclude"]
    assert names, f"nobody leads on from {state}"
    return names


def walked(work: Proposals, state: str) -> str:
    """A proposal in a state."""
    item = work.received()[0]
    for name in WAYS_TO[state]:
        assert name in assert_goes_on(work, item)
        take(work, item, name)
    assert work.of(item)["state"] == state
    return item


@pytest.mark.parametrize("kind", BOTH)
def test_given_any_state_then_it_is_reached_and_has_just_its_terms_or_is_one_of_four_ends(
    work: Proposals,
) -> None:
    """All ten; the end of the review is nobody's step."""
    assert set(WAYS_TO) == set(STATES)
    assert {of.name for of in PROCEDURE.states if of.closed} == set(CLOSED)
    assert set(TERMS_IN) == set(STATES) - set(CLOSED)
    for state in STATES:
        item = walked(work, state)
        assert_goes_on(work, item)
        if state == "reviewing":
            with pytest.raises(NotByHand):
                work.step(CLERK, item, "conclude")


@settings(max_examples=examples(15))
@given(data=st.data())
def test_whatever_is_done_then_it_has_its_terms_or_ended_in_exactly_one_way(
    work: Proposals, data: st.DataObject
) -> None:
    """From any state on: every step that is possible, steps taken back, and days that go by."""
    item = walked(work, data.draw(st.sampled_from(STATES)))
    for _ in range(data.draw(st.integers(1, 6))):
        names = assert_goes_on(work, item)
        if data.draw(st.integers(0, 3)) == 0:
            work.centre.clock.now_ms += data.draw(st.integers(1, 20)) * DAY_MS
        if not names or data.draw(st.integers(0, 3)) == 0:
            with taking.acts(work.services, PROCEDURE, work.people[CLERK]) as acting:
                try:
                    taking.withdraw(acting, item, "误操作")
                except NotWithdrawn:
                    continue
        else:
            take(work, item, data.draw(st.sampled_from(names)))
    assert_goes_on(work, item)
    ways = [of for of in ("passed_to", "ground", "result") if work.of(item)[of]]
    state = work.of(item)["state"]
    expected = {"passed": ["passed_to"], "declined": ["ground"], "answered": ["result"]}
    assert ways == expected.get(state, ["ground"] if state == "declining" else [])


def test_given_the_days_then_terms_are_those_of_the_law_and_of_the_comparator(
    work: Proposals,
) -> None:
    """Received on Tuesday, 2026-11-24: five working days, ten days; ten from the decision."""
    item = work.received()[0]
    due = {rule: of.reckoned.due.isoformat() for rule, of in work.running(item).items()}
    assert due == {COMPLETE: "2026-12-01", TRANSFER: "2026-12-04"}
    work.centre.clock.now_ms += 5 * DAY_MS
    work.step(CLERK, item, "decline", **{**work.values("decline"), "decided": "2026-11-27"})
    (decline,) = work.running(item).values()
    assert (decline.rule.id, decline.reckoned.due.isoformat()) == (DECLINE, "2026-12-07")


def test_given_a_demand_of_an_entitled_organ_then_it_is_never_declined(work: Proposals) -> None:
    """It is completed and opened; a proposal of anybody may be declined."""
    item = work.demanded()
    with pytest.raises(NotAllowed) as refused:
        work.step(CLERK, item, "decline", **work.values("decline"))
    assert "依法应当启动审查" in refused.value.said(work.services.words)
    work.step(CLERK, item, "accept")
    work.step(CLERK, item, "open")
    assert work.of(item)["state"] == "reviewing"


def test_given_the_review_runs_then_no_reply_and_two_proposals_share_one_review(
    work: Proposals,
) -> None:
    """The second joins the review that runs. Any other review, or one of another text, is none."""
    first, second = work.received()[0], work.received(reason="另一个理由，同一份文件。")[0]
    for item in (first, second):
        work.step(CLERK, item, "accept")
    work.step(CLERK, first, "open")
    review = work.of(first)["review"]
    other = work.kept("另一份办法")
    for text, given_review in ((other, review), (work.text, "99"), (work.text, "x")):
        with (
            pytest.raises(NotLinked),
            taking.acts(work.services, PROCEDURE, work.people[CLERK]) as acting,
        ):
            taking.take(acting, second, "open", {"text": str(text), "review": given_review})
    work.step(CLERK, second, "open")
    assert work.of(second)["review"] == review
    work.follow()
    assert work.of(first)["state"] == "reviewing"
    work.review_over(first)
    assert [work.of(of)["state"] for of in (first, second)] == ["concluded", "concluded"]
    with work.services.state.read() as connection:
        assert not repository.reviewed(connection)


def test_given_people_without_the_permission_then_they_take_no_step_and_nothing_waits_for_them(
    work: Proposals,
) -> None:
    """A maker hears of the review, and not of who asked for it."""
    item = work.received()[0]
    for who in EVERYBODY:
        if who in (CLERK, HEAD):
            continue
        with pytest.raises((UnknownThing, NotYours)):
            work.step(who, item, "accept")
        assert not todos(work.services, work.people[who], PROCEDURE)
