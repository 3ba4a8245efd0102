"""Whatever steps in whatever order by whatever hands: the events tell the row, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import audit
from api.accounts.records import Account
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Standing
from api.ports import Reference
from api.procedures import repository, taking
from api.procedures.events import Event, image, of_image, standing
from api.procedures.procedure import WITHDRAW, Row
from api.procedures.refusals import StepRefused
from api.roster import ROSTER
from api.shape import Platform
from tests.api.conftest import BOTH, RunningCentre
from tests.api.letters.manifest import PLATFORM as LETTERS
from tests.api.letters.procedure import ANSWER, COPY, LETTER, PROCEDURE
from tests.api.test_procedures import DEPUTY, DRAFT, NEW, OF_HOUSING, OFFICE, OFFICER, READER
from tests.conftest import examples

pytestmark = pytest.mark.parametrize("kind", BOTH)

HANDS = (DEPUTY, OFFICE, OFFICER, OF_HOUSING, READER)
GIVEN: Mapping[str, Sequence[Mapping[str, str]]] = {
    "edit": ({"body": "平潮段有异味"}, {"body": "短"}, {}),
    "return": ({"why": "请补充"}, {}),
    "assign": (
        {"unit": "environment", "day": "2026-11-20"},
        {"unit": "housing", "copy": "environment"},
        {"unit": "nowhere"},
    ),
    "answer": ({"text": "已清理", "result": "solved"}, {"text": "已清理", "result": "maybe"}),
    WITHDRAW: ({"why": "误操作"}, {"why": ""}),
}
NAMES = (*(step.name for step in PROCEDURE.steps), WITHDRAW, "burn")


OWN_HAND = {"return": OFFICE, "assign": OFFICE, "answer": OFFICER}
"""Who can take a step; of the others the deputy."""
Deed = tuple[Account, str, Mapping[str, str]]


def any_deed(data: st.DataObject) -> Deed:
    """Somebody tries a step, with what it needs or not."""
    name = data.draw(st.sampled_from(NAMES))
    return (
        data.draw(st.sampled_from(HANDS)),
        name,
        data.draw(st.sampled_from(GIVEN.get(name, ({},)))),
    )


def likely_deed(data: st.DataObject, state: str) -> Deed:
    """One that leads on from a state, or takes the last one back, by the right hand."""
    names = [step.name for step in PROCEDURE.following(state)]
    name = data.draw(st.sampled_from([*names, *names, WITHDRAW]))
    hand = OFFICE if name == WITHDRAW else OWN_HAND.get(name, DEPUTY)
    return hand, name, GIVEN.get(name, ({},))[0]


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """Letters are there as well."""
    return (*ROSTER, LETTERS)


def done(
    centre: RunningCentre, item_id: str, deed: tuple[Account, str, Mapping[str, str]]
) -> bool:
    """Whether a step was taken; a refusal leaves everything as it was."""
    account, name, given = deed
    services = centre.services
    try:
        with taking.acts(services, PROCEDURE, account) as acting:
            if name == WITHDRAW:
                taking.withdraw(acting, item_id, given["why"])
            else:
                taking.take(acting, item_id, name, given)
    except StepRefused as error:
        refused = error
    else:
        return True
    assert refused.said(services.words)
    assert refused.detail
    return False


def row_of(centre: RunningCentre, item_id: str) -> Row:
    """Its row."""
    with centre.services.state.read() as connection:
        found = repository.row(connection, PROCEDURE, item_id)
    assert found is not None
    return found


def replayed(events: Sequence[Event]) -> dict[str, Any]:
    """The row as the steps that stand make it, from what was given alone."""
    row: dict[str, Any] = {"id": None, "unit": None, "assigned_day": None, "result": None, **NEW}
    for event in standing(events):
        row |= PROCEDURE.changed(PROCEDURE.by_name[event.step], event.given)
    return row | {"version": len(events)}


def assert_events_tell(centre: RunningCentre, item_id: str) -> None:
    """The row, the audit, the terms and the platform's own table."""
    services = centre.services
    row = row_of(centre, item_id)
    with services.state.read() as connection:
        events = repository.events(connection, PROCEDURE, item_id)
        copies = list(connection.execute(sa.select(COPY.c.unit)).scalars())
    last = events[-1]
    assert last.after == image(row)
    assert of_image(LETTER, last.after) == row
    assert replayed(events) | {"id": row["id"]} == row
    assert [event.number for event in events] == list(range(1, row["version"] + 1))
    before = ""
    for event in events:
        assert event.from_state == before
        if event.step != WITHDRAW:
            step = PROCEDURE.by_name[event.step]
            assert (before in step.sources or not before, event.to_state) == (True, step.to)
        before = event.to_state
    rows = audit.search(services.state, subject=f"letters/letter/{item_id}", most=100)
    assert [json.loads(of.detail)["hash"] for of in reversed(rows)] == [
        event.after_hash for event in events
    ]
    terms = deadlines_of(services).of_subject(Reference("letters", "letter", item_id))
    running = sum(of.standing is Standing.RUNNING for of in terms if of.rule.id == ANSWER)
    assert running == (row["state"] == "assigned")
    assigned = [event for event in standing(events) if event.step == "assign"]
    assert len(copies) <= sum("copy" in event.given for event in assigned)


@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), turns=st.integers(0, 14))
def test_given_any_deeds_then_the_last_image_is_the_row_and_a_replay_gives_it_again(
    centre: RunningCentre, data: st.DataObject, turns: int
) -> None:
    """No step outside of the table happens, and each has its row of the audit."""
    services = centre.services
    with taking.acts(services, PROCEDURE, DEPUTY) as acting:
        acting.connection.execute(sa.delete(COPY))
        item_id, _ = taking.begin(acting, DRAFT, **NEW)
    versions, state = 1, "draft"
    for _ in range(turns):
        likely = data.draw(st.integers(0, 3)) > 0
        deed = likely_deed(data, state) if likely else any_deed(data)
        versions += done(centre, item_id, deed)
        row = row_of(centre, item_id)
        assert row["version"] == versions
        state = row["state"]
    assert_events_tell(centre, item_id)


@settings(
    max_examples=examples(4),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(edits=st.lists(st.text(min_size=1, max_size=20), max_size=4), data=st.data())
def test_given_the_way_to_the_end_and_back_then_each_withdrawal_undoes_one_step(
    centre: RunningCentre, edits: list[str], data: st.DataObject
) -> None:
    """Until the draft is as it was begun."""
    services = centre.services
    with taking.acts(services, PROCEDURE, DEPUTY) as acting:
        acting.connection.execute(sa.delete(COPY))
        item_id, _ = taking.begin(acting, DRAFT, **NEW)
    way: list[Deed] = [
        *((DEPUTY, "edit", {"body": edit}) for edit in edits),
        (DEPUTY, "edit", {"body": "平潮段有异味"}),
        (DEPUTY, "send", {}),
        (OFFICE, "assign", data.draw(st.sampled_from(GIVEN["assign"][:2]))),
        (OFFICER, "answer", GIVEN["answer"][0]),
    ]
    taken = [deed for deed in way if done(centre, item_id, deed)]
    assert_events_tell(centre, item_id)
    for account, _, _ in reversed(taken):
        assert done(centre, item_id, (account, WITHDRAW, {"why": "误操作"}))
        assert_events_tell(centre, item_id)
    row = row_of(centre, item_id)
    assert (row["state"], row["body"]) == ("draft", DRAFT["body"])
