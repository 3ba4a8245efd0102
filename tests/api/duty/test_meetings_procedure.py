"""The table of an answer, walked: whoever does whatever, each state leads on and each row is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.records import Account, Reach, Session
from api.meetings import actions
from api.meetings.procedure import MeetingProcedures, of_host
from api.meetings.records import Invited, UnknownMeeting
from api.platforms.duty.meetings.procedure import MEETINGS
from api.platforms.duty.meetings.records import HOST
from api.platforms.duty.permission import DutyPermission
from api.procedures import repository, taking
from api.procedures.events import image
from api.procedures.procedure import WITHDRAW, Procedure
from api.procedures.refusals import StepRefused, UnknownThing
from tests.api.conftest import RunningCentre
from tests.api.duty.meeting_hands import details

ATTEND = (Reach(frozenset({DutyPermission.ATTEND})),)
DEPUTY = Account("daibiao", "陈明", reaches=ATTEND, session=Session("s", "", "password"))
OTHER = Account("xuhui", "徐慧", reaches=ATTEND)
CLERK = Account("lianluo", "王芳", reaches=(Reach(frozenset({DutyPermission.CONVENE})),))
GIVEN: Mapping[str, Mapping[str, str]] = {
    "ask-leave": {"why": "出差"},
    "refuse": {"reason": "事关表决"},
    "record-attend": {"how": "telephone"},
    "record-leave": {"why": "住院", "how": "paper"},
    "revoke": {"reason": "名单有误"},
    WITHDRAW: {"why": "误操作"},
}
NAMES = (*(step.name for step in MEETINGS.own.steps if step.sources), WITHDRAW)


@pytest.mark.parametrize("procedure", [MEETINGS.meeting, MEETINGS.own, MEETINGS.invitation])
def test_every_state_is_reached_and_leads_on_or_is_an_end(procedure: Procedure) -> None:
    """From the first one, by the rows alone."""
    reached, fresh = {procedure.first.to}, [procedure.first.to]
    while fresh:
        following = {step.to for step in procedure.following(fresh.pop())} - reached
        reached |= following
        fresh += following
    assert reached == {state.name for state in procedure.states}
    for state in procedure.states:
        assert state.closed != bool(procedure.following(state.name)), state


def test_both_sides_of_an_answer_have_the_same_rows() -> None:
    """They differ in who sees it."""
    own, office = MEETINGS.own, MEETINGS.invitation
    assert [step.name for step in own.steps] == [step.name for step in office.steps]
    assert (own.kind, own.states) == (office.kind, office.states)


def begun(centre: RunningCentre) -> str:
    """The id of 陈明's invitation to a meeting that was sent."""
    services = centre.services
    plain = {name: str(of) for name, of in details().items() if name not in ("units", "people")}
    plain["invited"] = Invited(people=("daibiao", "xuhui")).written()
    meeting_id = actions.make(services, MEETINGS, CLERK, plain)
    actions.take(services, MEETINGS.meeting, CLERK, str(meeting_id), "send", {}, None)
    meeting = actions.convened(services, MEETINGS, CLERK, str(meeting_id))
    assert actions.invite(services, MEETINGS, CLERK, meeting) == 2
    with services.state.read() as connection:
        rows = [repository.row(connection, MEETINGS.own, str(of)) for of in range(1, 500)]
    (mine,) = (
        of for of in rows if of and (of["meeting"], of["username"]) == (meeting_id, "daibiao")
    )
    return str(mine["id"])


def test_given_another_platform_s_meeting_then_nobody_sees_it_here(
    centre: RunningCentre,
) -> None:
    """Though both lie in the same tables, and the same hands may convene."""
    item_id = begun(centre)
    elsewhere = of_host(replace(HOST, platform="letters"))
    with centre.services.state.read() as connection:
        row = repository.row(connection, MEETINGS.own, item_id)
    assert row is not None
    with pytest.raises(UnknownMeeting):
        actions.convened(centre.services, elsewhere, CLERK, str(row["meeting"]))
    with pytest.raises(UnknownMeeting):
        actions.invited_as(centre.services, elsewhere, DEPUTY, item_id)
    assert actions.invited_as(centre.services, MEETINGS, DEPUTY, item_id)[1].username == "daibiao"


def side(of: MeetingProcedures, account: Account) -> Procedure:
    """The procedure by which somebody acts."""
    return of.invitation if account is CLERK else of.own


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), turns=st.integers(1, 12))
def test_given_any_deeds_then_only_the_own_hand_acts_and_the_last_image_is_the_row(
    centre: RunningCentre, data: st.DataObject, turns: int
) -> None:
    """Another deputy is answered as if there were nothing; each side takes its own steps alone."""
    services, item_id = centre.services, begun(centre)
    for _ in range(turns):
        account = data.draw(st.sampled_from((DEPUTY, CLERK, OTHER)))
        name = data.draw(st.sampled_from(NAMES))
        procedure = side(MEETINGS, account)
        with services.state.read() as connection:
            before = repository.row(connection, procedure, item_id)
        assert before is not None
        refusal: StepRefused | None = None
        try:
            with taking.acts(services, procedure, account) as acting:
                if name == WITHDRAW:
                    taking.withdraw(acting, item_id, "误操作")
                else:
                    taking.take(acting, item_id, name, GIVEN.get(name, {}))
        except StepRefused as refused:
            refusal = refused
        taken = refusal is None
        assert refusal is None or refusal.said(services.words)
        with services.state.read() as connection:
            after = repository.row(connection, procedure, item_id)
            events = repository.events(connection, procedure, item_id)
        assert after is not None
        assert after["version"] == before["version"] + taken
        assert events[-1].after == image(after)
        if taken and name != WITHDRAW:
            step = procedure.by_name[name]
            assert before["state"] in step.sources
            assert after["state"] == step.to
            assert bool(step.person) == (account is DEPUTY)
        assert isinstance(refusal, UnknownThing) or account is not OTHER
