"""The pages that everybody who has signed in has: password, devices, display, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
import sqlalchemy as sa

from api.accounts.identities import bind
from api.accounts.limits import MOST_FAILURES
from api.accounts.oidc.relying_party import RelyingParty
from api.accounts.records import ALWAYS
from api.accounts.repositories.identities import Identity
from api.accounts.repositories.people import People
from api.accounts.sign_in import act_for, recognise
from api.audit import Actor
from api.own_account.contacts.records import MOST
from api.tables import AUDIT
from config.settings import OidcSettings, Settings
from qingyuan.runtime.page_server import served
from tests.api.conftest import BOTH, PASSWORDS, RunningCentre, entered
from tests.conftest import free_port

pytestmark = pytest.mark.parametrize("kind", BOTH)
OLD, NEW = PASSWORDS["daibiao"], "三只猫 walk over 7 roofs"
PAGES = ("", "password", "second-factor", "devices", "display", "contacts", "push")
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def elsewhere(address: str) -> Iterator[httpx.Client]:
    """陈明 again, in another browser."""
    with httpx.Client(base_url=address, timeout=60, headers={"User-Agent": SAFARI}) as client:
        yield entered(client, "daibiao")


def written(old: str = OLD, new: str = NEW, again: str = NEW) -> dict[str, str]:
    """The form of the password."""
    return {"username": "daibiao", "password": old, "new": new, "again": again}


def recorded(centre: RunningCentre) -> list[tuple[str, str, str]]:
    """What the audit has of accounts: who, what, and on whose account."""
    query = sa.select(AUDIT.c.who, AUDIT.c.action, AUDIT.c.subject).order_by(AUDIT.c.id)
    with centre.services.state.read() as connection:
        rows = connection.execute(query.where(AUDIT.c.action != "sign-in"))
        return [tuple(row) for row in rows]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_reached_from_the_name_in_the_header(
    deputy: httpx.Client, path: str
) -> None:
    """The name leads to the first page, and that to the others; none is among the platforms."""
    assert '<a class="name" href="/account/"' in deputy.get("/environment/").text
    first = deputy.get("/account/").text
    assert f'href="/account/{path}"' in first
    assert deputy.get(f"/account/{path}").status_code == 200
    platforms = first.partition('class="platforms"')[2].partition("</nav>")[0]
    assert "/environment/" in platforms
    assert "/account/" not in platforms


class TestPassword:
    """Changed by its person."""

    def test_given_the_old_one_and_a_fit_new_one_when_it_is_changed_then_only_it_opens(
        self, centre: RunningCentre, deputy: httpx.Client, stranger: httpx.Client
    ) -> None:
        """The session goes on under a new token; the audit says so and holds no password."""
        before = dict(deputy.cookies)
        answer = deputy.post("/account/password", data=written())
        assert answer.headers["location"] == "/account/password?done=password"
        assert dict(deputy.cookies) != before
        assert "密码已修改" in deputy.get(answer.headers["location"]).text
        for password, status in ((OLD, 401), (NEW, 204)):
            body = {"username": "daibiao", "password": password}
            assert stranger.post("/api/v1/session", json=body).status_code == status
        stranger.cookies.clear()
        old = httpx.get(f"{stranger.base_url}/api/v1/session", cookies=before)
        assert old.status_code == 401
        assert recorded(centre) == [("daibiao", "password.change", "daibiao")]

    def test_other_browsers_are_signed_out(
        self, deputy: httpx.Client, elsewhere: httpx.Client, officer: httpx.Client
    ) -> None:
        """Whoever stole a session loses it; other people's stay."""
        assert deputy.put(
            "/api/v1/account/password", json={"password": OLD, "new": NEW}
        ).is_success
        assert elsewhere.get("/api/v1/session").status_code == 401
        assert deputy.get("/api/v1/session").status_code == 200
        assert officer.get("/api/v1/session").status_code == 200

    @pytest.mark.parametrize(
        ("form", "field", "said"),
        [
            (written(old="wrong"), "password", "当前密码不正确"),
            (written(again="other"), "again", "不一样"),
            (written(new="short", again="short"), "new", "至少要有 10 个字符"),
            (written(new="x" * 129, again="x" * 129), "new", "最多 128 个字符"),
            (written(new="woaini1314", again="woaini1314"), "new", "很容易被猜到"),
            (written(new="daibiao2026", again="daibiao2026"), "new", "用户名"),
        ],
    )
    def test_a_fault_stands_at_its_field_and_no_password_comes_back(
        self, deputy: httpx.Client, form: dict[str, str], field: str, said: str
    ) -> None:
        """And nothing is changed."""
        answer = deputy.post("/account/password", data=form)
        assert answer.status_code == 422
        (fault,) = re.findall(rf'id="wrong-{field}" role="alert">(.+?)</p>', answer.text)
        assert said in fault
        assert f'aria-describedby="wrong-{field}"' in answer.text
        for text in form.values():
            assert text == "daibiao" or f'value="{text}"' not in answer.text
        assert entered(deputy, "daibiao").get("/api/v1/session").status_code == 200

    def test_too_many_wrong_ones_make_one_wait(self, deputy: httpx.Client) -> None:
        """At an open screen nobody guesses on; page and API say how long."""
        for _ in range(MOST_FAILURES):
            assert deputy.post("/account/password", data=written(old="wrong")).status_code == 422
        page = deputy.post("/account/password", data=written())
        program = deputy.put("/api/v1/account/password", json={"password": OLD, "new": NEW})
        assert (page.status_code, program.status_code) == (429, 429)
        assert page.headers["retry-after"] == program.headers["retry-after"] == "38"
        assert "请在 38 秒后再试" in page.text


class TestDevices:
    """The browsers in which somebody has signed in."""

    def test_each_is_named_and_this_one_is_marked(
        self, deputy: httpx.Client, elsewhere: httpx.Client
    ) -> None:
        """By its own words, in the reader's."""
        page = deputy.get("/account/devices").text
        assert page.count('<li class="row">') == 2
        assert "iPhone上的Safari 浏览器" in page
        assert page.count("这台设备") == 1
        english = elsewhere.get("/account/devices", headers={"Accept-Language": "en"}).text
        assert "Safari on an iPhone" in english
        assert len(deputy.get("/api/v1/account/sessions").json()) == 2

    def test_one_is_ended_and_this_one_goes_on(
        self, centre: RunningCentre, deputy: httpx.Client, elsewhere: httpx.Client
    ) -> None:
        """From the page."""
        (other,) = re.findall(
            r'action="(/account/devices/\w{64}/end)"', deputy.get("/account/devices").text
        )
        assert deputy.post(other).headers["location"] == "/account/devices?done=ended"
        assert elsewhere.get("/environment/").headers["location"].startswith("/sign-in")
        assert deputy.get("/environment/").status_code == 200
        assert recorded(centre) == [("daibiao", "session.end", "daibiao")]

    def test_nobody_ends_the_session_of_another(
        self, deputy: httpx.Client, officer: httpx.Client
    ) -> None:
        """Though the id be known."""
        (own,) = officer.get("/api/v1/account/sessions").json()
        assert deputy.delete(f"/api/v1/account/sessions/{own['id']}").status_code == 404
        deputy.post(f"/account/devices/{own['id']}/end")
        assert officer.get("/api/v1/session").status_code == 200

    def test_signing_out_everywhere_ends_all_also_a_clerk_who_acts(
        self, centre: RunningCentre, deputy: httpx.Client, elsewhere: httpx.Client, address: str
    ) -> None:
        """The person sees the clerk among the devices, by name."""
        with httpx.Client(base_url=address, timeout=60) as clerk:
            acting(centre, entered(clerk, "lianluo"))
            assert "代您办理" in deputy.get("/account/devices").text
            out = deputy.post("/account/devices/end")
            assert out.headers["location"] == "/sign-in"
            assert not deputy.cookies
            for client in (deputy, elsewhere, clerk):
                assert client.get("/api/v1/session").status_code == 401


def acting(centre: RunningCentre, clerk: httpx.Client) -> None:
    """The clerk acts for 陈明."""
    state = centre.services.state
    with state.begin() as connection:
        People(state).delegate(connection, "daibiao", "lianluo", ALWAYS)
    services = centre.services
    (name, token) = next(iter(clerk.cookies.items()))
    account = recognise(services.state, services.roles, token, centre.clock.now_ms, active=True)
    assert account is not None
    clerk.cookies.clear()
    clerk.cookies.set(name, act_for(services.state, account, "daibiao", centre.clock.now_ms))


class TestActing:
    """A clerk who acts for a deputy is not at the own account, nor at the deputy's."""

    @pytest.mark.parametrize("path", PAGES)
    def test_no_page_opens(self, centre: RunningCentre, address: str, path: str) -> None:
        """The answer says to end acting first."""
        with httpx.Client(base_url=address, timeout=60) as clerk:
            acting(centre, entered(clerk, "lianluo"))
            answer = clerk.get(f"/account/{path}")
            assert answer.status_code == 403
            assert "请先结束代办" in answer.text
            program = clerk.get("/api/v1/account/sessions")
            assert program.status_code == 403
            assert "end acting" in program.json()["detail"]


class TestDisplay:
    """Language and size of type."""

    def test_a_choice_holds_on_every_page(self, deputy: httpx.Client) -> None:
        """Until it is taken back."""
        deputy.post("/account/display", data={"language": "en", "large_type": "yes"})
        for path in ("/account/display?done=display", "/environment/"):
            assert '<html lang="en" class="large">' in deputy.get(path).text
        assert "display settings are saved" in deputy.get("/account/display?done=display").text
        found = deputy.get("/api/v1/account/display").json()
        assert found == {"language": "en", "large_type": True}
        deputy.post("/account/display", data={"language": ""})
        assert '<html lang="zh-CN">' in deputy.get("/environment/").text

    def test_over_the_api(self, deputy: httpx.Client) -> None:
        """The same."""
        path = "/api/v1/account/display"
        assert deputy.put(path, json={"large_type": True}).status_code == 204
        assert deputy.get(path).json() == {"language": "", "large_type": True}
        assert deputy.put(path, json={"language": "fr"}).status_code == 422


class TestContacts:
    """Addresses to which messages will go."""

    @pytest.mark.parametrize(
        ("kind_of", "value", "kept"),
        [
            ("mobile", " 138 0013-8000 ", "13800138000"),
            ("mobile", "+86 13800138000", "13800138000"),
            ("mobile", "+852 5123 4567", "+85251234567"),
            ("mail", " chen.ming@mail.example.cn ", "chen.ming@mail.example.cn"),
            ("mail", "陈明@例子.中国", "陈明@例子.中国"),
        ],
    )
    def test_an_address_is_kept_in_one_form_and_marked_as_unconfirmed(
        self, centre: RunningCentre, deputy: httpx.Client, kind_of: str, value: str, kept: str
    ) -> None:
        """The page says how it is confirmed; the audit does not hold the address."""
        form = {"kind": kind_of, "value": value, "password": OLD}
        answer = deputy.post("/account/contacts", data=form)
        page = deputy.get(answer.headers["location"]).text
        assert f"<b>{kept}</b>" in page
        assert "未验证" in page
        assert "请用收到的验证码验证" in page
        assert recorded(centre) == [("daibiao", "contact.add", "daibiao")]

    @pytest.mark.parametrize(
        ("kind_of", "value", "said"),
        [
            ("mobile", "", "完整的手机号码"),
            ("mobile", "1380013800", "完整的手机号码"),
            ("mobile", "chen@example.cn", "完整的手机号码"),
            ("mail", "chen", "完整的邮箱地址"),
            ("mail", "chen@example", "完整的邮箱地址"),
            ("mail", "a b@example.cn", "完整的邮箱地址"),
            ("mail", f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 20}.cn", "完整的邮箱地址"),
        ],
    )
    def test_what_is_no_address_comes_back_with_its_words(
        self, deputy: httpx.Client, kind_of: str, value: str, said: str
    ) -> None:
        """And with all that was written but the password."""
        form = {"kind": kind_of, "value": value, "password": OLD}
        answer = deputy.post("/account/contacts", data=form)
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{value}"' in answer.text
        assert OLD not in answer.text
        assert deputy.get("/api/v1/account/contacts").json() == []

    def test_the_password_is_asked_for_before_anything_is_changed(
        self, deputy: httpx.Client
    ) -> None:
        """Adding and removing."""
        added = {"kind": "mobile", "value": "13800138000", "password": OLD}
        path = "/api/v1/account/contacts"
        assert deputy.post(path, json=added | {"password": "wrong"}).status_code == 422
        assert deputy.get(path).json() == []
        (one,) = [deputy.post(path, json=added).json()["id"]]
        wrong = deputy.post(f"{path}/{one}/remove", json={"password": "wrong"})
        assert wrong.status_code == 422
        assert "current password" in wrong.json()["detail"]
        assert len(deputy.get(path).json()) == 1
        page = deputy.post("/account/contacts/remove", data={"contact": one, "password": "wrong"})
        assert 'id="wrong-password-remove"' in page.text
        deputy.post("/account/contacts/remove", data={"contact": one, "password": OLD})
        assert deputy.get(path).json() == []

    def test_one_address_stands_once_and_there_are_six_at_most(self, deputy: httpx.Client) -> None:
        """The remedy is named."""
        path = "/api/v1/account/contacts"
        for n in range(MOST):
            added = {"kind": "mobile", "value": f"1380013800{n}", "password": OLD}
            assert deputy.post(path, json=added).status_code == 201
            assert deputy.post(path, json=added).status_code == 422
        more = {"kind": "mail", "value": "c@example.cn", "password": OLD}
        assert "remove one first" in deputy.post(path, json=more).json()["detail"]

    def test_nobody_removes_the_address_of_another(
        self, deputy: httpx.Client, officer: httpx.Client
    ) -> None:
        """Though its number be known."""
        path = "/api/v1/account/contacts"
        added = {"kind": "mobile", "value": "13800138000", "password": OLD}
        one = deputy.post(path, json=added).json()["id"]
        body = {"password": PASSWORDS["huanbao"]}
        assert officer.post(f"{path}/{one}/remove", json=body).status_code == 422
        assert officer.get(path).json() == []
        assert len(deputy.get(path).json()) == 1


class TestIdentities:
    """Other ways to sign in: a government's own."""

    ISSUER = "https://sso.example"

    def test_given_no_second_way_in_then_there_is_no_page_of_it(
        self, deputy: httpx.Client
    ) -> None:
        """Nor a line that leads there."""
        assert deputy.get("/account/identities").status_code == 404
        assert "/account/identities" not in deputy.get("/account/").text
        assert deputy.get("/api/v1/account/identities").json() == []

    def test_given_one_then_the_page_leads_to_the_provider(self, centre: RunningCentre) -> None:
        """And back to the page."""
        oidc = OidcSettings(issuer=self.ISSUER, client_id="qingyuan", name="江苏政务统一身份认证")
        port = free_port()
        given = Settings(public_url=f"http://127.0.0.1:{port}", oidc=oidc)
        party = RelyingParty.of(given, centre.services.site_key)
        services = replace(centre.services, relying_party=party)
        with (
            served(services, "127.0.0.1", port),
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as deputy,
        ):
            entered(deputy, "daibiao")
            assert 'href="/account/identities"' in deputy.get("/account/").text
            page = deputy.get("/account/identities").text
            assert 'href="/sign-in/oidc/binding?to=/account/identities"' in page
            assert "绑定江苏政务统一身份认证的身份" in page

    def test_an_identity_is_taken_away_with_the_password_and_others_are_signed_out(
        self,
        centre: RunningCentre,
        deputy: httpx.Client,
        elsewhere: httpx.Client,
        officer: httpx.Client,
    ) -> None:
        """Nobody takes away another's."""
        identity = Identity(self.ISSUER, "320612", "daibiao")
        bind(centre.services.state, Actor("guanli"), identity, centre.clock.now_ms)
        form = {"issuer": self.ISSUER, "subject": "320612", "password": OLD}
        api = "/api/v1/account/identities"
        assert "<b>320612</b>" in deputy.get("/account/identities").text
        theirs = form | {"password": PASSWORDS["huanbao"]}
        assert officer.post(f"{api}/unbind", json=theirs).status_code == 422
        wrong = deputy.post("/account/identities/unbind", data=form | {"password": "wrong"})
        assert 'id="wrong-password"' in wrong.text
        assert deputy.get(api).json() == [{"issuer": self.ISSUER, "subject": "320612"}]
        answer = deputy.post("/account/identities/unbind", data=form)
        assert answer.headers["location"] == "/account/identities?done=unbound"
        assert deputy.get(api).json() == []
        assert elsewhere.get("/api/v1/session").status_code == 401
        assert recorded(centre)[-1] == ("daibiao", "identity.unbind", "daibiao")
