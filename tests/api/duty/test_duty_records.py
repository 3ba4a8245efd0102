"""Duty records: facts that arrive by themselves, those that are entered, and what is contested."""

from __future__ import annotations

import io
from datetime import date
from uuid import uuid4

import httpx
import pytest
from docx import Document
from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st

from api.accounts.enrolment.people import Newcomer
from api.kinds.reports import Paper
from api.platforms.duty.duty_records import actions, repository
from api.platforms.duty.duty_records.procedure import PROCEDURE
from api.platforms.duty.duty_records.records import PersonYear
from api.platforms.duty.opinions.procedure import PROCEDURE as OPINION
from api.platforms.duty.suggestions import actions as suggestions
from api.procedures import repository as rows
from api.procedures import taking
from api.procedures.ports import todos
from api.procedures.procedure import Row
from api.procedures.refusals import Incomplete, NotByHand, NotThePerson, NotYours, UnknownThing
from tests.api.ballots.voting import deputies
from tests.api.conftest import BOTH, NOW_MS, PASSWORDS, RunningCentre, enrolled_now, entered
from tests.api.deadline_rules import core_of
from tests.api.duty.meeting_hands import API, hands, sent
from tests.api.duty.opinion_hands import Opinions
from tests.api.duty.suggestion_hands import CLERK, HOUSING, LEAD, SECOND, THIRD, Duty
from tests.api.duty.test_motions import TOWN_SESSION, Motions
from tests.api.duty.test_surveys import SATISFIED, opened, own
from tests.api.papers import text_of_word

TRAINING = {"kind": "training", "day": "2026-11-20", "title": "履职能力培训", "evidence": "签到表"}


@pytest.fixture
def duty(centre: RunningCentre) -> Duty:
    """Nothing is written yet."""
    return Duty(centre)


def collect(duty: Duty) -> None:
    """The job runs."""
    actions.collect(core_of(duty.centre))


def facts(duty: Duty, username: str, by: str = CLERK) -> list[tuple[str, str, str]]:
    """Kind, title and state of a person's facts of the year, as somebody sees them."""
    found = actions.record(duty.services, duty.people[by], username, 2026)
    assert found is not None
    return [(of.row["kind"], of.row["title"], of.row["state"]) for of in found.lines]


def fact(duty: Duty, item_id: str) -> Row:
    """The row of a fact."""
    with duty.services.state.read() as connection:
        found = rows.row(connection, PROCEDURE, item_id)
    assert found is not None
    return found


def take(duty: Duty, by: str, item_id: str, step: str, **said: str) -> None:
    """Somebody takes a step."""
    with taking.acts(duty.services, PROCEDURE, duty.people[by]) as acting:
        taking.take(acting, item_id, step, said)


def report(duty: Duty, username: str = LEAD) -> Paper:
    """Of the year."""
    return actions.freeze(duty.services, duty.people[CLERK], PersonYear(username, "2026"))


@pytest.mark.parametrize("kind", BOTH)
def test_given_suggestions_then_author_and_signers_have_their_facts_once(duty: Duty) -> None:
    """A draft is nobody's duty work; a title in confidence stays in it."""
    duty.drafted(title="草稿")
    item_id = duty.drafted(title="平潮段河道异味治理")
    suggestions.invite(duty.services, duty.people[LEAD], item_id, [SECOND, THIRD])
    duty.sign(SECOND, item_id)
    duty.submit(item_id)
    secret = duty.drafted(by=THIRD, title="机密标题", openness="secret")
    duty.submit(secret)
    for _ in range(2):
        collect(duty)
        assert facts(duty, LEAD) == [("suggestion", "平潮段河道异味治理", "verified")]
        assert facts(duty, SECOND) == [("signature", "平潮段河道异味治理", "verified")]
        assert facts(duty, THIRD) == [("suggestion", "要求保密的建议", "verified")]
    found = actions.record(duty.services, duty.people[LEAD], LEAD, 2026)
    assert found is not None
    (line,) = found.lines
    assert line.row["link"] == f"/duty/suggestions/{item_id}"
    assert line.verifier == duty.services.words("duty.centre")


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_motion_then_who_leads_and_who_signed_its_text_have_the_fact(
    centre: RunningCentre,
) -> None:
    """From its submission on; once it is returned the facts are void."""
    work = Motions(centre)
    item = work.motion("town")
    work.sign_motion(item, *work.signers[:4])
    collect(work)
    assert facts(work, LEAD) == []
    work.step(LEAD, item, "submit", session=TOWN_SESSION, submitted=work.today)
    collect(work)
    title = work.row_of(item)["title"]
    assert facts(work, LEAD) == [("motion", title, "verified")]
    assert facts(work, SECOND) == [("motion-signature", title, "verified")]
    found = actions.record(work.services, work.people[LEAD], LEAD, 2026)
    assert found is not None
    assert found.lines[0].row["link"] == f"/duty/motions/{item}"
    work.step(CLERK, item, "return", reason="补正案据")
    collect(work)
    assert facts(work, LEAD) == facts(work, SECOND) == []


@pytest.mark.parametrize("kind", BOTH)
def test_given_an_answer_to_a_voter_then_the_deputy_has_the_fact_without_the_voter_s_words(
    centre: RunningCentre,
) -> None:
    """Not before, and no more once the answer is taken back."""
    work = Opinions(centre)
    item = work.received()
    collect(work)
    assert facts(work, LEAD) == []
    work.step(LEAD, item, "answer", **work.values("answer"))
    collect(work)
    assert facts(work, LEAD) == [("opinion", "对一件选民意见的答复", "verified")]
    with taking.acts(work.services, OPINION, work.people[LEAD]) as acting:
        taking.withdraw(acting, item, "再改一改")
    collect(work)
    assert facts(work, LEAD) == []


def test_a_deputy_takes_along_the_own_report_in_word_and_nobody_elses(
    duty: Duty, address: str
) -> None:
    """As the facts are now; the office takes anybody's, a year to come nobody."""
    actions.enter(duty.services, duty.people[CLERK], LEAD, TRAINING)
    path = f"/duty/records/of/{LEAD}/report.docx"
    for who, year, status in ((LEAD, 2026, 200), (CLERK, 2026, 200), (SECOND, 2026, 404)):
        with httpx.Client(base_url=address, timeout=60) as client:
            entered(client, who)
            answer = client.get(path, params={"year": year})
            assert answer.status_code == status
            assert client.get(path, params={"year": 2027}).status_code == 404
            if status == 200:
                text = text_of_word(answer.content)
                assert "履职能力培训" in text
                foot = Document(io.BytesIO(answer.content)).sections[0].footer
                assert "不是冻结的报告" in "".join(of.text for of in foot.paragraphs)
                assert path in client.get(f"/duty/records/of/{LEAD}").text


def test_given_a_clerk_of_one_town_then_neither_form_nor_paper_says_who_has_a_record_or_of_what(
    duty: Duty, address: str
) -> None:
    """Records belong to no unit: whoever verifies for one town alone is told of none."""
    town = Newcomer("zhulin", "朱琳", units=("pingchao",), unit_roles=("clerk",))
    enrolled_now(duty.centre, town, "right for the town")
    actions.enter(duty.services, duty.people[CLERK], LEAD, TRAINING | {"day": "2025-11-20"})
    kept = {"kind": "duty.duty-record", "parameters": {"username": LEAD, "year": "2025"}}
    said = {}
    with httpx.Client(base_url=address, timeout=60) as client:
        for who, password in ((CLERK, PASSWORDS[CLERK]), (town.username, "right for the town")):
            body = {"username": who, "password": password}
            assert client.post("/api/v1/session", json=body).status_code == 204
            form = client.get("/reports/", params={"kind": "duty.duty-record"}).text
            paper = client.post("/api/v1/reports", json=kept).json()["id"]
            of = f"/duty/records/of/{LEAD}"
            word = client.get(f"{of}/report.docx", params={"year": 2025}).content
            said[who] = [
                LEAD in client.get("/api/v1/reports/kinds").text,
                f'value="{LEAD}"' in form,
                "履职能力培训" in client.get(f"/api/v1/reports/{paper}").text,
                "履职能力培训" in text_of_word(word),
                "?year=2025" in client.get(of).text,
            ]
    assert said == {CLERK: [True] * 5, town.username: [False] * 5}


def mark(clerk: httpx.Client, meeting: int, number: int, *, present: bool) -> None:
    """The list says who is there."""
    of = {"key": str(uuid4()), "number": number, "present": present, "way": "list"}
    answer = clerk.post(f"{API}/{meeting}/check-ins", json={"marks": [of | {"at_ms": NOW_MS}]})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("kind", BOTH)
def test_given_meetings_and_surveys_then_who_was_there_and_who_answered_by_name_has_the_fact(
    duty: Duty, address: str
) -> None:
    """Not who was marked by mistake, and nobody for an anonymous survey."""
    with hands(address, CLERK, LEAD, SECOND) as (clerk, lead, second):
        deputies(duty.services, 6)
        meeting = sent(clerk)
        guests = clerk.get(f"{API}/{meeting}/guests").json()
        numbers = {of["username"]: of["number"] for of in guests}
        for username in (LEAD, SECOND):
            mark(clerk, meeting, numbers[username], present=True)
        mark(clerk, meeting, numbers[SECOND], present=False)
        named = own(opened(clerk, SATISFIED, title="实名问卷"))
        anonymous = own(opened(clerk, SATISFIED, title="匿名问卷", design="anonymous"))
        for survey in (named, anonymous):
            answer = second.post(survey, data={"screen": "1", "act": "next", "q1": "3"})
            assert answer.status_code == 303, answer.text
        collect(duty)
        collect(duty)
        assert facts(duty, LEAD) == [("activity", "视察平潮污水处理厂", "verified")]
        assert facts(duty, SECOND) == [("survey", "实名问卷", "verified")]
        for client, username in ((lead, LEAD), (second, SECOND)):
            (of,) = client.get(f"/api/v1/duty/records/of/{username}").json()["facts"]
            assert client.get(of["link"]).status_code == 200


@pytest.mark.parametrize("kind", BOTH)
def test_when_a_source_is_no_more_then_its_fact_is_void_until_it_is_there_again(
    duty: Duty,
) -> None:
    """The submission is taken back, and made once more."""
    item_id = duty.drafted()
    duty.submit(item_id)
    collect(duty)
    duty.withdraw(LEAD, item_id)
    collect(duty)
    assert facts(duty, LEAD) == []
    duty.submit(item_id)
    collect(duty)
    assert [state for _, _, state in facts(duty, LEAD)] == ["verified"]
    with duty.services.state.read() as connection:
        assert repository.lapsed(connection) == []


def test_when_a_deputy_enters_a_fact_then_the_office_verifies_it_and_others_never_see_it(
    duty: Duty,
) -> None:
    """The office's own entry is verified at once; nobody enters for another deputy, and no day to
    come.
    """
    services, lead, clerk = duty.services, duty.people[LEAD], duty.people[CLERK]
    item_id = actions.enter(services, lead, LEAD, TRAINING)
    assert [of.title for of in todos(services, clerk, PROCEDURE)] == ["履职能力培训"]
    assert report(duty).tables["facts"].rows == ()
    with pytest.raises(UnknownThing):
        take(duty, SECOND, item_id, "annotate", note="我看到了")
    assert actions.record(services, duty.people[SECOND], LEAD, 2026) is None
    assert actions.record(services, duty.people[HOUSING], LEAD, 2026) is None
    take(duty, CLERK, item_id, "verify")
    assert todos(services, clerk, PROCEDURE) == []
    assert [of.value for of in report(duty).tables["facts"].rows[0]] == [
        "2026-11-20",
        "学习培训",
        "履职能力培训",
        clerk.name,
        "",
    ]
    by_office = actions.enter(services, clerk, SECOND, TRAINING)
    assert fact(duty, by_office)["state"] == "verified"
    with pytest.raises(NotYours):
        actions.enter(services, lead, SECOND, TRAINING)
    with pytest.raises(Incomplete):
        actions.enter(services, lead, LEAD, TRAINING | {"day": "2026-12-31"})
    with pytest.raises(NotByHand):
        take(duty, CLERK, actions.enter(services, lead, LEAD, TRAINING), "record")


def test_when_a_file_is_put_to_a_fact_then_the_deputy_and_the_office_alone_open_it(
    duty: Duty, address: str
) -> None:
    """As evidence it stands with the fact."""
    item_id = actions.enter(duty.services, duty.people[LEAD], LEAD, TRAINING)
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, LEAD)
        given = {"file": ("签到表.txt", "陈明 已签到".encode())}
        answer = client.post(
            f"/duty/records/{item_id}/files",
            data={"title": ""},
            files=given,
            headers={"Origin": address},
        )
        assert answer.status_code == 303
        assert "签到表.txt" in client.get(f"/duty/records/{item_id}").text
    (file,) = actions.attached(duty.services, fact(duty, item_id))
    for who, status in ((LEAD, 200), (CLERK, 200), (SECOND, 404)):
        with httpx.Client(base_url=address, timeout=60) as client:
            entered(client, who)
            assert client.get(f"/files/{file.id}").status_code == status
            assert client.get(f"/duty/records/{item_id}").status_code == status


def test_when_a_fact_is_contested_then_it_stays_marked_until_the_office_decides_with_a_reason(
    duty: Duty,
) -> None:
    """The report lists it apart; the remark of the deputy stands with the fact."""
    item_id = actions.enter(duty.services, duty.people[CLERK], LEAD, TRAINING)
    with pytest.raises(NotThePerson):
        take(duty, CLERK, item_id, "contest", objection="替他提")
    take(duty, LEAD, item_id, "annotate", note="全程参加")
    take(duty, LEAD, item_id, "contest", objection="日期应为 19 日")
    assert facts(duty, LEAD) == [("training", "履职能力培训", "contested")]
    paper = report(duty)
    assert paper.tables["facts"].rows == ()
    assert "日期应为 19 日" in [of.value for of in paper.tables["contested"].rows[0]]
    with pytest.raises(Incomplete):
        take(duty, CLERK, item_id, "keep")
    amended = {of: TRAINING[of] for of in ("kind", "title")} | {"day": "2026-11-19"}
    take(duty, CLERK, item_id, "amend", reason="签到表为 19 日", **amended)
    assert fact(duty, item_id)["day"] == date(2026, 11, 19)
    (row,) = report(duty).tables["facts"].rows
    assert [of.value for of in row][-1] == "全程参加"
    take(duty, LEAD, item_id, "contest", objection="没有参加")
    take(duty, CLERK, item_id, "strike", reason="核对签到表，未参加")
    assert facts(duty, LEAD) == []


def test_the_report_has_no_figures_and_says_the_same_of_the_same_facts(duty: Duty) -> None:
    """No total, no score: a record is read."""
    actions.enter(duty.services, duty.people[CLERK], LEAD, TRAINING)
    paper = report(duty)
    assert paper == report(duty)
    assert not paper.figures


def test_the_words_of_the_procedure_are_exactly_those_that_it_asks_for(duty: Duty) -> None:
    """None is missing, none is left over."""
    prefixes = ("state-", "step-", "done-", "need-", "kind-", "against-")
    own = {
        key.removeprefix("duty.records.")
        for key in duty.services.words.texts
        if key.startswith("duty.records.")
    }
    assert {of for of in own if of.startswith(prefixes)} == PROCEDURE.keys()


@given_any(names=st.lists(st.sampled_from([of.name for of in PROCEDURE.steps]), max_size=12))
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_given_any_row_of_steps_then_there_is_a_next_step_or_it_is_an_end(
    names: list[str],
) -> None:
    """For a person, or for the centre."""
    state = PROCEDURE.first.to
    for name in names:
        step = PROCEDURE.by_name[name]
        if state in step.sources:
            state = step.to or state
        assert PROCEDURE.closed(state) is not bool(PROCEDURE.following(state))
