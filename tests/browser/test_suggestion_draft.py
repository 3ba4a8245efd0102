"""A deputy writes a suggestion on a phone whose network is cut and whose browser is killed: nothing
is lost, and it arrives once.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Error, Page, Playwright, expect, sync_playwright

from api.files import actions as files
from api.platforms.duty.tables import SUGGESTION
from api.ports import Reference
from api.procedures.tables import EVENT
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
from tests.api.duty.suggestion_hands import SECOND, Duty
from tests.browser.conftest import PHONE, ROOT, assert_fits_and_has_no_barrier
from tests.conftest import free_port, need

TITLE = "平潮段河道异味治理"
BODY = "平潮镇通吕运河段每天傍晚有异味，沿岸居民反映强烈。建议查明来源，限期整治，并公开结果。"
MORE = "请在汛期前完成。"
PICTURE = ROOT / "api" / "web" / "static" / "icon-192.png"
KEPT = (
    "caches.open('qingyuan-writing').then(one => one.match('/duty/suggestions/new')).then(Boolean)"
)


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Starts browsers with a profile of their own."""
    with sync_playwright() as found:
        yield found


class Phone:
    """A phone with all that its browser keeps between two starts."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        self._playwright, self._profile = playwright, profile
        self.context = self._started()

    def _started(self) -> BrowserContext:
        return self._playwright.chromium.launch_persistent_context(
            self._profile,
            executable_path=need("chromium"),
            args=["--no-sandbox"],
            viewport=PHONE,
            bypass_csp=True,
            locale="zh-CN",
        )

    def killed_and_started(self) -> None:
        """Its battery is empty, all of a sudden. A browser may lose the cookies of the last half
        minute by that; here it always does.
        """
        name = f"--user-data-dir={self._profile}".encode()
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if name in (folder / "cmdline").read_bytes().split(b"\0"):
                    os.kill(int(folder.name), signal.SIGKILL)
        with contextlib.suppress(Error):
            self.context.close()
        self.context = self._started()
        self.context.clear_cookies()

    def opened(self, address: str) -> Page:
        """A page on it."""
        page = self.context.new_page()
        page.goto(address)
        return page


@pytest.fixture
def phone(playwright: Playwright, tmp_path: Path) -> Iterator[Phone]:
    """A new one."""
    found = Phone(playwright, tmp_path / "profile")
    yield found
    found.context.close()


def written(centre: RunningCentre) -> list[tuple[str, str]]:  # noqa: F811
    """Title and text of every suggestion that the centre has."""
    query = sa.select(SUGGESTION.c.title, SUGGESTION.c.body)
    with centre.services.state.read() as connection:
        return [(row.title, row.body) for row in connection.execute(query)]


def sign_in(page: Page, back: str) -> None:
    """As the deputy, who is led back to where the session was missing."""
    page.fill("[name=username]", "daibiao")
    page.fill("[name=password]", PASSWORDS["daibiao"])
    page.click("button[type=submit]")
    page.wait_for_url(back)


def write(page: Page) -> None:
    """A suggestion with a picture."""
    page.get_by_label("标题").fill(TITLE)
    page.get_by_label("正文").fill(BODY)
    page.get_by_label("图片和文件").set_input_files(PICTURE)
    expect(page.locator("#kept")).to_contain_text("已保存在本机")


def leave(page: Page, new: str) -> None:
    """Whose session has ended is led to where one signs in; whoever signs out leaves no page."""
    page.wait_for_function(KEPT)
    page.context.clear_cookies()
    page.goto(new)
    sign_in(page, new)
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_label("用户名")).to_be_visible()
    page.wait_for_function("caches.has('qingyuan-writing').then(one => !one)")
    page.close()


def test_given_no_network_and_a_dead_battery_then_the_draft_is_there_and_arrives_once(
    phone: Phone,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """The page opens without a network; a picture is kept too. The session has ended meanwhile: it
    waits for the next one. Whatever is typed later is an edit. The page goes with the sign-out.
    """
    port, running = free_port(), ExitStack()
    start = f"http://127.0.0.1:{port}"
    new = f"{start}/duty/suggestions/new"
    running.enter_context(served(centre.services, "127.0.0.1", port))
    page = phone.opened(new)
    sign_in(page, new)
    page.wait_for_function(KEPT)
    assert_fits_and_has_no_barrier(page)

    running.close()
    phone.context.set_offline(True)
    write(page)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("#kept b:visible")).to_contain_text("正在等网络")
    assert_fits_and_has_no_barrier(page)

    phone.killed_and_started()
    phone.context.set_offline(True)
    page = phone.opened(new)
    expect(page.locator("#kept b:visible")).to_contain_text("接着上次写")
    expect(page.get_by_label("标题")).to_have_value(TITLE)
    expect(page.get_by_label("正文")).to_have_value(BODY)
    expect(page.locator("#chosen li")).to_have_count(1)
    assert written(centre) == []

    centre.services.live._closed = False
    with served(centre.services, "127.0.0.1", port):
        phone.context.set_offline(False)
        sign_in(page, new)
        expect(page.locator("#kept b:visible")).to_have_text("已保存。")
        assert written(centre) == [(TITLE, BODY)]
        page.get_by_label("正文").press("Control+End")
        page.get_by_label("正文").type(MORE)
        expect(page.locator("#kept b:visible")).to_contain_text("已保存在本机")
        page.get_by_role("button", name="保存草稿").click()
        expect(page.locator("h1")).to_have_text(TITLE)
        expect(page.locator("#text")).to_contain_text(MORE)
        expect(page.locator("#attachments li")).to_have_count(1)
        assert_fits_and_has_no_barrier(page)
        page.goto(new)
        expect(page.get_by_label("标题")).to_have_value("")
        leave(page, new)
    assert written(centre) == [(TITLE, BODY + MORE)]
    assert len(files.of_subject(centre.services, Reference("duty", "suggestion", "1"))) == 1
    with centre.services.state.read() as connection:
        steps = connection.scalars(sa.select(EVENT.c.step).order_by(EVENT.c.number)).all()
    assert steps == ["write", "edit"]


def test_given_an_earlier_one_that_is_raised_again_then_it_stays_chosen_after_a_dead_battery(
    phone: Phone,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """It is offered while one writes, and both pages name each other in the end."""
    duty, port = Duty(centre), free_port()
    earlier = duty.drafted(SECOND, title="平潮镇通吕运河治理")
    duty.submit(earlier)
    new = f"http://127.0.0.1:{port}/duty/suggestions/new"
    with served(centre.services, "127.0.0.1", port):
        page = phone.opened(new)
        sign_in(page, new)
        page.get_by_label("标题").fill(TITLE)
        page.get_by_label("正文").fill(BODY)
        page.get_by_label("再次提出这一件").check()
        expect(page.locator("#kept b:visible")).to_contain_text("已保存在本机")
        assert_fits_and_has_no_barrier(page)
        phone.killed_and_started()
        page = phone.opened(new)
        sign_in(page, new)
        expect(page.locator("#kept b:visible")).to_contain_text("已保存")
        page.get_by_label("正文").press("Control+End")
        page.get_by_label("正文").type(MORE)
        expect(page.get_by_label("再次提出这一件")).to_be_checked()
        page.get_by_role("button", name="保存草稿").click()
        expect(page.locator("#text")).to_contain_text("再次提出：平潮镇通吕运河治理")
    assert duty.row(str(int(earlier) + 1))["raised_again"] == int(earlier)
