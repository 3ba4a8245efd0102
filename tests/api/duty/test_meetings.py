"""A meeting from the draft to the minutes: who is invited, who answers what, who came."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
import openpyxl
import pytest

from api import audit
from api.meetings.passes import Pass
from api.meetings.records import Meeting
from api.meetings.reminders import occasion, remind, send_changes
from api.platforms.duty.meetings import actions
from api.platforms.duty.meetings.procedure import MEETINGS
from api.platforms.duty.meetings.records import HOST
from api.shape import CoreServices
from config import working_days
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS
from tests.api.conftest import BOTH, NOW_MS, RunningCentre
from tests.api.duty.meeting_hands import (
    API,
    BEGINS_MS,
    PAGES,
    details,
    hands,
    own,
    said,
    sent,
    step,
)

NOON_DAY = date(2026, 11, 24)
"""A Tuesday."""


@pytest.fixture
def people(address: str) -> Iterator[list[httpx.Client]]:
    """The clerk, and three deputies of two delegations."""
    with hands(address, "lianluo", "daibiao", "xuhui", "gujun") as clients:
        yield clients


def guests(clerk: httpx.Client, meeting: int) -> dict[str, dict[str, Any]]:
    """The list, by username."""
    return {of["username"]: of for of in clerk.get(f"{API}/{meeting}/guests").json()}


def mark(number: int, **changes: object) -> dict[str, object]:
    """Something that a desk noted just now."""
    plain = {
        "key": str(uuid4()),
        "number": number,
        "present": True,
        "way": "list",
        "at_ms": NOW_MS,
    }
    return plain | changes


def entered(clerk: httpx.Client, meeting: int, *marks: dict[str, object]) -> list[str]:
    """The outcomes of a sending."""
    answer = clerk.post(f"{API}/{meeting}/check-ins", json={"marks": list(marks)})
    assert answer.status_code == 200, answer.text
    return [of["outcome"] for of in answer.json()]


@pytest.mark.parametrize("kind", BOTH)
class TestAnswers:
    """The receipt is the wanted decision."""

    def test_when_it_is_sent_then_all_of_the_units_are_invited_and_hear_of_it_once(
        self, centre: RunningCentre, people: list[httpx.Client]
    ) -> None:
        """Time, location and wanted answer stand in the message; nobody else is invited."""
        clerk, deputy, *_ = people
        meeting = sent(clerk)
        assert set(guests(clerk, meeting)) == {"daibiao", "xuhui", "gujun"}
        (text,) = said(centre, "daibiao")
        assert "2026年11月24日 周二 13:00–15:00" in text
        assert "平潮镇政府" in text
        assert "请答复能否参加" in text
        assert "视察平潮污水处理厂" in deputy.get("/").text
        assert clerk.post(f"{PAGES}/{meeting}/invite").status_code == 303
        assert len(guests(clerk, meeting)) == 3
        assert len(said(centre, "daibiao")) == 1

    def test_leave_is_asked_for_with_a_reason_approved_and_nobody_else_reads_the_reason(
        self, centre: RunningCentre, people: list[httpx.Client]
    ) -> None:
        """The office hears of it, finds it on its workbench, and decides."""
        clerk, deputy, other, _ = people
        meeting = sent(clerk)
        mine = own(deputy, meeting)
        refused = step(deputy, f"/invitations/{mine}", "ask-leave")
        assert refused.status_code == 422
        assert refused.json()["faults"][0]["field"] == "why"
        assert step(deputy, f"/invitations/{mine}", "ask-leave", why="住院").status_code == 200
        assert said(centre, "lianluo") == ["陈明：申请请假"]
        assert "准假" in clerk.get("/").text
        assert other.get(f"{PAGES}/invitations/{mine}").status_code == 404
        assert other.get(f"{API}/invitations/{mine}/procedure").status_code == 404
        assert deputy.get(f"{API}/guests/{mine}/procedure").status_code == 403
        led = clerk.get(f"{PAGES}/invitations/{mine}")
        assert led.headers["location"] == f"{PAGES}/guests/{mine}"
        assert "住院" in clerk.get(led.headers["location"]).text
        assert step(clerk, f"/guests/{mine}", "approve").status_code == 200
        assert "王芳：同意请假" in said(centre, "daibiao")
        assert guests(clerk, meeting)["daibiao"]["answer"] == "on-leave"

    def test_leave_that_was_refused_waits_for_another_answer(
        self, people: list[httpx.Client]
    ) -> None:
        """On the workbench again; an answer by telephone is entered by the office."""
        clerk, deputy, *_ = people
        meeting = sent(clerk)
        mine = own(deputy, meeting)
        step(deputy, f"/invitations/{mine}", "ask-leave", why="出差")
        assert step(clerk, f"/guests/{mine}", "refuse", reason="事关表决").status_code == 200
        waiting = deputy.get("/api/v1/workbench").json()["waiting"]
        assert [of["title"] for of in waiting] == ["视察平潮污水处理厂"]
        by_phone = step(clerk, f"/guests/{mine}", "record-attend", how="telephone")
        assert by_phone.status_code == 200
        assert guests(clerk, meeting)["daibiao"]["answer"] == "attending"
        (listed,) = clerk.get(API).json()
        assert listed["figures"] == clerk.get(f"{API}/{meeting}").json()["figures"]
        assert (listed["figures"]["attending"], listed["figures"]["silent"]) == (1, 2)
        assert "参加 1 人" in clerk.get(f"{PAGES}/convened").text
        assert deputy.get("/api/v1/workbench").json()["waiting"] == []


def test_given_a_notice_without_a_time_then_reading_it_is_the_answer(
    centre: RunningCentre, people: list[httpx.Client]
) -> None:
    """It asks for no attendance, and nobody checks in to it."""
    clerk, deputy, *_ = people
    none = {"from": "", "until": "", "location": "", "agenda": ""}
    meeting = sent(clerk, title="报送建议", kind="notice", wants="confirm", **none)
    mine = own(deputy, meeting)
    page = deputy.get(f"{PAGES}/invitations/{mine}").text
    assert "我已阅读" in page
    assert "请假" not in page
    assert step(deputy, f"/invitations/{mine}", "attend").status_code == 409
    assert step(deputy, f"/invitations/{mine}", "confirm").status_code == 200
    assert deputy.post(f"{API}/invitations/{mine}/pass").status_code == 422
    assert clerk.get(f"{API}/{meeting}").json()["figures"]["confirmed"] == 1


def test_given_a_kill_between_sending_and_inviting_then_the_page_says_who_is_missing_and_goes_on(
    centre: RunningCentre, people: list[httpx.Client]
) -> None:
    """The step of the procedure alone invites nobody."""
    clerk = people[0]
    made = clerk.post(f"{API}", json=details()).json()["id"]
    assert step(clerk, f"/{made}", "send").status_code == 200
    assert guests(clerk, made) == {}
    assert "还有 3 人没有收到邀请" in clerk.get(f"{PAGES}/{made}").text
    assert clerk.post(f"{PAGES}/{made}/invite").status_code == 303
    assert set(guests(clerk, made)) == {"daibiao", "xuhui", "gujun"}
    assert len(said(centre, "gujun")) == 1
    more = clerk.post(f"{API}/{made}/invite", json={"people": ["zhujian", "lianluo"]})
    assert more.json()["figures"]["invited"] == 4
    again = clerk.post(f"{API}/{made}/invite", json={"people": ["zhujian"]})
    assert (again.status_code, again.json()["field"]) == (422, "more")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "没有填写"),
        ({"until": "2026-11-24T12:00"}, "结束时间要晚于开始时间"),
        ({"link": "javascript:alert(1)"}, "https://"),
        ({"from": "明天"}, "不是有效的时间"),
        ({"kind": "party"}, "请从列出的选项中选择"),
    ],
)
def test_given_details_that_do_not_hold_then_the_field_says_what_would_and_nothing_is_lost(
    people: list[httpx.Client], changes: dict[str, object], says: str
) -> None:
    """The text stays in the form."""
    answer = people[0].post(f"{PAGES}/new", data=details(**changes))
    assert answer.status_code == 422
    assert says in answer.text
    assert "请着便装。" in answer.text


def test_given_a_draft_that_is_not_complete_then_it_is_not_sent(
    people: list[httpx.Client],
) -> None:
    """It says what is missing; nobody was invited."""
    clerk = people[0]
    for changes, says in (
        ({"units": []}, "还没有选择邀请谁"),
        ({"from": "", "until": ""}, "还没有填写开始时间"),
        ({"location": ""}, "还没有填写地点或会议链接"),
    ):
        made = clerk.post(f"{PAGES}/new", data=details(**changes)).headers["location"]
        answer = clerk.post(f"{made.partition('?')[0]}/send")
        assert answer.status_code == 409
        assert says in answer.text


def test_when_arrangements_change_then_everybody_invited_hears_it_once(
    centre: RunningCentre, people: list[httpx.Client]
) -> None:
    """Also that it was cancelled; the job of the next minute sends it."""
    clerk, deputy, *_ = people
    meeting = sent(clerk)
    change = {
        "from": "2026-11-24T14:00",
        "location": "",
        "link": "https://v.example/1",
        "why": "换到线上",
    }
    assert clerk.post(f"{PAGES}/{meeting}/edit", data=change).status_code == 303
    for _ in range(2):
        send_changes(core_of(centre), HOST)
    assert sum("有变动：换到线上" in of for of in said(centre, "daibiao")) == 1
    assert len(said(centre, "daibiao")) == 2
    page = deputy.get(f"{PAGES}/invitations/{own(deputy, meeting)}").text
    assert 'href="https://v.example/1"' in page
    assert step(clerk, f"/{meeting}", "cancel", why="台风").status_code == 200
    send_changes(core_of(centre), HOST)
    assert sum("已取消：台风" in of for of in said(centre, "gujun")) == 1
    assert step(deputy, f"/invitations/{own(deputy, meeting)}", "attend").status_code == 409


def core_of(centre: RunningCentre) -> CoreServices:
    """The means of a job."""
    of = centre.services
    return CoreServices(
        of.state, of.store, of.catalogue, of.now_ms, of.publish, of.words, of.roles,
        of.working_days, of.files, of.district, of.wording, of.grouping,
    )  # fmt: skip


def test_on_working_mornings_only_those_are_reminded_who_have_not_answered(
    centre: RunningCentre, people: list[httpx.Client]
) -> None:
    """Once for each occasion, and not on a Sunday."""
    clerk, deputy, *_ = people
    later = {"from": "2026-12-01T09:00", "until": ""}
    meeting = sent(clerk, **later)
    step(deputy, f"/invitations/{own(deputy, meeting)}", "attend")
    before = len(said(centre, "xuhui"))
    for days, more in ((0, 0), (1, 1), (1, 1), (2, 1), (5, 1), (6, 2), (7, 2)):
        centre.clock.now_ms = NOW_MS + days * DAY_MS - 3 * HOUR_MS
        remind(core_of(centre), HOST)
        assert len(said(centre, "xuhui")) == before + more, days
    assert sum("还没有收到您的答复" in of for of in said(centre, "xuhui")) == 2
    assert len(said(centre, "daibiao")) == 1


def test_the_last_morning_before_a_meeting_is_a_working_one() -> None:
    """On Friday for one on Monday; after its day nobody is reminded."""
    days = working_days.load()
    monday = NOW_MS + 6 * DAY_MS

    def of(today: date) -> str | None:
        meeting = Meeting(1, "sent", 1, "duty", "", "other", "attend", "", "", "", monday, None, "", "", None)  # type: ignore[arg-type]  # fmt: skip
        return occasion(meeting, NOW_MS, today, days)

    assert of(NOON_DAY) is None
    assert of(date(2026, 11, 26)) == "week-0"
    assert of(date(2026, 11, 27)) == "last"
    assert of(date(2026, 12, 1)) is None


class TestCheckingIn:
    """By a code and by the list, which are equal."""

    def passed(self, centre: RunningCentre, client: httpx.Client, invitation: int) -> Pass:
        """The pass of a device, as its browser keeps it."""
        made = client.post(f"{API}/invitations/{invitation}/pass").json()
        return Pass(made["meeting"], made["number"], base64.b64decode(made["key"]))

    def test_a_code_counts_once_however_often_it_is_sent(
        self, centre: RunningCentre, people: list[httpx.Client]
    ) -> None:
        """Of the two sendings, of two desks, and of the list beside it."""
        clerk, deputy, *_ = people
        meeting = sent(clerk)
        own_pass = self.passed(centre, deputy, own(deputy, meeting))
        code = mark(own_pass.number, way="code", code=own_pass.code(NOW_MS))
        assert entered(clerk, meeting, code) == ["entered"]
        assert entered(clerk, meeting, code) == ["again"]
        assert entered(clerk, meeting, mark(own_pass.number)) == ["already"]
        found = guests(clerk, meeting)["daibiao"]
        assert (found["attendance"], found["way"], found["present_ms"]) == (
            "present",
            "code",
            NOW_MS,
        )
        rows = audit.search(centre.services.state, action="meeting.check-in")
        assert [of.who for of in rows] == ["lianluo"]
        spoken = mark(own_pass.number, present=False)
        assert entered(clerk, meeting, spoken, spoken) == ["entered", "again"]
        by_number = mark(own_pass.number, way="code", code=own_pass.spoken(NOW_MS))
        assert entered(clerk, meeting, by_number) == ["entered"]

    def test_what_a_desk_should_not_have_taken_is_refused_when_it_is_sent(
        self, centre: RunningCentre, people: list[httpx.Client]
    ) -> None:
        """An old code, one of another meeting, person or device, of somebody whose invitation was
        taken back, at a wrong hour: each with its own reason.
        """
        clerk, deputy, other, third = people
        meeting, elsewhere = sent(clerk), sent(clerk, title="另一个会")
        first = self.passed(centre, deputy, own(deputy, meeting))
        foreign = self.passed(centre, deputy, own(deputy, elsewhere))
        others = self.passed(centre, other, own(other, meeting))
        n = first.number

        def coded(code: str, number: int = n, at_ms: int = NOW_MS) -> dict[str, object]:
            return mark(number, way="code", code=code, at_ms=at_ms)

        assert entered(
            clerk,
            meeting,
            coded(first.code(NOW_MS - 2 * MINUTE_MS)),
            coded(first.code(NOW_MS + 2 * MINUTE_MS)),
            coded(foreign.code(NOW_MS)),
            coded(others.code(NOW_MS)),
            coded("QY1"),
            coded(first.code(NOW_MS), number=99),
            coded(first.code(NOW_MS + HOUR_MS), at_ms=NOW_MS + HOUR_MS),
            coded(first.code(NOW_MS - 4 * HOUR_MS), at_ms=NOW_MS - 4 * HOUR_MS),
            mark(n, present=False),
        ) == [
            *("old", "ahead", "other-meeting", "forged", "unreadable", "unknown", "future"),
            *("closed", "not-present"),
        ]
        second = self.passed(centre, deputy, own(deputy, meeting))
        assert entered(clerk, meeting, coded(first.code(NOW_MS))) == ["other-device"]
        step(clerk, f"/guests/{own(third, meeting)}", "revoke", reason="名单有误")
        revoked = guests(clerk, meeting)["gujun"]["number"]
        assert entered(clerk, meeting, mark(revoked)) == ["revoked"]
        listed = clerk.get(f"{API}/{meeting}/check-in").json()["guests"]
        assert revoked not in {of["number"] for of in listed}
        assert third.get(f"{PAGES}/invitations/{revoked}").status_code == 404
        assert entered(clerk, meeting, coded(second.code(NOW_MS))) == ["entered"]

    def test_a_desk_is_given_what_it_needs_and_a_deputy_is_not(
        self, centre: RunningCentre, people: list[httpx.Client]
    ) -> None:
        """The key of a person's last device; somebody who acts for a deputy is given no pass."""
        clerk, deputy, *_ = people
        meeting = sent(clerk)
        mine = self.passed(centre, deputy, own(deputy, meeting))
        listed = clerk.get(f"{API}/{meeting}/check-in").json()
        keys = {of["number"]: base64.b64decode(of["key"]) for of in listed["guests"]}
        assert keys[mine.number] == mine.key
        assert len(set(keys.values())) == 3
        assert deputy.get(f"{API}/{meeting}/check-in").status_code == 403
        assert clerk.post("/api/v1/session/act-for", json={"deputy": "daibiao"}).is_success
        assert clerk.post(f"{API}/invitations/{own(clerk, meeting)}/pass").status_code == 403

    def test_after_the_end_absences_are_with_leave_or_without(
        self, centre: RunningCentre, people: list[httpx.Client]
    ) -> None:
        """Two from sessions without approval are said as a number with the clause; the list is a
        workbook with the same.
        """
        clerk, _, other, _ = people
        for n in (1, 2):
            meeting = sent(clerk, title=f"十八届{n}次会议", kind="session")
            mine = own(other, meeting)
            step(other, f"/invitations/{mine}", "ask-leave", why="手术")
            step(clerk, f"/guests/{mine}", "approve")
            number = str(guests(clerk, meeting)["daibiao"]["number"])
            assert step(clerk, f"/{meeting}", "end").status_code == 409
            centre.clock.now_ms = BEGINS_MS
            entry = clerk.post(f"{PAGES}/{meeting}/entries", data={"present": [number]})
            assert entry.status_code == 303
            assert step(clerk, f"/{meeting}", "end").status_code == 200
            centre.clock.now_ms = NOW_MS
        found = guests(clerk, meeting)
        assert [found[of]["attendance"] for of in ("daibiao", "xuhui", "gujun")] == [
            "present",
            "on-leave",
            "absent",
        ]
        page = clerk.get(f"{PAGES}/{meeting}").text
        assert page.count("第六十二条第三项") == 1
        assert "已有 2 次" in page
        book = clerk.get(f"{PAGES}/{meeting}/list.xlsx").content
        rows = list(openpyxl.load_workbook(io.BytesIO(book)).active.values)  # type: ignore[union-attr]
        assert {row[1]: row[5] for row in rows[1:]} == {
            "陈明": "到会",
            "徐慧": "请假",
            "顾军": "未请假缺席",
        }


def test_minutes_have_versions_and_opinions_are_read_by_their_author_and_the_office(
    people: list[httpx.Client],
) -> None:
    """Minutes by everybody invited, the newest version."""
    clerk, deputy, other, _ = people
    meeting = sent(clerk)
    mine = f"{PAGES}/invitations/{own(deputy, meeting)}"
    for text in ("初稿", "定稿"):
        assert clerk.post(f"{PAGES}/{meeting}/minutes", data={"text": text}).status_code == 303
    assert "初稿" in clerk.get(f"{PAGES}/{meeting}").text
    assert "定稿" in deputy.get(mine).text
    assert "初稿" not in deputy.get(mine).text
    assert deputy.post(f"{mine}/opinions", data={"text": " "}).status_code == 422
    assert deputy.post(f"{mine}/opinions", data={"text": "应公布排放数据"}).status_code == 303
    assert "应公布排放数据" in deputy.get(mine).text
    assert "应公布排放数据" in clerk.get(f"{PAGES}/{meeting}").text
    assert "应公布" not in other.get(f"{PAGES}/invitations/{own(other, meeting)}").text


def test_material_is_read_by_everybody_invited_and_by_nobody_else(
    people: list[httpx.Client], address: str
) -> None:
    """Also through the port of items and the calendar."""
    clerk, deputy, *_ = people
    meeting = sent(clerk, units=["jinsha-delegation"])
    file = {"file": ("议程.txt", "一、看现场".encode())}
    assert (
        clerk.post(f"{PAGES}/{meeting}/files", data={"title": ""}, files=file).status_code == 303
    )
    page = deputy.get(f"{PAGES}/invitations/{own(deputy, meeting)}").text
    assert "议程.txt" in page
    with hands(address, "gujun", "zhujian") as strangers:
        for one in strangers:
            assert one.get("/files/1").status_code == 404
            assert one.get(f"/api/v1/items/duty/meeting/{meeting}").status_code == 404
    assert deputy.get("/files/1").status_code == 200


def test_a_person_s_calendar_has_the_meetings_without_those_of_leave(
    centre: RunningCentre, people: list[httpx.Client]
) -> None:
    """In the feed of deadlines, to which the phone subscribes already."""
    clerk, deputy, *_ = people
    meeting, other = sent(clerk), sent(clerk, title="培训")
    mine = own(deputy, other)
    step(deputy, f"/invitations/{mine}", "ask-leave", why="出差")
    step(clerk, f"/guests/{mine}", "approve")
    feed = deputy.get("/deadlines/").text.partition("webcal:")[2].partition('"')[0]
    calendar = deputy.get(f"http:{feed}").text
    assert f"UID:meeting-{meeting}@" in calendar
    assert "DTSTART:20261124T050000Z" in calendar
    assert "培训" not in calendar
    assert [of.uid for of in actions.appointments(centre.services, "daibiao")]
    assert MEETINGS.host is HOST
