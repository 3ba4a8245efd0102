"""One search across two platforms, in a browser: two people of two roles see different hits."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from api.accounts.records import Secrecy
from api.roster import ROSTER
from api.shape import Platform
from tests.api.conftest import PASSWORDS, RunningCentre
from tests.api.toy import notes
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.notes import Note
from tests.api.toy_second import papers
from tests.api.toy_second.manifest import PLATFORM as PAPERS
from tests.browser.conftest import (
    DESK,
    PHONE,
    assert_fits_and_has_no_barrier,
    browser,  # noqa: F401 - a fixture
    entered,
)


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """Both toy platforms are there as well."""
    return (*ROSTER, TOY, PAPERS)


@pytest.fixture
def written(centre: RunningCentre) -> None:
    """A published note, one that is restricted, and a paper of many paragraphs."""
    services = centre.services
    notes.write(services, Note("通吕运河边的河道有异味", public=True))
    notes.write(services, Note("河道执法的内部线索", secrecy=Secrecy.RESTRICTED))
    paragraphs = [f"第{at}条 " + "一般规定。" * 30 for at in range(1, 60)]
    last = "河道管理范围内禁止倾倒<b>垃圾</b>。"
    papers.write(
        services, "7", "通政办发〔2024〕7号", [*paragraphs, last], at_ms=1_700_000_000_000
    )


def hits(page: Page) -> list[str]:
    """The titles of the hits."""
    return page.locator("#hits h2").all_inner_texts()


def test_given_two_roles_when_both_search_for_one_word_then_each_sees_the_own_hits(
    written: None,
    address: str,
    browser: Browser,  # noqa: F811
) -> None:
    """A deputy on a phone begins at the glass in the head; an officer types into the box there."""
    deputy = entered(browser, address, "daibiao", PASSWORDS["daibiao"], PHONE)
    deputy.get_by_role("link", name="搜索").first.click()
    deputy.get_by_role("searchbox", name="查什么").fill("河道")
    deputy.get_by_role("main").get_by_role("button", name="搜索").click()
    expect(deputy.get_by_role("main").get_by_role("status")).to_contain_text("找到 1 条")
    assert hits(deputy) == ["通吕运河边的河道有异味"]
    assert_fits_and_has_no_barrier(deputy)
    deputy.get_by_role("main").get_by_role("searchbox").fill("倾倒")
    deputy.keyboard.press("Enter")
    expect(deputy.get_by_role("heading", name="没有找到")).to_be_visible()

    officer = entered(browser, address, "huanbao", PASSWORDS["huanbao"], DESK)
    officer.get_by_role("banner").get_by_role("searchbox").fill("河道")
    officer.keyboard.press("Enter")
    expect(officer.get_by_role("link", name="公文 1")).to_be_visible()
    assert {"通政办发〔2024〕7号", "通吕运河边的河道有异味"} <= set(hits(officer))
    officer.get_by_role("link", name="公文 1").click()
    expect(officer.locator("#hits h2")).to_have_text(["通政办发〔2024〕7号"])
    expect(officer.locator("#hits .snippet")).to_contain_text("禁止倾倒<b>垃圾</b>")
    expect(officer.locator("#hits")).to_contain_text("第 60 段")
    expect(officer.locator("#hits mark")).to_have_text(["河道"])
    expect(officer.get_by_role("link", name="通政办发〔2024〕7号")).to_have_attribute(
        "href", "/papers/7#p60"
    )
    assert_fits_and_has_no_barrier(officer)
    officer.get_by_role("main").get_by_role("searchbox").fill("通政办发[2024]7号")
    officer.keyboard.press("Enter")
    expect(officer.locator("#hits mark")).to_have_text(["通政办发〔2024〕7号"])
