"""Pages and API of deadlines: explained, extended, and what others may see of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

import httpx
import pytest

from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Account, Grant
from api.accounts.repositories.people import People
from api.deadlines.manifest import PLATFORM
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Responsible
from api.deadlines.repository import Deadlines
from api.ports import Reference
from api.roster import ROSTER
from api.shape import Platform
from config.law import Law
from config.vocabulary.time import DAY_MS, ZONE
from tests.api.conftest import NOW_MS, RunningCentre, enrolled_now, entered
from tests.api.deadline_rules import HOLDERS, TODAY, notice, rule, rules_instead, started
from tests.api.toy.manifest import PLATFORM as TOY

API = "/api/v1/deadlines"
DEPUTY = Responsible("jinsha-delegation", "toy.write", "daibiao")


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform whose notes have terms."""
    return (*ROSTER, TOY)


@pytest.fixture
def deadlines(centre: RunningCentre, monkeypatch: pytest.MonkeyPatch) -> Deadlines:
    """Of the site, with the rules of the tests."""
    rules_instead(monkeypatch)
    return deadlines_of(centre.services)


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """王芳, who belongs to the deputies' committee."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "lianluo")


def note(deputy: httpx.Client) -> Reference:
    """A note that everybody on the toy platform sees."""
    made = deputy.post("/api/v1/toy/notes", params={"text": "河边有异味"})
    return Reference("toy", "note", str(made.json()))


def test_given_a_deadline_then_its_page_says_how_it_came_about(
    deadlines: Deadlines, clerk: httpx.Client
) -> None:
    """Rule, clause, law, how sure, day by day, and that 2027 has no notice yet."""
    key = started(deadlines, "note.answer")
    page = clerk.get(f"/deadlines/{key}").text
    for said in (
        "怎么算出来的",
        "还剩 92 天",
        "截止 2027-02-24",
        "2027年调休未公布，暂按周末和法定节日计算",
        "便条法 第五十一条",
        "已核对原文",
        "交办之日起3个月内",
        "办理人：",
        "王芳",
        "吴越",
        "正常",
    ):
        assert said in page, said


def test_given_a_long_count_then_its_middle_is_folded(
    deadlines: Deadlines, clerk: httpx.Client
) -> None:
    """The days that only count; a weekend stays in sight."""
    key = started(deadlines, "note.days", date(2026, 11, 9))
    page = clerk.get(f"/deadlines/{key}").text
    assert re.search(r"中间 \d+ 天逐日计算", page)
    assert "第10个工作日" in page
    assert page.count("周末，不计入") == 4


def test_given_an_extension_then_lamp_history_and_due_date_change(
    centre: RunningCentre, deadlines: Deadlines, clerk: httpx.Client
) -> None:
    """Overdue before, in time again: with who and why."""
    key = started(deadlines, "note.answer")
    centre.clock.now_ms = NOW_MS + 100 * DAY_MS
    entered(clerk, "lianluo")
    assert "已超期 8 天" in clerk.get(f"/deadlines/{key}").text
    given = {"until": "2027-05-24", "why": "涉及三个部门"}
    answer = clerk.post(f"/deadlines/{key}/extend", data=given)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/deadlines/{key}?done=extended",
    )
    page = clerk.get(answer.headers["location"]).text
    assert "期限已延长" in page
    assert "正常" in page
    assert "由 2027-02-24 改为 2027-05-24" in page
    assert "涉及三个部门" in page
    assert "王芳决定" in page


@pytest.mark.parametrize(
    ("form", "given", "said"),
    [
        ("extend", {"until": "2027-06-01", "why": "难"}, "最迟到 2027-05-24"),
        ("extend", {"until": "2027-04-01", "why": ""}, "请写明原因"),
        ("extend", {"until": "嗯", "why": "难"}, "请填写正确的日期"),
        ("end", {"on": "2026-11-30"}, "办结日期不能晚于今天"),
        ("resume", {"why": "继续"}, "期限没有暂停"),
    ],
)
def test_given_an_act_that_does_not_hold_then_its_field_says_what_would(
    deadlines: Deadlines, clerk: httpx.Client, form: str, given: dict[str, str], said: str
) -> None:
    """And nothing is changed."""
    key = started(deadlines, "note.answer")
    answer = clerk.post(f"/deadlines/{key}/{form}", data=given)
    assert answer.status_code == 422
    assert said in answer.text
    assert len(deadlines.history(key)) == 1


def test_given_a_thing_that_somebody_sees_then_they_see_its_deadline_without_forms(
    centre: RunningCentre, deadlines: Deadlines, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """A deputy reads; an officer acts; who sees neither thing nor has to act finds nothing."""
    seen = started(deadlines, "note.answer", subject=note(deputy))
    hidden = started(deadlines, "note.answer", subject=Reference("toy", "note", "999"))
    page = deputy.get(f"/deadlines/{seen}")
    assert "怎么算出来的" in page.text
    assert "可以办理" not in page.text
    assert "可以办理" in officer.get(f"/deadlines/{seen}").text
    assert deputy.get(f"/deadlines/{hidden}").status_code == 404
    assert deputy.get(f"{API}/{hidden}").status_code == 404
    refused = deputy.post(f"/deadlines/{seen}/extend", data={"until": "2027-04-01", "why": "x"})
    assert refused.status_code == 403
    of_note = deputy.get(f"{API}/of/toy/note/{deadlines.one(seen).subject.id}").json()
    assert [one["id"] for one in of_note] == [seen]
    assert deputy.get(f"{API}/of/toy/note/999").json() == []


def test_given_who_must_act_then_it_stands_on_their_list_and_among_what_waits(
    centre: RunningCentre, deadlines: Deadlines, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """The first due first; an officer may look at those of the units too."""
    reference = note(deputy)
    later = started(deadlines, "note.answer", by=DEPUTY, subject=reference)
    first = started(deadlines, "note.fixed", by=DEPUTY, subject=reference)
    listed = deputy.get(API).json()
    assert [one["id"] for one in listed] == [first, later]
    assert listed[0]["lamp"] == "green"
    page = deputy.get("/deadlines/").text
    assert page.index(f"/deadlines/{first}") < page.index(f"/deadlines/{later}")
    assert officer.get(API).json() == []
    units = officer.get(API, params={"show": "units"}).json()
    assert [one["id"] for one in units] == [first, later]
    assert f"/deadlines/{first}" in officer.get("/deadlines/?show=units").text
    assert deputy.get(API, params={"show": "units"}).json() == []


def test_given_the_manifest_then_a_workbench_gets_what_waits(
    centre: RunningCentre, deadlines: Deadlines
) -> None:
    """With lamp, due instant and how much is left."""
    key = started(deadlines, "note.fixed", by=DEPUTY)
    (todo,) = PLATFORM.todos(centre.services, Account("daibiao", "陈明"))
    assert (todo.path, todo.lamp, todo.note) == (f"/deadlines/{key}", "green", "还剩 7 天")
    assert todo.due_ms == deadlines.one(key).reckoned.due_ms
    assert PLATFORM.todos(centre.services, Account("huanbao", "李岚")) == []


def test_given_a_term_of_years_then_it_waits_from_the_last_year_on_and_is_listed_before(
    centre: RunningCentre, deadlines: Deadlines, deputy: httpx.Client
) -> None:
    """Nothing has to be done yet."""
    key = started(deadlines, "note.fixed", by=DEPUTY)
    due_ms = deadlines.one(key).reckoned.due_ms
    account = Account("daibiao", "陈明")
    centre.clock.now_ms = due_ms - 367 * DAY_MS
    assert PLATFORM.todos(centre.services, account) == []
    assert [one["id"] for one in deputy.get(API).json()] == [key]
    centre.clock.now_ms = due_ms - 365 * DAY_MS
    assert len(PLATFORM.todos(centre.services, account)) == 1


def test_given_the_api_then_it_acts_like_the_pages(
    deadlines: Deadlines, clerk: httpx.Client
) -> None:
    """With trace and history."""
    key = started(deadlines, "note.answer")
    paused = clerk.post(f"{API}/{key}/pause", json={"why": "等待鉴定"}).json()
    assert (paused["state"], paused["left"]) == ("paused", "已暂停计算")
    resumed = clerk.post(f"{API}/{key}/resume", json={"why": "鉴定已出"}).json()
    assert resumed["state"] == "running"
    refused = clerk.post(f"{API}/{key}/extend", json={"until": "2027-06-01", "why": "难"})
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("until: is further than the rule allows; give")
    ended = clerk.post(f"{API}/{key}/end", json={"on": "2026-11-24"}).json()
    assert (ended["state"], ended["left"]) == ("ended", "2026-11-24 按期办结")
    assert [one["kind"] for one in ended["history"]] == ["started", "paused", "resumed", "ended"]
    assert ended["trace"][-1] == {"date": "2027-02-24", "why": ended["trace"][-1]["why"]}
    assert clerk.post(f"{API}/{key}/cancel", json={"why": "退回"}).json()["state"] == "ended"
    again = clerk.post(f"/deadlines/{key}/reopen", data={"why": "误点办结"})
    assert "期限已恢复计算" in clerk.get(again.headers["location"]).text
    reopened = clerk.get(f"{API}/{key}").json()
    assert (reopened["state"], reopened["history"][-1]["why"]) == ("running", "误点办结")
    assert clerk.post(f"{API}/{key}/reopen", json={"why": "误点"}).status_code == 422
    cancelled = clerk.post(f"{API}/{key}/cancel", json={"why": "撤回"}).json()
    assert (cancelled["state"], cancelled["history"][-1]["why"]) == ("cancelled", "撤回")


def test_given_an_act_that_there_is_not_then_it_is_refused_with_those_that_there_are(
    deadlines: Deadlines, clerk: httpx.Client
) -> None:
    """And nothing is changed."""
    key = started(deadlines, "note.answer")
    refused = clerk.post(f"{API}/{key}/confirm", json={"why": "误点"})
    assert refused.status_code == 422
    for act in ("pause", "resume", "cancel", "reopen"):
        assert act in refused.text
    assert clerk.post(f"/deadlines/{key}/confirm", data={"why": "误点"}).status_code == 422
    assert len(deadlines.history(key)) == 1


def test_given_a_rule_that_is_not_in_force_when_reckoned_then_page_and_api_say_from_when_on(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the start of a term would."""
    rules_instead(monkeypatch, Law({"note.new": rule(id="note.new", valid_from=TODAY)}))
    asked = {"rule": "note.new", "from": "2026-11-23"}
    page = deputy.get("/deadlines/reckon", params=asked)
    assert (page.status_code, "自 2026-11-24 起施行，不能从 2026-11-23" in page.text) == (
        422,
        True,
    )
    answer = deputy.get(f"{API}/reckon", params=asked)
    assert (answer.status_code, "from 2026-11-24 on" in answer.text) == (422, True)


def test_given_a_rule_when_reckoned_from_a_day_then_the_page_and_the_api_say_the_same(
    deadlines: Deadlines, deputy: httpx.Client
) -> None:
    """As if it were assigned then; without a day, today."""
    asked = {"rule": "note.answer", "from": "2026-11-30"}
    assert "截止 2027-03-01（暂定）" in deputy.get("/deadlines/reckon", params=asked).text
    found = deputy.get(f"{API}/reckon", params=asked).json()
    assert (found["due"], found["provisional"]) == ("2027-03-01", True)
    today = deputy.get(f"{API}/reckon", params={"rule": "note.answer"}).json()
    assert today["due"] == "2027-02-24"
    wrong = deputy.get("/deadlines/reckon", params={"rule": "note.answer", "from": "x"})
    assert (wrong.status_code, "请填写正确的日期" in wrong.text) == (422, True)
    assert deputy.get(f"{API}/reckon", params={"rule": "none"}).status_code == 404
    hours = deputy.get(f"{API}/reckon", params={"rule": "note.report"}).json()
    assert hours["due_ms"] == NOW_MS + 7_200_000


def test_given_the_feed_then_a_phone_sees_all_day_events_until_the_link_is_renewed(
    deadlines: Deadlines, deputy: httpx.Client, stranger: httpx.Client
) -> None:
    """Without signing in; the same event keeps its id when it moves."""
    key = started(deadlines, "note.answer", by=DEPUTY)
    found = re.search(r"http[^<\"]+\.ics", deputy.get("/deadlines/").text)
    assert found
    path = httpx.URL(found.group()).path
    body = stranger.get(path)
    assert body.headers["content-type"].startswith("text/calendar")
    assert f"UID:deadline-{key}@" in body.text
    assert "DTSTART;VALUE=DATE:20270224" in body.text
    assert "SUMMARY:河边有异味：答复便条" in body.text
    with deadlines.state.begin() as connection:
        off = (date(2027, 2, 22), date(2027, 2, 26))
        deadlines.calendar.add(connection, 2027, notice(2027, off=off), who="", at_ms=NOW_MS)
    assert deputy.post("/deadlines/feed/renew").status_code == 303
    assert stranger.get(path).status_code == 404
    assert stranger.get("/deadlines/feed/nonsense.ics").status_code == 404


def test_given_the_officer_of_a_unit_then_terms_of_other_units_are_not_theirs(
    centre: RunningCentre, deadlines: Deadlines, deputy: httpx.Client, address: str
) -> None:
    """A role for one unit reaches no other."""
    people = People(centre.services.state)
    enrolled_now(centre, Newcomer("caizheng", "沈洁", ("deputy",)), "right for the finance")
    with centre.services.state.begin() as connection:
        people.grant(connection, "caizheng", Grant("clerk", unit="finance"))
    reference = note(deputy)
    own = Responsible("finance", "toy.write")
    keys = [started(deadlines, "note.answer", by=by, subject=reference) for by in (HOLDERS, own)]
    given = {"until": "2027-04-01", "why": "难"}
    with httpx.Client(base_url=address, timeout=60) as client:
        who = {"username": "caizheng", "password": "right for the finance"}
        client.post("/api/v1/session", json=who)
        answers = [client.post(f"{API}/{key}/extend", json=given).status_code for key in keys]
        units = client.get(API, params={"show": "units"}).json()
    assert answers == [403, 200]
    assert [one["id"] for one in units] == [keys[1]]


def test_today_is_the_day_of_the_tests() -> None:
    """As the numbers above assume."""
    assert datetime.fromtimestamp(NOW_MS / 1000, ZONE).date() == TODAY


def test_given_a_reader_of_english_then_every_page_speaks_it(
    deadlines: Deadlines, officer: httpx.Client, deputy: httpx.Client
) -> None:
    """Names of people and things stay as they are."""
    key = started(deadlines, "note.local", subject=note(deputy))
    officer.headers["accept-language"] = "en"
    pages = {
        f"/deadlines/{key}": "How it came about",
        "/deadlines/?show=units": "7 days left",
        "/deadlines/rules": "another region&#39;s, for reference",
        "/deadlines/rules/note.answer": "May be extended to 6 months in all",
        "/deadlines/rules/new": "Add a rule of the office",
        "/deadlines/holidays": "Weekends worked",
        "/deadlines/holidays/new?year=2027": "Title of the notice",
        "/deadlines/reckon?rule=note.before": "20 days before",
    }
    assert {path: said in officer.get(path).text for path, said in pages.items()} == dict.fromkeys(
        pages, True
    )
