"""One person as administrators change them: account, roles, units, delegations, departure."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from api.accounts.records import Grant, Membership, Span
from api.accounts.repositories.appointments import Appointments
from api.accounts.repositories.directory import Directory
from api.accounts.repositories.people import People
from api.accounts.repositories.sessions import Sessions
from api.accounts.staffing import departures
from api.administration.permission import AdministrationPermission
from api.web.forms import NotAccepted
from config.vocabulary.time import day_of
from tests.api import administering
from tests.api.administering import API, TODAY, UNIT_ADMINISTRATOR, signed_in
from tests.api.conftest import BOTH, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)
PEOPLE = f"{API}/people"
DAY = 86_400_000
YESTERDAY, TOMORROW = "2026-11-23", "2026-11-25"


def file_of(client: httpx.Client, username: str) -> dict[str, list[dict[str, object]]]:
    """All that the API tells of somebody."""
    answer = client.get(f"{PEOPLE}/{username}")
    assert answer.status_code == 200
    found: dict[str, list[dict[str, object]]] = answer.json()
    return found


def done(client: httpx.Client, path: str, body: Mapping[str, object] | None = None) -> None:
    """Something is changed over the API."""
    answer = client.post(f"{PEOPLE}/{path}", json=body or {})
    assert answer.status_code in (200, 201, 204), answer.text


def refused(
    client: httpx.Client, path: str, body: Mapping[str, object] | None = None, status: int = 422
) -> str:
    """The detail of a refusal."""
    answer = client.post(f"{PEOPLE}/{path}", json=body or {})
    assert answer.status_code == status, answer.text
    return str(answer.json()["detail"])


def recorded(centre: RunningCentre, subject: str) -> list[tuple[str, str]]:
    """Who did what to somebody, the oldest first."""
    query = f"select who, action from audit where subject = '{subject}' order by id"
    with centre.services.state.read() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]  # type: ignore[misc]


def sessions_of(centre: RunningCentre, username: str) -> int:
    """How many sessions of somebody are open."""
    state, now_ms = centre.services.state, centre.clock.now_ms
    return len(Sessions(state).of_person(username, now_ms))


def test_given_a_new_person_then_the_first_password_is_good_for_one_sign_in(
    centre: RunningCentre, administrator: httpx.Client, address: str
) -> None:
    """It is told once and kept nowhere as it is."""
    body = {"username": "liming", "name": "李明", "role": "deputy", "unit": "npc", "post": "组长"}
    answer = administrator.post(PEOPLE, json=body)
    assert answer.status_code == 201
    password = answer.json()["first_password"]
    file = file_of(administrator, "liming")
    assert file["first_password"] is True
    assert [of["role"] for of in file["roles"]] == ["deputy"]
    assert [(of["unit"], of["post"]) for of in file["units"]] == [("npc", "组长")]
    with httpx.Client(base_url=address) as client:
        given = {"username": "liming", "password": password}
        assert client.post("/api/v1/session", json=given).is_success
        assert client.post("/api/v1/session", json=given).status_code == 401
    assert recorded(centre, "liming")[0] == ("guanli", "person.create")


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"username": "Li Ming"}, "username"),
        ({"username": "token-1"}, "username"),
        ({"username": "daibiao"}, "username"),
        ({"name": "  "}, "name"),
        ({"role": "king"}, "role"),
        ({"unit": "moon"}, "unit"),
        ({"platform": "mars"}, "platform"),
        ({"role_unit": "npc"}, "unit: holds for all units on deadlines, environment"),
    ],
)
def test_given_a_person_who_does_not_hold_then_the_fault_names_field_and_remedy(
    administrator: httpx.Client, changes: Mapping[str, str], where: str
) -> None:
    """And nobody gets an account."""
    body = {"username": "liming", "name": "李明", "role": "deputy", **changes}
    answer = administrator.post(PEOPLE, json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(where)
    assert ";" in answer.json()["detail"]
    assert administrator.get(f"{PEOPLE}/liming").status_code == 404


def test_when_a_person_is_created_on_the_page_then_it_shows_the_password_once(
    administrator: httpx.Client,
) -> None:
    """What does not hold comes back with its words and all that was written."""
    form = {"username": "Bad Name", "name": "李明", "unit": "npc"}
    answer = administrator.post("/administration/people", data=form)
    assert answer.status_code == 422
    for text in (
        "用户名不符合要求",
        'value="Bad Name"',
        'value="李明"',
        '<option value="npc" selected>',
    ):
        assert text in answer.text
    answer = administrator.post("/administration/people", data=form | {"username": "liming"})
    assert "李明（liming）的初始密码" in answer.text
    page = administrator.get("/administration/people/liming").text
    for text in ("初始密码尚未更换", "区人大常委会", "创建账号"):
        assert text in page


def test_when_somebody_is_disabled_then_sessions_end_until_they_are_enabled(
    centre: RunningCentre, administrator: httpx.Client, deputy: httpx.Client, address: str
) -> None:
    """At once, and the password is good again afterwards."""
    done(administrator, "daibiao/disable")
    assert deputy.get("/api/v1/session").status_code == 401
    with pytest.raises(AssertionError), signed_in(address, "daibiao"):
        pass
    done(administrator, "daibiao/enable")
    with signed_in(address, "daibiao") as client:
        assert client.get("/api/v1/session").status_code == 200
    assert recorded(centre, "daibiao")[-3:-1] == [
        ("guanli", "person.disable"),
        ("guanli", "person.enable"),
    ]


def test_when_somebody_is_reset_then_a_new_first_password_is_shown_and_the_factor_is_gone(
    centre: RunningCentre, administrator: httpx.Client, deputy: httpx.Client
) -> None:
    """The old password is good no longer."""
    state = centre.services.state
    with state.begin() as connection:
        People(state).put(connection, "daibiao", totp_sealed="sealed")
    page = administrator.get("/administration/people/daibiao").text
    assert "已启用第二验证" in page
    assert "当面核实本人身份" in page
    answer = administrator.post("/administration/people/daibiao/reset")
    assert "陈明（daibiao）的初始密码" in answer.text
    file = file_of(administrator, "daibiao")
    assert (file["second_factor"], file["first_password"]) == (False, True)
    assert deputy.get("/api/v1/session").status_code == 401


def test_when_a_password_alone_is_reset_then_the_second_factor_is_asked_for_behind_it(
    centre: RunningCentre, administrator: httpx.Client, stranger: httpx.Client
) -> None:
    """Whoever is given the new password has not the phone by it; the page offers it first."""
    with centre.services.state.begin() as connection:
        People(centre.services.state).put(connection, "daibiao", totp_sealed="sealed")
    page = administrator.get("/administration/people/daibiao").text
    assert page.index("daibiao/password") < page.index("daibiao/reset")
    answer = administrator.post("/administration/people/daibiao/password")
    assert "陈明（daibiao）的初始密码" in answer.text
    given = administrator.post(f"{PEOPLE}/daibiao/password").json()["first_password"]
    file = file_of(administrator, "daibiao")
    assert (file["second_factor"], file["first_password"]) == (True, True)
    stranger.post("/api/v1/session", json={"username": "daibiao", "password": given})
    assert "step 'code'" in stranger.get("/api/v1/session").json()["detail"]
    assert ("guanli", "person.new-password") in recorded(centre, "daibiao")


def test_given_a_role_when_it_is_given_then_rights_and_sessions_change_with_its_day(
    centre: RunningCentre, administrator: httpx.Client, address: str
) -> None:
    """From tomorrow on: today's session stays; from today on: it ends."""
    with signed_in(address, "daibiao") as client:
        later = {"role": "officer", "from_day": TOMORROW}
        done(administrator, "daibiao/roles", later)
        assert client.get("/api/v1/operations").status_code == 403
        done(administrator, "daibiao/roles", {"role": "officer"})
        assert client.get("/api/v1/session").status_code == 401
    with signed_in(address, "daibiao") as client:
        assert client.get("/api/v1/operations").status_code == 200
    assert "held already" in refused(administrator, "daibiao/roles", {"role": "officer"})


def test_given_a_role_when_it_ends_then_on_that_day_or_at_once(
    centre: RunningCentre, administrator: httpx.Client, deputy: httpx.Client, address: str
) -> None:
    """The last day is one of the role's."""
    (role,) = file_of(administrator, "daibiao")["roles"]
    path = f"daibiao/roles/{role['number']}/end"
    done(administrator, path, {"until_day": TODAY})
    assert deputy.get("/api/v1/stations").status_code == 200
    centre.clock.now_ms += DAY
    assert deputy.get("/api/v1/stations").status_code == 403
    centre.clock.now_ms -= DAY
    done(administrator, path)
    assert deputy.get("/api/v1/session").status_code == 401
    assert file_of(administrator, "daibiao")["roles"][0]["until_day"] == YESTERDAY
    assert "not earlier" in refused(administrator, path, {"until_day": TODAY})
    assert refused(administrator, "daibiao/roles/999/end", status=404)
    assert refused(administrator, f"huanbao/roles/{role['number']}/end", status=404)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"role": "officer", "unit": "npc"}, "holds for all units on deadlines, environment"),
        ({"role": "officer", "platform": "environment", "unit": "npc"}, "environment"),
        ({"role": "administrator", "unit": "npc"}, "environment"),
        ({"role": "officer", "from_day": TODAY, "until_day": YESTERDAY}, "before the first day"),
        ({"role": "officer", "from_day": "soon"}, "'soon' is no day"),
        ({"role": "officer", "from_day": "0001-01-01"}, "is no day"),
    ],
)
def test_given_a_role_that_cannot_be_given_then_the_fault_says_why(
    administrator: httpx.Client, body: Mapping[str, str], said: str
) -> None:
    """The environment has no things of units, so a bound would bound nothing there."""
    assert said in refused(administrator, "daibiao/roles", body)
    answer = administrator.post("/administration/people/daibiao/roles", data=dict(body))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_given_an_administrator_role_on_administration_then_it_may_be_bound_to_a_unit(
    administrator: httpx.Client, address: str
) -> None:
    """Whoever holds it administers that unit and those below it."""
    body = {"role": "administrator", "platform": "administration", "unit": "npc"}
    done(administrator, "daibiao/roles", body)
    with signed_in(address, "daibiao") as client:
        found = {one["username"] for one in client.get(PEOPLE).json()["people"]}
        assert found == {"daibiao", "daigongwei", "guanli", "gujun", "lianluo", "xuhui"}


def test_given_units_then_somebody_joins_and_leaves_them_with_a_post(
    administrator: httpx.Client,
) -> None:
    """Sessions stay: a unit gives no rights by itself."""
    done(administrator, "daibiao/memberships", {"unit": "pingchao-delegation", "post": "团长"})
    first, second = file_of(administrator, "daibiao")["units"]
    done(administrator, f"daibiao/memberships/{first['number']}/end", {"until_day": YESTERDAY})
    page = administrator.get("/administration/people/daibiao").text
    assert "平潮镇代表团（团长）" in page
    assert "已结束的 1 项" in page
    assert second["post"] == "团长"
    assert "no unit" in refused(administrator, "daibiao/memberships", {"unit": "moon"})


def test_given_a_clerk_then_acting_for_a_deputy_begins_and_ends_by_the_administrator(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """Both of them have it in their records."""
    administering.given(centre, "zhang", Grant("deputy"))
    body = {"person_is": "clerk", "other": "zhang", "until_day": "2027-06-30"}
    done(administrator, "lianluo/delegations", body)
    deputies = People(centre.services.state).deputies_of("lianluo", TODAY)
    assert set(deputies) == {"daibiao", "zhang"}
    (kept,) = file_of(administrator, "zhang")["delegations"]
    done(administrator, f"zhang/delegations/{kept['number']}/end")
    assert set(People(centre.services.state).deputies_of("lianluo", TODAY)) == {"daibiao"}
    for of in ("zhang", "lianluo"):
        assert ("guanli", "person.delegate") in recorded(centre, of)
    for other in ("lianluo", "nobody"):
        body = {"person_is": "deputy", "other": other}
        assert "nobody's" in refused(administrator, "lianluo/delegations", body)


def test_given_the_last_administrator_then_nobody_takes_that_away(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """Neither by disabling, nor by a reset, an end or a departure; the page says what to do."""
    (role,) = file_of(administrator, "guanli")["roles"]
    end = f"guanli/roles/{role['number']}/end"
    for path, body in (
        ("guanli/disable", {}),
        ("guanli/reset", {}),
        (end, {}),
        (end, {"until_day": "2030-12-31"}),
        ("guanli/leave", {"last_day": "2030-12-31"}),
    ):
        assert "is the last" in refused(administrator, path, body)
    answer = administrator.post("/administration/people/guanli/disable")
    assert answer.status_code == 422
    assert "请先把同样的角色给另一个人" in answer.text
    administering.given(centre, "second", Grant("administrator", span=Span(None, "2027-01-01")))
    assert "is the last" in refused(administrator, "guanli/disable")
    administering.given(centre, "third", Grant("administrator"))
    done(administrator, "guanli/disable")
    assert administrator.get(PEOPLE).status_code == 401


def test_given_a_departure_with_a_successor_then_roles_units_and_delegations_go_on(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """From the day after, and as long as they would have been."""
    state = centre.services.state
    administering.given(
        centre,
        "zhang",
        Grant("deputy", span=Span("2022-01-01", "2027-01-31")),
        Grant("officer", span=Span(None, YESTERDAY)),
        units=("jinsha-delegation", Membership("npc", span=Span(TODAY, TODAY))),
    )
    administering.delegated(centre, "zhang", "lianluo")
    administering.given(centre, "wang")
    done(administrator, "zhang/leave", {"last_day": TODAY, "successor": "wang"})
    with state.read() as connection:
        rooms = Appointments(state)
        left = {of.of.span.until_day for of in rooms.grants(connection, "zhang")}
        assert left == {TODAY, YESTERDAY}
        assert {of.of for of in rooms.grants(connection, "wang")} == {
            Grant("deputy", span=Span(TOMORROW, "2027-01-31"))
        }
        assert [of.of for of in rooms.memberships(connection, "wang")] == [
            Membership("jinsha-delegation", span=Span(TOMORROW))
        ]
    people = People(state)
    assert set(people.deputies_of("lianluo", TODAY)) == {"daibiao", "zhang"}
    assert set(people.deputies_of("lianluo", TOMORROW)) == {"daibiao", "wang"}
    centre.clock.now_ms += DAY
    assert standing_of(centre, "zhang") == "left"
    for other in ("zhang", "nobody"):
        assert "successor" in refusal_of(centre, other)


def standing_of(centre: RunningCentre, username: str) -> str:
    """Somebody's state for the administrator on the clock's day."""
    account = administering.account_of(centre, "guanli")
    day = day_of(centre.clock.now_ms)
    directory = Directory(centre.services.state, account, AdministrationPermission.SEE_PEOPLE, day)
    found = directory.one(username)
    assert found is not None
    return found.standing


def refusal_of(centre: RunningCentre, successor: str) -> str:
    """Why this successor of zhang is refused."""
    with pytest.raises(NotAccepted) as caught:
        departures.leave(administering.authority(centre, "guanli"), "zhang", TODAY, successor)
    return caught.value.key


def test_given_the_end_of_a_term_then_it_is_listed_first_and_ends_for_those_ticked(
    centre: RunningCentre, administrator: httpx.Client, deputy: httpx.Client
) -> None:
    """Of a unit and those below it; whoever was elected again stays."""
    administering.given(centre, "zhang", Grant("deputy"), units=("pingchao-delegation",))
    administering.given(centre, "wang", Grant("deputy"), units=("finance",))
    form = {"role": "deputy", "unit": "npc", "last_day": YESTERDAY, "memberships": "yes"}
    page = administrator.post("/administration/terms", data=form).text
    assert "以下 4 人的角色将在 2026-11-23 之后结束" in page
    assert 'value="zhang" checked' in page
    assert 'value="wang"' not in page
    assert deputy.get("/api/v1/stations").status_code == 200
    sure = administrator.post(
        "/administration/terms/end", data=form | {"usernames": ["daibiao", "wang"]}
    )
    assert "已结束 1 人的角色" in sure.text
    assert deputy.get("/api/v1/session").status_code == 401
    assert file_of(administrator, "daibiao")["units"][0]["until_day"] == YESTERDAY
    assert People(centre.services.state).deputies_of("lianluo", TODAY) == {}
    assert file_of(administrator, "wang")["roles"][0]["until_day"] is None
    assert ("guanli", "person.term-end") in recorded(centre, "daibiao")


def test_given_a_term_of_many_then_it_ends_for_all_and_the_api_says_whom_first(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """In pieces, none of which holds up others."""
    for number in range(130):
        administering.given(centre, f"many{number:03}", Grant("deputy"))
    body: dict[str, object] = {"role": "deputy", "last_day": "2026-12-31"}
    listed = administrator.post(f"{API}/terms", json=body).json()
    assert (len(listed["people"]), listed["ended"]) == (133, 0)
    body["usernames"] = [one["username"] for one in listed["people"]]
    ended = administrator.post(f"{API}/terms", params={"dry_run": False}, json=body).json()
    assert ended["ended"] == 133
    assert administrator.post(f"{API}/terms", json=body).json()["people"] == []


def test_given_sessions_then_the_administrator_sees_and_ends_them(
    centre: RunningCentre, administrator: httpx.Client, deputy: httpx.Client, address: str
) -> None:
    """One of them, or all."""
    (one,) = administrator.get(f"{PEOPLE}/daibiao/sessions").json()
    assert one["address"] == "127.0.0.1"
    path = f"{PEOPLE}/huanbao/sessions/{one['id']}"
    assert administrator.delete(path).status_code == 404
    assert administrator.delete(f"{PEOPLE}/daibiao/sessions/{one['id']}").status_code == 204
    assert deputy.get("/api/v1/session").status_code == 401
    with signed_in(address, "daibiao"), signed_in(address, "daibiao"):
        assert sessions_of(centre, "daibiao") == 2
        administrator.post("/administration/people/daibiao/sessions/end")
        assert sessions_of(centre, "daibiao") == 0


def test_given_an_administrator_of_one_unit_then_nothing_beyond_it_is_theirs_to_give(
    centre: RunningCentre, address: str
) -> None:
    """Neither a role for all units, nor another unit, nor somebody who administers more, nor the
    password of such a person; a role for their own unit is.
    """
    administering.given(centre, "renda", UNIT_ADMINISTRATOR, units=("npc-office",))
    administering.given(centre, "both", units=("npc-office", "finance"))
    with signed_in(address, "renda") as client:
        assert "reaches further" in refused(
            client, "lianluo/roles", {"role": "administrator", "platform": "administration"}, 403
        )
        elsewhere = {"role": "administrator", "platform": "administration", "unit": "finance"}
        assert "not yours" in refused(client, "lianluo/roles", elsewhere, 403)
        for path in ("guanli/reset", "guanli/disable", "both/reset"):
            assert "belongs to other units too" in refused(client, path, status=403)
        assert "not yours" in refused(client, "lianluo/memberships", {"unit": "finance"}, 403)
        within = {
            "role": "auditor",
            "platform": "administration",
            "unit": "deputies-committee",
        }
        done(client, "lianluo/roles", within)
        done(client, "lianluo/disable")
        assert "your units" in str(
            client.post(PEOPLE, json={"username": "xin", "name": "新"}).json()["detail"]
        )
        xin = {"username": "xin", "name": "新", "unit": "npc-office"}
        assert client.post(PEOPLE, json=xin).status_code == 201
        assert (
            client.post(f"{API}/terms", json={"role": "deputy", "last_day": TODAY}).status_code
            == 422
        )


def test_given_an_auditor_then_people_are_seen_and_nothing_is_offered(
    address: str, centre: RunningCentre
) -> None:
    """No form stands on the page."""
    with signed_in(address, "shenji") as client:
        page = client.get("/administration/people/daibiao").text
        assert "陈明" in page
        for text in ("给予角色", "停用账号", "登录会话", "/people/daibiao/"):
            assert text not in page


def test_given_an_identity_then_it_is_bound_once_and_unbound(
    centre: RunningCentre, administrator: httpx.Client, deputy: httpx.Client
) -> None:
    """One that opens another account is refused; sessions end where it is taken away."""
    body = {"issuer": "https://id.example", "subject": "42"}
    done(administrator, "daibiao/identities", body)
    assert file_of(administrator, "daibiao")["identities"] == [body]
    assert "another account" in refused(administrator, "huanbao/identities", body)
    assert refused(administrator, "huanbao/identities/end", body, 404)
    done(administrator, "daibiao/identities/end", body)
    assert deputy.get("/api/v1/session").status_code == 401
    assert file_of(administrator, "daibiao")["identities"] == []


def test_when_somebody_is_renamed_then_the_new_name_stands_everywhere(
    administrator: httpx.Client,
) -> None:
    """What happened to them says so."""
    answer = administrator.post(
        "/administration/people/daibiao/name", data={"name": " 陈小明 "}, follow_redirects=True
    )
    for text in ("姓名已更改", "陈小明", "更改姓名", "周平 (guanli)"):
        assert text in answer.text
    assert "name" in refused(administrator, "daibiao/name", {"name": "\u2028"})


def test_what_is_done_over_the_api_of_another_site_is_refused(administrator: httpx.Client) -> None:
    """A browser names it."""
    answer = administrator.post(
        f"{PEOPLE}/daibiao/disable", headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
