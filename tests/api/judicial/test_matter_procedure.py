"""Every kind of matter, whatever its data say: it ends, each term has an owner, lateness shows."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.deadlines.reckoning import Lamp
from api.platforms.judicial.matters.procedure import PROCEDURES
from api.platforms.judicial.matters.records import KIND_NAMES, kinds
from api.procedures.refusals import NotAllowed
from api.procedures.taking import acts, withdraw
from config.vocabulary.time import DAY_MS
from tests.api.conftest import NOW_MS, RunningCentre
from tests.api.judicial.matter_hands import HANDS, HEAD, HOUSING, OFFICE, Judicial
from tests.conftest import examples

LATER = ("", "2026-11-25", "2027-01-15")
"""A day that somebody sets, or none."""


@pytest.fixture
def work(centre: RunningCentre) -> Judicial:
    """Nothing is begun yet."""
    return Judicial(centre)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_state_of_a_kind_leads_to_its_end_and_each_term_is_owed_by_a_day_that_is_asked_for(
    kind: str,
) -> None:
    """As the data have it."""
    of, procedure = kinds()[kind], PROCEDURES[kind]
    ends = {state.name for state in procedure.states if state.closed}
    leading = set(ends)
    while more := {
        source
        for step in procedure.steps
        if step.to in leading
        for source in step.sources
        if source not in leading
    }:
        leading |= more
    assert leading == {state.name for state in procedure.states}
    assert set(of.way) <= leading
    assert of.way[-1] == "closed"
    for step in of.steps:
        for begun in step.starts:
            assert begun.day in (*step.needs, *step.optional), step.name
        if step.happened:
            assert step.happened in step.needs
    for decision in ("hear", "discuss", "decide", "propose"):
        for step in of.steps:
            if step.name == decision:
                assert {"decided_meeting", "decided_day", "decided"} <= set(step.needs)


@settings(
    max_examples=examples(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
@pytest.mark.parametrize("name", KIND_NAMES)
def test_whatever_way_a_matter_goes_then_no_term_is_without_an_owner_and_none_is_late_by_silence(
    work: Judicial, name: str, data: st.DataObject
) -> None:
    """A day that nobody set begins no term; one that passed shows until the step is taken, and
    nothing runs on behind the end.
    """
    work.centre.clock.now_ms = NOW_MS
    item_id = work.begun(name)
    procedure = PROCEDURES[name]
    for _ in range(14):
        row = work.row(name, item_id)
        following = [of for of in procedure.following(row["state"]) if not of.automatic]
        if not following:
            break
        likely = [of for of in following if of.awaited] or following
        step = data.draw(st.sampled_from([*likely, *likely, *following]), label="step")
        by = HANDS[step.permission]
        said = work.given_for(name, item_id, step.name, by)
        asked = {need.name for need in step.needs}
        chosen = data.draw(st.sampled_from(LATER), label="day")
        for day in asked & {"answer_day", "report_day"}:
            said[day] = chosen
        before = Counter(of.rule.id for of in work.terms(name, item_id))
        try:
            work.take(by, name, item_id, step.name, **said)
        except NotAllowed:
            continue
        begun = Counter(of.rule.id for of in work.terms(name, item_id)) - before
        if asked & {"answer_day", "report_day"}:
            assert begun["jud.matter.date"] == bool(chosen)
        running = [of for of in work.terms(name, item_id) if of.open]
        assert all(work.owners(of) for of in running)
        assert all(count == 1 for count in Counter(of.rule.id for of in running).values())
        work.centre.clock.now_ms += data.draw(st.sampled_from([0, DAY_MS]), label="later")
    state = work.row(name, item_id)["state"]
    running = [of for of in work.terms(name, item_id) if of.open]
    assert not (procedure.closed(state) and running)
    late_ms = work.centre.clock.now_ms + 400 * DAY_MS
    assert {of.lamp(late_ms) for of in running} <= {Lamp.RED}


@pytest.mark.parametrize("name", KIND_NAMES)
def test_when_a_matter_is_called_off_and_that_is_taken_back_then_its_terms_run_on(
    work: Judicial, name: str
) -> None:
    """As they ran; another body never sees it, whatever its state."""
    item_id = work.begun(name)
    starts = {"report": "schedule", "major": "ask", "inspection": "plan"}
    way = [starts[name]] if name in starts else ["describe", "propose"]
    work.go(name, item_id, *way, report_day="2027-01-15", answer_day="2027-01-15")
    running = {of.id: of.reckoned.due for of in work.terms(name, item_id) if of.open}
    assert running
    work.go(name, item_id, "call-off")
    assert not any(of.open for of in work.terms(name, item_id))
    with acts(work.services, PROCEDURES[name], work.people[HEAD]) as acting:
        withdraw(acting, item_id, "误操作")
    found = {of.id: of.reckoned.due for of in work.terms(name, item_id) if of.open}
    assert found == running
    listed = work.listed(HOUSING, show="all")
    assert listed == []
    assert [of["id"] for of in work.listed(OFFICE, show="all")] == [int(item_id)]
