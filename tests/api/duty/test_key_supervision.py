"""Key supervision, suggestions that are handled together, and a change of term."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa

from api.deadlines.records import Responsible
from api.platforms.duty import terms
from api.platforms.duty.handling import actions as handling
from api.platforms.duty.key_supervision import actions as supervision
from api.platforms.duty.key_supervision.actions import NotToPropose
from api.platforms.duty.key_supervision.procedure import PROCEDURE
from api.platforms.duty.succession import actions as succession
from api.procedures import taking
from api.procedures.refusals import NotYours, StepRefused
from api.tables import ACCOUNT
from api.web.forms import NotAccepted
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.duty.handling_hands import PROMISE_OF_WORKS, SATISFIED, Handling
from tests.api.duty.suggestion_hands import CLERK, HEAD, HOUSING, LEAD, SECOND, THIRD, WATER

PROPOSAL = {"committee": "environment-committee", "why": "群众反映集中"}


@pytest.fixture
def work(centre: RunningCentre) -> Handling:
    """Nothing is written yet."""
    return Handling(centre)


def step(work: Handling, by: str, item: str, name: str, **given: str) -> None:
    """A step of a key supervision."""
    with taking.acts(work.services, PROCEDURE, work.people[by]) as acting:
        taking.take(acting, item, name, given)


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_proposal_then_the_meeting_decides_and_the_head_answers_face_to_face(
    work: Handling,
) -> None:
    """The decision names the meeting that took it."""
    item_id = work.handled()
    with pytest.raises(NotYours):
        supervision.propose(work.services, work.people[CLERK], item_id, PROPOSAL)
    made = supervision.propose(work.services, work.people[HEAD], item_id, PROPOSAL)
    assert made is not None
    with pytest.raises(NotToPropose):
        supervision.propose(work.services, work.people[HEAD], item_id, PROPOSAL)
    decision = {"meeting": "第58次主任会议", "day": work.today, "unit": "housing"}
    step(work, HEAD, made, "decide", **decision)
    answer = {"head": "局长 钱立", "minutes": "当面答复，限期整治。", "held": work.today}
    with pytest.raises(StepRefused):
        step(work, WATER, made, "answer", **answer)
    step(work, HOUSING, made, "answer", **answer)
    step(work, HEAD, made, "finish", outcome="已整治")
    (line,) = supervision.listed(work.services, work.people[LEAD], "done")
    row = line.row
    assert (line.state, row["meeting"], row["head"]) == (
        "督办结束",
        "第58次主任会议",
        "局长 钱立",
    )
    assert supervision.listed(work.services, work.people[LEAD], "running") == []
    shown = supervision.parts(work.services, work.people[HEAD], work.row(item_id))
    assert shown["may_propose"], "it may be proposed again"


def test_given_a_draft_then_nobody_proposes_it(work: Handling) -> None:
    """Nor does anybody see it who is not its author."""
    item_id = work.drafted()
    assert supervision.propose(work.services, work.people[HEAD], item_id, PROPOSAL) is None


@pytest.mark.parametrize("kind", BOTH)
def test_given_suggestions_handled_together_then_each_keeps_number_term_and_ratings(
    work: Handling,
) -> None:
    """The page of each shows the others."""
    first, second = work.handled(), work.handled()
    number = work.row(first)["number"]
    work.take(CLERK, second, "join", joint=number, why="同一河段")
    for one, other in ((first, second), (second, first)):
        found = handling.parts(work.services, work.people[LEAD], work.row(one))["joint"]
        assert [str(of["id"]) for of in found] == [other]
    work.contact(first)
    work.reply(first)
    for who in (LEAD, SECOND, THIRD):
        work.rate(who, first, **SATISFIED)
    assert [work.row(of)["state"] for of in (first, second)] == ["closed", "handling"]
    assert terms.ANSWER in work.terms(second)


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_deputy_who_left_then_all_that_is_open_goes_to_a_named_successor(
    work: Handling,
) -> None:
    """Terms and promises of the deputy go along; what is closed stays as it was."""
    open_one, answered, closed = work.handled(), work.answered(PROMISE_OF_WORKS), work.answered()
    for who in (LEAD, SECOND, THIRD):
        work.rate(who, closed, **SATISFIED)
    assert succession.departed(work.services, work.people[CLERK]) == []
    name = {"successor": SECOND, "why": ""}
    with pytest.raises(NotAccepted):
        succession.name_successor(work.services, work.people[CLERK], LEAD, **name)
    with work.services.state.begin() as connection:
        gone = sa.update(ACCOUNT).where(ACCOUNT.c.username == LEAD)
        connection.execute(gone.values(disabled_ms=work.centre.clock.now_ms))
    (found,) = succession.departed(work.services, work.people[CLERK])
    assert {str(of["id"]) for of in found.suggestions} == {open_one, answered}
    with pytest.raises(NotAccepted):
        succession.name_successor(work.services, work.people[CLERK], LEAD, LEAD, "")
    with pytest.raises(NotAccepted):
        succession.name_successor(work.services, work.people[HOUSING], LEAD, **name)
    assert succession.name_successor(work.services, work.people[CLERK], LEAD, **name) == 2
    assert succession.departed(work.services, work.people[CLERK]) == []
    leads = [work.row(of)["lead"] for of in (open_one, answered, closed)]
    assert leads == [SECOND, SECOND, LEAD]
    term = work.terms(answered)[terms.RATE]
    assert term.responsible == Responsible("", "duty.write", SECOND)
    (promise,) = work.promises(SECOND, answered)
    work.promise(HOUSING, promise.row["id"], "report", report="已完成", day=work.today)
    work.promise(SECOND, promise.row["id"], "confirm")


def test_given_the_pages_then_the_office_assigns_and_hands_on_by_forms(
    work: Handling, address: str
) -> None:
    """What does not hold comes back; the list of units proposes and never assigns."""
    item_id = work.signed()
    path = f"/duty/suggestions/{item_id}/assign"
    form = {"unit": "housing", "day": work.today, "co": ["water", "transport"]}
    with httpx.Client(base_url=address, timeout=60) as clerk:
        entered(clerk, CLERK)
        assert clerk.get(path).status_code == 200
        faulty = clerk.post(path, data=form)
        assert faulty.status_code == 422
        assert re_checked(faulty.text, "water")
        done = clerk.post(path, data=form | {"effort": "hard"})
        assert (done.status_code, work.row(item_id)["state"]) == (303, "assigned")
        assert len(work.contributions(item_id)) == 2
        assert "增加协办、分办单位" in clerk.get(path).text
        more = {"unit": "environment", "part": "separate"}
        assert clerk.post(f"/duty/suggestions/{item_id}/further-units", data=more).is_redirect
        assert len(work.contributions(item_id)) == 3
        for page in ("/duty/succession", "/duty/key-supervision", "/duty/promises"):
            assert clerk.get(page).status_code == 200
        refused = clerk.post("/duty/succession", data={"lead": LEAD, "successor": SECOND})
        assert refused.status_code == 422


def re_checked(page: str, unit: str) -> bool:
    """Whether a unit that was chosen is chosen still."""
    return f'value="{unit}" checked' in page
