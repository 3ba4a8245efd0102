"""The life of a finding on real screens: the clerk screens it and asks the unit, the handler explains
with a paper, the clerk does not accept it, the handler rectifies, the committee checks and closes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.platforms.budget.findings.actions import screening
from qingyuan.runtime.page_server import served
from tests.api.budget.finding_hands import PUMPS, rule, sent
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
from tests.api.conftest import entered as entered_over_http
from tests.api.deadline_rules import core_of
from tests.api.telling import Core
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

__all__ = ["rule"]
pytestmark = pytest.mark.usefixtures("rule")
PICTURES = os.environ.get("PICTURES", "")
"""A folder for pictures of the pages; empty: none are taken."""
CLERK, HANDLER, COMMITTEE = "lianluo", "shuili", "daigongwei"
Open = Callable[[str], Page]
PAPER = {"name": "验收单.txt", "mimeType": "text/plain", "buffer": "两次维修的验收单".encode()}
PROOF = {"name": "入库凭证.txt", "mimeType": "text/plain", "buffer": "3000元已入库".encode()}


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def screens(centre: RunningCentre, browser: Browser) -> Iterator[Open]:  # noqa: F811
    """Everybody's screen at the workbench; payments are loaded, and no rule has run."""
    port, pages = free_port(), dict[str, Page]()
    with served(centre.services, "127.0.0.1", port):
        base = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=base, timeout=60) as client:
            sent(entered_over_http(client, CLERK), PUMPS)

        def screen(username: str) -> Page:
            if username not in pages:
                size = PHONE if username == HANDLER else DESK
                page = entered(browser, base, username, PASSWORDS[username], size, path="/")
                pages[username] = page
            pages[username].goto(f"{base}/")
            return pages[username]

        yield screen
        for page in pages.values():
            page.context.close()


def checked(page: Page, name: str) -> None:
    """It fits, has no barrier, and may be looked at later."""
    assert_fits_and_has_no_barrier(page)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def step(page: Page, name: str) -> Locator:
    """The form of a step, opened where it is folded."""
    form = page.locator(f"form[action$='/steps/{name}']")
    if not form.is_visible():
        page.locator("details", has=form).locator("summary").first.click()
    return form


def from_workbench(page: Page, name: str) -> None:
    """What waits for somebody is on the first page, and leads to the finding."""
    checked(page, f"{name}-workbench")
    page.locator("main a", has_text="是否重复支付").first.click()
    page.wait_for_load_state()
    if "/deadlines/" in page.url:
        checked(page, f"{name}-term")
        page.locator("main a[href^='/budget/findings/']").first.click()
    page.wait_for_url(re.compile(r"/budget/findings/\d+"))


def screened(centre: RunningCentre, clerk: Page) -> None:  # noqa: F811
    """The rules run when the clerk asks for it; the question is opened and sent with a request."""
    clerk.get_by_role("link", name="预算联网监督").first.click()
    clerk.get_by_role("link", name="疑点").first.click()
    clerk.get_by_role("button", name="按现有数据重新查找").click()
    expect(clerk.get_by_role("status").first).to_contain_text("已安排查找")
    screening.follow(core_of(centre))
    clerk.reload()
    expect(clerk.locator("#this-month")).to_contain_text("是否重复支付")
    checked(clerk, "finding-list")
    clerk.locator("#this-month a").click()
    checked(clerk, "finding-found")
    step(clerk, "select").locator("button").click()
    send = step(clerk, "send")
    send.locator("[name=question]").fill("请附两次的验收单")
    send.locator("button").click()
    expect(clerk.locator("#procedure-title")).to_contain_text("已下发")
    checked(clerk, "finding-sent")


def answered(page: Page, field: str, text: str, paper: object, name: str) -> None:
    """The unit's form on a phone, with a file."""
    checked(page, f"{name}-form")
    form = page.locator("#answer")
    form.locator(f"[name={field}]").fill(text)
    form.locator("[name=files]").set_input_files(paper)  # type: ignore[arg-type]
    form.locator("button").click()
    expect(page.locator("#answer")).to_have_count(0)
    checked(page, f"{name}-done")


def heard(core: Core) -> dict[str, str]:
    """The first line of what each was told since, by whatever channel they have."""
    return {of.addresses[0]: of.text.splitlines()[0] for of in core.tell()}


def test_three_people_bring_a_finding_from_screening_to_its_end(
    centre: RunningCentre,  # noqa: F811
    screens: Open,
) -> None:
    """Each finds the next step on the workbench and hears of it by a message."""
    core = Core(centre)
    screened(centre, screens(CLERK))
    assert heard(core) == {HANDLER: "王芳：已下发，请单位说明"}

    handler = screens(HANDLER)
    from_workbench(handler, "explain")
    expect(handler.locator("main")).to_contain_text("请附两次的验收单")
    expect(handler.locator("#procedure")).to_contain_text("天")
    answered(handler, "explanation", "两次维修，各有验收单。", PAPER, "explain")

    assert heard(core) == dict.fromkeys((CLERK, COMMITTEE), "何敏：单位已说明")
    clerk = screens(CLERK)
    expect(clerk.locator("main")).to_contain_text("单位已说明，待判断")
    from_workbench(clerk, "judge")
    expect(clerk.locator("#attachments")).to_contain_text("验收单.txt")
    checked(clerk, "finding-explained")
    rectify = step(clerk, "rectify")
    rectify.locator("[name=verdict]").fill("两张发票同号，应追回一笔")
    rectify.locator("[name=due_day]").fill("2027-01-31")
    rectify.locator("button").click()
    expect(clerk.locator("#procedure-title")).to_contain_text("整改中")

    assert heard(core) == {HANDLER: "王芳：要求整改"}
    handler = screens(HANDLER)
    from_workbench(handler, "report")
    expect(handler.locator("main")).to_contain_text("两张发票同号，应追回一笔")
    answered(handler, "rectification", "3000元已追回并入库。", PROOF, "report")

    assert heard(core) == dict.fromkeys((CLERK, COMMITTEE), "何敏：单位报告了整改情况")
    committee = screens(COMMITTEE)
    from_workbench(committee, "check")
    expect(committee.locator("#attachments")).to_contain_text("入库凭证.txt")
    close = step(committee, "close")
    close.locator("[name=outcome]").fill("已查验入库凭证")
    close.locator("button").click()
    expect(committee.locator("#procedure-title")).to_contain_text("已销号")
    checked(committee, "finding-closed")
    assert HANDLER in heard(core)

    handler = screens(HANDLER)
    handler.locator("a[href^='/notifications']").first.click()
    expect(handler.locator("main")).to_contain_text("复查通过，已销号")
    expect(handler.locator("main")).to_contain_text("已下发，请单位说明")
    checked(handler, "finding-messages")
