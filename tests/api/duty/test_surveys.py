"""The office makes a survey on its pages; deputies, units and the public answer it on theirs."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import openpyxl
import pytest

from api.accounts.records import Account, Reach
from api.ballots import casting
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.surveys.actions import making
from api.platforms.duty.surveys.pages.public import MOST_AT_ONCE
from config.vocabulary.time import DAY_MS
from tests.api.ballots.voting import deputies
from tests.api.conftest import USERNAMES, RunningCentre, entered
from tests.api.papers import text_of_word

Entered = Callable[[str], httpx.Client]
NEW = {"title": "河道治理问卷", "intro": "用于起草报告", "last_day": "2026-12-10"}
SATISFIED = {"kind": "one", "text": "总体满意吗", "options": "满意\n基本满意\n不满意"}
WHY = {"kind": "text", "text": "为什么不满意", "longest": "200", "shown_for": "q1:3"}
RANK = {"kind": "ranking", "text": "先做哪件事", "options": "清淤\n截污\n绿化"}


@pytest.fixture
def as_role(address: str) -> Iterator[Entered]:
    """A client of somebody with a role, or of a deputy by username."""
    with ExitStack() as stack:

        def entered_as(role: str) -> httpx.Client:
            client = stack.enter_context(httpx.Client(base_url=address, timeout=60))
            return entered(client, USERNAMES.get(role, role))

        yield entered_as


def made(clerk: httpx.Client, *questions: dict[str, str], **settings: str) -> str:
    """The address of a draft with these questions."""
    answer = clerk.post("/duty/surveys/new", data=NEW | settings)
    assert answer.status_code == 303, answer.text
    survey = answer.headers["location"].partition("?")[0]
    for question in questions:
        sent = clerk.post(f"{survey}/questions/new", data={"required": "true"} | question)
        assert sent.status_code == 303, sent.text
    return survey


def opened(clerk: httpx.Client, *questions: dict[str, str], **settings: str) -> str:
    """The address of a survey that takes answers."""
    survey = made(clerk, *questions, **settings)
    answer = clerk.post(f"{survey}/steps/open")
    assert answer.status_code == 303, answer.text
    return survey


def own(survey: str) -> str:
    """Where those who are asked answer it."""
    return survey.replace("/surveys/", "/my-surveys/")


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page of answers, unescaped."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def titles(page: str) -> list[str]:
    """The questions that a page shows."""
    return re.findall(r'<legend id="text-q\d+">([^<]+?)(?: （选填）)?(?: <small>|</legend>)', page)


def test_given_a_named_survey_then_deputies_answer_screen_by_screen_and_figures_open_their_rows(
    as_role: Entered, centre: RunningCentre
) -> None:
    """What does not hold is marked where it stands, and what was given is carried along."""
    clerk, deputy, other = as_role("clerk"), as_role("deputy"), as_role("xuhui")
    survey = opened(clerk, SATISFIED, WHY, RANK)
    with centre.services.state.read() as connection:
        told = {of.reader for of in centre.services.messages.unrouted(connection)}
    assert told == {"daibiao", "xuhui", "gujun"}
    todos = {of["path"]: of for of in deputy.get("/api/v1/workbench").json()["waiting"]}
    assert own(survey) in todos
    page = deputy.get(own(survey)).text
    assert titles(page) == ["总体满意吗"]
    missing = deputy.post(own(survey), data={"screen": "1", "act": "next"})
    assert missing.status_code == 422
    assert "这道题还没有回答" in missing.text
    page = deputy.post(own(survey), data={"screen": "1", "act": "next", "q1": "3"}).text
    assert titles(page) == ["为什么不满意", "先做哪件事"]
    rank = {"q3.1": "2", "q3.2": "1", "q3.3": "1"}
    page = deputy.post(own(survey), data=fields(page) | {"act": "next", "q2": "慢"} | rank).text
    assert "每个名次只用一次" in page
    assert "慢" in page
    back = deputy.post(own(survey), data=fields(page) | {"act": "back", "q2": "慢"} | rank).text
    assert 'value="3" checked' in back
    assert 'value="3" checked' in deputy.get(own(survey)).text
    assert fields(back).items() >= {"q2": "慢", "q3.2": "1"}.items()
    right = {"q3.1": "3", "q3.2": "1", "q3.3": "2"}
    done = deputy.post(own(survey), data=fields(page) | {"act": "next", "q2": "太慢"} | right)
    assert (done.status_code, done.headers["location"]) == (303, own(survey))
    page = deputy.get(own(survey)).text
    assert "截污 &gt; 绿化 &gt; 清淤" in page
    todos = {of["path"]: of for of in deputy.get("/api/v1/workbench").json()["waiting"]}
    assert own(survey) not in todos
    sent = {"screen": "2", "act": "next", "q1": "1", **right}
    assert other.post(own(survey), data=sent).status_code == 303
    results = clerk.get(f"{survey}/results").text
    assert "2 / 3 人已填写" in results
    (rows,) = re.findall(r'href="([^"]+question=q1&amp;value=3)"', results)
    answers = clerk.get(html.unescape(rows)).text
    assert "陈明" in answers
    assert "徐慧" not in answers
    table = openpyxl.load_workbook(io.BytesIO(clerk.get(f"{survey}/answers.xlsx").content))
    assert table.active is not None
    assert [row[0] for row in table.active.iter_rows(values_only=True)] == ["姓名", "陈明", "徐慧"]


def test_given_an_anonymous_survey_then_results_come_with_its_end_and_nobody_answers_twice(
    as_role: Entered, centre: RunningCentre
) -> None:
    """Neither rows of people nor small counts are anywhere, also not in the table or the API."""
    services = centre.services
    voters = deputies(services, 20)
    clerk, deputy = as_role("clerk"), as_role("deputy")
    survey = opened(clerk, SATISFIED, WHY, design="anonymous")
    number = int(survey.rpartition("/")[2])
    sent = {"screen": "2", "act": "next", "q1": "3", "q2": "等了两年"}
    assert deputy.post(own(survey), data=sent).status_code == 303
    assert "没有人能再找出来修改" in deputy.get(own(survey)).text
    assert deputy.post(own(survey), data=sent).status_code == 409
    for n, voter in enumerate(voters):
        value = "1" if n < 14 else "2"
        casting.vote(services, voter, _poll(centre, number), {"q1": (value,)})
    assert clerk.get(f"{survey}/results").status_code == 409
    assert clerk.get(f"/api/v1{survey}/results").status_code == 409
    assert "21 / 23 人已填写" in clerk.get(survey).text
    assert clerk.post(f"{survey}/steps/close").status_code == 303
    page = clerk.get(f"{survey}/results").text
    assert "14 份，占 67%" in page
    assert page.count("<span>不公布</span>") == 2
    assert "等了两年" not in page
    found = clerk.get(f"/api/v1{survey}/results").json()
    assert [cell["count"] for cell in found["results"][0]["cells"]] == [14, None, None]
    assert found["results"][1]["shown_to"] is None
    table = clerk.get(f"{survey}/results.csv").text
    assert "等了两年" not in table
    made_paper = {"kind": "duty.survey-results", "survey": str(number)}
    paper = clerk.post("/reports/", data=made_paper).headers["location"]
    told = text_of_word(clerk.get(f"{paper}/paper.docx").content)
    assert "等了两年" not in told
    assert "基本满意（不公布）" in told
    assert "66.7" in told
    assert clerk.get(f"/api/v1{paper}/changes").json() == []
    assert clerk.get(f"{survey}/answers").status_code == 404
    assert clerk.get(f"{survey}/answers.xlsx").status_code == 404


def _poll(centre: RunningCentre, number: int) -> int:
    office = Account("lianluo", "王芳", reaches=(Reach(frozenset({DutyPermission.SURVEY})),))
    found = making.find(centre.services, office, number)
    assert found is not None
    return found.poll.id


def test_given_fewer_than_five_answers_then_the_office_is_never_shown_any(
    as_role: Entered, centre: RunningCentre
) -> None:
    """And is told so."""
    services = centre.services
    voters = deputies(services, 6)
    clerk = as_role("clerk")
    survey = opened(clerk, SATISFIED, design="anonymous")
    for voter in voters[:4]:
        casting.vote(
            services, voter, _poll(centre, int(survey.rpartition("/")[2])), {"q1": ("1",)}
        )
    clerk.post(f"{survey}/steps/close")
    page = clerk.get(f"{survey}/results").text
    assert "只收到 4 份，少于 5 份，结果不公布，以后也不会公布。" in page
    assert "满意" not in page


def test_given_the_link_for_the_public_then_anybody_answers_once_a_browser_and_not_too_often(
    as_role: Entered, address: str
) -> None:
    """Without an account or a script; the link ends with the survey."""
    clerk = as_role("clerk")
    survey = opened(clerk, SATISFIED, WHY, audience="public", design="anonymous")
    (link,) = set(re.findall(r"/s/[\w-]{20,}", clerk.get(survey).text))
    with httpx.Client(base_url=address, timeout=60) as browser:
        page = browser.get(link)
        assert (page.status_code, titles(page.text)) == (200, ["总体满意吗"])
        assert "set-cookie" not in page.headers
        page = browser.post(link, data={"screen": "1", "act": "next", "q1": "3"})
        sent = fields(page.text) | {"act": "next", "q2": "味道大"}
        done = browser.post(link, data=sent)
        assert done.status_code == 303
        assert "谢谢" in browser.get(link).text
        browser.post(link, data=sent)
    sent = {"screen": "1", "act": "next", "q1": "1"}
    codes = [httpx.post(address + link, data=sent).status_code for _ in range(MOST_AT_ONCE)]
    assert codes == [303] * (MOST_AT_ONCE - 2) + [429] * 2
    clerk.post(f"{survey}/steps/close")
    assert f"收到 {MOST_AT_ONCE - 1} 份" in clerk.get(f"{survey}/results").text
    assert "这份问卷已经结束" in httpx.get(address + link).text
    assert httpx.get(f"{address}/s/none").status_code == 404


def test_given_a_survey_of_others_then_it_is_as_if_it_were_not_there(as_role: Entered) -> None:
    """While it is a draft, and when it takes answers, on page and API."""
    clerk, handler = as_role("clerk"), as_role("handler")
    draft, running = made(clerk, SATISFIED), opened(clerk, SATISFIED)
    asked = [of.rpartition("/")[2] for of in (draft, running)]
    for address in ("/duty/my-surveys/{}", "/api/v1/duty/surveys/{}"):
        absent = handler.get(address.format(9))
        assert absent.status_code == 404
        for number in asked:
            hidden = handler.get(address.format(number))
            assert hidden.status_code == 404
            assert hidden.text.replace(f"survey {number} ", "survey 9 ") == absent.text


def test_given_an_assessment_then_units_stand_in_the_official_order_and_a_reason_is_asked_after(
    as_role: Entered,
) -> None:
    """Also in the results: no order by a rate can be asked for."""
    clerk, deputy = as_role("clerk"), as_role("deputy")
    survey = made(clerk, kind="assessment")
    sent = {"text": "评价办理工作", "units": ["water", "environment", "housing"]}
    assert clerk.post(f"{survey}/units", data=sent).status_code == 303
    assert clerk.post(f"{survey}/units", data={"text": "x"}).status_code == 422
    clerk.post(f"{survey}/steps/open")
    page = deputy.get(own(survey)).text
    headings = re.findall(r"<h2>([^<]+)</h2>", page)
    order = re.findall(
        r'name="units" value="[\w-]+">([^<]+)<', clerk.get(made(clerk, kind="assessment")).text
    )
    assert headings == [name for name in dict.fromkeys(order) if name in headings]
    assert len(headings) == 3
    sent = {"screen": "1", "act": "next", "q1": "1", "q2": "3", "q3": "4"}
    page = deputy.post(own(survey), data=sent).text
    assert titles(page) == ["不满意的原因"]
    assert deputy.post(own(survey), data=fields(page) | {"act": "next"}).status_code == 303
    results = clerk.get(f"{survey}/results?order=rate").text
    assert [of for of in re.findall(r"<h2>([^<]+)</h2>", results) if of in headings][
        :3
    ] == headings


def test_given_a_draft_with_faults_then_each_is_named_before_it_can_be_opened(
    as_role: Entered,
) -> None:
    """A condition that was moved in front of its question; nothing is lost by the refusal."""
    clerk = as_role("clerk")
    survey = made(clerk, SATISFIED, WHY)
    clerk.post(f"{survey}/questions/q2/move", data={"by": "up"})
    page = clerk.get(survey).text
    assert "第 1 题：条件所依据的题目要排在它前面" in page
    refused = clerk.post(f"{survey}/steps/open")
    assert refused.status_code == 422
    assert "第 1 题" in refused.text
    clerk.post(f"{survey}/questions/q2/move", data={"by": "down"})
    bad = clerk.post(f"{survey}/questions/new", data={"kind": "one", "text": "", "options": "甲"})
    assert bad.status_code == 422
    assert "甲" in bad.text
    late = clerk.post(f"{survey}/settings", data={"title": "新标题", "last_day": "2020-01-01"})
    assert late.status_code == 422
    assert "请选择今天或以后的日期" in late.text
    assert clerk.post(f"{survey}/steps/open").status_code == 303
    assert clerk.post(f"{survey}/questions/q1", data=SATISFIED).status_code == 409
    version = clerk.post(f"{survey}/versions").headers["location"].partition("?")[0]
    assert version != survey
    assert "第 2 版" in clerk.get(version).text
    assert clerk.post(f"{version}/steps/drop").status_code == 303
    assert clerk.post(f"{version}/questions/q1", data=SATISFIED).status_code == 409
    assert clerk.post(f"{version}/steps/open").status_code == 409


def test_given_a_call_for_opinion_then_its_paper_is_seen_by_those_who_are_asked_alone(
    as_role: Entered, centre: RunningCentre
) -> None:
    """And the last day over, the office is reminded to end it, while nobody else is."""
    clerk, deputy, handler = as_role("clerk"), as_role("deputy"), as_role("handler")
    opinion = {"kind": "text", "text": "修改意见", "longest": "1000"}
    survey = opened(clerk, opinion, kind="opinion")
    paper = {"file": ("草案.txt", "第一条 为了保护河道".encode(), "text/plain")}
    clerk.post(f"{survey}/files", files=paper, data={"title": "草案"})
    page = deputy.get(own(survey)).text
    (file,) = set(re.findall(r'href="(/files/\d+)"', page))
    assert deputy.get(file).text == "第一条 为了保护河道"
    assert handler.get(file).status_code == 404
    assert handler.get(own(survey)).status_code == 404
    given = {"answers": {"q1": ["建议写明责任单位"]}}
    number = survey.rpartition("/")[2]
    wrong = deputy.post(f"/api/v1/duty/surveys/{number}/answers", json={"answers": {}})
    assert (wrong.status_code, wrong.json()["detail"]) == (422, "q1: is missing; answer it")
    answered = deputy.post(f"/api/v1/duty/surveys/{number}/answers", json=given)
    assert answered.status_code == 204
    assert deputy.get(f"/api/v1/duty/surveys/{number}").json()["answers"] == given["answers"]
    centre.clock.now_ms += 20 * DAY_MS
    clerk, deputy = as_role("clerk"), as_role("deputy")
    assert deputy.post(own(survey), data={"screen": "1", "q1": "晚了"}).status_code == 409
    waiting = [of["path"] for of in clerk.get("/api/v1/workbench").json()["waiting"]]
    assert survey in waiting
