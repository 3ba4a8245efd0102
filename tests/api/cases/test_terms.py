"""Whatever steps at a case in whatever order: no term without an owner, no copy that changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting.alert import Level, State
from api.accounts.records import Account, Reach, Secrecy
from api.cases import repository as cases
from api.cases.means import actions as means
from api.cases.means.procedure import PROCEDURE as MEASURES
from api.cases.means.records import required
from api.cases.permission import CasePermission as May
from api.cases.procedure import PROCEDURE
from api.cases.questions import actions as questions
from api.cases.questions.procedure import PROCEDURE as QUESTIONS
from api.cases.records import MEANS
from api.cases.rectification import actions as rectification
from api.cases.rectification.procedure import PROCEDURE as RECTIFICATIONS
from api.cases.register import actions as register
from api.deadlines.kept.answerable import staff
from api.deadlines.opening import deadlines_of
from api.platforms.environment.permission import EnvironmentPermission
from api.ports import Reference
from api.procedures import taking
from api.procedures.procedure import WITHDRAW, Procedure, Row
from api.procedures.refusals import StepRefused
from api.roster import ROSTER
from api.web.declared import Declared
from config.vocabulary.time import day_of
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, spill
from tests.conftest import examples

OFFICE = Account(
    "daigongwei",
    "赵敏",
    reaches=(
        Reach(
            frozenset({May.SEE, May.KEEP, May.DECIDE, EnvironmentPermission.SEE_ALERTS}),
            secrecy=Secrecy.RESTRICTED,
        ),
    ),
)
WATER = Account("shuili", "孙水", reaches=(Reach(frozenset({May.SEE, May.ANSWER}), "water"),))
PARTS = {of.kind: of for of in (QUESTIONS, RECTIFICATIONS, MEASURES)}
DAYS = st.sampled_from(("2026-12-20", "2027-03-31", "2027-06-30"))
GIVEN: Mapping[str, str] = {
    "title": "进度",
    "text": "请说明",
    "answer": "已办",
    "report": "已办",
    "note": "已办",
    "confirmation": "属实",
    "reason": "补充",
    "why": "误操作",
    "day": "2026-11-20",
    "means_why": "问题突出",
    "outcome": "完",
    "topic": "进度",
}


@pytest.mark.parametrize("kind", BOTH)
@settings(max_examples=examples(40))
@given(data=st.data())
def test_given_random_steps_of_a_case_and_its_parts_then_every_open_term_has_an_owner_and_a_reason(
    centre: RunningCentre, data: st.DataObject
) -> None:
    """Somebody who can sign in stands behind each; a thing that is over has none, and one that has
    to have one has just that.
    """
    given_ = {"title": "案", "matter": "事", "openness": "internal"}
    case = register.open_case(centre.services, OFFICE, given_)
    for _ in range(10):
        try:
            _deed(centre, case, data)
        except (StepRefused, Declared):
            continue
        _assert_owned(centre, int(case))


def _deed(centre: RunningCentre, case: str, data: st.DataObject) -> None:
    services = centre.services
    due, hand = data.draw(DAYS), data.draw(st.sampled_from((OFFICE, OFFICE, WATER)))
    what = data.draw(st.sampled_from(("case", "case", "ask", "list", *PARTS, *PARTS)))
    given_ = {"title": "进度", "text": "请说明", "unit": "water", "due_day": due}
    if what == "ask":
        questions.ask(services, OFFICE, case, given_)
    elif what == "list":
        rectification.put_on_list(services, ROSTER, OFFICE, case, given_)
    elif what == "case":
        _step(centre, PROCEDURE, case, OFFICE, data)
    else:
        rows = _rows(centre, PARTS[what], int(case))
        if rows:
            row = data.draw(st.sampled_from(rows))
            _step(centre, PARTS[what], str(row["id"]), hand, data)


def _step(
    centre: RunningCentre, procedure: Procedure, item: str, hand: Account, data: st.DataObject
) -> None:
    names = [of.name for of in procedure.steps if of.sources]
    name = data.draw(st.sampled_from([*names, WITHDRAW]))
    with taking.acts(centre.services, procedure, hand) as acting:
        if name == WITHDRAW:
            taking.withdraw(acting, item, "误操作")
            return
        given_ = {}
        for need in procedure.by_name[name].needs:
            if need.name in ("meeting_day", "due_day"):
                given_[need.name] = data.draw(DAYS)
            elif need.name == "means":
                given_[need.name] = data.draw(st.sampled_from(MEANS))
            elif need.name == "body":
                given_[need.name] = data.draw(st.sampled_from(("water", "")))
            elif need.name in GIVEN:
                given_[need.name] = GIVEN[need.name]
        taking.take(acting, item, name, given_)


def _rows(centre: RunningCentre, procedure: Procedure, case: int) -> list[Row]:
    of_case = {QUESTIONS.kind: questions.of_case, RECTIFICATIONS.kind: rectification.of_case}
    return list(of_case.get(procedure.kind, means.of_case)(centre.services, OFFICE, case))


def _assert_owned(centre: RunningCentre, case: int) -> None:
    services = centre.services
    deadlines = deadlines_of(services)
    with services.state.read() as connection:
        everybody = staff(connection, services.roles, day_of(services.now_ms()))
    for procedure in PARTS.values():
        for row in _rows(centre, procedure, case):
            subject = Reference("cases", procedure.kind, str(row["id"]))
            running = [of for of in deadlines.of_subject(subject) if of.open]
            assert len(running) == _terms(procedure, row), (procedure.kind, dict(row))
            assert all(everybody.who(of.responsible) for of in running)
            assert all(of.responsible.permission for of in running)


def _terms(procedure: Procedure, row: Row) -> int:
    """How many terms run for a thing as it stands."""
    if procedure is MEASURES:
        step = required(row["means"], row["name"])
        timed = step is not None and step.rule and row["start_day"]
        return int(bool(timed and row["state"] == "planned"))
    return int(row["state"] in ("asked", "open"))


CHANGES = st.lists(
    st.fixed_dictionaries(
        {
            "state": st.sampled_from((State.FIRING, State.RESOLVED)),
            "peak": st.floats(1, 9),
            "level": st.sampled_from(Level),
            "resolved_ms": st.integers(NOW_MS, NOW_MS + 10_000),
        }
    ),
    max_size=4,
)


@settings(max_examples=examples(40))
@given(changes=CHANGES)
def test_given_whatever_becomes_of_a_thing_that_was_joined_then_its_frozen_copy_stays(
    centre: RunningCentre, changes: list[dict[str, object]]
) -> None:
    """The body, its hash, and that the one is the hash of the other."""
    services = centre.services
    item = centre.put(spill()).id
    given_ = {"title": "案", "matter": "事", "openness": "internal"}
    case = register.open_case(services, OFFICE, given_)
    reference = Reference("environment", "alert", item)
    register.join(ROSTER, services, OFFICE, case, reference, "同一河段")
    before = _frozen(centre, int(case))
    for change in changes:
        centre.put(spill(**change))
        assert _frozen(centre, int(case)) == before
    centre.put(spill())
    assert hashlib.sha256(before[0]).hexdigest() == before[1]


def _frozen(centre: RunningCentre, case: int) -> tuple[bytes, str]:
    with centre.services.state.read() as connection:
        (one,) = cases.joined(connection, case)
    return one.kept.frozen.body, one.kept.frozen.hash
