"""Appraisals of officers: each by itself, voted in secret, decided by a meeting, never ranked."""

from __future__ import annotations

import re

import httpx
import pytest

from api import audit
from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Account, Clerk, Reach, Secrecy
from api.ballots.refusals import AnsweredBefore, NotTaken, OnlyInPerson, UnknownPoll
from api.platforms.judicial.appraisals import actions
from api.platforms.judicial.appraisals.procedure import PROCEDURE
from api.platforms.judicial.appraisals.records import NotAnswers, NotOpened, form
from api.platforms.judicial.conclusions import ConclusionRefused
from api.platforms.judicial.permission import JudicialPermission
from api.procedures import taking
from api.procedures.refusals import Incomplete, NotAllowed, NotYours, UnknownThing
from config.vocabulary.time import DAY_MS
from tests.api.ballots.voting import deputies
from tests.api.conftest import BOTH, RunningCentre, enrolled_now
from tests.api.duty.meeting_hands import hands

SEE = JudicialPermission.SEE
OFFICE = Account(
    "office",
    "工作人员",
    reaches=(Reach(frozenset({SEE, JudicialPermission.APPRAISE, JudicialPermission.DECIDE})),),
)
SENDS = frozenset({SEE, JudicialPermission.SUBMIT})
COURT = Account("court", "书记员", reaches=(Reach(SENDS, "court"),))
POLICE = Account("police", "民警", reaches=(Reach(SENDS, "police"),))
GIVEN = {
    "unit": "court",
    "person": "陆明",
    "office": "区法院副院长",
    "basis": "2026年度监督工作计划",
}
REPORT = "一年来依法履行审判管理职责，完善立案服务。"
ALL_SATISFIED = {f"q{number}": ("satisfied",) for number in range(1, 7)}


def voters(centre: RunningCentre, count: int) -> list[Account]:
    """Deputies more, who see what deputies see; three there are already."""
    return [
        Account(of.username, of.name, reaches=(Reach(frozenset({SEE}), "", Secrecy.INTERNAL),))
        for of in deputies(centre.services, count)
    ]


def step(centre: RunningCentre, account: Account, item: str, name: str, **given: str) -> None:
    with taking.acts(centre.services, PROCEDURE, account) as acting:
        taking.take(acting, item, name, given)


def reported(centre: RunningCentre) -> str:
    item = actions.plan(centre.services, OFFICE, GIVEN)
    step(centre, COURT, item, "report", report=REPORT)
    return item


def opened(centre: RunningCentre) -> str:
    item = reported(centre)
    actions.open_ballots(centre.services, OFFICE, item, "2026-12-10", ())
    return item


@pytest.mark.parametrize("kind", BOTH)
def test_given_an_officer_then_the_body_reports_deputies_vote_and_a_meeting_decides_by_name_and_day(
    centre: RunningCentre,
) -> None:
    services, people = centre.services, voters(centre, 12)
    item = actions.plan(services, OFFICE, GIVEN)
    with pytest.raises(UnknownThing):
        actions.appraisal(services, POLICE, item)
    with pytest.raises(ConclusionRefused):
        step(centre, COURT, item, "report", report="该案应当改判")
    step(centre, COURT, item, "report", report=REPORT)
    with pytest.raises(NotAllowed):
        step(centre, OFFICE, item, "open", last_day="2026-12-10")
    actions.open_ballots(services, OFFICE, item, "2026-12-10", ())
    for person in people:
        actions.vote(services, person, item, ALL_SATISFIED)
    with pytest.raises(AnsweredBefore):
        actions.vote(services, people[0], item, ALL_SATISFIED)
    with pytest.raises(NotAllowed):
        step(centre, OFFICE, item, "count")
    assert actions.appraisal(services, OFFICE, item).results is None, "not before the counting"
    actions.count_ballots(services, OFFICE, item)
    found = actions.appraisal(services, COURT, item)
    assert (found.poll.asked, found.poll.answered) == (15, 12)
    assert [of.cells[0].count for of in found.results or ()] == [12] * 6
    assert all(of.mean is None for of in found.results or ()), "there is no score"
    with pytest.raises(Incomplete):
        step(centre, OFFICE, item, "decide", decision="同意评议意见")
    decided = {"meeting": "区人大常委会第三十次会议", "decided": "2026-11-24"}
    with pytest.raises(NotYours):
        step(centre, COURT, item, "decide", decision="同意评议意见", **decided)
    step(centre, OFFICE, item, "decide", decision="同意评议意见，请加强执行工作", **decided)
    step(centre, COURT, item, "answer", measures="完善执行公开")
    step(centre, OFFICE, item, "close")
    row = actions.appraisal(services, OFFICE, item).row
    assert (row["state"], row["meeting"]) == ("closed", "区人大常委会第三十次会议")


def test_given_a_report_then_the_body_alone_puts_files_to_it_whose_names_name_nobody(
    centre: RunningCentre, address: str
) -> None:
    """Until the ballots are opened."""
    voters(centre, 6)
    person = Newcomer("shuji", "周宁", units=("court",), unit_roles=("handler",))
    enrolled_now(centre, person, "right for the court")
    item = reported(centre)
    path = f"/judicial/appraisals/{item}"

    def sent(client: httpx.Client, name: str) -> httpx.Response:
        file = {"file": (name, "履职".encode(), "text/plain")}
        return client.post(f"{path}/files", files=file, data={"title": "附件"})

    with (
        hands(address, "lianluo") as (clerk,),
        httpx.Client(base_url=address, timeout=60) as court,
    ):
        signed = {"username": "shuji", "password": "right for the court"}
        assert court.post("/sign-in", data=signed).status_code == 303
        named = sent(court, "原告张三材料.txt")
        assert named.status_code == 422
        assert "不写姓名" in named.text
        assert sent(court, "履职报告.txt").status_code == 303
        assert sent(clerk, "履职报告.txt").status_code == 404
        actions.open_ballots(centre.services, OFFICE, item, "2026-12-10", ())
        assert sent(court, "又一份.txt").status_code == 404
        assert "履职报告.txt" in clerk.get(path).text


def test_given_fewer_than_five_then_nothing_is_opened_or_nothing_is_shown(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    services = centre.services
    item = reported(centre)
    with pytest.raises(NotOpened) as refused:
        actions.open_ballots(services, OFFICE, item, "2026-12-10", ())
    assert list(refused.value.keys) == ["few"]
    assert actions.appraisal(services, OFFICE, item).row["state"] == "reported"
    people = voters(centre, 4)
    with pytest.raises(NotOpened):
        actions.open_ballots(services, OFFICE, item, "2026-11-23", ())
    actions.open_ballots(services, OFFICE, item, "2026-12-10", ())
    for person in people:
        actions.vote(services, person, item, ALL_SATISFIED)
    actions.count_ballots(services, OFFICE, item)
    assert "不足5人" in deputy.get(f"/judicial/appraisals/{item}").text
    found = deputy.get(f"/api/v1/judicial/appraisals/{item}/results").json()
    assert {of["counts"].get("satisfied") for of in found["aspects"]} == {None}


def test_given_a_single_dissatisfied_vote_then_no_number_tells_of_it(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    people = voters(centre, 12)
    item = opened(centre)
    for at, person in enumerate(people):
        answers = ALL_SATISFIED | ({"q6": ("dissatisfied",)} if at == 0 else {})
        actions.vote(centre.services, person, item, answers)
    actions.count_ballots(centre.services, OFFICE, item)
    aspects = deputy.get(f"/api/v1/judicial/appraisals/{item}/results").json()["aspects"]
    assert aspects[0]["counts"]["satisfied"] == 12
    assert aspects[5]["counts"]["satisfied"] is None
    assert aspects[5]["counts"]["dissatisfied"] is None


def test_given_a_ballot_then_only_who_is_asked_gives_it_in_person_whole_and_in_time(
    centre: RunningCentre,
) -> None:
    services, people = centre.services, voters(centre, 6)
    item = opened(centre)
    with pytest.raises(NotAnswers) as refused:
        actions.vote(services, people[0], item, {"q1": ("satisfied",), "q2": ("excellent",)})
    assert set(refused.value.wrong) == {"q2", "q3", "q4", "q5", "q6"}
    with pytest.raises(UnknownPoll):
        actions.vote(services, COURT, item, ALL_SATISFIED)
    acting = Account(
        people[0].username, people[0].name, reaches=people[0].reaches, clerk=Clerk("c", "工作人员")
    )
    with pytest.raises(OnlyInPerson):
        actions.vote(services, acting, item, ALL_SATISFIED)
    assert any("投票" in of.note for of in actions.todos(services, people[0]))
    actions.vote(services, people[0], item, ALL_SATISFIED)
    assert actions.todos(services, people[0]) == []
    subjects = [of.subject for of in audit.search(services.state, most=1000)]
    assert not any(people[0].username in of for of in subjects)
    centre.clock.now_ms += 20 * DAY_MS
    with pytest.raises(NotTaken):
        actions.vote(services, people[1], item, ALL_SATISFIED)
    assert [of.note for of in actions.todos(services, OFFICE)] == ["投票已截止，请计票"]


def test_the_form_asks_for_no_text_and_gives_no_score(centre: RunningCentre) -> None:
    assert {of.kind for of in form(centre.services.words, "评议").questions} == {"one"}


def test_given_results_of_two_officers_then_no_list_and_no_item_holds_any(
    centre: RunningCentre, address: str, deputy: httpx.Client
) -> None:
    """They stand in the order of their beginning, whatever the votes said."""
    people = voters(centre, 47)
    items = []
    for many, name in ((23, "陆明"), (41, "顾芳")):
        item = actions.plan(centre.services, OFFICE, GIVEN | {"person": name})
        step(centre, COURT, item, "report", report=REPORT)
        actions.open_ballots(centre.services, OFFICE, item, "2026-12-10", ())
        for person in people[:many]:
            actions.vote(centre.services, person, item, ALL_SATISFIED)
        actions.count_ballots(centre.services, OFFICE, item)
        items.append(item)
    for path in ("/judicial/appraisals", "/api/v1/judicial/appraisals"):
        text = deputy.get(path, params={"sort": "satisfied", "order": "desc"}).text
        assert text.index("顾芳") < text.index("陆明")
        assert not re.search(r"\b(23|41)\b", text)
    own = deputy.get(f"/judicial/appraisals/{items[0]}").text
    assert re.search(r"\b23\b", own)
    assert "顾芳" not in own
    item_text = deputy.get(f"/api/v1/items/judicial/appraisal/{items[0]}").text
    assert "satisfied" not in item_text
    assert "区人民法院" in item_text
    with hands(address, "lianluo") as (clerk,):
        assert clerk.get("/judicial/appraisals/new").status_code == 200
        bad = clerk.post(
            "/judicial/appraisals/new", data=GIVEN | {"office": "当事人王小兰的承办法官"}
        )
        assert bad.status_code == 422
        assert "2026年度监督工作计划" in bad.text
        assert clerk.post("/judicial/appraisals/new", data=GIVEN).status_code == 303


def test_journey_of_an_office_that_opens_and_a_deputy_who_votes_on_pages_without_a_script(
    centre: RunningCentre, address: str, deputy: httpx.Client
) -> None:
    voters(centre, 6)
    item = reported(centre)
    path = f"/judicial/appraisals/{item}/ballot"
    with hands(address, "lianluo") as (clerk,):
        page = clerk.get(f"/judicial/appraisals/{item}").text
        assert "平潮镇代表团" in page
        form = {"last_day": "2026-11-23", "units": ["pingchao-delegation"]}
        over = clerk.post(f"/judicial/appraisals/{item}/open", data=form)
        assert over.status_code == 422
        assert 'value="pingchao-delegation" checked' in over.text
        form = {"last_day": "2026-12-10"}
        assert clerk.post(f"/judicial/appraisals/{item}/open", data=form).status_code == 303
        assert "已投0人" in clerk.get(f"/judicial/appraisals/{item}").text
    assert path in deputy.get("/").text, "it waits on the workbench"
    faulty = deputy.post(path, data={"q1": "fairly"})
    assert faulty.status_code == 422
    assert 'value="fairly" checked' in faulty.text
    given = {f"q{number}": "fairly" for number in range(1, 7)}
    assert deputy.post(path, data=given).status_code == 303
    assert "已交票" in deputy.get(path).text
