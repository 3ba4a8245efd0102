"""One story through all five platforms: from a spill to the archived supervision case. With
``PICTURES``, a folder, each page that is opened is kept there as a picture.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from api.accounts.enrolment.people import Newcomer
from api.cases.rectification import actions as rectification
from api.roster import ROSTER
from config.vocabulary.time import DAY_MS, day_of
from qingyuan.runtime.page_server import served
from tests.api.budget.test_projects import INDICATORS, PROJECTS, paid_rows
from tests.api.cases.test_rectification import RULES
from tests.api.conftest import (  # noqa: F401
    NOW_MS,
    PASSWORDS,
    RunningCentre,
    centre,
    enrolled,
    enrolled_now,
    kind,
    light_hashes,
    roster,
    settings,
    spill,
)
from tests.api.deadline_rules import core_of
from tests.api.duty.suggestion_hands import CLERK, HEAD, HOUSING, LEAD, SECOND, WATER
from tests.browser.conftest import DESK, PHONE, ROOT, assert_fits_and_has_no_barrier, entered
from tests.browser.test_suggestion_life import assigned, written_and_signed
from tests.conftest import free_port

OFFICER, PROCURATORATE, DIRECTOR = "huanbao", "jiancha", "zhuren"
NEWCOMERS = (
    Newcomer(PROCURATORATE, "郑理", units=("procuratorate",), unit_roles=("handler",)),
    Newcomer(DIRECTOR, "汪洋", ("supervisor",)),
)
PASSWORD = "right for the newcomers"
AT_DESKS = (OFFICER, CLERK, HEAD, HOUSING, PROCURATORATE, DIRECTOR)
TITLE = "平潮氨氮超标"
Open = Callable[[str], Page]
PICTURES = os.environ.get("PICTURES", "")
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def libraries() -> Path:
    """Those that browsers run."""
    return ROOT / "node_modules"


@pytest.fixture
def screens(centre: RunningCentre, browser: Browser) -> Iterator[Open]:  # noqa: F811
    """Everybody's screen, signed in when it is first used on a day: deputies and the water bureau
    on phones.
    """
    for newcomer in NEWCOMERS:
        enrolled_now(centre, newcomer, PASSWORD)
    port, pages = free_port(), dict[tuple[str, str], Page]()
    with served(centre.services, "127.0.0.1", port, ROSTER):
        base = f"http://127.0.0.1:{port}"

        def screen(username: str) -> Page:
            one = (username, day_of(centre.clock.now_ms))
            if one not in pages:
                size = DESK if username in AT_DESKS else PHONE
                password = PASSWORDS.get(username, PASSWORD)
                page = entered(browser, base, username, password, size, path="/")
                page.wait_for_url(f"{base}/")
                pages[one] = page
            return pages[one]

        yield screen
        for page in pages.values():
            page.context.close()


def at(page: Page, path: str) -> Page:
    """A page, which fits and has no barrier."""
    base = "/".join(page.url.split("/")[:3])
    page.goto(f"{base}{path}")
    looked_at(page)
    return page


def looked_at(page: Page) -> None:
    """A page that stands open."""
    assert_fits_and_has_no_barrier(page)
    if PICTURES:
        name = f"{next(_NUMBERS):02}{page.url.partition('//')[2].partition('/')[2]}"
        page.screenshot(path=Path(PICTURES) / f"{name.replace('/', '-').partition('?')[0]}.png")


def pictured(page: Page, name: str) -> None:
    """A page as README shows it."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def step(page: Page, name: str) -> Locator:
    """The form of a step, opened where it is folded."""
    form = page.locator(f"form[action$='/steps/{name}']")
    if not form.is_visible():
        page.locator("details", has=form).locator("summary").first.click()
    return form


def taken(page: Page, name: str, **fields: str) -> None:
    """A step is taken by its form."""
    form = step(page, name)
    for field, value in fields.items():
        one = form.locator(f"[name={field}]")
        if one.evaluate("it => it.tagName") == "SELECT":
            one.select_option(value)
        else:
            one.fill(value)
    form.locator("button").click()
    looked_at(page)


def joined(page: Page, why: str) -> None:
    """The thing whose page stands open is joined to the case."""
    page.get_by_role("link", name="并入监督案卷").click()
    looked_at(page)
    form = page.locator("form[action$='/join']")
    form.locator("[name=case]").select_option(index=0)
    form.locator("[name=why]").fill(why)
    form.locator("button").click()
    expect(page.locator("#things")).to_contain_text(why)


def alert_seen(screens: Open) -> None:
    """A deputy acknowledges the alert on the phone; the officer opens a case from it."""
    deputy = at(screens(LEAD), "/environment/alerts")
    deputy.locator("a.alert").first.click()
    expect(deputy.locator("main")).to_contain_text("GB 3838-2002")
    looked_at(deputy)
    deputy.get_by_role("button", name="确认已知晓").click()
    expect(deputy.locator("#what .done")).to_contain_text("陈明 于")
    officer = at(screens(OFFICER), "/environment/alerts")
    officer.locator("a.alert").first.click()
    officer.get_by_role("link", name="并入监督案卷").click()
    form = officer.locator("form[action$='/cases/new']")
    form.locator("[name=title]").fill(TITLE)
    form.locator("[name=matter]").fill(
        "断面氨氮超标：排口查到哪一步，钱用在哪里，镇里的规定是否合法。"
    )
    form.locator("[name=openness]").select_option("open")
    form.locator("[name=why]").fill("自动监测站发现")
    form.locator("button").click()
    expect(officer.locator("#things")).to_contain_text("自动监测站发现")


def money_and_rules_known(clerk: Page) -> None:
    """The treasury's tables and the town's document come as files."""
    base = "/".join(clerk.url.split("/")[:3])
    for name, rows in (
        ("projects", PROJECTS),
        ("indicators", INDICATORS),
        ("payments", paid_rows()),
    ):
        path = f"{base}/api/v1/imports/budget.{name}?source=财政局&name={name}.csv"
        answer = clerk.request.post(path, data="\n".join(rows).encode("gb18030"))
        assert answer.json()["state"] == "in-force", answer.text()
    text = {
        "name": "规定.txt",
        "mimeType": "text/plain",
        "buffer": RULES.format(number=9, name="排水").encode(),
    }
    given: dict[str, Any] = {"maker": "pingchao", "kind": "town", "file": text}
    answer = clerk.request.post(f"{base}/api/v1/documents/texts", multipart=given)
    assert answer.status == 201, answer.text()


def advised(screens: Open) -> None:
    """The procuratorate writes to the housing bureau, which replies with a paper."""
    maker = at(screens(PROCURATORATE), "/judicial/advice/new")
    form = maker.locator("form[action$='/advice/new']")
    form.locator("[name=title]").fill("沿河排口巡查")
    form.locator("[name=addressee]").select_option("housing")
    form.locator("[name=topic]").select_option("other")
    form.locator("[name=text]").fill("建议建立沿河排口日常巡查制度。")
    form.locator("button").click()
    taken(maker, "send", issued_day=day_of(NOW_MS))
    expect(maker.locator("#procedure-title")).to_contain_text("待回复")


def joined_together(screens: Open, suggestion: str) -> None:
    """The clerk joins a suggestion, a project, a document and a piece of advice."""
    clerk = at(screens(CLERK), f"/duty/suggestions/{suggestion}")
    joined(clerk, "代表提出过")
    at(clerk, "/budget/projects")
    clerk.get_by_role("link", name="通吕运河泵站改造").first.click()
    joined(clerk, "泵站改造从这笔经费列支")
    at(clerk, "/documents/texts/1")
    joined(clerk, "镇里的规定也管这些排口")
    at(clerk, "/judicial/advice")
    clerk.get_by_role("link", name="沿河排口巡查").first.click()
    joined(clerk, "检察机关建议过")


def asked_and_answered(screens: Open) -> None:
    """One question to one body, which sees nothing else of the case."""
    clerk, water = at(screens(CLERK), "/cases/1"), screens(WATER)
    clerk.locator("a[href$='/questions/new']").click()
    looked_at(clerk)
    form = clerk.locator("form[action$='/questions/new']")
    form.locator("[name=unit]").select_option("water")
    form.locator("[name=title]").fill("排口排查到哪一步")
    form.locator("[name=text]").fill("还有多少排口没有查？")
    form.locator("[name=due_day]").fill("2026-12-20")
    form.locator("button").click()
    at(water, "/")
    water.get_by_role("link", name="排口排查到哪一步").first.click()
    looked_at(water)
    water.get_by_role("link", name="查看这件事").click()
    looked_at(water)
    expect(water.locator("main")).not_to_contain_text(TITLE)
    taken(water, "answer", answer="沿河排口共47个，全部查清。")
    expect(water.locator("#procedure-title")).to_contain_text("已答复")
    at(clerk, "/cases/questions/1")
    taken(clerk, "accept")


def put_right(centre: RunningCentre, screens: Open) -> None:  # noqa: F811
    """The instrument proves it, one person confirms and another strikes it off."""
    clerk = at(screens(CLERK), "/cases/1/rectifications/new")
    form = clerk.locator("form[action$='/rectifications/new']")
    form.locator("[name=unit]").select_option("water")
    form.locator("[name=title]").fill("平潮断面氨氮稳定达标")
    form.locator("[name=text]").fill("连续两天不劣于Ⅲ类")
    form.locator("[name=due_day]").fill("2027-01-20")
    form.locator("[name=evidence]").select_option("environment/in-range")
    form.locator("summary", has_text="监测指标连续达标").click()
    asked = {"station": "tonglv-pingchao", "indicator": "w21003", "target": "III"}
    for name, value in asked.items():
        form.locator(f"[name='environment/in-range/{name}']").select_option(value)
    form.locator("[name='environment/in-range/days']").fill("2")
    form.locator("button").click()
    expect(clerk.locator("main")).to_contain_text("连续 2 天不劣于Ⅲ类")
    centre.clock.now_ms += 4 * DAY_MS
    centre.measured_days("tonglv-pingchao/w21003", 3, 0.4)
    rectification.watch(replace(core_of(centre), roster=ROSTER))
    clerk = at(screens(CLERK), "/cases/rectifications/1")
    taken(clerk, "confirm", confirmation="现场看过，水质稳定")
    head = at(screens(HEAD), "/cases/rectifications/1")
    taken(head, "strike-off")
    expect(head.locator("#procedure-title")).to_contain_text("已销号")


def concluded(screens: Open) -> None:
    """Steps that the law asks for are on record; one person concludes and another archives."""
    clerk, head = screens(CLERK), screens(HEAD)
    at(clerk, "/cases/1")
    paths = clerk.locator("#measures a.row").evaluate_all("all => all.map(one => one.pathname)")
    assert paths
    for path in paths:
        at(clerk, path)
        taken(clerk, "record", day=day_of(NOW_MS), note="已办")
    taken(at(head, "/cases/1"), "conclude", outcome="排口查清，水质稳定达标。")
    expect(head.locator("#procedure-title")).to_contain_text("已办结")
    director = at(screens(DIRECTOR), "/cases/1")
    taken(director, "archive")
    expect(director.locator("#procedure-title")).to_contain_text("已归档")
    at(clerk, "/cases/1/story")
    clerk.locator("form[action$='/report'] button").click()
    expect(clerk.locator("main")).to_contain_text("监督案卷报告")


def test_a_spill_becomes_a_case_of_five_platforms_that_is_archived_by_nine_people(
    centre: RunningCentre,  # noqa: F811
    screens: Open,
) -> None:
    """Three deputies and a bureau on phones, everybody else at a desk; the deputy reads the end."""
    centre.put(spill())
    alert_seen(screens)
    suggestion = written_and_signed(screens)
    assigned(screens, suggestion)
    money_and_rules_known(screens(CLERK))
    advised(screens)
    joined_together(screens, suggestion)
    head = at(screens(HEAD), "/cases/1")
    taken(head, "choose", means="inquiry", means_why="先问清楚", body="water", topic="排口排查")
    asked_and_answered(screens)
    put_right(centre, screens)
    concluded(screens)
    things = at(screens(HEAD), "/cases/1").locator("#things")
    for platform in ("环境监督", "代表履职", "预算联网监督", "监察司法", "备案审查"):
        expect(things).to_contain_text(platform)
    pictured(screens(HEAD), "case-desk")
    wall = at(screens(HEAD), "/wall/")
    expect(wall.locator("main")).to_contain_text("平潮断面")
    pictured(wall, "wall-desk")
    deputy = at(screens(SECOND), "/cases/1/story")
    expect(deputy.locator("#story")).to_contain_text("排口查清，水质稳定达标。")
    pictured(deputy, "case-phone")
