"""Procuratorial advice: written, replied to, checked by two; counted by topic alone."""

from __future__ import annotations

import pytest

from api.deadlines.records import Standing
from api.platforms.judicial.advice import actions
from api.platforms.judicial.advice.actions import NobodyReplies
from api.platforms.judicial.advice.records import Asked, topics
from api.platforms.judicial.free_text import TextRefused
from api.platforms.judicial.manifest import PLATFORM
from api.procedures.refusals import NotTheSamePerson, NotYours, UnknownThing
from api.procedures.taking import acts, withdraw
from tests.api.conftest import BOTH, RunningCentre
from tests.api.judicial.matter_hands import (
    COURT,
    DEPUTY,
    FIRST,
    HOUSING,
    OFFICE,
    SECOND,
    Judicial,
)
from tests.api.judicial.test_matters import signed_in

PAGES, API = "/judicial/advice", "/api/v1/judicial/advice"
EFFECT = {"effect": "partly", "how": "到三个小区抽查，两处通道已经畅通。"}


@pytest.fixture
def work(centre: RunningCentre) -> Judicial:
    """Nothing is written yet."""
    return Judicial(centre)


def sent(work: Judicial, reply_day: str = "", **given: str) -> str:
    """The id of advice that was sent today."""
    item_id = work.written(**given)
    day = {"reply_day": reply_day} if reply_day else {}
    work.take(FIRST, "advice", item_id, "send", issued_day=work.today, **day)
    return item_id


def replied(work: Judicial) -> str:
    """The id of advice that was replied to."""
    item_id = sent(work)
    reply = {"reply": "已经部署检查。", "replied_day": work.today}
    work.take(HOUSING, "advice", item_id, "reply", **reply)
    return item_id


def closed(work: Judicial) -> str:
    """The id of advice whose effect was confirmed."""
    item_id = replied(work)
    work.take(FIRST, "advice", item_id, "check", **EFFECT)
    work.take(SECOND, "advice", item_id, "confirm")
    return item_id


def seen(work: Judicial, by: str, **asked: str) -> list[int]:
    """The ids of the advice that somebody sees."""
    found = actions.listed(work.services, work.people[by], Asked.model_validate(asked))
    return [of["id"] for of in found.rows]


@pytest.mark.parametrize("kind", BOTH)
def test_given_advice_then_it_goes_to_its_addressee_and_back_and_two_people_say_what_came_of_it(
    work: Judicial,
) -> None:
    """The term is that of the advice; the first person is not the second."""
    item_id = sent(work, "2027-01-24")
    (term,) = work.terms("advice", item_id)
    assert (term.reckoned.due.isoformat(), work.owners(term)) == ("2027-01-24", (HOUSING,))
    for other in (FIRST, OFFICE):
        with pytest.raises(NotYours):
            work.take(other, "advice", item_id, "reply", reply="好", replied_day=work.today)
    reply = {"reply": "已经部署检查。", "replied_day": work.today}
    work.take(HOUSING, "advice", item_id, "reply", **reply)
    assert work.terms("advice", item_id)[0].standing is Standing.ENDED
    with pytest.raises(NotYours):
        work.take(HOUSING, "advice", item_id, "check", **EFFECT)
    work.take(FIRST, "advice", item_id, "check", **EFFECT)
    waiting = {who: PLATFORM.todos(work.services, work.people[who]) for who in (FIRST, SECOND)}
    assert (len(waiting[FIRST]), len(waiting[SECOND])) == (0, 1)
    with pytest.raises(NotTheSamePerson):
        work.take(FIRST, "advice", item_id, "confirm")
    work.take(SECOND, "advice", item_id, "confirm")
    row = work.row("advice", item_id)
    hands = (row["state"], row["checked_by"], row["confirmed_by"])
    assert hands == ("closed", FIRST, SECOND)


def test_given_advice_without_a_day_then_it_has_no_term_and_pressing_may_set_one(
    work: Judicial,
) -> None:
    """Nothing is invented."""
    item_id = replied(work)
    assert list(work.terms("advice", item_id)) == []
    press = {"further": "请报送复查结果", "reply_day": "2027-03-01"}
    work.take(FIRST, "advice", item_id, "press", **press)
    (term,) = work.terms("advice", item_id)
    assert (work.owners(term), work.row("advice", item_id)["unit"]) == ((HOUSING,), "housing")


def test_who_sees_advice(work: Judicial) -> None:
    """A draft the procuratorate alone, what was sent its addressee and the office, what was replied
    to deputies as well; another body nothing.
    """
    draft, waiting, done = int(work.written()), int(sent(work)), int(replied(work))
    assert seen(work, FIRST) == [done, waiting, draft]
    assert seen(work, HOUSING) == seen(work, OFFICE) == [done, waiting]
    assert seen(work, DEPUTY) == [done]
    assert seen(work, COURT) == []
    with pytest.raises(UnknownThing):
        work.take(COURT, "advice", str(done), "check", **EFFECT)


def test_given_a_wrong_addressee_then_the_office_takes_the_sending_back_into_the_makers_hands(
    work: Judicial,
) -> None:
    """And its term with it."""
    item_id = sent(work, "2027-01-24")
    office = work.people[OFFICE]
    with acts(work.services, work.procedure("advice"), office) as acting:
        with pytest.raises(TextRefused):
            withdraw(acting, item_id, "被告人王五来电")
        withdraw(acting, item_id, "单位有误")
    row = work.row("advice", item_id)
    assert (row["state"], row["unit"], row["issued_day"]) == ("draft", "procuratorate", None)
    assert work.terms("advice", item_id)[0].standing is Standing.CANCELLED
    assert seen(work, HOUSING) == []


def test_given_a_name_or_a_case_or_nobody_to_reply_then_it_is_refused_at_its_field(
    work: Judicial,
) -> None:
    """And others than the procuratorate write none."""
    with pytest.raises(TextRefused) as refused:
        work.written(text="被告人王五一案暴露的问题")
    assert refused.value.field == "text"
    with pytest.raises(NobodyReplies):
        work.written(addressee="supervision")
    with pytest.raises(NotYours):
        actions.write(
            work.services,
            work.people[HOUSING],
            {
                **dict.fromkeys(("title", "text"), "消防通道"),
                "addressee": "housing",
                "topic": "other",
            },
        )
    assert seen(work, FIRST) == []
    item_id = replied(work)
    with pytest.raises(TextRefused):
        work.take(FIRST, "advice", item_id, "check", effect="not", how="致电13812345678核实")


def test_given_advice_then_it_is_counted_by_topic_and_each_count_is_that_of_its_rows(
    work: Judicial, address: str
) -> None:
    """Of one addressee no number is given; addressees stand in the official order."""
    closed(work)
    sent(work, topic="environment")
    sent(work, topic="environment", addressee="water")
    with signed_in(address, OFFICE, HOUSING) as (office, housing):
        found = {of["topic"]: of["counts"] for of in office.get(f"{API}/topics").json()}
        assert list(found) == list(topics())
        assert found["production-safety"]["partly"] == 1
        assert found["environment"]["sent"] == 2
        for topic, counts in found.items():
            for show, count in counts.items():
                rows = office.get(API, params={"topic": topic, "show": show}).json()
                assert (rows["total"], len(rows["advice"])) == (count, count)
        own = {of["topic"]: of["counts"]["all"] for of in housing.get(f"{API}/topics").json()}
        assert own["environment"] == 1, "the addressee counts its own"
        of_one = office.get(API, params={"addressee": "water"}).json()
        assert (of_one["total"], len(of_one["advice"])) == (None, 1)
        page = office.get(PAGES).text
        named = [page.index(f'<option value="{of}"') for of in ("water", "housing")]
        assert named == sorted(named), "not by how many they got"
        assert 'href="?show=sent&amp;topic=environment#list">2</a>' in page
        assert "找到" not in office.get(PAGES, params={"addressee": "water"}).text


def test_journey_of_advice_on_the_pages(work: Judicial, address: str) -> None:
    """The procuratorate enters it; the addressee finds it on its workbench and replies with a paper."""
    with signed_in(address, FIRST, HOUSING) as (maker, housing):
        given = {"title": "消防通道", "addressee": "housing", "topic": "other", "text": ""}
        bad = maker.post(f"{PAGES}/new", data=given)
        assert bad.status_code == 422
        assert 'value="消防通道"' in bad.text
        made = maker.post(f"{PAGES}/new", data={**given, "text": "请检查消防通道。"})
        path = made.headers["location"]
        assert housing.get(path).status_code == 404
        day = {"issued_day": work.today}
        assert maker.post(f"{path}/steps/send", data=day).status_code == 303
        (todo,) = PLATFORM.todos(work.services, work.people[HOUSING])
        assert (todo.path, todo.note) == (path, "回复")
        assert "没有写明回复日期" in housing.get(path).text
        paper = {"file": ("回复.txt", "已检查".encode(), "text/plain")}
        assert housing.post(f"{path}/files", files=paper).status_code == 303
        (file,) = housing.get(f"/api/v1{path}/files").json()
        reply = {"reply": "已检查。", "replied_day": work.today, "paper": str(file["id"])}
        assert housing.post(f"{path}/steps/reply", data=reply).status_code == 303
        assert "已检查。" in maker.get(path).text
        assert maker.get(f"{PAGES}.xlsx").status_code == 200
