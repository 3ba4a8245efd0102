"""Alert events as deputies and officers read them and act on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from alerting.alert import Level, State
from alerting.escalation.policy import SHIPPED
from api.accounts.enrolment.people import Newcomer
from config.vocabulary.time import HOUR_MS, MINUTE_MS
from tests.api.conftest import BOTH, NOW_MS, PASSWORDS, RunningCentre, enrolled_now, spill
from tests.api.telling import Core
from tests.api.test_alerts import audited, text_of
from tests.phrases import has

pytestmark = pytest.mark.parametrize("kind", BOTH)
TOLD_MS = NOW_MS + 5000
"""When people are told of what is raised at noon."""


@pytest.fixture
def core(centre: RunningCentre) -> Core:
    return Core(centre)


def listed(client: httpx.Client, query: str = "") -> list[str]:
    """First letters of the ids, in the order of the page."""
    return re.findall(r'data-key="(\w)\w{19}"', client.get(f"/environment/events{query}").text)


def page(client: httpx.Client, event: str) -> str:
    return " ".join(text_of(client.get(f"/environment/events/{event}")).split())


def acts(client: httpx.Client, event: str) -> list[tuple[str, str, str]]:
    rows = client.get(f"/api/v1/events/{event}/acts").json()
    return [(row["kind"], row["account"], row["note"]) for row in rows]


def other(letter: str, **changes: object) -> dict[str, object]:
    """An alert of another kind, which is an event of its own."""
    return {"id": letter * 20, "rule_id": "oxygen-low", "indicator": "w01009"} | changes


def test_the_page_says_what_where_how_bad_and_what_comes_next(
    core: Core, deputy: httpx.Client
) -> None:
    """In sentences: name, place, standard, since when, and when who is asked if nobody answers."""
    event = core.raised(spill())
    text = page(deputy, event)
    for said in ("氨氮超标", "通吕运河平潮断面", "GB 3838-2002", "2.500", "11:58:30"):
        assert said in text
    assert has(text, "message.next-pollution-deputy")
    assert "13:00:05" in text
    assert has(text, "events.ahead-step", n=1, of=2)
    assert f"/environment/alerts/{'a' * 20}" in deputy.get(f"/environment/events/{event}").text


def test_officers_read_who_was_told_by_what_and_deputies_how_many(
    core: Core, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """Names are nobody's business but the office's, on the page as over the API."""
    event = core.raised(spill())
    assert "李岚（console 已发出）" in page(officer, event)
    assert "陈明（console 已发出）" in page(officer, event)
    text = page(deputy, event)
    assert "人大代表 3 人" in text
    assert "生态环境工作人员 1 人" in text
    assert "李岚" not in text
    readers = [
        [(row["reader"], row["role"]) for row in client.get(path).json()]
        for client in (officer, deputy)
        for path in [f"/api/v1/alerts/{'a' * 20}/messages"]
    ]
    assert readers == [
        [(of, "deputy") for of in ("daibiao", "gujun")]
        + [("huanbao", "officer"), ("xuhui", "deputy")],
        [(None, "deputy"), (None, "deputy"), (None, "officer"), (None, "deputy")],
    ]
    told = deputy.get(f"/api/v1/events/{event}/timeline").text
    assert "李岚" not in told


def test_a_deputy_who_knows_stands_in_the_timeline_and_takes_nothing_off_the_officers_list(
    core: Core, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """The note is there for everybody; of what waits the officers see both as before."""
    event = core.raised(spill())
    core.raised(spill(**other("b")))
    before = listed(officer)
    answer = deputy.post(f"/environment/events/{event}/acknowledge", data={"note": "请尽快核查"})
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/environment/events/{event}",
    )
    assert listed(officer) == before
    assert listed(officer, "?show=waiting") == before
    assert listed(deputy) == [of for of in before if of != "a"] + ["a"]
    assert "a" not in listed(deputy, "?show=waiting")
    for client in (deputy, officer):
        assert has(page(client, event), "events.act-acknowledged", who="陈明")
        assert "请尽快核查" in page(client, event)
    assert acts(officer, event) == [("acknowledged", "daibiao", "请尽快核查")]


def test_of_two_officers_who_take_it_the_first_stands_and_the_second_is_told(
    core: Core, officer: httpx.Client, address: str
) -> None:
    """On the page in words, over the API as 409; nobody is asked in steps from then on."""
    event = core.raised(spill())
    assert officer.post(f"/environment/events/{event}/take").status_code == 303
    assert has(page(officer, event), "events.own-taken")
    assert has(page(officer, event), "events.ahead-taken", who="李岚")
    with second_officer(core.centre, address) as second:
        answer = second.post(f"/environment/events/{event}/take", follow_redirects=True)
        assert has(text_of(answer), "events.was-first", who="李岚", time="12:00:05")
        refused = second.post(f"/api/v1/events/{event}/take")
        assert (refused.status_code, refused.json()["by"]) == (409, "李岚")
        assert second.post(f"/api/v1/events/{event}/acknowledge").status_code == 200
    assert core.tell(3 * HOUR_MS) == []
    state = officer.get(f"/api/v1/events/{event}").json()
    assert (state["taken_by"], state["taken_account"], state["step_ms"]) == (
        "李岚",
        "huanbao",
        None,
    )


def test_nobody_acknowledges_twice_until_it_becomes_graver(
    core: Core, deputy: httpx.Client
) -> None:
    """Then everybody is asked anew; what was said before stays in the timeline."""
    event = core.raised(spill())
    address = f"/api/v1/events/{event}/acknowledge"
    assert [deputy.post(address).status_code for _ in range(2)] == [200, 409]
    assert "知道了" not in buttons(deputy, event)
    core.raised(spill(id="c" * 20, level=Level.CRITICAL))
    state = deputy.get(f"/api/v1/events/{event}").json()
    assert (state["round"], state["acknowledged_by"]) == (2, None)
    assert "知道了" in buttons(deputy, event)
    assert deputy.post(address).status_code == 200
    assert len(acts(deputy, event)) == 2


def test_who_took_it_stays_with_it_when_it_becomes_graver_not_when_it_comes_again(
    core: Core, officer: httpx.Client
) -> None:
    """Of what comes again hours later nobody is in charge any more, and steps are taken again."""
    alert = spill()
    event = core.raised(alert)
    officer.post(f"/api/v1/events/{event}/take")
    graver = spill(id="c" * 20, level=Level.CRITICAL)
    core.raised(graver)
    state = officer.get(f"/api/v1/events/{event}").json()
    assert (state["taken_by"], state["step_ms"]) == ("李岚", None)
    core.over(alert)
    core.over(graver)
    now = core.centre.clock.now_ms
    again = spill(id="d" * 20, began_ms=now, fired_ms=now, last_ms=now)
    assert core.raised(again) == event
    state = officer.get(f"/api/v1/events/{event}").json()
    assert (state["times"], state["taken_by"], state["state"]) == (2, None, "standing")
    assert state["step_ms"] == core.centre.clock.now_ms + HOUR_MS


def test_an_acknowledgement_before_anybody_was_told_counts(
    core: Core, deputy: httpx.Client
) -> None:
    """Somebody who looks at the page just then is not asked again."""
    alert = core.centre.put(spill())
    assert deputy.post(f"/api/v1/alerts/{alert.id}/acknowledge").status_code == 200
    core.tell()
    (event,) = deputy.get("/api/v1/events").json()["events"]
    assert (event["round"], event["acknowledged_by"]) == (1, "陈明")
    assert deputy.post(f"/api/v1/events/{event['id']}/acknowledge").status_code == 409


def test_steps_stand_in_the_timeline_and_at_their_end_that_nobody_answered(
    core: Core, officer: httpx.Client
) -> None:
    """Each with whom it asked; then there is nothing ahead."""
    event = core.raised(spill())
    (policy,) = SHIPPED
    for number in range(len(policy.steps)):
        core.tell(60 * MINUTE_MS)
        assert officer.get(f"/api/v1/events/{event}").json()["step"] == number + 1
    assert has(page(officer, event), "events.ahead-end")
    core.tell(60 * MINUTE_MS)
    text = page(officer, event)
    assert text.count("无人确认，升级通知") == len(policy.steps)
    assert has(text, "events.act-nobody-answered", step=3)
    assert has(text, "events.ahead-nobody")


def test_a_comment_is_for_everybody_and_answers_nothing(
    core: Core, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """Without a word there is none; what is too long comes back with what was written."""
    event = core.raised(spill())
    address = f"/environment/events/{event}/comments"
    assert deputy.post(address, data={"note": "河面有油花"}).status_code == 303
    assert "河面有油花" in page(officer, event)
    assert "知道了" in buttons(deputy, event)
    for note, key in (("", "events.wrong-comment"), ("x" * 501, "events.wrong-note")):
        refused = deputy.post(address, data={"note": note})
        assert refused.status_code == 422
        assert has(refused.text, key)
        assert note in refused.text
    assert deputy.post(f"/api/v1/events/{event}/comments", json={"text": " "}).status_code == 422
    assert deputy.post(f"/api/v1/events/{event}/comments", json={"text": "在"}).status_code == 201
    assert [kind for kind, _, _ in acts(deputy, event)] == ["comment", "comment"]


def test_each_act_is_audited_with_its_note(
    core: Core, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """In the transaction of the act: what was refused has no row."""
    event = core.raised(spill())
    deputy.post(f"/api/v1/events/{event}/acknowledge", json={"note": "已看到"})
    deputy.post(f"/api/v1/events/{event}/acknowledge")
    officer.post(f"/api/v1/events/{event}/take")
    officer.post(f"/api/v1/events/{event}/comments", json={"text": "出发"})
    found = {
        action: audited(core.centre, event, f"alert.{action}")
        for action in ("acknowledge", "take", "comment")
    }
    assert found == {
        "acknowledge": [("daibiao", '{"note": "已看到"}')],
        "take": [("huanbao", "{}")],
        "comment": [("huanbao", '{"note": "出发"}')],
    }


def test_a_deputy_cannot_take_an_event(core: Core, deputy: httpx.Client) -> None:
    """Neither is a button there, nor does the address let it."""
    event = core.raised(spill())
    assert "我来处理" not in buttons(deputy, event)
    assert deputy.post(f"/environment/events/{event}/take").status_code == 403
    assert deputy.post(f"/api/v1/events/{event}/take").status_code == 403


def test_two_stations_of_a_river_are_one_event_of_the_list_with_both_alerts(
    core: Core, deputy: httpx.Client
) -> None:
    """It is called by the river, and names its stations."""
    core.centre.put(spill())
    event = core.raised(spill(id="b" * 20, station="tonglv-jinsha"))
    (row,) = deputy.get("/api/v1/events").json()["events"]
    assert row["id"] == event
    assert row["location"] == "通吕运河"
    assert row["stations"] == ["tonglv-jinsha", "tonglv-pingchao"]
    text = page(deputy, event)
    assert "通吕运河金沙断面" in text
    assert "通吕运河平潮断面" in text
    assert "（2 条）" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("?show=standing", "ba", id="what stands"),
        pytest.param("?show=all", "bac", id="all, what stands first"),
        pytest.param("?show=all&q=溶解氧", "b", id="a part of the rule's name"),
        pytest.param("?show=all&q=石港", "c", id="a part of a station's name"),
        pytest.param("?show=all&level=critical", "b", id="of a level at least"),
        pytest.param("?show=all&about=maintenance", "", id="of a kind"),
    ],
)
def test_the_list_shows_what_is_asked_for(
    core: Core, deputy: httpx.Client, query: str, found: str
) -> None:
    """By state, words, level and kind."""
    ended = spill(id="c" * 20, station="xinjianghai-shigang", level=Level.WARNING)
    core.raised(ended)
    core.over(ended)
    core.raised(spill())
    core.raised(spill(**other("b", level=Level.CRITICAL, fired_ms=NOW_MS)))
    assert listed(deputy, query) == list(found)


def test_the_overview_has_the_gravest_that_stand_as_the_list_shows_them(
    core: Core, deputy: httpx.Client
) -> None:
    """Three of four, the others behind a link; none once they are over."""
    assert re.search(r'<section id="standing" [^>]*hidden>', deputy.get("/environment/").text)
    elsewhere = {"station": "xinjianghai-shigang"}
    raised = [
        spill(**other("d", level=Level.NOTICE, **elsewhere)),
        spill(id="c" * 20, level=Level.WARNING, **elsewhere),
        spill(**other("b", level=Level.CRITICAL)),
        spill(),
    ]
    for alert in raised:
        core.raised(alert)

    found = re.search(
        r'<section id="standing".*?</section>', deputy.get("/environment/").text, re.DOTALL
    )
    assert found
    cards = re.findall(r"<li .*?</li>", found[0], re.DOTALL)
    assert [re.findall(r'data-key="(\w)', card) for card in cards] == [["b"], ["a"], ["c"]]
    listed_too = deputy.get("/environment/events").text
    assert all(card in listed_too for card in cards)
    assert has(found[0], "overview.every-event", n=4)

    for alert in raised:
        core.over(alert)
    assert listed(deputy) == []
    assert re.search(r'<section id="standing" [^>]*hidden>', deputy.get("/environment/").text)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"state": State.RESOLVED, "resolved_ms": NOW_MS - 1}, "over"),
        ({"state": State.WITHDRAWN}, "over"),
        (
            {"state": State.RESOLVED, "resolved_ms": NOW_MS - 1, "retrospective": True},
            "retrospective",
        ),
        ({"last_ms": NOW_MS - 25 * HOUR_MS, "fired_ms": NOW_MS - 25 * HOUR_MS}, "old"),
        ({}, "soon"),
    ],
)
def test_an_alert_of_no_event_says_why_nobody_was_told(
    centre: RunningCentre, deputy: httpx.Client, changes: dict[str, object], key: str
) -> None:
    """In words, on its page."""
    alert = centre.put(spill(**changes))
    assert has(deputy.get(f"/environment/alerts/{alert.id}").text, f"alert.untold-{key}")


def test_an_alert_whose_data_are_doubted_says_so(core: Core, deputy: httpx.Client) -> None:
    """While a fault of the very instrument stands."""
    core.centre.put(spill(**other("f", about="maintenance", rule_id="sensor-not-measuring")))
    alert = core.centre.put(spill(id="c" * 20, indicator="w01009"))
    core.tell()
    assert has(deputy.get(f"/environment/alerts/{alert.id}").text, "alert.untold-doubted")


def test_an_alert_leads_to_its_event_and_shows_what_people_did(
    core: Core, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """Page, list, table and item of the alert know who took its event."""
    event = core.raised(spill())
    officer.post(f"/api/v1/events/{event}/take", json={"note": "已派人"})
    alert = f"/environment/alerts/{'a' * 20}"
    assert f'href="/environment/events/{event}"' in deputy.get(alert).text
    text = text_of(deputy.get(alert))
    assert has(text, "events.act-taken", who="李岚")
    assert "已派人" in text
    assert "李岚 正在处理" in text_of(deputy.get("/environment/alerts"))
    assert ",李岚,李岚," in deputy.get("/environment/alerts.csv").text
    item = deputy.get(f"/api/v1/items/environment/alert/{'a' * 20}").json()["content"]
    assert (item["event"], item["taken_by"]) == (event, "李岚")


def test_pages_that_stand_open_hear_of_acts(core: Core, deputy: httpx.Client) -> None:
    """By an event that says which, and nothing of what only some may know."""
    event = core.raised(spill())
    told = list[bytes]()
    object.__setattr__(core.centre.services, "publish", told.append)
    deputy.post(f"/api/v1/events/{event}/acknowledge", json={"note": "x"})
    assert told == [b'{"name":"environment.event","data":{"event":"%b"}}' % event.encode()]
    assert 'data-events="environment.event ' in deputy.get(f"/environment/events/{event}").text


@pytest.mark.parametrize("path", ["/environment/events/none", "/api/v1/events/none"])
@pytest.mark.parametrize("act", ["", "/acknowledge", "/take", "/comments"])
def test_an_unknown_event_is_not_found(officer: httpx.Client, path: str, act: str) -> None:
    """Read or acted on, on pages and over the API."""
    body = {"text": "x"} if (path + act).startswith("/api") and act == "/comments" else None
    answer = officer.post(path + act, json=body) if act else officer.get(path)
    assert answer.status_code == 404


@contextmanager
def second_officer(centre: RunningCentre, address: str) -> Iterator[httpx.Client]:
    """Somebody else of the same role, signed in."""
    enrolled_now(centre, Newcomer("wangwu", "王武", ("officer",)), PASSWORDS["huanbao"])
    with httpx.Client(base_url=address, timeout=10) as client:
        body = {"username": "wangwu", "password": PASSWORDS["huanbao"]}
        assert client.post("/api/v1/session", json=body).status_code == 204
        yield client


def buttons(client: httpx.Client, event: str) -> str:
    """The words on the buttons of an event's page."""
    html = client.get(f"/environment/events/{event}").text
    return " ".join(re.findall(r"<button[^>]*>(.*?)</button>", html, re.DOTALL))
