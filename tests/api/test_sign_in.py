"""Signing in: who may pass the door, and who may not."""

from __future__ import annotations

import re

import httpx
import pytest
import sqlalchemy as sa

from api.accounts.credentials import passwords
from api.accounts.enrolment.enrolling import enrol
from api.accounts.enrolment.people import Newcomer
from api.accounts.limits import MOST_FAILURES
from api.accounts.records import OWN
from api.accounts.repositories.people import People
from api.services import Visitor
from api.tables import ACCOUNT, ROLE_GRANT, SESSION
from config.vocabulary.time import DAY_MS
from tests.api.conftest import BOTH, NOW_MS, PASSWORDS, RunningCentre, enrolled_now

pytestmark = pytest.mark.parametrize("kind", BOTH)

RIGHT = {"username": "daibiao", "password": PASSWORDS["daibiao"]}
WRONG = {"username": "daibiao", "password": "wrong"}
IDLE_MS = 7 * DAY_MS


@pytest.mark.parametrize(
    "path",
    [
        "/environment/",
        "/environment/alerts",
        "/environment/stations/air-jinsha",
        "/environment/alerts/none",
    ],
)
def test_a_stranger_is_led_to_the_sign_in_page(stranger: httpx.Client, path: str) -> None:
    """Pages lead to signing in and name where the person wanted to go."""
    answer = stranger.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?to={path}"


@pytest.mark.parametrize(
    "path", ["/api/v1/stations", "/api/v1/alerts", "/api/v1/live", "/api/v1/session"]
)
def test_a_program_without_a_session_is_refused(stranger: httpx.Client, path: str) -> None:
    """The API answers 401 and names the remedy."""
    answer = stranger.get(path)
    assert answer.status_code == 401
    assert "sign in first" in answer.json()["detail"]


def test_the_right_password_leads_to_where_one_wanted_to_go(stranger: httpx.Client) -> None:
    """After signing in on the page the address asked for first is shown."""
    answer = stranger.post("/sign-in", data=RIGHT | {"to": "/environment/alerts"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/environment/alerts")
    assert stranger.get("/environment/alerts").status_code == 200


def test_a_demonstration_offers_its_people_and_no_other_centre_does(
    stranger: httpx.Client, centre: RunningCentre
) -> None:
    """Each by name, role and unit, with all that the form needs to enter."""
    assert "演示" not in stranger.get("/sign-in").text
    known = Visitor("daibiao", PASSWORDS["daibiao"], "陈明", "deputy", "金沙街道代表团")
    object.__setattr__(centre.services, "visitors", (known,))

    offered = stranger.get("/sign-in").text

    assert "人大代表 · 金沙街道代表团" in offered
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', offered))
    assert form == {"to": "/", **RIGHT}
    assert stranger.post("/sign-in", data=form).status_code == 303


@pytest.mark.parametrize("to", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(stranger: httpx.Client, to: str) -> None:
    """An address outside becomes the start page."""
    assert stranger.post("/sign-in", data=RIGHT | {"to": to}).headers["location"] == "/"


def test_the_cookie_is_kept_from_scripts_and_other_sites(stranger: httpx.Client) -> None:
    """HttpOnly and SameSite; its value stands nowhere in the database."""
    cookie = stranger.post("/sign-in", data=RIGHT).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_only_the_hash_of_a_token_is_kept(centre: RunningCentre, deputy: httpx.Client) -> None:
    """A copy of the database opens no session."""
    (token,) = deputy.cookies.values()
    with centre.services.state.read() as connection:
        kept = connection.execute(SESSION.select()).one()
    assert token not in tuple(kept)


def test_a_wrong_password_names_the_remedy_and_keeps_the_name(stranger: httpx.Client) -> None:
    """The page says what to do, in Chinese, and the username need not be typed again."""
    answer = stranger.post("/sign-in", data=WRONG)
    assert answer.status_code == 401
    assert "用户名或密码不正确，请检查后重试" in answer.text
    assert 'value="daibiao"' in answer.text


def test_an_unknown_name_is_answered_like_a_wrong_password(stranger: httpx.Client) -> None:
    """Nobody learns which names exist."""
    wrong = stranger.post("/api/v1/session", json=WRONG)
    unknown = stranger.post("/api/v1/session", json=WRONG | {"username": "nobody"})
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())


def test_a_right_password_forgives_earlier_slips(stranger: httpx.Client) -> None:
    """Slips before a success do not add up over the day."""
    for _ in range(2):
        for _ in range(MOST_FAILURES - 1):
            assert stranger.post("/api/v1/session", json=WRONG).status_code == 401
        assert stranger.post("/api/v1/session", json=RIGHT).status_code == 204


CHANGES = (
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
    ("POST", "/api/v1/session"),
    ("DELETE", "/api/v1/session"),
    ("POST", "/environment/alerts/none/acknowledge"),
    ("POST", "/api/v1/alerts/none/acknowledge"),
)


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
def test_a_change_from_another_site_is_refused(deputy: httpx.Client, origin: str) -> None:
    """Every address that changes something looks at Origin."""
    headers = {"Origin": origin}
    answers = [deputy.request(method, path, headers=headers) for method, path in CHANGES]
    assert {answer.status_code for answer in answers} == {403}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_given_no_origin_when_a_browser_says_that_another_site_asks_then_it_is_refused(
    deputy: httpx.Client, site: str
) -> None:
    """A browser that hides its Origin says at least this."""
    headers = {"Sec-Fetch-Site": site}
    answers = [deputy.request(method, path, headers=headers) for method, path in CHANGES]
    assert {answer.status_code for answer in answers} == {403}
    ours = {"Sec-Fetch-Site": "same-origin"}
    assert deputy.post("/sign-out", headers=ours).status_code == 303


def test_a_change_from_our_own_page_passes(deputy: httpx.Client, address: str) -> None:
    """The browser sends our own origin."""
    answer = deputy.post("/sign-out", headers={"Origin": address})
    assert answer.headers["location"] == "/sign-in"
    assert deputy.get("/environment/").status_code == 303


def test_a_session_ends_by_signing_out(deputy: httpx.Client) -> None:
    """The old token opens nothing afterwards."""
    (token,) = deputy.cookies.items()
    assert deputy.delete("/api/v1/session").status_code == 204
    deputy.cookies.set(*token)
    assert deputy.get("/api/v1/session").status_code == 401


def test_a_session_ends_by_itself(centre: RunningCentre, deputy: httpx.Client) -> None:
    """After a week without a request a session is none; the page says so, and keeps where one
    was.
    """
    centre.clock.now_ms += IDLE_MS
    assert deputy.get("/api/v1/session").status_code == 401
    led = deputy.get("/environment/alerts?show=firing").headers["location"]
    assert led == "/sign-in?to=/environment/alerts%3Fshow%3Dfiring&why=expired"
    page = deputy.get(led)
    assert "登录已过期" in page.text
    assert 'value="/environment/alerts?show=firing"' in page.text


def test_what_is_sent_after_the_session_ended_is_said_to_be_lost(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """And one is led back to the page on which the form stood, if that is ours."""
    centre.clock.now_ms += IDLE_MS
    form = "/environment/alerts/x/acknowledge"
    ours = {"Referer": f"{deputy.base_url}/environment/alerts/x?from=list"}
    led = deputy.post(form, headers=ours).headers["location"]
    assert led == "/sign-in?to=/environment/alerts/x%3Ffrom%3Dlist&why=unsaved"
    assert "没有保存" in deputy.get(led).text
    foreign = {"Referer": "https://evil.example/alerts/x"}
    assert deputy.post(form, headers=foreign).headers["location"] == "/sign-in?to=/&why=unsaved"


@pytest.mark.parametrize(
    "body",
    [
        {"username": 7, "password": "x"},
        {"username": "x", "password": False},
        {"username": "x", "password": "y", "more": 1},
        {"username": "", "password": "y"},
        {"username": "x"},
        [],
    ],
)
def test_a_loose_body_is_refused(stranger: httpx.Client, body: object) -> None:
    """Models are strict: no guessing of types, no unknown fields."""
    assert stranger.post("/api/v1/session", json=body).status_code == 422


def test_who_answers_the_person_signed_in(deputy: httpx.Client) -> None:
    """Name and roles of the account."""
    assert deputy.get("/api/v1/session").json() == {
        "username": "daibiao",
        "name": "陈明",
        "roles": ["deputy"],
        "acting": None,
    }


def test_given_an_account_that_was_changed_when_the_centre_starts_again_then_it_stands(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """People of the file are a seed: name, role, password and session are those of the database."""
    with centre.services.state.begin() as connection:
        renamed = sa.update(ACCOUNT).where(ACCOUNT.c.username == "daibiao")
        connection.execute(renamed.values(name="陈明远"))
        changed = sa.update(ROLE_GRANT).where(ROLE_GRANT.c.username == "daibiao")
        connection.execute(changed.values(role="officer"))
    seed = Newcomer("daibiao", "陈明", ("deputy",))
    enrol(centre.services.state, [seed], {"daibiao": "another"}, NOW_MS)
    who = deputy.get("/api/v1/session").json()
    assert (who["name"], who["roles"]) == ("陈明远", ["officer"])
    assert deputy.post("/api/v1/session", json=RIGHT).status_code == 204


def test_given_an_account_that_the_file_does_not_name_when_the_centre_starts_again_then_it_is_kept(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Whoever was made elsewhere, or was struck from the file; new people of it are added."""
    enrolled_now(centre, Newcomer("xinren", "王芳", ("deputy",)), "one of her own")
    assert deputy.get("/api/v1/session").status_code == 200
    body = {"username": "xinren", "password": "one of her own"}
    assert deputy.post("/api/v1/session", json=body).status_code == 204
    assert deputy.get("/api/v1/session").json()["name"] == "王芳"


def test_given_two_processes_that_enrol_at_once_then_the_first_account_stands(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Neither fails; the second finds it when it writes."""
    people = People(centre.services.state)
    with centre.services.state.begin() as connection:
        assert not people.add(connection, "daibiao", "别人", "", OWN)
    assert deputy.get("/api/v1/session").json()["name"] == "陈明"


def test_given_an_account_that_is_disabled_while_its_password_is_looked_at_then_nobody_is_let_in(
    centre: RunningCentre, stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No session begins behind the one that ended all."""
    original = passwords._check

    def disabled_meanwhile(password_hash: str | None, password: str) -> passwords.Checked:
        with centre.services.state.begin() as connection:
            People(centre.services.state).put(connection, "daibiao", disabled_ms=1)
        return original(password_hash, password)

    monkeypatch.setattr(passwords, "_check", disabled_meanwhile)
    assert stranger.post("/api/v1/session", json=RIGHT).status_code == 401


def test_whoever_signs_in_again_has_a_new_token_and_the_one_before_is_none(
    deputy: httpx.Client, stranger: httpx.Client
) -> None:
    """Of this browser; 256 bits, drawn each time."""
    before = deputy.cookies["qingyuan_session"]
    assert deputy.post("/api/v1/session", json=RIGHT).status_code == 204
    after = deputy.cookies["qingyuan_session"]
    assert {len(before), len(after)} == {43}
    assert before != after
    stranger.cookies.set("qingyuan_session", before)
    assert stranger.get("/api/v1/session").status_code == 401
    assert deputy.get("/api/v1/session").status_code == 200


def test_a_password_of_ones_own_has_no_end(centre: RunningCentre, stranger: httpx.Client) -> None:
    """Nobody is made to change it by the calendar."""
    centre.clock.now_ms += 1000 * DAY_MS
    assert stranger.post("/api/v1/session", json=RIGHT).status_code == 204
    assert stranger.get("/environment/").status_code == 200


def test_neither_passwords_nor_tokens_are_logged(
    deputy: httpx.Client, stranger: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is logged, right or wrong."""
    caplog.set_level("DEBUG")
    stranger.post("/api/v1/session", json=WRONG | {"password": "never-to-be-logged"})
    stranger.post("/sign-in", data=RIGHT)
    deputy.get("/environment/")
    assert "never-to-be-logged" not in caplog.text
    assert RIGHT["password"] not in caplog.text
    assert deputy.cookies["qingyuan_session"] not in caplog.text
