"""Notifications in Chromium: allowed on the page, shown by the service worker, opened by a click.

``PushManager.subscribe`` asks the push service of the browser's maker, which no test reaches: a
double gives its keys, and DevTools deliver what it would deliver.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from playwright.sync_api import Browser, BrowserContext, Page, Worker, expect

from alerting.channels.protocol import Outgoing, Taken
from alerting.channels.push import made, payload
from api.accounts.repositories.subscriptions import of
from config.settings import ChannelSettings
from qingyuan.runtime.page_server import served
from tests.api.conftest import (  # noqa: F401
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    kind,
    light_hashes,
    roster,
    settings,
)
from tests.browser.conftest import PHONE, ROOT, assert_fits_and_has_no_barrier
from tests.channels.outgoings import surroundings
from tests.channels.providers import Reply, provider
from tests.channels.push_service import Browser as Receiver
from tests.conftest import free_port

CHANNEL = ChannelSettings("phones", "push", url="mailto:admin@example.org")
ALARM = Outgoing(
    key="17:daibiao",
    addresses=(),
    kind="fired",
    title="【警报】通吕运河氨氮超标",
    text="",
    short="通吕运河平潮站氨氮 2.5 mg/L，超过Ⅲ类",
    link="/environment/alerts",
    at_ms=0,
    language="zh-CN",
    data={"level": "alarm", "entries": [{"kind": "begun", "event": "e-42"}]},
)
DOUBLE = """
([endpoint, keys]) => {
  const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
  const url = (bytes) => text(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const bytes = (base64) => Uint8Array.from(
    atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)).buffer;
  const made = (options) => ({
    endpoint,
    options,
    toJSON: () => ({ endpoint, expirationTime: null, keys }),
    unsubscribe: async () => localStorage.removeItem("double"),
  });
  PushManager.prototype.subscribe = async function (options) {
    if (!endpoint) throw new DOMException("push service not available", "AbortError");
    localStorage.setItem("double", url(options.applicationServerKey));
    return made(options);
  };
  PushManager.prototype.getSubscription = async function () {
    const key = localStorage.getItem("double");
    return key && made({ applicationServerKey: bytes(key) });
  };
}
"""
"""Stands for the push service of the browser's maker."""


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def address(centre: RunningCentre) -> Iterator[str]:  # noqa: F811
    """Pages of a site that sends notifications to browsers."""
    port = free_port()
    with served(replace(centre.services, channels=(CHANNEL,)), "127.0.0.1", port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone of 陈明's; the inspector's script needs more than the policy of the pages allows."""
    context = browser.new_context(viewport=PHONE, bypass_csp=True, locale="zh-CN")
    yield context
    context.close()


def at_the_page(context: BrowserContext, address: str, endpoint: str, receiver: Receiver) -> Page:
    """陈明 at the page of notifications, with the double of a push service."""
    argument = json.dumps([endpoint, receiver.keys])
    context.add_init_script(f"({DOUBLE})({argument})")
    page = context.new_page()
    page.goto(f"{address}/account/push")
    page.fill("[name=username]", "daibiao")
    page.fill("[name=password]", PASSWORDS["daibiao"])
    page.click("button[type=submit]")
    expect(page.locator("h1")).to_have_text("弹窗提醒")
    return page


def allowed(page: Page) -> Worker:
    """Allow notifications with the button; the service worker of this browser."""
    with page.context.expect_event("serviceworker") as worker:
        page.get_by_role("button", name="允许这个浏览器接收提醒").click()
    expect(page.locator(".done")).to_contain_text("现在可以接收提醒")
    found: Worker = worker.value
    return found


NOTE = """() => {
  const show = ServiceWorkerRegistration.prototype.showNotification;
  self.noted = [];
  self.registration.showNotification = async (title, options) => {
    await show.call(self.registration, title, options);
    self.noted.push({ title, ...options });
  };
}"""
"""A worker that notes each notification once it is shown: to ask Chromium all the time what stands
makes it forget what is on its way.
"""


class DevTools:
    """Delivers push messages to the service worker of a page's origin."""

    def __init__(self, page: Page, worker: Worker) -> None:
        self._page, self._worker = page, worker
        self._origin = page.evaluate("location.origin")
        self._session = page.context.new_cdp_session(page)
        self._found: list[Any] = []
        self._session.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: self._found.extend(event["registrations"]),
        )
        self._session.send("ServiceWorker.enable")
        while not self._found:
            page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        worker.evaluate(NOTE)

    def deliver(self, *messages: str) -> list[dict[str, Any]]:
        """As the browser's push service would, decrypted; the notifications that were shown."""
        self._worker.evaluate("self.noted.length = 0")
        (registration,) = {of["registrationId"] for of in self._found}
        for data in messages:
            given = {"origin": self._origin, "registrationId": registration, "data": data}
            self._session.send("ServiceWorker.deliverPushMessage", given)
        found: list[dict[str, Any]] = []
        while len(found) < len(messages):
            found = self._worker.evaluate("self.noted")
        return found

    @property
    def standing(self) -> dict[str, str]:
        """Title and text of the notifications that are to be seen."""
        script = """async () => {
          const registration = await navigator.serviceWorker.ready;
          const found = await registration.getNotifications();
          return Object.fromEntries(found.map(({ title, body }) => [title, body]));
        }"""
        found: dict[str, str] = self._page.evaluate(script)
        return found


def test_a_deputy_allows_this_browser_gets_an_alarm_there_and_removes_it(
    centre: RunningCentre,  # noqa: F811
    context: BrowserContext,
    address: str,
) -> None:
    """What the channel sends to the double's endpoint is what the service worker shows."""
    context.grant_permissions(["notifications"], origin=address)
    receiver = Receiver()
    with provider(Reply(201)) as service:
        page = at_the_page(context, address, f"{service.url}/send/abc", receiver)
        assert_fits_and_has_no_barrier(page)
        worker = allowed(page)
        expect(page.get_by_text("这个浏览器会收到提醒。")).to_be_visible()
        expect(page.locator("li.row [data-here]")).to_be_visible()
        assert_fits_and_has_no_barrier(page)

        with centre.services.state.read() as connection:
            addresses = of(connection, "daibiao")
        key = centre.services.site_key.of_channel
        channel = made(
            structs.replace(CHANNEL, private=True), replace(surroundings(Path()), key=key)
        )
        assert channel.send(replace(ALARM, addresses=addresses)) == Taken()
        tools = DevTools(page, worker)
        tools.deliver(receiver.decrypted(service.requests[0].body).decode())
        assert tools.standing == {ALARM.title: ALARM.short}

    page.get_by_role("button", name="移除").click()
    expect(page.locator(".done")).to_contain_text("不再接收提醒")
    expect(page.get_by_role("button", name="允许这个浏览器接收提醒")).to_be_visible()


@pytest.fixture
def phone(context: BrowserContext, address: str) -> tuple[Page, Worker, DevTools]:
    """A page whose browser gets notifications, its service worker, and what delivers them."""
    context.grant_permissions(["notifications"], origin=address)
    page = at_the_page(context, address, "https://push.example/send/abc", Receiver())
    worker = allowed(page)
    return page, worker, DevTools(page, worker)


def said(**changes: Any) -> str:
    """A payload as the channel writes it."""
    topic = changes.pop("topic", "t" * 32)
    return payload(replace(ALARM, **changes), topic).decode()


def test_a_newer_message_of_an_event_takes_the_older_ones_place_and_rings(
    phone: tuple[Page, Worker, DevTools],
) -> None:
    """The same once more does not ring again; another event stands beside it."""
    _, _, tools = phone
    other = said(title="另一件事", topic="u" * 32, key="18")
    shown = tools.deliver(
        said(title="一", key="17"), other, said(title="二", key="17"), said(title="三", key="19")
    )
    assert [of["renotify"] for of in shown] == [True, True, False, True]
    assert tools.standing.keys() == {"另一件事", "三"}


def test_a_message_that_cannot_be_read_is_shown_all_the_same(
    phone: tuple[Page, Worker, DevTools],
) -> None:
    """A browser takes the permission back from whoever shows nothing."""
    _, _, tools = phone
    shown = tools.deliver("", "no JSON", "null", "[]", "7", '{"title":"题"}')
    assert [of["title"] for of in shown] == ["清源"] * 5 + ["题"]
    assert {of["data"]["link"] for of in shown} == {"/"}


CLICK = """async () => {
  const done = [];
  self.clients.openWindow = async (href) => void done.push(`opened ${href}`);
  WindowClient.prototype.focus = async function () { done.push(`focused ${this.url}`); };
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification });
  let work;
  event.waitUntil = (promise) => (work = promise);
  self.dispatchEvent(event);
  await work;
  return done.join();
}"""
"""A click of no person may open no window: doubles note what would be opened."""


def test_a_click_opens_what_it_is_about_and_no_other_site(
    phone: tuple[Page, Worker, DevTools], address: str
) -> None:
    """A page that stands open there already is brought to the front."""
    page, worker, tools = phone
    for n, (link, done) in enumerate(
        (
            ("/environment/alerts", f"opened {address}/environment/alerts"),
            (f"{address}/m/abc?d=1", f"opened {address}/m/abc?d=1"),
            (page.url, f"focused {page.url}"),
            ("https://elsewhere.example/", f"opened {address}/"),
            ("//elsewhere.example/", f"opened {address}/"),
            ("javascript:alert(1)", f"opened {address}/"),
            ("https://[", f"opened {address}/"),
            ("", f"opened {address}/"),
        )
    ):
        tools.deliver(said(link=link, topic=str(n)))
        assert worker.evaluate(CLICK) == done
        assert tools.standing == {}


def test_a_browser_that_changes_its_address_by_itself_goes_on_to_be_told(
    centre: RunningCentre,  # noqa: F811
    phone: tuple[Page, Worker, DevTools],
) -> None:
    """Signed in, and with no page that is asked for it."""
    _, worker, _ = phone
    changed = {"endpoint": "https://push.example/send/changed", "keys": Receiver().keys}
    script = """async (changed) => {
      const event = new Event("pushsubscriptionchange");
      event.newSubscription = { toJSON: () => changed };
      let work;
      event.waitUntil = (promise) => (work = promise);
      self.dispatchEvent(event);
      await work;
    }"""
    worker.evaluate(script, changed)
    with centre.services.state.read() as connection:
        endpoints = {json.loads(each)["endpoint"] for each in of(connection, "daibiao")}
    assert changed["endpoint"] in endpoints


class TestStanding:
    """The page says plainly how it stands with this browser."""

    BUTTON = "允许这个浏览器接收提醒"

    def test_given_a_browser_without_push_then_it_says_what_to_do(
        self, context: BrowserContext, address: str
    ) -> None:
        """As in WeChat, or on an iPhone before the pages are on its home screen."""
        context.add_init_script("delete window.PushManager")
        page = context.new_page()
        page.goto(f"{address}/account/push")
        page.fill("[name=username]", "daibiao")
        page.fill("[name=password]", PASSWORDS["daibiao"])
        page.click("button[type=submit]")
        expect(page.get_by_text("添加到主屏幕")).to_be_visible()
        expect(page.get_by_role("button", name=self.BUTTON)).to_be_hidden()
        assert_fits_and_has_no_barrier(page)

    def test_given_a_push_service_out_of_reach_then_it_says_so_and_may_be_tried_again(
        self,
        centre: RunningCentre,  # noqa: F811
        context: BrowserContext,
        address: str,
    ) -> None:
        """As where a country keeps the browser's maker away."""
        context.grant_permissions(["notifications"], origin=address)
        page = at_the_page(context, address, "", Receiver())
        page.get_by_role("button", name=self.BUTTON).click()
        expect(page.get_by_text("没有成功")).to_be_visible()
        expect(page.get_by_role("button", name=self.BUTTON)).to_be_visible()
        assert_fits_and_has_no_barrier(page)
        with centre.services.state.read() as connection:
            assert of(connection, "daibiao") == ()

    def test_given_a_person_who_refused_then_it_says_where_to_change_that(
        self, context: BrowserContext, address: str
    ) -> None:
        """No page may ask a second time."""
        context.add_init_script(
            "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
        )
        page = at_the_page(context, address, "https://push.example/send/abc", Receiver())
        expect(page.get_by_text("您曾拒绝")).to_be_visible()
        expect(page.get_by_role("button", name=self.BUTTON)).to_be_hidden()

    def test_given_a_new_key_of_the_site_then_the_browser_subscribes_anew(
        self, phone: tuple[Page, Worker, DevTools]
    ) -> None:
        """One of before could read nothing that comes."""
        page, _, _ = phone
        expect(page.get_by_text("这个浏览器会收到提醒。")).to_be_visible()
        known = page.evaluate("localStorage.getItem('double')")
        page.evaluate("localStorage.setItem('double', 'BAAA')")
        page.reload()
        page.get_by_role("button", name=self.BUTTON).click()
        expect(page.get_by_text("这个浏览器会收到提醒。")).to_be_visible()
        assert page.evaluate("localStorage.getItem('double')") == known
        expect(page.locator("li.row")).to_have_count(1)
