"""Hearings and attendance at trials: announced in time, seats in an order that anyone can check,
conflicts, signing in, and comments on procedure and conduct after the judgment.
"""

from __future__ import annotations

import base64

import httpx
import pytest

from api.accounts.records import Account
from api.meetings import passes
from api.platforms.duty.duty_records import actions as duty_records
from api.platforms.judicial.conclusions import ConclusionRefused
from api.platforms.judicial.free_text import TextRefused
from api.platforms.judicial.hearings.actions import (
    announcing,
    attending,
    commenting,
    seating,
    settling,
)
from api.platforms.judicial.hearings.procedure import OFFICE as SEAT_KEPT
from api.platforms.judicial.hearings.procedure import OWN, PROCEDURE
from api.platforms.judicial.hearings.records import A_PAGE, Asked, HearingRefused, form
from api.procedures import taking
from api.procedures.refusals import NotAllowed, UnknownThing
from tests.api.conftest import BOTH, RunningCentre
from tests.api.deadline_rules import core_of
from tests.api.duty.meeting_hands import said
from tests.api.judicial.hearing_hands import (
    API,
    BEGINS_MS,
    COURT,
    DAY_MS,
    DEPUTIES,
    OFFICE,
    PAGES,
    announced,
    details,
    enrol_bodies,
    hands,
    step,
)

CHEN, XU, GU = DEPUTIES
GOOD = dict.fromkeys(form().questions, "good")


def seat_step(centre: RunningCentre, who: Account, seat: str, name: str, **given: str) -> None:
    procedure = SEAT_KEPT if who is OFFICE else OWN
    with taking.acts(centre.services, procedure, who) as acting:
        taking.take(acting, seat, name, given)
    seating.done(centre.services, seat)


def states(centre: RunningCentre, hearing: str) -> dict[str, str]:
    order = seating.order(centre.services, OFFICE, hearing)
    return {of.username: of.state for of in order.turns}


def attended(centre: RunningCentre, hearing: str) -> None:
    """Everybody with a seat signs in on the day, and it is over."""
    centre.clock.now_ms = BEGINS_MS
    row = announcing.seen(centre.services, COURT, hearing)
    numbers = [of.number for of in attending.guests(centre.services, row["id"])]
    attending.enter(centre.services, COURT, row, numbers, [])
    centre.clock.now_ms = BEGINS_MS + DAY_MS
    settling.follow(core_of(centre))


@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "原告张三诉李四一案"),
        ("matter", "(2026)苏0612民初123号庭审"),
        ("location", "请打13812345678"),
        ("closed_why", "当事人王某要求"),
    ],
)
def test_given_a_name_or_a_case_number_then_the_body_announces_nothing(
    centre: RunningCentre, field: str, text: str
) -> None:
    with pytest.raises(TextRefused) as refused:
        announcing.make(centre.services, COURT, details(**{field: text}))
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"link": "http://court.example/live"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"until": "2026-12-01T09:00"}, "until"),
        ({"kind": "hearing"}, "kind"),
    ],
)
def test_given_details_that_do_not_hold_then_the_field_is_named(
    centre: RunningCentre, changes: dict[str, str], field: str
) -> None:
    """A court announces no hearing of the procuratorate."""
    with pytest.raises(HearingRefused) as refused:
        announcing.make(centre.services, COURT, details(**changes))
    assert refused.value.field == field


def test_given_less_than_three_days_then_it_is_announced_with_a_reason_that_all_see(
    centre: RunningCentre,
) -> None:
    services = centre.services
    made = announcing.make(services, COURT, details(**{"from": "2026-11-26T09:00", "until": ""}))
    with pytest.raises(NotAllowed) as refused:
        step(centre, COURT, made, "announce")
    assert refused.value.more["against"] == "late"
    with pytest.raises(TextRefused):
        step(centre, COURT, made, "announce-late", why="当事人张三要求")
    step(centre, COURT, made, "announce-late", why="开庭时间临时确定")
    assert announcing.seen(services, CHEN, made)["late_why"] == "开庭时间临时确定"
    with pytest.raises(NotAllowed):
        step(centre, OFFICE, made, "allot")
    step(centre, OFFICE, made, "allot-late", why="收到时已晚")


def test_given_a_closed_occasion_without_reason_or_without_location_then_it_is_not_announced(
    centre: RunningCentre,
) -> None:
    for changes, obstacle in (
        ({"openness": "closed"}, "closed-why"),
        ({"location": ""}, "location"),
    ):
        made = announcing.make(centre.services, COURT, details(**changes))
        with pytest.raises(NotAllowed) as refused:
            step(centre, COURT, made, "announce")
        assert refused.value.more["against"] == obstacle


@pytest.mark.parametrize("kind", BOTH)
def test_given_seats_before_then_whoever_had_fewest_goes_first_and_anyone_reckons_the_same(
    centre: RunningCentre,
) -> None:
    services = centre.services
    first = announced(centre)
    seating.ask(services, CHEN, first)
    step(centre, OFFICE, first, "allot")
    assert states(centre, first) == {"daibiao": "granted"}
    second = announced(centre, **{"from": "2026-12-08T09:00", "until": ""}, seats="2")
    for who in DEPUTIES:
        seating.ask(services, who, second)
    step(centre, OFFICE, second, "allot")
    order = seating.order(services, COURT, second)
    assert order.holds
    assert [of.username for of in order.turns][-1] == "daibiao"
    assert [(of.had, of.last_day) for of in order.turns] == [(0, ""), (0, ""), (1, "2026-12-01")]
    assert sorted(of.draw for of in order.turns[:2]) == [of.draw for of in order.turns[:2]]
    assert states(centre, second) == {
        "xuhui": "granted",
        "gujun": "granted",
        "daibiao": "waiting",
    }
    assert "候补" in "".join(said(centre, "daibiao"))


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_conflict_then_the_next_takes_the_seat_and_hears_of_it_and_nobody_sees_why(
    centre: RunningCentre,
) -> None:
    services, hearing = centre.services, announced(centre)
    mine = seating.ask(services, CHEN, hearing)
    step(centre, OFFICE, hearing, "allot")
    seating.ask(services, XU, hearing)
    assert states(centre, hearing) == {"daibiao": "granted", "xuhui": "waiting"}
    seat_step(centre, CHEN, mine, "declare", conflict="relative")
    assert states(centre, hearing) == {"daibiao": "conflict", "xuhui": "granted"}
    assert any("递补" in text for text in said(centre, "xuhui"))
    guests = attending.guests(services, int(hearing))
    assert [of.username for of in guests] == ["xuhui"]
    shown = seating.order(services, COURT, hearing).turns
    assert {of.username: of.state for of in shown} == {"daibiao": "left", "xuhui": "granted"}
    with pytest.raises(HearingRefused):
        seating.ask(services, CHEN, hearing)


@pytest.mark.parametrize("kind", BOTH)
def test_given_no_judgment_yet_then_no_comment_and_after_it_by_those_who_were_there(
    centre: RunningCentre,
) -> None:
    services, hearing = centre.services, announced(centre, seats="2")
    for who in (CHEN, XU):
        seating.ask(services, who, hearing)
    step(centre, OFFICE, hearing, "allot")
    seats = {of.username: str(of.seat) for of in seating.order(services, OFFICE, hearing).turns}
    seat_step(centre, XU, seats["xuhui"], "give-up", why="出差")
    attended(centre, hearing)
    assert announcing.seen(services, CHEN, hearing)["state"] == "held"
    assert commenting.may(services, CHEN, hearing) == "undecided"
    with pytest.raises(HearingRefused) as wrong:
        step(centre, COURT, hearing, "note-outcome", outcome="ended", day="2026-12-02")
    assert wrong.value.field == "outcome"
    step(centre, COURT, hearing, "note-outcome", outcome="judgment", day="2026-12-02")
    with pytest.raises(UnknownThing):
        commenting.give(services, XU, hearing, GOOD)
    with pytest.raises(HearingRefused):
        commenting.give(services, CHEN, hearing, GOOD | {"manner": ""})
    with pytest.raises(TextRefused):
        commenting.give(services, CHEN, hearing, GOOD | {"text": "被告人李四态度恶劣"})
    with pytest.raises(ConclusionRefused):
        commenting.give(services, CHEN, hearing, GOOD | {"text": "庭审有序，但法院应当改判"})
    assert [of.path for of in commenting.todos(services, CHEN)] == [f"{PAGES}/{hearing}/comment"]
    commenting.give(services, CHEN, hearing, GOOD | {"text": "告知权利清楚"})
    with pytest.raises(HearingRefused):
        commenting.give(services, CHEN, hearing, GOOD)
    assert commenting.todos(services, CHEN) == []
    found = commenting.read(services, COURT, hearing)
    assert found is not None
    assert (found.number, found.hidden, found.counts, found.texts) == (1, True, {}, [])
    assert commenting.read(services, XU, hearing) is None


def test_given_somebody_with_a_seat_who_did_not_sign_in_then_no_comment(
    centre: RunningCentre,
) -> None:
    services, hearing = centre.services, announced(centre)
    seating.ask(services, CHEN, hearing)
    step(centre, OFFICE, hearing, "allot")
    centre.clock.now_ms = BEGINS_MS + DAY_MS
    settling.follow(core_of(centre))
    step(centre, COURT, hearing, "note-outcome", outcome="mediation", day="2026-12-01")
    assert commenting.may(services, CHEN, hearing) == "not-there"
    row = announcing.seen(services, COURT, hearing)
    attending.enter(services, COURT, row, [1], [])
    assert commenting.may(services, CHEN, hearing) == ""


def test_given_a_draft_that_is_taken_back_with_a_name_then_it_stands_as_it_was(
    centre: RunningCentre,
) -> None:
    made = announcing.make(centre.services, COURT, details())
    announcing.edit(centre.services, COURT, made, _edited(title="旁听一起婚姻家庭案件庭审"), 1)
    with pytest.raises(TextRefused), taking.acts(centre.services, PROCEDURE, COURT) as acting:
        taking.withdraw(acting, made, "原告张三来电")
    assert announcing.seen(centre.services, COURT, made)["version"] == 2


def _edited(**changes: str) -> dict[str, str]:
    return {name: of for name, of in details(**changes).items() if name != "kind"}


def test_given_a_time_that_changes_to_no_place_then_nobody_is_told_of_it(
    centre: RunningCentre,
) -> None:
    hearing = announced(centre)
    when = {"from": "2026-12-10T09:00", "until": "", "location": "", "link": ""}
    with pytest.raises(HearingRefused) as refused:
        step(centre, COURT, hearing, "change", **when, why="法庭调整")
    assert refused.value.field == "location"
    row = announcing.seen(centre.services, COURT, hearing)
    assert (row["location"], row["from_ms"]) == ("第三法庭", BEGINS_MS)


def test_given_a_cancelled_occasion_then_whoever_asked_hears_why_and_no_seat_stands(
    centre: RunningCentre,
) -> None:
    services, hearing = centre.services, announced(centre)
    for who in DEPUTIES:
        seating.ask(services, who, hearing)
    step(centre, OFFICE, hearing, "allot")
    step(centre, COURT, hearing, "cancel", why="当庭调解，不再开庭")
    assert set(states(centre, hearing).values()) == {"cancelled"}
    for who in DEPUTIES:
        assert any("取消" in text for text in said(centre, who.username))
        assert announcing.appointments(services, who.username) == []


def test_a_draft_is_its_body_s_own_and_another_body_sees_nothing_of_the_court(
    centre: RunningCentre, address: str
) -> None:
    enrol_bodies(centre)
    draft, open_ = announcing.make(centre.services, COURT, details()), announced(centre)
    names = ("shuji", "jiancha", "daibiao", "lianluo")
    with hands(address, *names) as (court, prosecutor, deputy, office):
        seen = {
            name: [of.get(f"{API}/{item}").status_code for item in (draft, open_)]
            for name, of in zip(names, (court, prosecutor, deputy, office), strict=True)
        }
        assert seen == {
            "shuji": [200, 200],
            "jiancha": [404, 404],
            "daibiao": [404, 200],
            "lianluo": [404, 200],
        }
        read = {of.get(f"/api/v1/items/judicial/hearing/{draft}").status_code for of in (deputy,)}
        assert read == {404}
        assert deputy.post(f"{API}/{open_}/steps/cancel", json={}).status_code == 403
        assert prosecutor.post(f"{API}/{open_}/steps/cancel", json={}).status_code == 404


def test_given_more_occasions_than_a_page_then_all_of_them_are_reached(
    centre: RunningCentre, address: str
) -> None:
    made = {int(announcing.make(centre.services, COURT, details())) for _ in range(A_PAGE + 1)}
    found = [
        of.id
        for page in (1, 2, 3)
        for of in announcing.listed(centre.services, COURT, Asked(page=page))[0]
    ]
    assert (len(found), set(found)) == (A_PAGE + 1, made)
    enrol_bodies(centre)
    with hands(address, "shuji") as (court,):
        assert f'href="{PAGES}/{min(made)}"' in court.get(PAGES, params={"page": 2}).text
        assert [of["id"] for of in court.get(API, params={"page": 2}).json()] == [min(made)]


def test_journey_of_a_seat_from_the_announcement_to_the_comment(
    centre: RunningCentre, address: str
) -> None:
    """A deputy gets a seat and declares a conflict, another takes it, signs in with the pass, and
    comments after the judgment under the own name.
    """
    enrol_bodies(centre)
    path = another_takes_it(address)
    signs_in(centre, address, path)
    centre.clock.now_ms = BEGINS_MS + DAY_MS
    settling.follow(core_of(centre))
    duty_records.collect(core_of(centre))
    comments_on_it(address, path)


def another_takes_it(address: str) -> str:
    """The address of an occasion at which 徐慧 has the seat that was 陈明's."""
    with hands(address, "shuji", "lianluo", "daibiao", "xuhui") as (court, office, chen, xu):
        bad = court.post(f"{PAGES}/new", data=details(title="原告张三诉李四", seats="31"))
        assert bad.status_code == 422
        assert 'value="第三法庭"' in bad.text
        made = court.post(f"{PAGES}/new", data=details())
        path = made.headers["location"]
        assert chen.get(path).status_code == 404
        assert court.post(f"{path}/steps/announce").status_code == 303
        assert "有 1 场听证" in chen.get("/").text
        mine = chen.post(f"{path}/ask").headers["location"]
        assert office.post(f"{path}/propose", data={"username": "xuhui"}).status_code == 303
        others = f"/judicial/seats/{int(mine.rpartition('/')[2]) + 1}"
        assert others in xu.get("/").text
        assert details()["title"] in office.get("/deadlines/?show=units").text
        assert office.post(f"{path}/steps/allot").status_code == 303
        assert "有名额，待答复" in chen.get(mine).text
        assert chen.get(others).status_code == 404
        assert xu.post(f"{others}/steps/ask").status_code == 303
        assert "候补" in xu.get(others).text
        declared = chen.post(f"{mine}/steps/declare", data={"conflict": "employer"})
        assert declared.status_code == 303
        assert "有名额，待答复" in xu.get(others).text
        assert xu.post(f"{others}/steps/confirm").status_code == 303
        shown = court.get(path).text
        assert "徐慧" in shown
        assert "任职" not in shown
        turns = office.get(f"/api/v1{path}/seats").json()["turns"]
        assert [of["state"] for of in turns] == ["conflict", "confirmed"]
    return str(path)


def signs_in(centre: RunningCentre, address: str, path: str) -> None:
    """By the pass of the phone, at the door of the court."""
    centre.clock.now_ms = BEGINS_MS
    with hands(address, "shuji", "xuhui") as (court, xu):
        guest = attending.guest_of(centre.services, int(path.rpartition("/")[2]), "xuhui")
        assert guest is not None
        assert xu.get(f"{path}/pass").status_code == 200
        assert court.get(f"{path}/check-in").status_code == 200
        given = xu.post(f"{API}/invitations/{guest.id}/pass").json()
        assert checked_in(court, given) == "entered"
        assert "已签到" in court.get(path).text
        assert xu.get(f"{PAGES}/invitations/{guest.id}").headers["location"] == path


def comments_on_it(address: str, path: str) -> None:
    """Not before the body says that there was a judgment; nothing is lost by a bad answer."""
    with hands(address, "shuji", "xuhui") as (court, xu):
        assert xu.post(f"{path}/comment", data=GOOD).status_code == 422
        outcome = {"outcome": "judgment", "day": "2026-12-02"}
        assert court.post(f"{path}/steps/note-outcome", data=outcome).status_code == 303
        assert f"{path}/comment" in xu.get("/").text
        bad = xu.post(f"{path}/comment", data={"text": "庭审有序"})
        assert bad.status_code == 422
        assert "庭审有序" in bad.text
        given = GOOD | {"text": "庭审有序", "signed": "yes"}
        assert xu.post(f"{path}/comment", data=given).status_code == 303
        read = court.get(f"/api/v1{path}/comments").json()
        assert read["texts"] == [{"text": "庭审有序", "signed": "徐慧"}]
        assert read["counts"]["manner"]["good"] == 1
        assert "庭审有序" in court.get(path).text
        assert details()["title"] in xu.get("/duty/records").text


def checked_in(court: httpx.Client, given: dict[str, object]) -> str:
    """The outcome of a pass at the door of the court."""
    key = base64.b64decode(str(given["key"]))
    number, meeting = int(str(given["number"])), int(str(given["meeting"]))
    listed = court.get(f"{API}/lists/{meeting}/check-in").json()
    assert [of["number"] for of in listed["guests"]] == [number]
    mark = {
        "key": "0" * 36,
        "number": number,
        "present": True,
        "way": "code",
        "at_ms": BEGINS_MS,
        "code": passes.Pass(meeting, number, key).code(BEGINS_MS),
    }
    (outcome,) = court.post(f"{API}/lists/{meeting}/check-ins", json={"marks": [mark]}).json()
    return str(outcome["outcome"])
