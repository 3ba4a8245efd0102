"""A government's own sign-in on pages, at providers that are really run."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import sqlalchemy as sa
from joserfc.jwk import Key

from api.accounts.identities import bind, unbind
from api.accounts.oidc.relying_party import JOURNEY_S, RelyingParty
from api.accounts.records import ALWAYS
from api.accounts.repositories.identities import Identities, Identity
from api.accounts.repositories.people import People
from api.accounts.sign_in import act_for, recognise
from api.audit import Actor
from api.authentication.oidc_pages import BELOW, JOURNEY
from api.tables import AUDIT, SESSION, SIGN_IN
from api.web.public_address import PublicAddress
from config.settings import OidcSettings, Settings
from qingyuan.runtime.page_server import served
from tests.api.conftest import BOTH, PASSWORDS, RunningCentre, entered
from tests.api.identity_provider import (
    CLIENT,
    NAME,
    SECRET,
    SUBJECT,
    IdentityProvider,
    providing,
    rsa,
)
from tests.conftest import free_port

pytestmark = [
    pytest.mark.parametrize("kind", BOTH),
    # of the library that plays a provider, which nothing of ours imports
    pytest.mark.filterwarnings("ignore:.*authlib.jose module is deprecated"),
    pytest.mark.filterwarnings("ignore:get_jwt_config.self, grant. is deprecated"),
]
ADMINISTRATOR = Actor("guanli")
COOKIE = PublicAddress().cookie_of(JOURNEY)
SAID = "此身份没有可以使用的账号"


@pytest.fixture(scope="session")
def key() -> Key:
    """The provider's; drawing it takes long."""
    return rsa("first")


@pytest.fixture
def provider(centre: RunningCentre, key: Key) -> Iterator[IdentityProvider]:
    """One that is honest until told otherwise, with the clock of the house."""
    with providing(centre.clock, key) as found:
        yield found


def standing(
    centre: RunningCentre, issuer: str, port: int, name: str = "江苏政务统一身份认证"
) -> RunningCentre:
    """The same centre, with a second way in."""
    oidc = OidcSettings(issuer=issuer, client_id=CLIENT, client_secret=SECRET, name=name)
    settings = Settings(public_url=f"http://127.0.0.1:{port}", oidc=oidc)
    party = RelyingParty.of(settings, centre.services.site_key)
    public = PublicAddress(settings.public_url)
    services = replace(centre.services, public=public, relying_party=party)
    return replace(centre, services=services)


@pytest.fixture
def pages(centre: RunningCentre, provider: IdentityProvider) -> Iterator[str]:
    """Where the pages answer that have a second way in."""
    port = free_port()
    with served(standing(centre, provider.issuer, port).services, "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def browser(pages: str) -> Iterator[httpx.Client]:
    """Somebody who goes wherever a page leads."""
    with httpx.Client(base_url=pages, timeout=60, follow_redirects=True) as client:
        yield client


@pytest.fixture
def bound(centre: RunningCentre, provider: IdentityProvider) -> Identity:
    """The identity of 陈明, bound by the administrator."""
    identity = Identity(provider.issuer, SUBJECT, "daibiao")
    bind(centre.services.state, ADMINISTRATOR, identity, centre.clock.now_ms)
    return identity


def outcomes(centre: RunningCentre) -> list[tuple[str, str]]:
    """Of the log of sign-ins."""
    query = sa.select(SIGN_IN.c.username, SIGN_IN.c.outcome).order_by(SIGN_IN.c.id)
    with centre.services.state.read() as connection:
        return [tuple(row) for row in connection.execute(query)]


def actions(centre: RunningCentre) -> list[tuple[str, ...]]:
    """Of the audit: who did what to whom."""
    query = sa.select(AUDIT.c.who, AUDIT.c.action, AUDIT.c.subject, AUDIT.c.detail)
    with centre.services.state.read() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(AUDIT.c.id))]


def test_given_no_second_way_in_then_neither_button_nor_addresses_are_there(
    stranger: httpx.Client, deputy: httpx.Client
) -> None:
    """As it is where nothing is set."""
    assert BELOW not in stranger.get("/sign-in").text
    assert stranger.get(BELOW).status_code == 404
    assert stranger.get(f"{BELOW}/callback").status_code == 404
    assert deputy.get(f"{BELOW}/binding").status_code == 404


def test_when_somebody_signs_in_at_the_provider_then_the_page_that_was_wanted_opens(
    browser: httpx.Client, centre: RunningCentre, bound: Identity
) -> None:
    """From the button of the sign-in page on; session, log and audit say by what means."""
    wanted = "/environment/alerts?show=all&q=氨氮"
    page = browser.get(wanted)
    assert "使用江苏政务统一身份认证登录" in page.text
    (button,) = re.findall(rf'href="({BELOW}[^"]+)"', page.text)
    opened = browser.get(button)
    assert opened.status_code == 200
    assert opened.url.path == "/environment/alerts"
    assert opened.url.params["q"] == "氨氮"
    assert browser.get("/api/v1/session").json()["username"] == "daibiao"
    assert COOKIE not in browser.cookies
    assert outcomes(centre) == [("daibiao", "signed-in")]
    assert actions(centre)[-1] == ("daibiao", "sign-in", "daibiao", "oidc")
    with centre.services.state.read() as connection:
        assert connection.execute(sa.select(SESSION.c.means, SESSION.c.stage)).one() == (
            "oidc",
            "",
        )


def test_given_a_provider_of_another_house_then_the_whole_way_works_with_it(
    centre: RunningCentre,
) -> None:
    """`oidc-provider-mock`, with its page on which a person agrees."""
    import oidc_provider_mock  # noqa: PLC0415 - its import warns

    centre.clock.now_ms = time.time_ns() // 1_000_000
    user = oidc_provider_mock.User(sub="320612-0042", claims={"name": "陈明"})
    port = free_port()
    with (
        oidc_provider_mock.run_server_in_thread(user_claims=[user]) as server,
        served(
            standing(centre, issuer := f"http://localhost:{server.server_port}", port).services,
            "127.0.0.1",
            port,
        ),
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=60, follow_redirects=True
        ) as browser,
    ):
        identity = Identity(issuer, "320612-0042", "daibiao")
        bind(centre.services.state, ADMINISTRATOR, identity, centre.clock.now_ms)
        there = browser.get(f"{BELOW}?to=/environment/alerts")
        assert "Authorize Client" in there.text
        declined = browser.post(there.url, data={"action": "deny"})
        assert declined.status_code == 400  # this provider forgets the state of who declines
        there = browser.get(f"{BELOW}?to=/environment/alerts")
        back = browser.post(there.url, data={"sub": "320612-0042"})
        assert (back.status_code, back.url.path) == (200, "/environment/alerts")


def test_given_an_identity_of_nobody_then_the_page_says_what_to_do(
    browser: httpx.Client, centre: RunningCentre, provider: IdentityProvider
) -> None:
    """Also where its subject is somebody's username; no account comes about by itself."""
    for subject in (SUBJECT, "daibiao", "7" * 255):
        provider.claims = {"sub": subject}
        page = browser.get(f"{BELOW}?to=/environment/alerts")
        assert page.status_code == 403
        assert SAID in page.text
        assert f"身份编号：{subject}" in page.text
        assert 'name="to" value="/environment/alerts"' in page.text
        assert browser.get("/api/v1/session").status_code == 401
    assert outcomes(centre) == [
        (SUBJECT, "unknown-identity"),
        ("daibiao", "unknown-identity"),
        ("7" * 40, "unknown-identity"),
    ]


def test_given_the_same_subject_at_another_issuer_then_it_is_somebody_else(
    browser: httpx.Client, centre: RunningCentre
) -> None:
    """An identity is the pair of both."""
    other = Identity("https://other.example", SUBJECT, "daibiao")
    bind(centre.services.state, ADMINISTRATOR, other, centre.clock.now_ms)
    assert browser.get(BELOW).status_code == 403


def test_given_a_disabled_account_then_it_is_answered_like_an_identity_of_nobody(
    browser: httpx.Client, centre: RunningCentre, bound: Identity
) -> None:
    """Nobody learns which accounts there are."""
    with centre.services.state.begin() as connection:
        People(centre.services.state).put(connection, "daibiao", disabled_ms=centre.clock.now_ms)
    page = browser.get(BELOW)
    assert (page.status_code, SAID in page.text) == (403, True)
    assert outcomes(centre) == [("daibiao", "disabled")]


@pytest.mark.parametrize(
    "to", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/%5Cevil.example", ""]
)
def test_coming_back_leads_to_no_other_site(
    browser: httpx.Client, pages: str, bound: Identity, to: str
) -> None:
    """An address outside becomes the start page, or a page of ours that is not there."""
    opened = browser.get(BELOW, params={"to": to})
    assert str(opened.url).startswith(f"{pages}/")


def test_the_cookie_of_the_journey_is_kept_from_scripts_and_other_sites(
    browser: httpx.Client,
) -> None:
    """It comes back from the provider's site, and ends by itself."""
    sent = browser.get(BELOW, follow_redirects=False)
    parts = sent.headers["set-cookie"].split("; ")
    wanted = {"Path=/", "HttpOnly", "SameSite=lax", f"Max-Age={JOURNEY_S}"}
    assert wanted <= set(parts)
    assert sent.status_code == 303


def way_back(browser: httpx.Client, provider: IdentityProvider) -> str:
    """The address to which the provider sends a browser that has just left."""
    there = browser.get(BELOW, follow_redirects=False).headers["location"]
    return httpx.get(there).headers["location"]


def test_when_somebody_declines_at_the_provider_then_the_page_says_so(
    browser: httpx.Client,
) -> None:
    """And the password may still be tried."""
    there = browser.get(BELOW, follow_redirects=False).headers["location"]
    (state,) = parse_qs(urlsplit(there).query)["state"]
    page = browser.get(f"{BELOW}/callback", params={"error": "access_denied", "state": state})
    assert (page.status_code, "没有确认您的身份" in page.text) == (400, True)


def test_given_the_way_back_of_another_browser_then_nobody_is_let_in(
    browser: httpx.Client, pages: str, provider: IdentityProvider, bound: Identity
) -> None:
    """Otherwise a link would sign somebody in as a stranger."""
    with httpx.Client(base_url=pages, timeout=60) as stranger:
        back = way_back(stranger, provider)
    browser.get(BELOW, follow_redirects=False)
    page = browser.get(back)
    assert (page.status_code, "这次登录没有完成" in page.text) == (400, True)
    assert browser.get("/api/v1/session").status_code == 401


def test_when_a_page_on_the_way_back_is_loaded_twice_then_the_second_opens_nothing(
    browser: httpx.Client, provider: IdentityProvider, bound: Identity
) -> None:
    """Its cookie is gone; with the cookie, the code is."""
    back = way_back(browser, provider)
    cookie = browser.cookies[COOKIE]
    assert browser.get(back).status_code == 200
    browser.post("/sign-out")
    assert browser.get(back).status_code == 400
    browser.cookies.set(COOKIE, cookie)
    assert browser.get(back).status_code == 400
    assert browser.get("/api/v1/session").status_code == 401


def test_when_somebody_comes_back_too_late_then_the_page_says_so(
    browser: httpx.Client, centre: RunningCentre, provider: IdentityProvider, bound: Identity
) -> None:
    """Ten minutes after the button."""
    back = way_back(browser, provider)
    centre.clock.now_ms += (JOURNEY_S + 1) * 1000
    assert browser.get(back).status_code == 400


def test_given_an_answer_that_does_not_hold_then_the_log_says_why(
    browser: httpx.Client,
    provider: IdentityProvider,
    bound: Identity,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The person is told whom to ask, the administrator which claim."""
    provider.claims = {"aud": "somebody-else"}
    page = browser.get(BELOW)
    assert (page.status_code, "答复无法核实" in page.text) == (502, True)
    assert "aud" in caplog.text


def test_while_the_provider_is_away_then_passwords_go_on(
    browser: httpx.Client, provider: IdentityProvider
) -> None:
    """On the same page, on the way there and on the way back."""
    back = way_back(browser, provider)
    provider.fails = True
    page = browser.get(back)
    assert (page.status_code, "目前无法连接" in page.text) == (503, True)
    given = {"username": "daibiao", "password": PASSWORDS["daibiao"]}
    assert browser.post("/sign-in", data=given).status_code == 200
    assert browser.get("/api/v1/session").status_code == 200


def test_given_a_provider_that_never_answered_then_the_button_leads_to_a_page_that_says_so(
    centre: RunningCentre,
) -> None:
    """Nobody listens there."""
    port, nobody = free_port(), free_port()
    away = standing(centre, f"http://127.0.0.1:{nobody}", port, name="")
    with (
        served(away.services, "127.0.0.1", port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as browser,
    ):
        page = browser.get(f"{BELOW}?to=/environment/alerts")
        assert (page.status_code, "统一身份认证目前无法连接" in page.text) == (503, True)
        assert 'name="to" value="/environment/alerts"' in page.text


def offered(browser: httpx.Client) -> dict[str, str]:
    """The hidden fields of the page that asks whether to bind."""
    page = browser.get(f"{BELOW}/binding?to=/environment/alerts")
    assert page.status_code == 200
    assert NAME in page.text
    assert SUBJECT in page.text
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def test_when_a_person_binds_an_identity_then_it_opens_the_account_from_then_on(
    browser: httpx.Client, centre: RunningCentre, provider: IdentityProvider
) -> None:
    """The person sees whose it is, and confirms with the password."""
    fields = offered(entered(browser, "daibiao"))
    done = browser.post(f"{BELOW}/binding", data=fields | {"password": PASSWORDS["daibiao"]})
    assert done.url.path == "/environment/alerts"
    bound = Identity(provider.issuer, SUBJECT, "daibiao")
    assert Identities(centre.services.state).identities_of("daibiao") == (bound,)
    detail = f"{provider.issuer} {SUBJECT}"
    assert actions(centre)[-1] == ("daibiao", "identity.bind", "daibiao", detail)
    browser.post("/sign-out")
    browser.get(BELOW)
    assert browser.get("/api/v1/session").json()["username"] == "daibiao"


def test_given_a_wrong_password_then_nothing_is_bound_and_the_page_asks_again(
    browser: httpx.Client, centre: RunningCentre
) -> None:
    """A session that somebody left open is not enough."""
    fields = offered(entered(browser, "daibiao"))
    page = browser.post(f"{BELOW}/binding", data=fields | {"password": "wrong"})
    assert (page.status_code, "密码不正确" in page.text) == (401, True)
    assert Identities(centre.services.state).identities_of("daibiao") == ()


def test_given_an_identity_of_another_account_then_it_stays_there(
    browser: httpx.Client, centre: RunningCentre, bound: Identity
) -> None:
    """And whose it is is not told."""
    given = offered(entered(browser, "huanbao")) | {"password": PASSWORDS["huanbao"]}
    page = browser.post(f"{BELOW}/binding", data=given)
    assert (page.status_code, "daibiao" in page.text) == (409, False)
    assert Identities(centre.services.state).identities_of("huanbao") == ()


def test_given_a_question_that_was_put_to_somebody_else_then_the_answer_counts_for_nothing(
    browser: httpx.Client, pages: str, centre: RunningCentre
) -> None:
    """Neither a sealed text of another person, nor one that is old or none of ours."""
    fields = offered(entered(browser, "daibiao"))
    with httpx.Client(base_url=pages, timeout=60) as other:
        entered(other, "huanbao")
        given = {"password": PASSWORDS["huanbao"]}
        assert other.post(f"{BELOW}/binding", data=fields | given).status_code == 400
    given = {"password": PASSWORDS["daibiao"]}
    journey = browser.get(f"{BELOW}/binding", follow_redirects=False).cookies[COOKIE]
    for sealed in ("x", journey):
        forged = {"sealed": sealed} | given
        assert browser.post(f"{BELOW}/binding", data=forged).status_code == 400
    centre.clock.now_ms += (JOURNEY_S + 1) * 1000
    assert browser.post(f"{BELOW}/binding", data=fields | given).status_code == 400
    assert Identities(centre.services.state).identities_of("daibiao") == ()


def test_when_somebody_else_signs_in_while_a_person_binds_then_nothing_is_asked(
    browser: httpx.Client,
) -> None:
    """The account that asked is the only one to which the identity may go."""
    there = entered(browser, "daibiao").get(f"{BELOW}/binding", follow_redirects=False)
    back = httpx.get(there.headers["location"]).headers["location"]
    assert entered(browser, "huanbao").get(back).status_code == 400


def test_while_a_clerk_acts_for_a_deputy_then_no_identity_of_the_deputy_can_be_bound(
    browser: httpx.Client, centre: RunningCentre
) -> None:
    """The clerk would keep the way in for ever."""
    services, now_ms = centre.services, centre.clock.now_ms
    with services.state.begin() as connection:
        People(services.state).delegate(connection, "daibiao", "lianluo", ALWAYS)
    name = services.public.cookie
    token = entered(browser, "lianluo").cookies[name]
    clerk = recognise(services.state, services.roles, token, now_ms, active=True)
    assert clerk is not None
    browser.cookies.set(name, act_for(services.state, clerk, "daibiao", now_ms))
    page = browser.get(f"{BELOW}/binding")
    assert (page.status_code, "请先结束代办" in page.text) == (403, True)


def test_a_change_from_another_site_binds_nothing(browser: httpx.Client) -> None:
    """The form is ours alone."""
    fields = offered(entered(browser, "daibiao")) | {"password": PASSWORDS["daibiao"]}
    headers = {"Origin": "http://evil.example"}
    assert browser.post(f"{BELOW}/binding", data=fields, headers=headers).status_code == 403


def test_when_an_identity_is_taken_away_then_its_sessions_end_and_it_opens_nothing(
    browser: httpx.Client, centre: RunningCentre, bound: Identity
) -> None:
    """By the administrator; what was bound to nobody is none to take."""
    state = centre.services.state
    browser.get(BELOW)
    assert browser.get("/api/v1/session").status_code == 200
    other = replace(bound, username="huanbao")
    assert not unbind(state, ADMINISTRATOR, other, centre.clock.now_ms)
    assert unbind(state, ADMINISTRATOR, bound, centre.clock.now_ms)
    assert browser.get("/api/v1/session").status_code == 401
    assert browser.get(BELOW).status_code == 403
    assert actions(centre)[-1][:3] == ("guanli", "identity.unbind", "daibiao")
