"""The duty calendar on its pages and over the API: planned, changed, seen, subscribed to."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest
import sqlalchemy as sa

from api.accounts.enrolment.people import Newcomer
from api.accounts.repositories.people import People
from api.platforms.environment.duty.records import Feeds
from api.tables import AUDIT
from config.vocabulary.time import DAY_MS, HOUR_MS, ZONE
from config.working_days import Notice
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, enrolled_now, entered

pytestmark = pytest.mark.parametrize("kind", BOTH)
API = "/api/v1/duty"
PAGE = "/environment/duty"
ORDER = {
    "name": "值班员",
    "handover": "08:30",
    "first_day": "2026-11-24",
    "people": ["huanbao", "daibiao"],
}


def at(text: str) -> int:
    """An instant of the district."""
    return round(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp() * 1000)


@pytest.fixture
def position(officer: httpx.Client) -> str:
    """An order by day: 李岚 today from now on, 陈明 tomorrow."""
    answer = officer.post(f"{API}/positions", json=ORDER)
    assert answer.status_code == 200, answer.text
    made: str = answer.json()["position"]
    return made


def who(client: httpx.Client, position: str, text: str, **asked: int) -> str | None:
    """Who is on duty at an instant, over the API."""
    span = {"from_ms": at(text), "until_ms": at(text) + 1, **asked}
    answer = client.get(f"{API}/positions/{position}/shifts", params=span)
    assert answer.status_code == 200, answer.text
    return next((shift["person"] for shift in answer.json()), None)


def newest(client: httpx.Client, position: str) -> int:
    """The number of the newest entry."""
    found: int = client.get(f"{API}/positions/{position}/history").json()[0]["id"]
    return found


def test_given_an_order_then_everybody_who_may_sees_who_is_on_duty_and_when_it_was_known(
    officer: httpx.Client, deputy: httpx.Client, position: str
) -> None:
    """A first day that is today begins at once; nobody knew before."""
    (seen,) = deputy.get(f"{API}/positions").json()
    assert (seen["id"], seen["name"], seen["now"]["person"]) == (position, "值班员", "huanbao")
    assert seen["now"]["until_ms"] == at("2026-11-25 08:30")
    assert who(deputy, position, "2026-11-25 09:00") == "daibiao"
    assert who(deputy, position, "2026-11-25 09:00", known_ms=NOW_MS - 1) is None
    assert who(deputy, position, "2026-11-24 11:59") is None
    page = deputy.get(PAGE).text
    assert "李岚" in page
    assert "下一班：陈明，11月25日周三 08:30 起" in page
    assert f"{PAGE}/new" not in page
    assert f"{PAGE}/{position}/substitute" not in page
    assert f"{PAGE}/{position}/substitute?" in officer.get(PAGE).text


def test_given_no_position_then_the_page_says_how_there_will_be_one(
    officer: httpx.Client, deputy: httpx.Client
) -> None:
    """And a position is made by its form."""
    assert "还没有值班岗位" in deputy.get(PAGE).text
    form = officer.get(f"{PAGE}/new").text
    assert 'value="2026-11-25"' in form
    given = {**ORDER, "first_day": "2026-11-25", "turn": "week", "backup": "huanbao"}
    answer = officer.post(f"{PAGE}/new", data={**given, "people": ["", "daibiao", ""]})
    assert answer.status_code == 303
    page = officer.get(answer.headers["location"]).text
    assert "值班安排已保存" in page
    assert "尚未开始" in page
    assert who(officer, "duty-1", "2026-12-20 09:00") == "daibiao"


def test_given_a_month_by_hand_then_its_days_go_before_the_order_and_others_stay(
    officer: httpx.Client, position: str
) -> None:
    """In one form; a day that is given back follows the order again."""
    form = officer.get(f"{PAGE}/{position}/days?month=2026-12").text
    days = re.findall(r'name="day" value="([\d-]+)"', form)
    assert (days[0], len(days)) == ("2026-12-01", 31)
    assert "按顺序：陈明" in form
    people = ["daibiao"] * 3 + [""] * 28
    answer = officer.post(f"{PAGE}/{position}/days", data={"day": days, "person": people})
    assert answer.status_code == 303
    found = [who(officer, position, f"2026-12-0{day} 09:00") for day in range(1, 6)]
    assert found == ["daibiao", "daibiao", "daibiao", "huanbao", "daibiao"]
    body = {"days": {"2026-12-02": "", "2027-01-04": "daibiao"}}
    assert officer.post(f"{API}/positions/{position}/days", json=body).status_code == 200
    assert who(officer, position, "2026-12-02 09:00") == "huanbao"
    assert who(officer, position, "2026-12-03 09:00") == "daibiao"
    assert who(officer, position, "2027-01-04 09:00") == "daibiao"


def test_given_a_shift_that_has_begun_when_it_is_set_by_hand_then_the_way_is_a_substitute(
    officer: httpx.Client, position: str
) -> None:
    """Today's began at 08:30, and its line is no field."""
    assert 'value="2026-11-24"' not in officer.get(f"{PAGE}/{position}/days").text
    answer = officer.post(
        f"{PAGE}/{position}/days", data={"day": ["2026-11-24"], "person": ["daibiao"]}
    )
    assert answer.status_code == 422
    assert "2026-11-24 的班已经开始，请改用“替班”" in answer.text


def test_given_a_substitute_from_now_on_then_the_page_shows_both_and_it_can_be_withdrawn(
    officer: httpx.Client, position: str, centre: RunningCentre
) -> None:
    """Whoever stood in until then stays in the record."""
    given = {"begin": "", "end": "2026-11-24T20:00", "person": "daibiao", "reason": "出差"}
    answer = officer.post(f"{PAGE}/{position}/substitute", data=given)
    assert answer.status_code == 303
    page = officer.get(answer.headers["location"]).text
    assert "替班已安排" in page
    assert "20:00–08:30" in page
    assert who(officer, position, "2026-11-24 19:59") == "daibiao"
    entry = newest(officer, position)
    assert "出差" in officer.get(f"{PAGE}/{position}/history").text

    centre.clock.now_ms += HOUR_MS
    answer = officer.post(f"{PAGE}/{position}/withdraw", data={"entry": entry, "reason": "早回"})
    assert answer.status_code == 303
    assert who(officer, position, "2026-11-24 12:59") == "daibiao"
    assert who(officer, position, "2026-11-24 13:01") == "huanbao"
    again = officer.post(f"{PAGE}/{position}/withdraw", data={"entry": entry})
    assert (again.status_code, "已经撤销过了" in again.text) == (422, True)


def test_given_two_shifts_when_swapped_then_the_preview_shows_what_each_gives_and_takes(
    officer: httpx.Client, position: str
) -> None:
    """Chosen from a list, seen before and after, then confirmed."""
    form = officer.get(f"{PAGE}/{position}/swap").text
    first, second, *_ = re.findall(r'value="(\d+-\d+-\w+)"', form)
    assert (first.rpartition("-")[2], second.rpartition("-")[2]) == ("daibiao", "huanbao")
    chosen = {"one": first, "other": second}
    preview = officer.get(f"{PAGE}/{position}/swap", params=chosen).text
    assert "让出：11月25日周三 08:30 – 11月26日周四 08:30" in preview
    assert "改值：11月26日周四 08:30 – 11月27日周五 08:30" in preview
    assert who(officer, position, "2026-11-25 09:00") == "daibiao"
    answer = officer.post(f"{PAGE}/{position}/swap", data=chosen)
    assert "换班已安排" in officer.get(answer.headers["location"]).text
    assert who(officer, position, "2026-11-25 09:00") == "huanbao"
    assert who(officer, position, "2026-11-26 09:00") == "daibiao"
    again = officer.post(f"{PAGE}/{position}/swap", data=chosen)
    assert (again.status_code, "已经换了人" in again.text) == (422, True)


def test_given_an_officer_who_was_second_then_the_plan_is_shown_and_saved_only_once_more(
    officer: httpx.Client, position: str
) -> None:
    """On page and API; nothing of the first is lost."""
    seen = newest(officer, position)
    body = {"until_ms": NOW_MS + HOUR_MS, "person": "daibiao", "reason": "出差", "seen": seen}
    assert officer.post(f"{API}/positions/{position}/substitutes", json=body).status_code == 200
    answer = officer.post(f"{API}/positions/{position}/substitutes", json=body)
    assert (answer.status_code, answer.json()["by"]) == (409, "李岚")
    form = {**ORDER, "first_day": "2026-12-01", "people": ["daibiao"], "seen": str(seen)}
    answer = officer.post(f"{PAGE}/{position}/rota", data=form)
    assert answer.status_code == 409
    assert "李岚刚刚改过这个岗位" in answer.text
    (shown,) = re.findall(r'name="seen" value="(\d+)"', answer.text)
    answer = officer.post(f"{PAGE}/{position}/rota", data={**form, "seen": shown})
    assert answer.status_code == 303
    assert who(officer, position, "2026-12-01 09:00") == "daibiao"


def test_given_somebody_whose_account_is_disabled_then_their_shifts_are_gaps(
    officer: httpx.Client, position: str, centre: RunningCentre
) -> None:
    """NoticeKind within 14 days, red on the page; and nobody can name them again."""
    assert officer.get(f"{API}/gaps").json() == []
    assert "banner bad" not in officer.get(PAGE).text
    with centre.services.state.begin() as connection:
        People(centre.services.state).put(connection, "daibiao", disabled_ms=NOW_MS)
    gaps = officer.get(f"{API}/gaps").json()
    assert len(gaps) == 7
    assert gaps[0]["from_ms"] == at("2026-11-25 08:30")
    assert {gap["person"] for gap in gaps} == {"daibiao"}
    page = officer.get(PAGE).text
    assert "未来 14 天有 7 段无人值班" in page
    assert 'class="stint gap"' in page
    given = {**ORDER, "first_day": "2026-12-01"}
    answer = officer.post(f"{PAGE}/{position}/rota", data=given)
    assert answer.status_code == 422
    assert "陈明不能值班" in answer.text


def test_given_a_role_that_ends_then_the_gap_begins_with_the_day_after(
    officer: httpx.Client, position: str, centre: RunningCentre
) -> None:
    """Someone who leaves is on duty up to the last day."""
    with centre.services.state.begin() as connection:
        connection.execute(
            sa.text("update role_grant set until_day = '2026-11-27' where username = 'daibiao'")
        )
    gaps = officer.get(f"{API}/gaps").json()
    assert gaps[0]["from_ms"] == at("2026-11-28 00:00")


def test_given_days_off_with_others_then_holidays_and_make_up_days_are_marked(
    officer: httpx.Client, centre: RunningCentre
) -> None:
    """Next year's are provisional until its notice is out."""
    enrolled_now(centre, Newcomer("xu", "许静", ("officer",)), "right for one more")
    given = {**ORDER, "off_people": ["xu"]}
    made = officer.post(f"{API}/positions", json=given).json()["position"]
    found = [who(officer, made, f"2026-11-{day} 09:00") for day in (26, 27, 28, 29, 30)]
    assert found == ["huanbao", "daibiao", "xu", "xu", "huanbao"]
    assert who(officer, made, "2027-01-01 09:00") == "xu"
    page = officer.get(f"{PAGE}?position={made}&month=2027-01").text
    assert "元旦（暂定）" in page
    assert "国务院办公厅" in page


def test_given_a_notice_after_the_rota_then_the_page_says_so_and_nothing_moves_by_itself(
    officer: httpx.Client, centre: RunningCentre
) -> None:
    """Saved anew the days off are those of the notice."""
    made = officer.post(
        f"{API}/positions", json={**ORDER, "people": ["huanbao"], "off_people": ["daibiao"]}
    ).json()["position"]
    assert "放假安排与排班时不同" not in officer.get(PAGE).text
    days = centre.services.working_days
    later = replace(days, notices={**days.notices, 2026: _with_day_off(days.notices[2026])})
    object.__setattr__(centre.services, "calendar", lambda: later)
    assert "放假安排与排班时不同" in officer.get(PAGE).text
    assert who(officer, made, "2026-12-01 09:00") == "huanbao"
    assert officer.post(f"{API}/positions/{made}/days", json={"days": {}}).status_code == 200
    assert "放假安排与排班时不同" not in officer.get(PAGE).text
    assert who(officer, made, "2026-12-01 09:00") == "daibiao"


def _with_day_off(notice: Notice) -> Notice:
    """Tuesday, 2026-12-01 is off as well."""
    (first, *_) = notice.holiday
    day = date(2026, 12, 1)
    extra = msgspec.structs.replace(first, name="测试", begin=day, to=day)
    return msgspec.structs.replace(notice, holiday=(*notice.holiday, extra))


def feed_of(client: httpx.Client, n: int = 0) -> str:
    """The path of the nth link on the own page."""
    page = client.get(f"{PAGE}/own").text
    return urlsplit(re.findall(r'<code class="feed">([^<]+)</code>', page)[n]).path


def test_given_a_link_when_a_phone_asks_without_signing_in_then_it_gets_the_own_shifts(
    deputy: httpx.Client, stranger: httpx.Client, position: str
) -> None:
    """And by the position's link everybody's."""
    answer = stranger.get(feed_of(deputy))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    text = answer.text.replace("\r\n ", "")
    assert "SUMMARY:值班：值班员" in text
    assert "DTSTART:20261125T003000Z" in text
    assert "DTSTART:20261126T003000Z" not in text
    every = stranger.get(feed_of(deputy, 1)).text.replace("\r\n ", "")
    assert "SUMMARY:值班员：李岚" in every
    assert "SUMMARY:值班员：陈明" in every
    again = stranger.get(feed_of(deputy)).text
    assert re.findall("UID:.*", again) == re.findall("UID:.*", answer.text)


def test_given_a_link_that_got_out_when_renewed_then_only_the_new_one_opens(
    deputy: httpx.Client, officer: httpx.Client, stranger: httpx.Client, position: str
) -> None:
    """Of this person; others' links stay."""
    old, others = feed_of(deputy), feed_of(officer)
    answer = deputy.post(f"{PAGE}/feed/renew")
    assert "链接已更换" in deputy.get(answer.headers["location"]).text
    assert stranger.get(old).status_code == 404
    assert stranger.get(feed_of(deputy)).status_code == 200
    assert stranger.get(others).status_code == 200


def test_given_somebody_who_left_then_their_link_opens_nothing(
    deputy: httpx.Client, stranger: httpx.Client, position: str, centre: RunningCentre
) -> None:
    """Nor does one that is made up or was changed."""
    path = feed_of(deputy)
    stem = path.removesuffix(".ics")
    forged = Feeds(b"another key").token("daibiao", "own", 0)
    for wrong in (f"{stem}x", stem[:-1], f"{PAGE}/feed/x.y", f"{PAGE}/feed/{forged}"):
        assert stranger.get(f"{wrong}.ics").status_code == 404
    with centre.services.state.begin() as connection:
        People(centre.services.state).put(connection, "daibiao", disabled_ms=NOW_MS)
    assert stranger.get(path).status_code == 404


def test_given_a_clerk_who_acts_for_a_deputy_then_the_deputys_links_stay_unseen(
    address: str, position: str
) -> None:
    """They would outlast the delegation."""
    with httpx.Client(base_url=address, timeout=10) as clerk:
        entered(clerk, "lianluo")
        clerk.post("/api/v1/session/act-for", json={"deputy": "daibiao"})
        page = clerk.get(f"{PAGE}/own")
        assert (page.status_code, "webcal:" in page.text) == (200, False)
        assert clerk.post(f"{PAGE}/feed/renew").status_code == 403


@pytest.fixture
def heard(centre: RunningCentre) -> list[bytes]:
    """What open pages are told."""
    found: list[bytes] = []
    centre.services = replace(centre.services, publish=found.append)
    return found


def test_given_an_act_then_the_audit_has_it_and_open_pages_hear_of_it(
    heard: list[bytes], officer: httpx.Client, position: str, centre: RunningCentre
) -> None:
    """With who, when and what."""
    body = {"until_ms": NOW_MS + HOUR_MS, "person": "daibiao", "reason": "出差"}
    officer.post(f"{API}/positions/{position}/substitutes", json=body)
    officer.post(f"{API}/positions/{position}/end", json={"from_day": "2026-12-01"})
    with centre.services.state.read() as connection:
        rows = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id)).all()
    done = [(row.action, row.subject, row.who) for row in rows if row.action.startswith("duty.")]
    deeds = ("duty.rota", "duty.substitute", "duty.end")
    assert done == [(deed, position, "huanbao") for deed in deeds]
    (detail,) = (json.loads(row.detail) for row in rows if row.action == "duty.substitute")
    assert (detail["person"], detail["reason"]) == ("daibiao", "出差")
    said = [json.loads(message) for message in heard]
    assert [(one["name"], one["data"]) for one in said] == [
        ("environment.duty", {"position": position})
    ] * 3


def test_given_a_position_that_ended_then_it_is_planned_and_missed_no_more(
    officer: httpx.Client, position: str
) -> None:
    """Its past stays."""
    answer = officer.post(f"{PAGE}/{position}/end", data={"from_day": "2026-11-26"})
    assert "岗位已停用" in officer.get(answer.headers["location"]).text
    assert who(officer, position, "2026-11-25 09:00") == "daibiao"
    assert who(officer, position, "2026-11-26 09:00") is None
    body = {"days": {"2026-12-01": "daibiao"}}
    assert officer.post(f"{API}/positions/{position}/days", json=body).status_code == 422
    again = officer.post(f"{PAGE}/{position}/rota", data={**ORDER, "first_day": "2026-12-01"})
    assert again.status_code == 303
    assert who(officer, position, "2026-12-01 09:00") == "huanbao"


WRONG_ORDERS = [
    ({"name": " "}, "请填写岗位名称"),
    ({"handover": "24:00"}, "例如 08:30"),
    ({"first_day": "2026-11-23"}, "不能改变已经过去的值班"),
    ({"first_day": "30.11."}, "日期不对"),
    ({"people": []}, "请至少选择一个人"),
    ({"turn": "month"}, "请选择轮换方式"),
    ({"people": ["shenji"]}, "不能值班"),
    ({"backup": "nobody-knows"}, "不能值班"),
]


def test_given_an_order_that_does_not_hold_then_the_form_says_why_and_keeps_what_was_written(
    officer: httpx.Client,
) -> None:
    """And the API names the field."""
    for change, said in WRONG_ORDERS:
        given = ORDER | change
        answer = officer.post(f"{PAGE}/new", data=given)
        assert (answer.status_code, said in answer.text) == (422, True), change
        assert 'value="值班员"' in answer.text or "name" in change
        answer = officer.post(f"{API}/positions", json=given)
        assert answer.status_code == 422
        assert answer.json()["detail"].split(":")[0] in change
    assert officer.get(f"{API}/positions").json() == []


def test_given_anything_sent_to_a_form_then_the_answer_is_no_fault_of_ours(
    officer: httpx.Client, position: str
) -> None:
    """Whatever it holds, and of a position that is not there."""
    far = str(10**14)
    fields = ("name", "turn", "handover", "first_day", "people", "day", "person", "begin", "end")
    more = ("reason", "one", "other", "entry", "from_day", "seen", "from_ms", "until_ms", "month")
    known = {"name": "x", "end": "2026-11-25T12:00", "person": "daibiao", "reason": "x"}
    for path in ("rota", "days", "substitute", "swap", "withdraw", "end"):
        for value in ("", "9" * 40, "\N{SNOWMAN}", "2026-02-30", f"{far}-{far}-huanbao"):
            for names in (fields, more):
                form = ORDER | dict.fromkeys(names, value)
                answer = officer.post(f"{PAGE}/{position}/{path}", data=form)
                assert answer.status_code < 500, (path, form)
            asked = dict.fromkeys((*fields, *more), value)
            assert officer.get(f"{PAGE}/{position}/{path}", params=asked).status_code < 500
        for last in (far, "253402300799000", str(10**18)):
            asked = {"from_ms": last, "until_ms": last, "known_ms": last}
            for address in (f"{PAGE}/{position}/{path}", f"{API}/positions/{position}/shifts"):
                assert officer.get(address, params=asked).status_code < 500
        gone = officer.post(f"{PAGE}/duty-9/{path}", data=ORDER | known | {"entry": "1"})
        assert gone.status_code in (404, 422)


def test_the_pages_are_whole_in_english_and_escape_what_people_write(
    officer: httpx.Client, position: str
) -> None:
    """A reason is anybody's text."""
    reason = "<script>alert(1)</script>"
    body = {"until_ms": NOW_MS + DAY_MS, "person": "daibiao", "reason": reason}
    officer.post(f"{API}/positions/{position}/substitutes", json=body)
    officer.post("/language", data={"language": "en"})
    for path in ("", "/own", "/new", f"/{position}/days", f"/{position}/rota"):
        page = officer.get(f"{PAGE}{path}")
        assert page.status_code == 200
        assert "Duty" in page.text
    history = officer.get(f"{PAGE}/{position}/history").text
    assert reason not in history
    assert reason in unescape(history)
    assert "From Tue, 24 Nov 12:00" in history
