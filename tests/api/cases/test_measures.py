"""The steps that the chosen means asks for by law: who, until when, and what becomes of them."""

from __future__ import annotations

import re
from datetime import date

import httpx
import pytest

from api.cases.means import choosing
from api.cases.means.procedure import PROCEDURE
from api.cases.means.records import REQUIRED, timed
from config import law
from config.settings import DISTRICTS
from config.vocabulary.time import DAY_MS, begins_ms
from tests.api.cases.conftest import measures, settled
from tests.api.cases.test_cases import API, TITLE, opened, step
from tests.api.conftest import BOTH, RunningCentre

TOPIC = "污水厂提标工程"


def chosen(client: httpx.Client, case: int, means: str = "report", **more: str) -> httpx.Response:
    """A means is chosen for the water bureau."""
    given = {"means": means, "means_why": "问题突出", "body": "water", "topic": TOPIC}
    return step(client, case, "choose", **given | more)


def taken(client: httpx.Client, measure: int, name: str, **given: str) -> httpx.Response:
    """A step of a measure."""
    return client.post(f"{API}/measures/{measure}/steps/{name}", json={"given": given})


def due(client: httpx.Client, case: int) -> dict[str, int]:
    """Due instants of the terms that run, by the step that has one; each has one at most."""
    found = {}
    for one in measures(client, case):
        terms = client.get(f"{API}/measures/{one['id']}/procedure").json()["terms"]
        assert len(terms) <= 1
        if terms:
            found[one["name"]] = terms[0]["due_ms"]
    return found


def day_ms(month: int, day: int) -> int:
    """The last instant of a day of 2027 in the district."""
    return begins_ms(date(2027, month, day)) + DAY_MS - 1


def test_given_the_table_of_means_then_every_term_is_that_of_the_clause_that_stands_with_it() -> (
    None
):
    """No number is our own: the rule of a term is one that was read, of the same clause."""
    rules = law.load(DISTRICTS / "tongzhou" / "law")
    found = list(timed())
    assert found
    for _, one in found:
        rule = rules.rule(one.rule)
        assert (rule.mark, rule.direction, rule.region) == (one.mark, "before", "")
        assert one.clause_zh == f"监督法{rule.clause_zh}"
    assert all(any(one.who == "unit" for one in steps) for steps in REQUIRED.values())


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_meeting_day_when_a_report_is_chosen_then_terms_count_back_from_it_and_move_with_it(
    supervisor: httpx.Client, water: httpx.Client
) -> None:
    """Twenty, ten and seven days before the meeting: 监督法 art. 15."""
    case = opened(supervisor, "internal")
    assert chosen(supervisor, case, meeting_day="2027-03-31").is_success
    first = due(supervisor, case)
    assert first == {"draft": day_ms(3, 11), "final": day_ms(3, 21), "members": day_ms(3, 24)}
    moved = step(supervisor, case, "schedule", meeting_day="2027-04-30", why="会期调整")
    assert moved.is_success, moved.text
    later = due(supervisor, case)
    assert later == {"draft": day_ms(4, 10), "final": day_ms(4, 20), "members": day_ms(4, 23)}
    own = [of for of in measures(supervisor, case) if of["unit"] == "water"]
    assert {of["name"] for of in own} == {"draft", "final", "heard", "response"}
    page = water.get(f"/cases/measures/{own[0]['id']}").text
    assert TOPIC in page
    assert TITLE not in page
    office = next(of for of in measures(supervisor, case) if of["name"] == "members")
    assert water.get(f"/cases/measures/{office['id']}").status_code == 404
    assert water.get(f"/cases/{case}").status_code == 404


def test_given_no_meeting_day_then_nothing_has_a_term_until_there_is_one(
    supervisor: httpx.Client,
) -> None:
    """A clause without a day to count from gives no date."""
    case = opened(supervisor)
    assert chosen(supervisor, case).is_success
    assert due(supervisor, case) == {}
    step(supervisor, case, "schedule", meeting_day="2027-03-31", why="定了会期")
    assert set(due(supervisor, case)) == {"draft", "final", "members"}
    page = supervisor.get(f"/cases/{case}").text
    for said in ("监督法第15条第2款", "2027-03-24", 'class="lamp'):
        assert said in page


def test_given_open_measures_when_the_case_is_concluded_then_it_is_refused_until_all_are_settled(
    clerk: httpx.Client, supervisor: httpx.Client, water: httpx.Client
) -> None:
    """Done by the body or recorded by the office, or skipped with a reason; nothing is forgotten."""
    case = opened(supervisor)
    assert chosen(supervisor, case, "inquiry").is_success
    over = step(supervisor, case, "conclude", outcome="完")
    assert (over.status_code, over.json()["against"]) == (409, "measures")
    by_name = {of["name"]: of["id"] for of in measures(clerk, case)}
    assert taken(water, by_name["materials"], "report", note="已发").status_code == 404
    assert taken(clerk, by_name["attended"], "report", note="已到会").status_code == 403
    assert taken(water, by_name["attended"], "report", note="已到会").is_success
    assert taken(water, by_name["attended"], "record", note="已到会").status_code == 409
    assert taken(clerk, by_name["materials"], "skip", note="没有专题调研").status_code == 403
    assert taken(supervisor, by_name["materials"], "skip").status_code == 422
    assert taken(supervisor, by_name["materials"], "skip", note="没有专题调研").is_success
    recorded = taken(clerk, by_name["response"], "record", day="2026-11-23", note="收到书面报告")
    assert recorded.is_success
    assert step(supervisor, case, "conclude", outcome="完").is_success
    back = clerk.post(f"{API}/measures/{by_name['response']}/steps/withdraw", json={"why": "误录"})
    assert back.status_code == 409


def test_given_another_means_when_it_is_chosen_then_the_open_steps_are_void_and_the_done_ones_stay(
    supervisor: httpx.Client,
) -> None:
    """Nobody is left with a term of a means that is not used any more."""
    case = opened(supervisor)
    assert chosen(supervisor, case, meeting_day="2027-03-31").is_success
    first = {of["name"]: of["id"] for of in measures(supervisor, case)}
    assert taken(
        supervisor, first["opinions"], "record", day="2026-11-20", note="已汇总"
    ).is_success
    assert chosen(supervisor, case, "interpellation").is_success
    states = {of["id"]: of["state"] for of in measures(supervisor, case)}
    assert states.pop(first.pop("opinions")) == "done"
    assert {states.pop(of) for of in first.values()} == {"void"}
    assert list(states.values()) == ["planned"] * len(REQUIRED["interpellation"])
    assert due(supervisor, case) == {}
    assert chosen(supervisor, case, meeting_day="2027-03-31").is_success
    now = [of["name"] for of in measures(supervisor, case) if of["state"] == "planned"]
    assert now == [of.name for of in REQUIRED["report"] if of.name != "opinions"]
    assert step(supervisor, case, "drop", why="另案处理").is_success
    assert "planned" not in {of["state"] for of in measures(supervisor, case)}
    assert due(supervisor, case) == {}


def test_given_a_file_of_the_body_when_it_reports_then_the_paper_stands_with_the_measure(
    supervisor: httpx.Client, water: httpx.Client
) -> None:
    """What proves it is kept with it."""
    case = opened(supervisor)
    assert chosen(supervisor, case).is_success
    draft = next(of["id"] for of in measures(supervisor, case) if of["name"] == "draft")
    path = f"/cases/measures/{draft}"
    files = {"file": ("报告.txt", "专项工作报告".encode(), "text/plain")}
    assert water.post(f"{path}/files", files=files, data={"title": "报告"}).is_redirect
    (paper,) = re.findall(r'href="/files/(\d+)"', water.get(path).text)
    given = {"note": "已送", "paper": paper}
    assert water.post(f"{path}/steps/report", data=given).is_redirect
    assert "已送" in supervisor.get(path).text
    settled(supervisor, case)
    assert step(supervisor, case, "conclude", outcome="完").is_success


def test_given_a_fault_while_measures_are_planned_then_nothing_was_chosen(
    centre: RunningCentre, supervisor: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The choice and all that it asks for are one transaction."""
    case = opened(supervisor)
    plan, planned = choosing._plan, 0

    def failing(*given: object) -> None:
        nonlocal planned
        planned += 1
        if planned == 3:
            raise RuntimeError("power cut")
        plan(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(choosing, "_plan", failing)
    assert chosen(supervisor, case).status_code == 500
    monkeypatch.undo()
    assert supervisor.get(f"{API}/{case}").json()["state"] == "open"
    assert measures(supervisor, case) == []


def test_every_word_of_measures_is_there(centre: RunningCentre) -> None:
    """No state of a measure is shown as a code."""
    keys = PROCEDURE.keys()
    for key in keys:
        assert centre.services.words(f"{PROCEDURE.words}.{key}")
