"""A supervision case: frozen copies of what belongs together, questions, the way to the archive."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx
import pytest

from alerting.alert import State
from api.accounts.records import Account, Reach, Secrecy
from api.cases.permission import CasePermission
from api.cases.procedure import PROCEDURE
from api.cases.questions.procedure import PROCEDURE as QUESTIONS
from api.cases.register import actions as register
from api.cases.tables import OPENNESS
from api.ports import Item, Reference, freeze
from api.procedures.procedure import Procedure
from api.roster import ROSTER
from tests.api.cases.conftest import settled
from tests.api.conftest import BOTH, RunningCentre, spill

API = "/api/v1/cases"
TITLE, MATTER = "平潮氨氮超标", "污水厂提标工程进度与水质"
DUE = "2027-01-20"


def opened(client: httpx.Client, openness: str = "open", **more: Any) -> int:
    """The id of a case."""
    body = {"title": TITLE, "matter": MATTER, "openness": openness, **more}
    answer = client.post(API, json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def alert(item: str) -> dict[str, str]:
    """Points at an alert."""
    return {"platform": "environment", "kind": "alert", "id": item}


def joined(client: httpx.Client, case: int, item: str, why: str = "同一河段") -> httpx.Response:
    """An alert is joined to a case."""
    return client.post(f"{API}/{case}/items", json={"item": alert(item), "why": why})


def step(client: httpx.Client, case: int, name: str, **given: str) -> httpx.Response:
    """A step of a case."""
    return client.post(f"{API}/{case}/steps/{name}", json={"given": given})


def asked(client: httpx.Client, case: int, unit: str = "water", **more: str) -> httpx.Response:
    """A question in the name of a case."""
    body = {"title": "进度", "text": "请说明提标工程进度", "unit": unit, "due_day": DUE, **more}
    return client.post(f"{API}/{case}/questions", json=body)


def answered(client: httpx.Client, question: int, name: str, **given: str) -> httpx.Response:
    """A step of a question."""
    return client.post(f"{API}/questions/{question}/steps/{name}", json={"given": given})


@pytest.mark.parametrize("kind", BOTH)
def test_given_an_alert_in_a_case_when_it_changes_then_the_copy_stays_and_the_page_says_so(
    centre: RunningCentre, supervisor: httpx.Client, deputy: httpx.Client
) -> None:
    """What was joined is frozen with its hash, and why it belongs stands beside it."""
    item = centre.put(spill()).id
    case = opened(supervisor)
    assert joined(supervisor, case, item).status_code == 201
    (then,) = supervisor.get(f"{API}/{case}/items").json()
    frozen = then["copy"]["frozen"]
    assert hashlib.sha256(frozen.encode()).hexdigest() == then["copy"]["hash"]
    assert not then["copy"]["differs"]
    centre.put(spill(state=State.RESOLVED, resolved_ms=centre.clock()))
    (now,) = deputy.get(f"{API}/{case}/items").json()
    assert (now["copy"]["frozen"], now["copy"]["differs"]) == (frozen, True)
    assert "有1个监督案卷在办" in deputy.get("/").text
    page = deputy.get(f"/cases/{case}").text
    for said in ("同一河段", "与现在的数据有出入", MATTER):
        assert said in page


def test_given_a_thing_when_it_is_joined_twice_or_nobody_says_why_then_it_is_refused(
    centre: RunningCentre, supervisor: httpx.Client, deputy: httpx.Client
) -> None:
    """Bad input names the remedy, and nothing is joined by it."""
    item = centre.put(spill()).id
    case = opened(supervisor)
    assert joined(supervisor, case, item, why=" ").status_code == 422
    assert joined(supervisor, case, "0" * 20).status_code == 404
    assert joined(deputy, case, item).status_code == 403
    assert joined(supervisor, case, item).status_code == 201
    assert joined(supervisor, case, item).status_code == 409
    (one,) = supervisor.get(f"{API}/{case}/items").json()
    gone = supervisor.post(f"{API}/{case}/items/{one['id']}/remove", json={"why": "不是同一河段"})
    assert gone.status_code == 204
    assert supervisor.get(f"{API}/{case}/items").json() == []
    assert joined(supervisor, case, item).status_code == 201


def test_given_a_restricted_thing_in_an_open_case_then_it_is_as_secret_as_the_thing(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """A case inherits the strictest secrecy of what belongs to it."""
    secret = opened(clerk, "restricted")
    assert deputy.get(f"{API}/{secret}").status_code == 404
    case = opened(clerk)
    assert deputy.get(f"{API}/{case}").status_code == 200


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_question_then_the_body_sees_it_alone_and_the_case_waits_for_its_answer(
    clerk: httpx.Client,
    supervisor: httpx.Client,
    deputy: httpx.Client,
    water: httpx.Client,
    housing: httpx.Client,
) -> None:
    """One question, one body, one term; nobody concludes over an open question, nor archives alone."""
    case = opened(clerk)
    late = asked(clerk, case, due_day="gestern")
    assert late.status_code == 422
    assert "due_day" in late.text
    question = int(asked(clerk, case).json()["id"])
    assert housing.get(f"{API}/questions/{question}").status_code == 404
    assert water.get(f"{API}/{case}").status_code == 404
    assert water.get(API).json()["cases"] == []
    terms = water.get(f"{API}/questions/{question}/procedure").json()["terms"]
    assert [of["rule"] for of in terms] == ["case.answer"]
    chosen = step(supervisor, case, "choose", means="inquiry", means_why="先问清楚")
    assert chosen.is_success, chosen.text
    early = step(supervisor, case, "conclude", outcome="完")
    assert early.status_code == 409
    assert early.json()["against"] == "questions"
    assert answered(water, question, "answer", answer="已完成八成").is_success
    assert answered(clerk, question, "again", reason="缺附件", due_day="2027-02-01").is_success
    assert answered(water, question, "answer", answer="附件补上").is_success
    assert answered(clerk, question, "accept").is_success
    settled(clerk, case)
    decided = step(supervisor, case, "decide", meeting="主任会议", day="2026-11-20", result="督办")
    assert decided.is_success, decided.text
    assert step(supervisor, case, "conclude", outcome="水质回到三类").is_success
    assert step(supervisor, case, "archive").status_code == 403
    assert step(clerk, case, "archive").status_code == 403
    page = deputy.get(f"/cases/{case}").text
    for said in ("水质回到三类", "主任会议", "进度"):
        assert said in page
    assert "附件补上" in deputy.get(f"/cases/questions/{question}").text


def test_given_an_alert_then_the_office_reaches_the_form_from_its_page(
    centre: RunningCentre, supervisor: httpx.Client, deputy: httpx.Client
) -> None:
    """A button leads to the form; faults come back with all that was written."""
    item = centre.put(spill()).id
    source = f"environment/alert/{item}"
    first = supervisor.get("/cases/new", params={"source": source})
    assert first.status_code == 200
    data = {"title": TITLE, "matter": "", "openness": "open", "why": "起因", "source": source}
    wrong = supervisor.post("/cases/new", data=data)
    assert wrong.status_code == 422
    assert TITLE in wrong.text
    made = supervisor.post("/cases/new", data=data | {"matter": MATTER})
    assert made.status_code == 303
    assert "起因" in supervisor.get(made.headers["location"]).text
    again = supervisor.post(
        "/cases/join", data={"case": made.headers["location"].rpartition("/")[2], "source": source}
    )
    assert again.status_code == 422
    assert deputy.get("/cases/new", params={"source": source}).status_code == 403


@pytest.mark.parametrize("procedure", [PROCEDURE, QUESTIONS])
def test_every_word_of_the_procedures_is_there(
    procedure: Procedure, centre: RunningCentre
) -> None:
    """No state of a case is shown as a code."""
    keys = procedure.keys()
    for key in keys:
        assert centre.services.words(f"{procedure.words}.{key}")


@pytest.mark.parametrize("secrecy", [Secrecy.INTERNAL, Secrecy.RESTRICTED])
def test_given_a_case_that_is_begun_with_a_secret_thing_then_its_title_stays_as_secret_as_that(
    centre: RunningCentre, secrecy: Secrecy
) -> None:
    """Also when the thing is taken out again."""
    services = centre.services
    keeper = Account(
        "lianluo", "王芳", reaches=(Reach(frozenset(CasePermission), secrecy=secrecy),)
    )
    thing = freeze(Reference("toy", "note", "1"), Item("一件线索", "/toy/1", {}, secrecy))
    made = register.begin(services, keeper, [thing])
    row = register.row_for(services, keeper, made.id)
    assert OPENNESS[row["openness"]] == secrecy


def test_given_a_case_that_is_concluded_then_no_answer_is_taken_back_until_it_is_reopened(
    clerk: httpx.Client, supervisor: httpx.Client, water: httpx.Client
) -> None:
    """So no concluded case has an open question."""
    case = opened(clerk)
    question = asked(clerk, case).json()["id"]
    assert answered(water, question, "answer", answer="已完成").is_success
    assert answered(clerk, question, "accept").is_success
    assert step(supervisor, case, "choose", means="report", means_why="听取报告").is_success
    settled(clerk, case)
    assert step(supervisor, case, "conclude", outcome="达标").is_success
    path = f"{API}/questions/{question}/steps/withdraw"
    refused = clerk.post(path, json={"why": "还要再问"})
    assert (refused.status_code, refused.json()["why"]) == (409, "over")
    assert step(supervisor, case, "reopen", why="又有新情况").is_success
    assert clerk.post(path, json={"why": "还要再问"}).is_success


@pytest.mark.parametrize(
    ("platform", "name"),
    [(of.slug, one.name) for of in ROSTER for one in of.items if one.copies != "never"],
)
def test_given_a_kind_of_which_copies_are_kept_then_its_page_has_the_button(
    platform: str, name: str
) -> None:
    """A case begins from anything that may belong to one."""
    (of,) = [one for one in ROSTER if one.slug == platform]
    pages = [page.read_text(encoding="utf-8") for page in of.folder.rglob("templates/*.html")]
    assert any(f'begin("{platform}/{name}/"' in page for page in pages)
