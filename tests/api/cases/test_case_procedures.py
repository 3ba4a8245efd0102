"""Whatever order steps come in, no case leaves a question or a point behind, and no term is
without somebody who must act.
"""

from __future__ import annotations

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.cases.procedure import PROCEDURE
from api.cases.questions.procedure import PROCEDURE as QUESTIONS
from api.cases.rectification.procedure import PROCEDURE as RECTIFICATIONS
from tests.api.cases.test_cases import API, asked, opened
from tests.api.cases.test_rectification import listed
from tests.conftest import examples

GIVEN = {
    "means": "inquiry",
    "means_why": "先问",
    "meeting": "主任会议",
    "day": "2026-11-20",
    "result": "督办",
    "outcome": "办结",
    "why": "理由",
    "reason": "理由",
    "due_day": "2027-03-01",
    "answer": "答复",
    "report": "已整改",
    "confirmation": "看过",
}
STEPS = (
    *(("case", step.name) for step in PROCEDURE.steps if step.sources and step.name != "edit"),
    *(("question", step.name) for step in QUESTIONS.steps if step.sources),
    *(("point", step.name) for step in RECTIFICATIONS.steps if step.sources),
)
RUNNING = {"question": {"asked", "answered"}, "point": {"open", "reported", "confirmed"}}


@settings(
    max_examples=examples(6),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2)), max_size=14))
def test_given_any_steps_then_nothing_is_left_behind_and_every_term_has_an_owner(
    steps: list[tuple[tuple[str, str], int]],
    clerk: httpx.Client,
    supervisor: httpx.Client,
    water: httpx.Client,
) -> None:
    """Refused steps change nothing."""
    case = opened(clerk)
    paths = {
        "case": f"{API}/{case}",
        "question": f"{API}/questions/{asked(clerk, case).json()['id']}",
        "point": f"{API}/rectifications/{listed(clerk, case)}",
    }
    hands = (clerk, supervisor, water)
    for (thing, name), hand in steps:
        before = supervisor.get(f"{paths[thing]}/procedure").json()["state"]
        needs = _needs(thing, name)
        body = {"given": {need: GIVEN[need] for need in needs if need in GIVEN}}
        taken = hands[hand].post(f"{paths[thing]}/steps/{name}", json=body)
        after = supervisor.get(f"{paths[thing]}/procedure").json()["state"]
        assert taken.is_success or before == after, (name, taken.text)
    states = {of: supervisor.get(f"{path}/procedure").json() for of, path in paths.items()}
    if states["case"]["state"] in ("concluded", "archived", "dropped"):
        assert not any(states[of]["state"] in running for of, running in RUNNING.items())
    for of, term in (("question", "asked"), ("point", "open")):
        terms = states[of]["terms"]
        assert bool(terms) == (states[of]["state"] == term)
        mine = water.get("/api/v1/workbench").text
        assert all(f"/deadlines/{one['deadline']}" in mine for one in terms)


def _needs(thing: str, name: str) -> list[str]:
    procedure = {"case": PROCEDURE, "question": QUESTIONS, "point": RECTIFICATIONS}[thing]
    return [need.name for need in procedure.by_name[name].needs]
