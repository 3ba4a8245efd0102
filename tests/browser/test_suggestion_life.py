"""The life of a suggestion on real screens: six people until a promise is kept by an indicator, and
through return, dissatisfaction and another round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from api.roster import ROSTER
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
from tests.api.duty.handling_hands import Handling
from tests.api.duty.suggestion_hands import (
    BODY,
    CLERK,
    HEAD,
    HOUSING,
    LEAD,
    SECOND,
    THIRD,
    TITLE,
    WATER,
)
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.conftest import free_port

Open = Callable[[str], Page]
SCREENS: dict[str, ViewportSize] = {CLERK: DESK, HOUSING: DESK, HEAD: DESK}
"""Of the others a phone."""


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def work(centre: RunningCentre) -> Handling:  # noqa: F811
    """Nothing is written yet."""
    return Handling(centre)


@pytest.fixture
def screens(work: Handling, browser: Browser) -> Iterator[Open]:
    """Everybody's screen, signed in when it is first used."""
    port, pages = free_port(), dict[str, Page]()
    with served(work.services, "127.0.0.1", port, ROSTER):
        base = f"http://127.0.0.1:{port}"

        def screen(username: str) -> Page:
            if username not in pages:
                size = SCREENS.get(username, PHONE)
                path = "/duty/suggestions"
                page = entered(browser, base, username, PASSWORDS[username], size, path=path)
                page.wait_for_url(f"{base}{path}")
                pages[username] = page
            return pages[username]

        yield screen
        for page in pages.values():
            page.context.close()


def at(page: Page, path: str) -> Page:
    """A page of the platform, which fits and has no barrier."""
    base = "/".join(page.url.split("/")[:3])
    page.goto(f"{base}/duty{path}")
    assert_fits_and_has_no_barrier(page)
    return page


def step(page: Page, name: str) -> Locator:
    """The form of a step, opened where it is folded."""
    form = page.locator(f"form[action$='/steps/{name}']")
    if not form.is_visible():
        page.locator("details", has=form).locator("summary").first.click()
    return form


def rated(page: Page, item_id: str, outcome: str, reason: str = "") -> None:
    """A signer rates on the phone."""
    at(page, f"/suggestions/{item_id}")
    page.locator("#ratings a.primary").click()
    assert_fits_and_has_no_barrier(page)
    page.locator("[name=attitude][value=satisfied]").check()
    page.locator(f"[name=outcome][value={outcome}]").check()
    page.fill("[name=reason]", reason)
    page.get_by_role("button", name="提交评价").click()
    expect(page.locator("#ratings")).to_be_visible()


def contact_logged(page: Page, item_id: str) -> None:
    """The unit logs a visit."""
    at(page, f"/suggestions/{item_id}")
    page.get_by_role("link", name="登记沟通情况").click()
    assert_fits_and_has_no_barrier(page)
    page.locator("[name=way][value=visit]").check()
    page.fill("[name=text]", "与代表一起到现场查看排口。")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("#contacts")).to_contain_text("单位登记，代表未确认")


def written_and_signed(screens: Open) -> str:
    """Three deputies on their phones; the id of what they submitted."""
    lead = at(screens(LEAD), "/suggestions/new")
    lead.get_by_label("标题").fill(TITLE)
    lead.get_by_label("正文").fill(BODY)
    lead.locator("[name=openness][value=public]").check()
    lead.locator("#writing button[type=submit]").click()
    lead.wait_for_url(re.compile(r"/duty/suggestions/\d+"))
    item_id = lead.url.partition("/suggestions/")[2].partition("?")[0]
    lead.locator("summary", has_text="邀请").click()
    for name in ("徐慧", "顾军"):
        lead.get_by_label(name).check()
    lead.locator("form[action$='/invitations'] button").click()
    for who in (SECOND, THIRD):
        page = at(screens(who), f"/suggestions/{item_id}")
        page.locator("#sign button[value=yes]").click()
        expect(page.locator("#sign")).to_have_count(0)
    at(lead, f"/suggestions/{item_id}")
    lead.locator("[name=none_of_grounds]").check()
    lead.locator("#submit button[type=submit]").click()
    return item_id


def assigned(screens: Open, item_id: str) -> None:
    """The office, at a desk: to one unit in charge, with the opinion of another."""
    clerk = at(screens(CLERK), f"/suggestions/{item_id}")
    accept = step(clerk, "accept")
    accept.get_by_label("编号").fill("027")
    accept.get_by_label("提出时间").select_option("between")
    accept.get_by_label("类别").select_option("water")
    accept.locator("button").click()
    clerk.locator("a.primary", has_text="交办").click()
    assert_fits_and_has_no_barrier(clerk)
    clerk.locator("select[name=unit]").select_option("housing")
    clerk.locator("summary", has_text="协办单位").click()
    clerk.locator("[name=co][value=water]").check()
    clerk.locator("[name=effort][value=normal]").check()
    clerk.get_by_role("button", name="交办").click()
    expect(clerk.locator("#contributions")).to_contain_text("区水利局（协办）")


def worked_on(work: Handling, screens: Open, item_id: str) -> None:
    """The unit in charge visits, the lead confirms it, the other unit gives its opinion."""
    housing = at(screens(HOUSING), f"/suggestions/{item_id}")
    step(housing, "sign-for").locator("button").click()
    contact_logged(housing, item_id)
    lead = at(screens(LEAD), f"/suggestions/{item_id}")
    lead.get_by_role("button", name="确认有这次沟通").click()
    expect(lead.locator("#contacts")).to_contain_text("代表已确认")

    (part,) = work.contributions(item_id)
    water = at(screens(WATER), f"/contributions/{part['id']}")
    give = step(water, "give")
    give.get_by_label("办理意见").fill("排口已封堵，河道已清淤。")
    give.get_by_label("日期").fill(work.today)
    give.locator("button").click()
    expect(water.locator("#procedure-title")).to_contain_text("已提出意见")


def answered_with_a_promise(housing: Page, item_id: str) -> None:
    """By the form, which says what is missing, and keeps all that was written."""
    at(housing, f"/suggestions/{item_id}/reply")
    expect(housing.locator("[name=text]")).to_have_value(
        "陈明、徐慧、顾军代表：\n"
        f"您提出的《{TITLE}》（第 027 号）收悉。经研究办理，现答复如下：\n\n"
        "一、办理情况：\n\n区水利局意见：排口已封堵，河道已清淤。\n\n"
        "感谢您对我们工作的关心和支持，欢迎继续提出宝贵意见。"
    )
    housing.get_by_label("答复文号").fill("建复〔2026〕7号")
    housing.get_by_label("签发人").fill("孙涛")
    housing.locator("[name=result][value=B]").check()
    housing.locator("[name='promise-0-measure']").fill("平潮断面氨氮稳定达标")
    housing.locator("[name='promise-0-due_day']").fill("2026-12-31")
    housing.locator("[name='promise-0-evidence']").select_option("environment/in-range")
    housing.locator("summary", has_text="监测指标连续达标").first.click()
    kind_of = "promise-0-environment/in-range"
    housing.locator(f"[name='{kind_of}/station']").select_option("tonglv-pingchao")
    housing.locator(f"[name='{kind_of}/indicator']").select_option("w21003")
    housing.locator(f"[name='{kind_of}/target']").select_option("III")
    housing.get_by_role("button", name="答复").click()
    expect(housing.locator(".wrong").first).to_contain_text("请把核验条件填写完整")
    assert_fits_and_has_no_barrier(housing)
    housing.locator(f"[name='{kind_of}/days']").fill("2")
    housing.get_by_role("button", name="答复").click()
    expect(housing.locator("#promises")).to_contain_text("系统正在核验")
    expect(housing.locator("#ratings")).not_to_contain_text("满意")


def test_six_people_bring_a_suggestion_to_a_promise_that_an_indicator_keeps(
    work: Handling, screens: Open
) -> None:
    """Three deputies, the office, two units; phone and desk."""
    item_id = written_and_signed(screens)
    assigned(screens, item_id)
    worked_on(work, screens, item_id)
    housing, lead = screens(HOUSING), screens(LEAD)
    answered_with_a_promise(housing, item_id)
    for who in (LEAD, SECOND, THIRD):
        rated(screens(who), item_id, "satisfied")
    at(housing, f"/suggestions/{item_id}")
    expect(housing.locator("#ratings")).to_contain_text("态度满意，结果满意")
    expect(housing.locator("#procedure-title")).to_contain_text("已办结")

    work.later(3)
    work.measured_days(2, 0.4)
    work.watch_promises()
    at(lead, "/promises?show=reported")
    lead.locator("#ledger a").first.click()
    assert_fits_and_has_no_barrier(lead)
    step(lead, "confirm").locator("button").click()
    expect(lead.locator("#procedure-title")).to_contain_text("已兑现")
    expect(lead.locator("#procedure-history")).to_contain_text("数据显示已达成，待代表确认")


def test_a_suggestion_goes_through_return_dissatisfaction_and_another_round(
    work: Handling, screens: Open
) -> None:
    """The unit names the right one; the second reply is shown against the first."""
    item_id = work.signed()
    work.assign(item_id)
    housing = at(screens(HOUSING), f"/suggestions/{item_id}")
    back = step(housing, "ask-return")
    back.get_by_label("应由哪个单位承办").select_option("water")
    back.get_by_label("职责依据").fill("三定方案第4条：河道管理")
    back.get_by_label("理由").fill("河道归水利部门")
    back.locator("button").click()

    clerk = at(screens(CLERK), f"/suggestions/{item_id}")
    step(clerk, "grant-return").locator("button").click()
    clerk.locator("a.primary", has_text="交办").click()
    clerk.locator("select[name=unit]").select_option("water")
    clerk.locator("[name=effort][value=normal]").check()
    clerk.get_by_role("button", name="交办").click()

    water = at(screens(WATER), f"/suggestions/{item_id}")
    step(water, "sign-for").locator("button").click()
    contact_logged(water, item_id)

    def answered(text: str) -> None:
        at(water, f"/suggestions/{item_id}/reply")
        water.locator("[name=text]").fill(text)
        water.get_by_label("答复文号").fill("水复3号")
        water.get_by_label("签发人").fill("何敏")
        water.locator("[name=result][value=A]").check()
        water.locator("main form button[type=submit]").click()
        expect(water.locator("#replies")).to_be_visible()

    answered("已清淤。感谢关心。")
    rated(screens(LEAD), item_id, "dissatisfied", "傍晚仍有异味")
    rated(screens(SECOND), item_id, "satisfied")
    rated(screens(THIRD), item_id, "satisfied")
    at(water, f"/suggestions/{item_id}")
    expect(water.locator("#ratings")).to_contain_text("理由：傍晚仍有异味")
    expect(water.locator("#ratings")).to_contain_text("与领衔代表的评价不同")
    answered("已清淤。已封堵两处排口。感谢关心。")
    lead = at(screens(LEAD), f"/suggestions/{item_id}")
    lead.locator("#replies summary").first.click()
    expect(lead.locator("#replies ins")).to_have_text("已封堵两处排口。")
    for who in (LEAD, SECOND, THIRD):
        rated(screens(who), item_id, "satisfied")
    at(lead, f"/suggestions/{item_id}")
    expect(lead.locator("#procedure-title")).to_contain_text("已办结")
