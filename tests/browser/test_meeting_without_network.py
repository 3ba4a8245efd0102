"""A meeting with leave, on phones and a desk: the code is shown and checked without network, and sent
when there is one again.

No camera can be had here: the picture on the phone is read with the reader that the desk's camera
uses, and its text is typed where hand scanners write.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from qingyuan.runtime.page_server import served
from tests.api.conftest import (  # noqa: F401
    NOW_MS,
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    kind,
    light_hashes,
    roster,
    settings,
)
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

READ = """async () => {
  const { decodeQR } = await import(document.getElementById("pass").dataset.prefetch);
  const canvas = document.getElementById("code");
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  return decodeQR({ data, width, height });
}"""


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@contextmanager
def network(centre: RunningCentre, port: int) -> Iterator[None]:  # noqa: F811
    """While it lasts the centre can be reached."""
    with served(centre.services, "127.0.0.1", port):
        yield


def opened(browser: Browser, address: str, who: str, screen: Any, path: str) -> Page:
    """Somebody's screen on a page."""
    page = entered(browser, address, who, PASSWORDS[who], screen, path="/")
    expect(page.locator("h1")).to_be_visible()
    page.goto(address + path)
    return page


def made(clerk: Page) -> int:
    """The clerk makes a meeting of two delegations and sends it; its id."""
    clerk.get_by_role("link", name="新建会议或通知").click()
    clerk.get_by_label("标题").fill("视察平潮污水处理厂")
    clerk.get_by_label("开始时间").fill("2026-11-24T13:00")
    clerk.get_by_label("结束时间").fill("2026-11-24T15:00")
    clerk.get_by_label("地点").fill("平潮镇政府")
    for name in ("邀请单位", "邀请个人"):
        clerk.locator("summary", has_text=name).click()
    clerk.get_by_label("徐慧").check()
    clerk.get_by_label("陈明").check()
    assert_fits_and_has_no_barrier(clerk)
    clerk.get_by_role("button", name="保存草稿").click()
    expect(clerk.get_by_text("会邀请 2 人")).to_be_visible()
    clerk.get_by_role("button", name="发出", exact=True).click()
    expect(clerk.locator(".done")).to_contain_text("已发出")
    assert_fits_and_has_no_barrier(clerk)
    return int(clerk.url.partition("?")[0].rpartition("/")[2])


def leave_is_given(browser: Browser, address: str, clerk: Page, meeting: int) -> None:
    """徐慧 asks for leave on the phone, and the clerk gives it."""
    other = opened(browser, address, "xuhui", PHONE, "/duty/meetings")
    other.locator("#waiting a").click()
    assert_fits_and_has_no_barrier(other)
    other.locator("summary", has_text="请假").click()
    other.get_by_label("请假原因").fill("外地学习")
    other.get_by_role("button", name="请假").click()
    expect(other.locator("#procedure-title")).to_have_text("目前：请假待批")
    clerk.goto(f"{address}/duty/meetings/{meeting}")
    clerk.get_by_role("link", name="徐慧").click()
    clerk.get_by_role("button", name="准假", exact=True).click()
    expect(clerk.locator("#procedure-title")).to_have_text("目前：已准假")
    other.reload()
    expect(other.locator("#procedure-title")).to_have_text("目前：已准假")
    other.context.close()


def attendance(clerk: Page, meeting: int) -> dict[str, str]:
    """By name whether somebody came, as the API tells it."""
    answer = clerk.request.get(
        f"{clerk.url.partition('/duty')[0]}/api/v1/duty/meetings/{meeting}/guests"
    )
    return {of["name"]: of["attendance"] for of in answer.json()}


def answered(browser: Browser, address: str) -> Page:
    """陈明's phone: says to come, and prepares the code."""
    deputy = opened(browser, address, "daibiao", PHONE, "/")
    deputy.get_by_role("link", name="视察平潮污水处理厂").click()
    deputy.get_by_role("button", name="参加").click()
    expect(deputy.locator("#procedure-title")).to_have_text("目前：参加")
    deputy.get_by_role("link", name="出示签到码").click()
    expect(deputy.get_by_text("会场没有网络也能出示")).to_be_visible()
    assert_fits_and_has_no_barrier(deputy)
    return deputy


def ready(clerk: Page, address: str, meeting: int) -> None:
    """The clerk's desk has the list, and the browser the page."""
    clerk.goto(f"{address}/duty/meetings/{meeting}/check-in")
    expect(clerk.locator("#people li")).to_have_count(2)
    kept = "async () => (await caches.open('qingyuan-meetings')).match(location.pathname)"
    clerk.wait_for_function(kept)
    assert_fits_and_has_no_barrier(clerk)


def checked_in_the_hall(deputy: Page, clerk: Page, meeting: int) -> None:
    """Both open their pages again without network; what is no good is refused there."""
    deputy.reload()
    expect(deputy.locator("#code")).to_be_visible()
    expect(deputy.locator("#spoken")).to_contain_text(" ")
    code = deputy.evaluate(READ)
    assert code.startswith(f"QY1:{meeting}:")
    clerk.reload()
    typed = clerk.get_by_label("签到数字")
    for text, says in (
        (code.replace(f"QY1:{meeting}:", f"QY1:{meeting + 1}:"), "这是另一个会议的签到码。"),
        ("https://elsewhere.example/", "这不是签到码。"),
        (code, "陈明 签到成功"),
        (deputy.locator("#spoken").inner_text().replace(" ", ""), "陈明 之前已经签到"),
    ):
        typed.fill(text)
        typed.press("Enter")
        expect(clerk.locator("#outcome")).to_have_text(says)
    waits = "1 条记录保存在这台设备上，联网后自动上传。"
    expect(clerk.locator("#waiting")).to_have_text(waits)
    assert_fits_and_has_no_barrier(clerk)
    clerk.reload()
    expect(clerk.locator("#figures")).to_have_text("到会 1 人，名单共 2 人")


def test_given_no_network_in_the_hall_then_codes_are_shown_and_checked_and_sent_once_later(
    browser: Browser,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """The clocks of phone and desk are a week off, as this machine's is from the centre's: both go
    by the centre's clock.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with network(centre, port):
        clerk = opened(browser, address, "lianluo", DESK, "/duty/meetings/convened")
        meeting = made(clerk)
        leave_is_given(browser, address, clerk, meeting)
        deputy = answered(browser, address)
        ready(clerk, address, meeting)

    checked_in_the_hall(deputy, clerk, meeting)

    sendings: list[Response] = []
    clerk.on("response", lambda of: sendings.append(of) if "check-ins" in of.url else None)
    with network(centre, port):
        clerk.get_by_role("button", name="现在上传").click()
        expect(clerk.locator("#waiting")).to_have_text("都已上传。")
        body = sendings[0].request.post_data_json
        to = f"{address}/api/v1/duty/meetings/{meeting}/check-ins"
        again = clerk.request.post(to, data=body)
        assert [of["outcome"] for of in again.json()] == ["again"]
        assert attendance(clerk, meeting) == {"陈明": "present", "徐慧": "unknown"}
        row = clerk.locator("#people li", has_text="徐慧")
        row.get_by_role("button").click()
        expect(clerk.locator("#outcome")).to_have_text("徐慧 签到成功")
        expect(clerk.locator("#waiting")).to_have_text("都已上传。")
        assert attendance(clerk, meeting)["徐慧"] == "present"
    for page in (clerk, deputy):
        page.context.close()


def test_given_a_picture_of_a_code_then_it_is_worth_nothing_after_a_minute_and_nothing_stays_behind(
    browser: Browser,
    centre: RunningCentre,  # noqa: F811
) -> None:
    """Refused without network, and said to be old; whoever signs out leaves no pass behind."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with network(centre, port):
        clerk = opened(browser, address, "lianluo", DESK, "/duty/meetings/convened")
        meeting = made(clerk)
        deputy = opened(browser, address, "daibiao", PHONE, "/duty/meetings")
        deputy.locator("#waiting a").click()
        deputy.get_by_role("link", name="出示签到码").click()
        expect(deputy.get_by_text("会场没有网络也能出示")).to_be_visible()
        code = deputy.evaluate(READ)
        clerk.goto(f"{address}/duty/meetings/{meeting}/check-in")
        expect(clerk.locator("#people li")).to_have_count(2)
        centre.clock.now_ms = NOW_MS + 90_000
        clerk.get_by_role("button", name="现在上传").click()
        expect(clerk.locator("#list-at")).to_contain_text("12:01")
        clerk.get_by_label("签到数字").fill(code)
        clerk.get_by_label("签到数字").press("Enter")
        expect(clerk.locator("#outcome")).to_contain_text("截图不能用")

        deputy.get_by_role("button", name="退出").click()
        expect(deputy.locator("[name=username]")).to_be_visible()
        left = """async () => {
          const open = indexedDB.open("meetings");
          await new Promise((done) => (open.onsuccess = done));
          const passes = open.result.transaction("passes").objectStore("passes").getAll();
          await new Promise((done) => (passes.onsuccess = done));
          return [passes.result.length, await caches.has("qingyuan-meetings")];
        }"""
        deputy.wait_for_function(f"async () => String(await ({left})()) === '0,false'")
        for page in (clerk, deputy):
            page.context.close()
