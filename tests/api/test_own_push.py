"""Notifications in browsers: allowed and ended by their person, kept for the channel."""

from __future__ import annotations

import hashlib
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
import sqlalchemy as sa

from alerting.channels.push import public_key
from api.accounts.repositories.readers import Readers
from api.own_account.push.records import MOST
from api.tables import AUDIT
from config.settings import ChannelSettings
from config.site_key import SiteKey
from qingyuan.runtime.page_server import served
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.channels.push_service import Browser

pytestmark = pytest.mark.parametrize("kind", BOTH)
PATH = "/api/v1/account/push"
ENDPOINT = "https://push.example/send/abc"
CHROME = (
    "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/150.0.0.0 Mobile Safari/537.36"
)
SENDS = [ChannelSettings("phones", "push", url="mailto:admin@example.org")]


@pytest.fixture
def centre(centre: RunningCentre) -> RunningCentre:
    """Of a site that sends notifications to browsers."""
    centre.services = replace(centre.services, channels=SENDS)
    return centre


@pytest.fixture
def phone(address: str) -> Iterator[httpx.Client]:
    """陈明 on the phone."""
    with httpx.Client(base_url=address, timeout=10, headers={"User-Agent": CHROME}) as client:
        yield entered(client, "daibiao")


def given(endpoint: str = ENDPOINT, browser: Browser | None = None) -> dict[str, str]:
    """What the page of a browser sends."""
    return {"endpoint": endpoint, **(browser or Browser()).keys}


def kept(centre: RunningCentre, username: str = "daibiao") -> tuple[str, ...]:
    """Addresses of somebody, as the channel gets them."""
    return Readers(centre.services.state, "zh-CN").addresses(username, "push")


class TestAllowing:
    """A browser that its person allows."""

    def test_when_a_browser_is_allowed_then_the_channel_has_its_address_and_the_page_its_name(
        self, centre: RunningCentre, phone: httpx.Client
    ) -> None:
        """The page knows the browser by a digest; nothing shows the address, nor has it the
        audit.
        """
        sent = given()
        answer = phone.post(PATH, json=sent)
        assert answer.status_code == 201
        (address,) = kept(centre)
        assert json.loads(address) == sent
        page = phone.get("/account/push?done=allowed").text
        assert "安卓设备上的Chrome 浏览器" in page
        assert "这个浏览器现在可以接收提醒了" in page
        assert hashlib.sha256(ENDPOINT.encode()).hexdigest() in page
        assert "1 个浏览器接收提醒" in phone.get("/account/").text
        (listed,) = phone.get(PATH).json()
        assert listed == {
            "id": answer.json()["id"],
            "browser": CHROME,
            "created_ms": centre.clock.now_ms,
        }
        assert not any(ENDPOINT in text for text in (page, phone.get(PATH).text))
        with centre.services.state.read() as connection:
            query = sa.select(AUDIT.c.action, AUDIT.c.subject, AUDIT.c.detail)
            rows = connection.execute(query.where(AUDIT.c.action != "sign-in")).all()
        assert [tuple(row) for row in rows] == [("push.add", "daibiao", "")]

    def test_the_page_gives_browsers_the_key_with_which_the_site_signs(
        self, centre: RunningCentre, phone: httpx.Client
    ) -> None:
        """The public half of it, the same in each process."""
        (key,) = re.findall(r'data-key="([\w-]{87})"', phone.get("/account/push").text)
        assert key == public_key(SENDS, SiteKey(centre.services.site_key.secret).of_channel)

    def test_allowing_once_more_keeps_it_once(
        self, centre: RunningCentre, phone: httpx.Client
    ) -> None:
        """With its new keys."""
        for browser in (Browser(), Browser()):
            assert phone.post(PATH, json=given(browser=browser)).status_code == 201
        (address,) = kept(centre)
        assert json.loads(address) == given(browser=browser)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"endpoint": "http://push.example/send/abc"},
            {"endpoint": "ftp://push.example/abc"},
            {"endpoint": "https://"},
            {"endpoint": "https://[push.example/"},
            {"endpoint": "https://push.example/\0"},
            {"endpoint": "https://push.example/a b"},
            {"endpoint": "https://推送.example/"},
            {"endpoint": f"https://push.example/{'a' * 1000}"},
            {"p256dh": "BCVx"},
            {"p256dh": ""},
            {"auth": "BTBZ"},
            {"auth": "*" * 22},
            {"more": "1"},
        ],
    )
    def test_what_is_no_browser_is_refused(
        self, centre: RunningCentre, phone: httpx.Client, wrong: dict[str, str]
    ) -> None:
        """Nothing is kept."""
        assert phone.post(PATH, json=given() | wrong).status_code == 422
        assert kept(centre) == ()

    def test_a_longest_address_fits(self, centre: RunningCentre, phone: httpx.Client) -> None:
        """Those of push services have up to some 500 characters."""
        long = f"https://push.example/{'a' * 979}"
        assert phone.post(PATH, json=given(long)).status_code == 201
        assert json.loads(kept(centre)[0])["endpoint"] == long

    def test_more_than_ten_browsers_are_refused_with_the_remedy(
        self, centre: RunningCentre, phone: httpx.Client
    ) -> None:
        """The page has no button then, and says why."""
        for n in range(MOST):
            assert phone.post(PATH, json=given(f"{ENDPOINT}{n}")).status_code == 201
        refused = phone.post(PATH, json=given())
        assert (refused.status_code, "remove one first" in refused.text) == (422, True)
        page = phone.get("/account/push").text
        assert "data-key" not in page
        assert "请先移除不用的" in page
        again = phone.post(PATH, json=given(f"{ENDPOINT}0"))
        assert again.status_code == 201
        assert len(kept(centre)) == MOST


class TestReaching:
    """Whoever tells people finds the browsers."""

    def test_a_person_with_a_browser_is_reachable_by_push_and_nobody_else_is(
        self, centre: RunningCentre, phone: httpx.Client
    ) -> None:
        """Among all, and asked for alone."""
        readers, now_ms = Readers(centre.services.state, "zh-CN"), centre.clock.now_ms
        phone.post(PATH, json=given())
        reached = [of.username for of in readers.people(now_ms) if "push" in of.reachable]
        assert reached == ["daibiao"]
        for username, known in (("daibiao", True), ("huanbao", False)):
            person = readers.person(username, now_ms)
            assert person is not None
            assert ("push" in person.reachable) == known
        assert readers.addresses("huanbao", "push") == ()


class TestWhose:
    """A browser is one person's at a time."""

    def test_a_browser_goes_over_to_whoever_allows_it_there_last(
        self, centre: RunningCentre, phone: httpx.Client, officer: httpx.Client
    ) -> None:
        """The one before gets nothing there any more."""
        browser = Browser()
        phone.post(PATH, json=given(browser=browser))
        assert officer.post(PATH, json=given(browser=browser)).status_code == 201
        assert kept(centre) == ()
        assert len(kept(centre, "huanbao")) == 1

    def test_nobody_takes_the_browser_of_another_without_its_keys(
        self, centre: RunningCentre, phone: httpx.Client, officer: httpx.Client
    ) -> None:
        """Though the address be known."""
        phone.post(PATH, json=given())
        before = kept(centre)
        assert officer.post(PATH, json=given()).status_code == 422
        assert kept(centre) == before

    def test_nobody_removes_the_browser_of_another(
        self, centre: RunningCentre, phone: httpx.Client, officer: httpx.Client
    ) -> None:
        """Though its number be known."""
        number = phone.post(PATH, json=given()).json()["id"]
        assert officer.delete(f"{PATH}/{number}").status_code == 404
        officer.post(f"/account/push/{number}/remove")
        assert len(kept(centre)) == 1


class TestEnding:
    """By the person, or because the push service says so."""

    def test_a_browser_is_removed_from_the_page_and_over_the_api(
        self, centre: RunningCentre, phone: httpx.Client
    ) -> None:
        """One that is gone meanwhile is as good on the page."""
        first = phone.post(PATH, json=given()).json()["id"]
        second = phone.post(PATH, json=given(f"{ENDPOINT}2")).json()["id"]
        for _ in range(2):
            answer = phone.post(f"/account/push/{first}/remove")
            assert answer.headers["location"] == "/account/push?done=unallowed"
        assert "不再接收提醒" in phone.get(answer.headers["location"]).text
        assert phone.delete(f"{PATH}/{second}").status_code == 204
        assert phone.delete(f"{PATH}/{second}").status_code == 404
        assert kept(centre) == ()

    @pytest.mark.parametrize("number", ["-1", "2147483648", "x"])
    def test_a_number_of_none_is_no_fault_of_ours(self, phone: httpx.Client, number: str) -> None:
        """On page and API."""
        assert phone.delete(f"{PATH}/{number}").status_code == 422
        assert phone.post(f"/account/push/{number}/remove").status_code == 422

    def test_the_channel_says_what_is_gone_and_the_rest_stays(
        self, centre: RunningCentre, phone: httpx.Client
    ) -> None:
        """Addresses of other channels are none of these."""
        for n in range(3):
            phone.post(PATH, json=given(f"{ENDPOINT}{n}"))
        first, second, third = kept(centre)
        unknown = json.dumps(given("https://push.example/unknown"))
        readers = Readers(centre.services.state, "zh-CN")
        readers.forget((first, unknown, "13800138000"))
        readers.forget(())
        assert kept(centre) == (second, third)


def test_given_a_site_that_sends_none_then_the_page_says_so(
    centre: RunningCentre, kind: str
) -> None:
    """And asks nobody for anything."""
    services = replace(centre.services, channels=())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (
        served(services, "127.0.0.1", port),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client,
    ):
        page = entered(client, "daibiao").get("/account/push").text
    assert "还没有开通" in page
    assert "push.js" not in page


class TestInstalling:
    """The pages on a home screen, which iPhones ask for before they notify."""

    def test_every_page_names_the_manifest_and_its_icons_are_there(
        self, phone: httpx.Client, stranger: httpx.Client
    ) -> None:
        """Of the right type and size, for whoever asks; none of them kept without asking again."""
        for page in (phone.get("/account/").text, stranger.get("/sign-in").text):
            assert '<link rel="manifest" href="/manifest.webmanifest">' in page
        answer = stranger.get("/manifest.webmanifest")
        assert answer.headers["content-type"].startswith("application/manifest+json")
        assert answer.headers["cache-control"] == "no-cache"
        manifest = answer.json()
        assert (manifest["name"], manifest["start_url"]) == ("清源", "/")
        for icon in manifest["icons"]:
            picture = stranger.get(icon["src"])
            assert picture.headers["content-type"] == icon["type"] == "image/png"
            width = int.from_bytes(picture.content[16:20], "big")
            assert icon["sizes"] == f"{width}x{width}"

    def test_the_service_worker_stands_at_the_root_and_keeps_nothing_by_itself(
        self, stranger: httpx.Client
    ) -> None:
        """So it may notify for every page; pages that work without a network keep themselves."""
        answer = stranger.get("/service-worker.js")
        assert "javascript" in answer.headers["content-type"]
        assert answer.headers["cache-control"] == "no-cache"
        assert "script-src" not in answer.headers["content-security-policy"]
        assert not re.search(r"\.(put|add|addAll)\(", answer.text)
