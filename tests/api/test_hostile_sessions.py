"""Sessions in hostile hands: nothing opens before its step, and nothing lasts beyond its right."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import httpx
import pyotp
import pytest
import sqlalchemy as sa

from api import live
from api.accounts.credentials import passwords
from api.accounts.credentials.second_factor import STEP_MS
from api.accounts.factor import SecondFactor
from api.accounts.limits import MOST_FAILURES, MOST_OF_ADDRESS
from api.accounts.records import Grant, Span
from api.accounts.repositories.people import People
from api.accounts.repositories.tokens import Tokens
from api.accounts.sign_in import hash_of
from api.accounts.staffing import appointments, departures
from api.tables import DELEGATION, ROLE_GRANT, SESSION, TOKEN
from config.site_key import SiteKey
from config.vocabulary.time import DAY_MS, HOUR_MS, day_of
from tests.api import administering
from tests.api.conftest import BOTH, PASSWORDS, RunningCentre, entered
from tests.api.test_access_walk import VALUES, written
from tests.api.test_live import SIGNED_OUT, events

pytestmark = pytest.mark.parametrize("kind", BOTH)
ADMINISTRATOR = {"username": "guanli", "password": PASSWORDS["guanli"]}
STEPS = ("code", "change", "enrol")
MIDNIGHT_MS = 12 * HOUR_MS
"""From the noon at which the house's clock begins."""


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """王芳, who acts for 陈明."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "lianluo")
        assert (
            client.post("/api/v1/session/act-for", json={"deputy": "daibiao"}).status_code == 204
        )
        yield client


def put(centre: RunningCentre, table: sa.Table, **values: object) -> None:
    """Change every row of a table."""
    with centre.services.state.begin() as connection:
        connection.execute(sa.update(table).values(values))


def factor_of(centre: RunningCentre) -> SecondFactor:
    """The second factors of the site."""
    return SecondFactor(centre.services.state, centre.services.site_key.of("second-factor"))


def set_up(centre: RunningCentre, username: str = "guanli") -> tuple[str, tuple[str, ...]]:
    """Give somebody a second factor: its secret, and the recovery codes."""
    factor, now_ms = factor_of(centre), centre.clock.now_ms
    pending = factor.begin(username, now_ms)
    code = pyotp.TOTP(pending.secret).generate_otp(now_ms // STEP_MS)
    with factor.state.begin() as connection:
        return pending.secret, factor.finish(connection, username, pending, code, now_ms)


def tokened(centre: RunningCentre, *permissions: str) -> dict[str, str]:
    """The header of a machine that has a token with these permissions."""
    now_ms, state = centre.clock.now_ms, centre.services.state
    values = (hash_of("s"), "display", permissions, "", "huanbao", now_ms, now_ms + DAY_MS)
    with state.begin() as connection:
        Tokens(state).add(connection, *values)
    return {"Authorization": "Bearer s"}


def token(client: httpx.Client) -> str:
    """The session's."""
    (found,) = client.cookies.values()
    return found


@pytest.mark.parametrize("step", STEPS)
def test_given_a_session_that_waits_for_a_step_then_no_other_route_lets_it_through(
    centre: RunningCentre, deputy: httpx.Client, step: str
) -> None:
    """Pages lead to the step, the API refuses; the door, what is for nobody, and what a signed
    link opens without a session stay open.
    """
    put(centre, SESSION, stage=step)
    own = {f"/sign-in/{step}", f"/api/v1/session/{step}"}
    asked = [
        row
        for row, (nobody, *_) in written().items()
        if nobody in ("sign-in", "401") and not row[1].startswith("/e/")
    ]
    let_through = []
    for method, path in asked:
        with deputy.stream(method, path.replace(":path}", "}").format(**VALUES)) as answer:
            led = answer.headers.get("location", "").startswith(f"/sign-in/{step}?to=")
            if not led and answer.status_code != 403:
                let_through.append(path)
    assert set(let_through) == own & {path for _, path in asked}


def test_given_wrong_tokens_before_a_token_ends_then_its_stream_ends_all_the_same(
    centre: RunningCentre, stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever fills the meter of wrong tokens first is out all the same."""
    monkeypatch.setattr(live, "BEAT_S", 0.05)
    machine = tokened(centre)
    with stranger.stream("GET", "/api/v1/live", headers=machine) as stream:
        heard = events(stream.iter_lines())
        assert next(heard)[0] == "beat"
        for _ in range(MOST_OF_ADDRESS):
            wrong = stranger.get("/api/v1/stations", headers={"Authorization": "Bearer wrong"})
            assert wrong.status_code == 401
        put(centre, TOKEN, ended_ms=centre.clock.now_ms)
        assert next(each for each in islice(heard, 200) if each[0] != "beat") == SIGNED_OUT


@pytest.mark.parametrize("step", STEPS)
def test_given_a_machines_token_then_no_page_knows_it(
    centre: RunningCentre, stranger: httpx.Client, step: str
) -> None:
    """Nor has it steps, nor does it act for anybody."""
    stranger.headers.update(tokened(centre))
    for path in ("/environment/", "/docs", "/openapi.json", "/acting", f"/sign-in/{step}"):
        assert stranger.get(path).status_code in (303, 401)
    assert stranger.post(f"/api/v1/session/{step}", json={}).status_code == 409
    acting = stranger.post("/api/v1/session/act-for", json={"deputy": "daibiao"})
    assert acting.status_code == 403


def test_given_a_clerk_who_listens_when_the_delegation_ends_then_the_stream_ends(
    centre: RunningCentre, clerk: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page asks anew, as the person who sits before it: nobody hears on for a deputy."""
    monkeypatch.setattr(live, "BEAT_S", 0.05)
    centre.clock.now_ms += MIDNIGHT_MS - HOUR_MS
    assert clerk.get("/api/v1/session").json()["acting"] == "lianluo"
    put(centre, DELEGATION, until_day=day_of(centre.clock.now_ms))
    with clerk.stream("GET", "/api/v1/live") as stream:
        heard = events(stream.iter_lines())
        assert next(heard)[0] == "beat"
        centre.clock.now_ms += HOUR_MS - 1
        assert next(heard)[0] == "beat"
        centre.clock.now_ms += 1
        assert next(each for each in islice(heard, 200) if each[0] != "beat") == SIGNED_OUT


def test_given_somebody_who_listens_when_the_role_ends_then_the_stream_ends(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role has its last day, and with it the alerts that it let hear."""
    monkeypatch.setattr(live, "BEAT_S", 0.05)
    put(centre, ROLE_GRANT, until_day=day_of(centre.clock.now_ms))
    with deputy.stream("GET", "/api/v1/live") as stream:
        heard = events(stream.iter_lines())
        assert next(heard)[0] == "beat"
        centre.clock.now_ms += MIDNIGHT_MS
        assert next(each for each in islice(heard, 200) if each[0] != "beat") == SIGNED_OUT


def test_given_a_role_that_begins_tomorrow_then_a_session_of_today_does_not_have_it(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """It demands more of a session: a second factor, and a sooner end."""
    tomorrow = Span(day_of(centre.clock.now_ms + DAY_MS), None)
    with centre.services.state.begin() as connection:
        grant = Grant("administrator", span=tomorrow)
        People(centre.services.state).grant(connection, "daibiao", grant)
    entered(deputy, "daibiao")
    centre.clock.now_ms += MIDNIGHT_MS - 1
    assert deputy.get("/api/v1/session").json()["roles"] == ["deputy"]
    centre.clock.now_ms += 1
    assert deputy.get("/api/v1/session").status_code == 401


def test_given_a_role_that_begins_tomorrow_when_it_is_given_then_open_sessions_end_there(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """They were opened by somebody who did not have it."""
    tomorrow = Span(day_of(centre.clock.now_ms + DAY_MS), None)
    by = administering.authority(centre, "guanli")
    appointments.give_role(by, "daibiao", Grant("administrator", span=tomorrow))
    centre.clock.now_ms += MIDNIGHT_MS - 1
    assert deputy.get("/api/v1/session").json()["roles"] == ["deputy"]
    centre.clock.now_ms += 1
    assert deputy.get("/api/v1/session").status_code == 401


def test_given_a_successor_whose_roles_begin_tomorrow_then_open_sessions_end_there(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The auditor leaves with today, and the deputy succeeds."""
    today = day_of(centre.clock.now_ms)
    departures.leave(administering.authority(centre, "guanli"), "shenji", today, "daibiao")
    centre.clock.now_ms += MIDNIGHT_MS
    assert deputy.get("/api/v1/session").status_code == 401
    entered(deputy, "daibiao")
    assert deputy.get("/api/v1/session").json()["roles"] == ["deputy", "auditor"]


def test_given_a_second_sign_in_in_one_browser_then_the_session_of_before_has_ended(
    stranger: httpx.Client,
) -> None:
    """Its token is in nobody's hands that should have it."""
    entered(stranger, "daibiao")
    before = token(stranger)
    entered(stranger, "daibiao")
    stranger.cookies.set(next(iter(stranger.cookies)), before)
    assert stranger.get("/api/v1/session").status_code == 401


def test_given_a_second_factor_set_up_while_a_password_is_compared_then_nobody_comes_in(
    centre: RunningCentre, stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has but the password does not come in just before it."""
    compare = passwords.check

    def meanwhile(password_hash: str | None, password: str, by: str) -> passwords.Checked:
        set_up(centre)
        return compare(password_hash, password, by)

    monkeypatch.setattr(passwords, "check", meanwhile)
    assert stranger.post("/api/v1/session", json=ADMINISTRATOR).status_code == 401


@pytest.mark.parametrize("change", ["disabled_ms", "password_hash"])
def test_given_an_account_that_changes_while_a_password_is_compared_then_nobody_comes_in(
    centre: RunningCentre, stranger: httpx.Client, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A change ends the sessions that there are; none comes behind it."""
    compare = passwords.check

    def meanwhile(password_hash: str | None, password: str, by: str) -> passwords.Checked:
        with centre.services.state.begin() as connection:
            value = {"disabled_ms": 1, "password_hash": passwords.hashed("another")}[change]
            People(centre.services.state).put(connection, "guanli", **{change: value})
        return compare(password_hash, password, by)

    monkeypatch.setattr(passwords, "check", meanwhile)
    assert stranger.post("/api/v1/session", json=ADMINISTRATOR).status_code == 401


def test_given_wrong_passwords_for_a_made_up_name_then_no_ones_code_waits(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """Whoever has no password cannot fill the meter of somebody's codes."""
    secret, _ = set_up(centre)
    made_up = {"username": "guanli code", "password": "wrong"}
    for _ in range(MOST_FAILURES):
        assert stranger.post("/api/v1/session", json=made_up).status_code == 401
    stranger.post("/api/v1/session", json=ADMINISTRATOR)
    centre.clock.now_ms += STEP_MS
    code = pyotp.TOTP(secret).generate_otp(centre.clock.now_ms // STEP_MS)
    assert stranger.post("/api/v1/session/code", json={"code": code}).status_code == 200


def test_given_a_password_in_wrong_hands_then_no_new_browser_gives_more_codes_to_try(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """Each sign-in gives a browser its mark, and none of them a meter of its own for codes."""
    secret, _ = set_up(centre)
    for _ in range(MOST_FAILURES):
        stranger.cookies.clear()
        stranger.post("/sign-in", data=ADMINISTRATOR)
        assert stranger.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    stranger.cookies.clear()
    stranger.post("/sign-in", data=ADMINISTRATOR)
    centre.clock.now_ms += STEP_MS
    code = pyotp.TOTP(secret).generate_otp(centre.clock.now_ms // STEP_MS)
    assert stranger.post("/sign-in/code", data={"code": code}).status_code == 429


def test_given_a_volley_of_wrong_passwords_from_ones_address_then_the_code_does_not_wait(
    centre: RunningCentre, stranger: httpx.Client, address: str
) -> None:
    """A browser that is known comes past the password, and past the code too."""
    secret, _ = set_up(centre)
    stranger.post("/sign-in", data=ADMINISTRATOR)
    with httpx.Client(base_url=address, timeout=60) as other:
        for number in range(MOST_OF_ADDRESS):
            body = {"username": f"nobody-{number}", "password": "wrong"}
            assert other.post("/api/v1/session", json=body).status_code == 401
    assert stranger.post("/sign-in", data=ADMINISTRATOR).status_code == 303
    centre.clock.now_ms += 1
    code = pyotp.TOTP(secret).generate_otp(centre.clock.now_ms // STEP_MS + 1)
    assert stranger.post("/sign-in/code", data={"code": code}).status_code == 303


@pytest.mark.parametrize("to", ["/\t/evil.example", "/\n/evil.example", "/\r\\evil.example"])
def test_given_signs_that_a_browser_leaves_out_of_addresses_then_no_link_leads_away(
    centre: RunningCentre, stranger: httpx.Client, to: str
) -> None:
    """Without them two slashes would follow each other (URL Standard, 4.4)."""
    _, codes = set_up(centre)
    stranger.post("/sign-in", data=ADMINISTRATOR)
    answer = stranger.post("/sign-in/code", data={"code": codes[0], "to": to})
    assert 'class="primary" href="/"' in answer.text


def test_given_another_site_key_then_a_recovery_code_still_opens(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """It needs no key; the page of an app's code names who can help."""
    _, codes = set_up(centre)
    object.__setattr__(centre.services, "site_key", SiteKey(bytes(32)))
    stranger.post("/sign-in", data=ADMINISTRATOR)
    refused = stranger.post("/sign-in/code", data={"code": "000000"})
    assert (refused.status_code, "请联系系统管理员重置第二验证" in refused.text) == (422, True)
    assert stranger.post("/sign-in/code", data={"code": codes[0]}).status_code == 200
    assert stranger.get("/environment/operations").status_code == 200
