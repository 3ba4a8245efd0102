"""The steps of signing in behind the password: a code, a password of one's own, a second factor."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import httpx
import pyotp
import pytest
import sqlalchemy as sa

from api.accounts.credentials import passwords as credentials
from api.accounts.credentials.second_factor import STEP_MS
from api.accounts.enrolment.enrolling import FIRST_PASSWORD_MS, enrol
from api.accounts.enrolment.people import Newcomer
from api.accounts.factor import SecondFactor
from api.accounts.limits import MOST_FAILURES, MOST_OF_SESSION
from api.accounts.repositories.factors import Factors
from api.accounts.sign_in import STAGE_MS
from api.roster import ROSTER, roles_of
from api.tables import ACCOUNT, AUDIT, SESSION, SIGN_IN
from config.vocabulary.time import DAY_MS, HOUR_MS
from tests.api.conftest import BOTH, FOLDER, PASSWORDS, RunningCentre, entered

pytestmark = pytest.mark.parametrize("kind", BOTH)
FIRST, OWN = "given to her once", "seven blue herons cross"
NEWCOMER = {"username": "xinren", "password": FIRST}
ADMINISTRATOR = {"username": "guanli", "password": PASSWORDS["guanli"]}


@dataclass
class Phone:
    """An authenticator, which goes by the house's clock."""

    secret: str
    centre: RunningCentre

    def code(self) -> str:
        """The code that it shows now."""
        return pyotp.TOTP(self.secret).generate_otp(self.centre.clock.now_ms // STEP_MS)

    def next_code(self) -> str:
        """The one that it shows after half a minute."""
        self.centre.clock.now_ms += STEP_MS
        return self.code()


@pytest.fixture
def newcomer(centre: RunningCentre) -> None:
    """王敏, a deputy who has a first password."""
    person, now_ms = Newcomer("xinren", "王敏", ("deputy",)), centre.clock.now_ms
    enrol(centre.services.state, [person], {"xinren": FIRST}, now_ms)


@pytest.fixture
def phone(centre: RunningCentre) -> Phone:
    """That of the administrator, who has a second factor."""
    factor = SecondFactor(centre.services.state, centre.services.site_key.of("second-factor"))
    pending = factor.begin("guanli", centre.clock.now_ms)
    owned = Phone(pending.secret, centre)
    with factor.state.begin() as connection:
        factor.finish(connection, "guanli", pending, owned.code(), centre.clock.now_ms)
    return owned


@pytest.fixture
def strict(centre: RunningCentre) -> None:
    """An administrator must have a second factor, as in a district at work."""
    centre.services = replace(centre.services, roles=roles_of(ROSTER, FOLDER))


def recovery_codes(centre: RunningCentre) -> tuple[str, ...]:
    """Fresh ones of the administrator."""
    factor = SecondFactor(centre.services.state, centre.services.site_key.of("second-factor"))
    with factor.state.begin() as connection:
        return factor.fresh_codes(connection, "guanli")


def token(client: httpx.Client) -> str:
    """The session's."""
    return str(client.cookies["qingyuan_session"])


def log(centre: RunningCentre) -> list[tuple[str, str, int]]:
    """The log of sign-ins: outcome, username and count."""
    with centre.services.state.read() as connection:
        rows = connection.execute(sa.select(SIGN_IN).order_by(SIGN_IN.c.id))
        return [(row.outcome, row.username, row.count) for row in rows]


def audited(centre: RunningCentre) -> list[tuple[str, str]]:
    """Actions of the audit, and who acted."""
    with centre.services.state.read() as connection:
        rows = connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id))
        return [(row.action, row.who) for row in rows]


def ends_ms(centre: RunningCentre) -> int:
    """When the only session ends anyway."""
    with centre.services.state.read() as connection:
        found: int = connection.execute(sa.select(SESSION.c.expires_ms)).scalar_one()
        return found


@pytest.mark.usefixtures("newcomer")
def test_given_a_first_password_when_its_person_signs_in_then_nothing_opens_before_it_is_changed(
    stranger: httpx.Client,
) -> None:
    """Pages lead to the step and keep where one wanted to go; the API names it."""
    asked = stranger.post("/sign-in", data=NEWCOMER | {"to": "/environment/alerts"})
    assert asked.headers["location"] == "/environment/alerts"
    led = stranger.get("/environment/alerts").headers["location"]
    assert led == "/sign-in/change?to=/environment/alerts"
    refused = stranger.get("/api/v1/alerts")
    assert refused.status_code == 403
    assert "POST /api/v1/session/change" in refused.json()["detail"]
    page = stranger.get(led)
    assert "设置自己的密码" in page.text
    assert 'name="to" value="/environment/alerts"' in page.text


@pytest.mark.usefixtures("newcomer")
def test_when_a_password_of_ones_own_is_chosen_then_the_session_is_whole_under_a_new_token(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """One is where one wanted to go; the first password is good for nothing, the new one is."""
    stranger.post("/sign-in", data=NEWCOMER)
    before = token(stranger)
    assert ends_ms(centre) == centre.clock.now_ms + STAGE_MS
    form = {"new": OWN, "again": OWN, "to": "/environment/alerts"}
    answer = stranger.post("/sign-in/change", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/environment/alerts")
    assert token(stranger) != before
    assert ends_ms(centre) == centre.clock.now_ms + 14 * DAY_MS
    assert stranger.get("/environment/alerts").status_code == 200
    stranger.cookies.set("qingyuan_session", before)
    assert stranger.get("/api/v1/session").status_code == 401
    stranger.cookies.clear()
    assert stranger.post("/api/v1/session", json=NEWCOMER).status_code == 401
    assert stranger.post("/api/v1/session", json=NEWCOMER | {"password": OWN}).status_code == 204
    assert stranger.get("/api/v1/session").status_code == 200
    assert ("password.change", "xinren") in audited(centre)


@pytest.mark.usefixtures("newcomer")
def test_given_a_first_password_that_was_used_when_its_person_left_then_it_opens_nothing_again(
    stranger: httpx.Client,
) -> None:
    """It was good for one sign-in: whoever finds the paper later has nothing."""
    assert stranger.post("/api/v1/session", json=NEWCOMER).status_code == 204
    stranger.cookies.clear()
    assert stranger.post("/api/v1/session", json=NEWCOMER).status_code == 401


@pytest.mark.usefixtures("newcomer")
def test_given_a_first_password_that_two_use_at_once_then_one_of_them_comes_in(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have the right one; what counts is who is written first."""
    both = threading.Barrier(2)
    check = credentials.check

    def together(password_hash: str | None, password: str, by: str) -> credentials.Checked:
        found = check(password_hash, password, by)
        both.wait(60)
        return found

    monkeypatch.setattr(credentials, "check", together)

    def sign_in(_: int) -> int:
        with httpx.Client(base_url=address, timeout=20) as client:
            return client.post("/api/v1/session", json=NEWCOMER).status_code

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(sign_in, range(2))) == [204, 401]


@pytest.mark.usefixtures("newcomer")
def test_a_first_password_that_nobody_used_ends_after_two_weeks(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """The log says why, the page does not."""
    centre.clock.now_ms += FIRST_PASSWORD_MS
    assert stranger.post("/api/v1/session", json=NEWCOMER).status_code == 401
    assert log(centre) == [("ended-password", "xinren", 1)]


@pytest.mark.usefixtures("newcomer")
@pytest.mark.parametrize(
    ("new", "again", "field", "said"),
    [
        ("short", "short", "new", "密码至少要有 10 个字符"),
        ("x1" * 65, "x1" * 65, "new", "密码最多 128 个字符"),
        ("passwordpassword", "passwordpassword", "new", "这个密码很容易被猜到"),
        ("xinren123456", "xinren123456", "new", "容易被猜到"),
        (FIRST, FIRST, "new", "不能和临时密码相同"),
        (OWN, "another one than that", "again", "两次输入的新密码不一样"),
    ],
)
def test_a_password_that_does_not_hold_is_refused_at_its_field(
    stranger: httpx.Client, new: str, again: str, field: str, said: str
) -> None:
    """The words say the remedy; over the API too; the session waits on."""
    stranger.post("/sign-in", data=NEWCOMER)
    answer = stranger.post("/sign-in/change", data={"new": new, "again": again, "to": "/docs"})
    assert answer.status_code == 422
    (complaint,) = re.findall(
        r'<p class="wrong" id="wrong-(\w+)" role="alert">(.*?)</p>', answer.text
    )
    assert complaint[0] == field
    assert said in complaint[1]
    assert 'name="to" value="/docs"' in answer.text
    if field == "new":
        refused = stranger.post("/api/v1/session/change", json={"new": new})
        assert (refused.status_code, refused.json()["detail"][:5]) == (422, "new: ")
    assert stranger.post("/api/v1/session/change", json={"new": OWN}).status_code == 204


def test_given_a_second_factor_when_the_password_is_right_then_its_code_is_asked_for(
    centre: RunningCentre, stranger: httpx.Client, phone: Phone
) -> None:
    """With the code one goes on, under a new token, to a whole session."""
    stranger.post("/sign-in", data=ADMINISTRATOR | {"to": "/environment/operations"})
    before = token(stranger)
    led = stranger.get("/environment/operations").headers["location"]
    assert led == "/sign-in/code?to=/environment/operations"
    assert "输入验证码" in stranger.get(led).text
    assert log(centre) == [("begun", "guanli", 1)]
    form = {"code": phone.next_code(), "to": "/environment/operations"}
    answer = stranger.post("/sign-in/code", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/environment/operations")
    assert token(stranger) != before
    assert ends_ms(centre) == centre.clock.now_ms + DAY_MS
    assert stranger.get("/environment/operations").status_code == 200
    assert log(centre)[1:] == [("signed-in", "guanli", 1)]
    assert ("sign-in.app-code", "guanli") in audited(centre)


def test_a_code_that_was_taken_is_not_taken_again(stranger: httpx.Client, phone: Phone) -> None:
    """Whoever looked over a shoulder comes too late."""
    used = phone.next_code()
    for expected in (200, 422):
        stranger.cookies.clear()
        stranger.post("/api/v1/session", json=ADMINISTRATOR)
        answer = stranger.post("/api/v1/session/code", json={"code": used})
        assert answer.status_code == expected


def test_a_recovery_code_passes_once_and_the_page_says_how_many_are_left(
    centre: RunningCentre, stranger: httpx.Client, phone: Phone
) -> None:
    """And leads on to where one wanted to go."""
    code, *_ = recovery_codes(centre)
    stranger.post("/sign-in", data=ADMINISTRATOR)
    answer = stranger.post("/sign-in/code", data={"code": code, "to": "/environment/"})
    assert answer.status_code == 200
    assert "还剩 9 个" in answer.text
    assert 'href="/environment/"' in answer.text
    assert stranger.get("/environment/").status_code == 200
    assert ("sign-in.recovery-code", "guanli") in audited(centre)
    stranger.cookies.clear()
    stranger.post("/sign-in", data=ADMINISTRATOR)
    again = stranger.post("/sign-in/code", data={"code": code})
    assert again.status_code == 422
    assert "验证码不正确或已经用过" in again.text


def test_given_too_many_wrong_codes_then_the_session_that_waited_has_ended(
    centre: RunningCentre, stranger: httpx.Client, phone: Phone
) -> None:
    """Whoever knows the password cannot try codes for a quarter of an hour."""
    stranger.post("/sign-in", data=ADMINISTRATOR)
    answers = [
        stranger.post("/sign-in/code", data={"code": "000000", "to": "/docs"})
        for _ in range(MOST_OF_SESSION)
    ]
    assert {answer.status_code for answer in answers[:-1]} == {422}
    led = answers[-1].headers["location"]
    assert led == "/sign-in?to=/docs&why=codes"
    assert "验证码错误次数过多" in stranger.get(led).text
    late = stranger.post("/sign-in/code", data={"code": phone.next_code()})
    assert late.headers["location"].startswith("/sign-in?")
    assert ("wrong-code", "guanli", MOST_OF_SESSION) in log(centre)


def test_wrong_codes_are_slowed_over_sessions_and_a_right_password_forgives_none(
    centre: RunningCentre, stranger: httpx.Client, phone: Phone
) -> None:
    """The right code waits too; the meter is a person's and an address's."""
    for _ in range(MOST_FAILURES):
        stranger.post("/api/v1/session", json=ADMINISTRATOR)
        stranger.post("/api/v1/session/code", json={"code": "000000"})
    stranger.post("/api/v1/session", json=ADMINISTRATOR)
    right = {"code": phone.code()}
    slowed = stranger.post("/api/v1/session/code", json=right)
    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) > 0
    assert stranger.post("/sign-in/code", data=right).status_code == 429
    centre.clock.now_ms += 60_000
    assert stranger.post("/api/v1/session/code", json={"code": phone.code()}).status_code == 200


@pytest.mark.usefixtures("strict")
def test_given_a_role_that_demands_a_second_factor_then_the_first_sign_in_sets_it_up(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """A picture and a key; with a code of it the recovery codes are shown, and the door opens."""
    stranger.post("/sign-in", data=ADMINISTRATOR | {"to": "/environment/operations"})
    led = stranger.get("/environment/operations").headers["location"]
    assert led == "/sign-in/enrol?to=/environment/operations"
    page = stranger.get(led).text
    assert "<svg" in page
    phone, pending = of_page(page, centre)
    before = token(stranger)
    form = {"pending": pending, "to": "/environment/operations"}
    wrong = stranger.post("/sign-in/enrol", data=form | {"code": "000000"})
    assert wrong.status_code == 422
    assert of_page(wrong.text, centre)[0].secret == phone.secret
    answer = stranger.post("/sign-in/enrol", data=form | {"code": phone.code()})
    assert answer.status_code == 200
    codes = re.findall(r"<li><code>([\w-]+)</code></li>", answer.text)
    assert len(codes) == Factors(centre.services.state).codes_left("guanli") == 10
    assert 'href="/environment/operations"' in answer.text
    assert token(stranger) != before
    assert ends_ms(centre) == centre.clock.now_ms + DAY_MS
    assert stranger.get("/environment/operations").status_code == 200
    assert log(centre)[-1] == ("signed-in", "guanli", 1)
    assert ("second-factor.on", "guanli") in audited(centre)


def of_page(page: str, centre: RunningCentre) -> tuple[Phone, str]:
    """The phone that took the key over, and what the form holds."""
    (secret,) = re.findall(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    (pending,) = re.findall(r'name="pending" value="([^"]+)"', page)
    return Phone(secret.replace(" ", ""), centre), pending


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("pending", ["", "made up"])
def test_a_secret_that_we_did_not_seal_sets_nothing_up(
    centre: RunningCentre, stranger: httpx.Client, pending: str
) -> None:
    """A fresh one is shown."""
    stranger.post("/sign-in", data=ADMINISTRATOR)
    answer = stranger.post("/sign-in/enrol", data={"pending": pending, "code": "000000"})
    assert answer.status_code == 422
    assert "这次设置已经过期" in answer.text
    phone, fresh = of_page(answer.text, centre)
    form = {"pending": fresh, "code": phone.code()}
    assert stranger.post("/sign-in/enrol", data=form).status_code == 200


@pytest.mark.usefixtures("strict")
def test_a_program_sets_a_second_factor_up_too(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """The secret, its address, and the recovery codes."""
    stranger.post("/api/v1/session", json=ADMINISTRATOR)
    shown = stranger.get("/api/v1/session/enrol").json()
    assert pyotp.parse_uri(shown["address"]).secret == shown["secret"]
    body = {"pending": shown["pending"], "code": "000000"}
    assert stranger.post("/api/v1/session/enrol", json=body).status_code == 422
    body["code"] = Phone(shown["secret"], centre).code()
    codes = stranger.post("/api/v1/session/enrol", json=body).json()["recovery_codes"]
    assert len(codes) == 10
    stranger.cookies.clear()
    stranger.post("/api/v1/session", json=ADMINISTRATOR)
    taken = stranger.post("/api/v1/session/code", json={"code": codes[3]})
    assert taken.json() == {"recovery_codes_left": 9}


@pytest.mark.usefixtures("strict")
def test_given_a_first_password_and_a_role_that_demands_more_then_both_steps_follow_each_other(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """Three tokens; where one wanted to go survives; each step opens the next alone."""
    person = Newcomer("xinren", "王敏", ("administrator",))
    enrol(centre.services.state, [person], {"xinren": FIRST}, centre.clock.now_ms)
    stranger.post("/sign-in", data=NEWCOMER)
    tokens = {token(stranger)}
    elsewhere = stranger.get("/sign-in/enrol?to=/docs").headers["location"]
    assert elsewhere.startswith("/sign-in/change?to=")
    form = {"new": OWN, "again": OWN, "to": "/docs"}
    assert stranger.post("/sign-in/change", data=form).headers["location"] == "/docs"
    tokens.add(token(stranger))
    assert ends_ms(centre) == centre.clock.now_ms + STAGE_MS
    assert stranger.get("/docs").headers["location"] == "/sign-in/enrol?to=/docs"
    phone, pending = of_page(stranger.get("/sign-in/enrol?to=/docs").text, centre)
    form = {"pending": pending, "code": phone.code(), "to": "/docs"}
    assert 'href="/docs"' in stranger.post("/sign-in/enrol", data=form).text
    tokens.add(token(stranger))
    assert len(tokens) == 3
    assert stranger.get("/docs").status_code == 200


@pytest.mark.parametrize("step", ["code", "change", "enrol"])
def test_whoever_waits_for_no_step_is_led_on(deputy: httpx.Client, step: str) -> None:
    """To where the address says, of ours; a program is told."""
    on = deputy.get(f"/sign-in/{step}?to=/docs")
    assert (on.status_code, on.headers["location"]) == (303, "/docs")
    assert deputy.get(f"/sign-in/{step}?to=//evil.example").headers["location"] == "/"
    assert deputy.post(f"/api/v1/session/{step}", json={}).status_code == 409


def test_a_session_that_waits_for_a_step_ends_after_a_quarter_of_an_hour(
    centre: RunningCentre, stranger: httpx.Client, phone: Phone
) -> None:
    """The password is asked for again, and then the same page."""
    stranger.post("/sign-in", data=ADMINISTRATOR)
    centre.clock.now_ms += STAGE_MS
    led = stranger.get("/sign-in/code?to=/docs").headers["location"]
    assert led == "/sign-in?to=/sign-in/code%3Fto%3D/docs&why=expired"
    again = stranger.post("/sign-in", data=ADMINISTRATOR | {"to": "/sign-in/code?to=/docs"})
    assert again.headers["location"] == "/sign-in/code?to=/docs"
    answer = stranger.post("/sign-in/code", data={"code": phone.next_code(), "to": "/docs"})
    assert answer.headers["location"] == "/docs"


def test_a_new_password_ends_every_other_session_of_the_person(
    centre: RunningCentre, stranger: httpx.Client, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """Whoever got in with the one of before is out; others are not."""
    with centre.services.state.begin() as connection:
        first = sa.update(ACCOUNT).where(ACCOUNT.c.username == "daibiao")
        connection.execute(first.values(password_kind="first"))
    entered(stranger, "daibiao")
    assert stranger.post("/api/v1/session/change", json={"new": OWN}).status_code == 204
    assert stranger.get("/api/v1/session").status_code == 200
    assert deputy.get("/api/v1/session").status_code == 401
    assert officer.get("/api/v1/session").status_code == 200


def test_a_session_ends_after_its_idle_time_and_after_its_whole_time_by_the_strictest_role(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """An administrator's: four hours without a request, and a day in any case."""
    for _ in range(7):
        centre.clock.now_ms += 3 * HOUR_MS
        assert administrator.get("/api/v1/session").status_code == 200
    centre.clock.now_ms += 3 * HOUR_MS
    assert administrator.get("/api/v1/session").status_code == 401
    entered(administrator, "guanli")
    centre.clock.now_ms += 4 * HOUR_MS
    assert administrator.get("/api/v1/session").status_code == 401


def test_an_open_page_does_not_prolong_a_session(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """Nobody sits before it: neither its asking for live parts nor its stream counts."""
    for _ in range(4):
        centre.clock.now_ms += HOUR_MS - 1
        parts = administrator.get("/environment/", headers={"live-parts": ""})
        assert parts.status_code == 200
        with administrator.stream("GET", "/api/v1/live") as stream:
            assert stream.status_code == 200
    centre.clock.now_ms += 4
    assert administrator.get("/api/v1/session").status_code == 401
