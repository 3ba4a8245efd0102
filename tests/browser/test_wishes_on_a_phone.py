"""A deputy on a phone says what to be told, confirms an address, and reads what was told."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, assert_fits_and_has_no_barrier, entered
from tests.channels.mail_servers import Exim
from tests.conftest import free_port, wait_until

ADDRESS = "chen.ming@example.org"
SETTINGS = """
[[channel]]
name = "mail"
kind = "mail"
url = "smtp://127.0.0.1:{port}?from=alarm@example.org&security=none"
private = true
"""


@pytest.fixture(scope="module")
def post() -> Iterator[Exim]:
    """A real server of mail."""
    server = Exim()
    yield server
    server.remove()


@pytest.fixture(scope="module")
def centre(
    post: Exim, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, dict[str, str]]]:
    """A running demonstration that sends mail: its address and passwords."""
    data = tmp_path_factory.mktemp("demo")
    settings = tmp_path_factory.mktemp("settings") / "qingyuan.toml"
    settings.write_text(SETTINGS.format(port=post.bare), encoding="utf-8")
    command = [sys.executable, "-m", "qingyuan", "demo", "--environment-only", "--data", str(data)]
    command += ["--port", str(free_port()), "--settings", str(settings)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            address = running.stdout.readline().strip()
            yield address, json.loads((data / "demo-passwords.json").read_text())
            running.terminate()
            running.communicate(timeout=60)
        finally:
            running.kill()


@pytest.fixture
def deputy(browser: Browser, centre: tuple[str, dict[str, str]]) -> Iterator[Page]:
    """陈明, signed in on a phone."""
    address, passwords = centre
    page = entered(browser, address, "daibiao", passwords["daibiao"])
    page.locator("#stations a").first.wait_for()
    yield page
    page.context.close()


def received(post: Exim, subject: str) -> EmailMessage:
    """The mail to the deputy with this in its subject, once it has come."""
    found: list[EmailMessage] = []

    def there() -> bool:
        found[:] = [
            mail for mail in post._all() if mail["to"] == ADDRESS and subject in mail["subject"]
        ]
        return bool(found)

    wait_until(there, seconds=60)
    return found[0]


def text_of(mail: EmailMessage) -> str:
    """Its plain part."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_deputy_confirms_an_address_wishes_and_reads_what_was_told(
    deputy: Page, centre: tuple[str, dict[str, str]], post: Exim
) -> None:
    """The code comes by mail, and so does the alert; the page keeps both, and the bell is quiet."""
    bell = deputy.locator("#bell")
    bell.click()
    expect(deputy.locator("h1")).to_have_text("我的通知")
    deputy.click(".menu >> text=通知设置")
    heard = deputy.locator("#heard")
    expect(heard).to_contain_text("目前没有能通知到您的方式")
    assert_fits_and_has_no_barrier(deputy)

    heard.locator("text=还不能通过邮件通知您").click()
    deputy.click("label >> text=邮箱")
    deputy.fill("[name=value]", ADDRESS)
    deputy.locator("[name=password]").last.fill(centre[1]["daibiao"])
    deputy.locator("main button.primary").last.click()
    deputy.click("text=发送验证码")
    expect(deputy.locator(".done")).to_be_visible()
    code = re.findall(r"\d{6}", text_of(received(post, "验证联系方式")))[0]
    deputy.fill("[name=code]", f"{(int(code) + 1) % 1_000_000:06d}")
    deputy.locator("main button.primary").first.click()
    expect(deputy.locator("#wrong-code")).to_contain_text("验证码不正确")
    assert_fits_and_has_no_barrier(deputy)
    deputy.fill("[name=code]", code)
    deputy.locator("main button.primary").first.click()
    expect(deputy.locator(".done")).to_contain_text("联系方式已验证")

    bell.click()
    deputy.click(".menu >> text=通知设置")
    expect(heard).to_contain_text("通知方式：邮件。")
    expect(deputy.locator("[name=quiet_from]")).to_be_hidden()
    deputy.click("summary >> text=河流")
    deputy.click("label >> text=通吕运河")
    deputy.click("label >> text=不需要，随时通知")
    assert_fits_and_has_no_barrier(deputy)
    deputy.click("text=保存设置")
    expect(deputy.locator(".done")).to_contain_text("设置已保存")
    expect(heard).to_contain_text("您会收到通吕运河的污染事件通知")
    expect(heard).to_contain_text("无论什么时间，都会立即通知您")

    expect(bell.locator(".count")).to_be_visible(timeout=90_000)
    bell.click()
    messages = deputy.locator("#messages h2")
    expect(messages.first).to_contain_text("通吕运河")
    expect(bell.locator(".count")).to_have_count(0)
    assert_fits_and_has_no_barrier(deputy)
