"""An officer moves a threshold over the past, sees what it would have been, and saves it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.browser.conftest import (
    DESK,
    PHONE,
    TABLET,
    assert_fits_and_has_no_barrier,
    entered,
)

SOME = re.compile(r"[1-9]\d*")


@pytest.fixture(scope="module", params=[DESK, TABLET], ids=["desk", "tablet"])
def page(
    request: pytest.FixtureRequest, browser: Browser, centre: tuple[str, dict[str, str]]
) -> Page:
    """A screen, signed in as an officer."""
    address, passwords = centre
    screen: ViewportSize = request.param
    return entered(browser, address, "huanbao", passwords["huanbao"], screen)


@pytest.fixture
def tuning(page: Page, centre: tuple[str, dict[str, str]]) -> Page:
    """The page of a rule, its first trial answered."""
    page.goto(f"{centre[0].rstrip('/')}/environment/rules")
    assert_fits_and_has_no_barrier(page)
    page.get_by_role("link", name="试算与修改 氨氮超标").click()
    expect(page.get_by_role("status")).to_contain_text("两者都会发出")
    expect(line(page).locator("b")).not_to_be_empty()
    return page


def line(page: Page, name: str = "警告限值") -> Locator:
    """A line on the chart."""
    return page.get_by_role("slider", name=name, exact=True)


def figure(page: Page, row: str, column: int) -> Locator:
    """A cell of the comparison: 0 in force, 1 draft, 2 the difference."""
    return page.locator(f'[data-row="{row}"] td').nth(column)


def last_minutes(page: Page) -> None:
    """Let the level last so long that readings of every minute, as in the past of the
    demonstration, are no gap.
    """
    page.locator('#levels [data-of="for"]').first.fill("5")
    page.locator('#levels [data-of="for-unit"]').first.select_option(label="分钟")


def drag(page: Page, what: Locator, down: float) -> None:
    """So many pixels, by its handle."""
    what.scroll_into_view_if_needed()
    box = what.locator("span").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + down, steps=6)


def below_the_curve(page: Page) -> float:
    """Pixels from the line to the floor of the chart, where all readings lie beyond."""
    chart, at = page.locator("#history").bounding_box(), line(page).bounding_box()
    assert chart is not None
    assert at is not None
    return chart["y"] + chart["height"] - at["y"] - 40


def test_the_figures_change_while_the_line_moves(tuning: Page) -> None:
    """Before it is let go; the clear line is taken along, the fields show both."""
    before = figure(tuning, "alerts", 0).inner_text()
    was = line(tuning).get_attribute("aria-valuenow") or ""
    last_minutes(tuning)
    drag(tuning, line(tuning), below_the_curve(tuning))
    expect(figure(tuning, "hours", 1)).to_have_text(SOME, timeout=5000)
    expect(figure(tuning, "hours", 2)).to_contain_text("+")
    tuning.mouse.up()

    first = tuning.locator("#levels fieldset").first
    limit, clear = (first.locator(f'[data-of="{of}"]').input_value() for of in ("limit", "clear"))
    assert 0 <= float(limit) < 0.5
    assert float(clear) <= float(limit)
    expect(figure(tuning, "alerts", 0)).to_have_text(before)
    assert_fits_and_has_no_barrier(tuning)

    tuning.get_by_role("button", name="恢复现行数值").click()
    expect(figure(tuning, "alerts", 2)).to_have_text("0")
    expect(line(tuning)).to_have_attribute("aria-valuenow", was)


def test_a_line_is_moved_by_keys_and_by_figures(tuning: Page) -> None:
    """Whoever has no mouse; what does not hold is said in words, and at its field."""
    field = tuning.locator('#levels [data-of="limit"]').first
    wanted = f"{float(field.input_value()) + 0.09:g}"
    line(tuning).focus()
    tuning.keyboard.press("PageUp")
    tuning.keyboard.press("ArrowDown")
    expect(field).to_have_value(wanted)
    expect(line(tuning)).to_have_attribute("aria-valuetext", f"{wanted} mg/L")
    for key, end in (("End", "max"), ("Home", "min")):
        reached = line(tuning).get_attribute(f"aria-value{end}")
        tuning.keyboard.press(key)
        expect(line(tuning)).to_have_attribute("aria-valuenow", str(reached))

    field.fill("1")
    clear = tuning.locator('#levels [data-of="clear"]').first
    clear.fill("1.5")
    expect(tuning.get_by_role("status")).to_contain_text("解除限值不能高于报警限值")
    expect(clear).to_have_attribute("aria-invalid", "true")
    expect(clear).to_have_accessible_description(re.compile("请调低"))
    expect(figure(tuning, "alerts", 1)).to_have_text("—")
    assert_fits_and_has_no_barrier(tuning)
    clear.fill("0.8")
    expect(clear).not_to_have_attribute("aria-invalid", "true")
    field.fill("")
    expect(tuning.get_by_role("status")).to_contain_text("请把数字填完整")


def test_station_and_span_are_chosen(tuning: Page) -> None:
    """The figures of all stations name each of them."""
    tuning.locator("#station").select_option(label="新江海河石港断面")
    tuning.get_by_label("统计适用的全部站点").check()
    tuning.get_by_role("button", name="1 年").click()
    last_minutes(tuning)
    tuning.locator('#levels [data-of="limit"]').first.fill("0.3")
    tuning.locator('#levels [data-of="clear"]').first.fill("0.2")
    expect(tuning.locator('[data-rows="by_station"] tr')).not_to_have_count(1)
    expect(tuning.locator('[data-rows="by_month"] tr')).not_to_have_count(1)


def test_a_version_is_saved_with_its_reason(tuning: Page) -> None:
    """Without one it is not; with it the page lists what was changed."""
    field = tuning.locator('#levels [data-of="limit"]').first
    wanted = f"{float(field.input_value()) - 0.2:g}"
    field.fill(wanted)
    tuning.locator('#levels [data-of="clear"]').first.fill("0.7")
    clearing = tuning.locator('#levels [data-of="clear-for"]').first
    kept = clearing.input_value()
    clearing.fill("")
    tuning.get_by_role("button", name="保存新版本").click()
    expect(clearing).to_be_focused()
    expect(clearing).to_have_accessible_description("请把数字填完整。")
    clearing.fill(kept)
    reason = tuning.get_by_label("修改原因")
    tuning.get_by_role("button", name="保存新版本").click()
    expect(reason).to_be_focused()
    expect(reason).to_have_accessible_description("请写明修改原因。")
    assert_fits_and_has_no_barrier(tuning)
    reason.fill("提前发现")
    tuning.get_by_role("button", name="保存新版本").click()

    expect(tuning.locator(".done")).to_contain_text("新版本已保存")
    latest = tuning.locator("#versions li").first
    expect(latest).to_contain_text(f"→ {wanted} mg/L")
    expect(latest).to_contain_text("提前发现")
    expect(latest).to_contain_text("李岚")
    assert_fits_and_has_no_barrier(tuning)


def test_a_limit_laxer_than_the_standard_warns_waits_and_is_taken_back(tuning: Page) -> None:
    """Whoever proposed it cannot confirm it."""
    field = tuning.locator('#levels [data-of="limit"]').first
    was = field.input_value()
    expect(tuning.locator("#laxer")).to_be_hidden()
    field.fill("1.5")
    expect(tuning.locator("#laxer")).to_contain_text("标准限值为 1 mg/L，拟改为 1.5 mg/L")
    assert_fits_and_has_no_barrier(tuning)
    tuning.get_by_label("修改原因").fill("本段背景值偏高")
    tuning.get_by_role("button", name="保存新版本").click()

    expect(tuning.locator(".done")).to_contain_text("等待另一位工作人员确认")
    waiting = tuning.locator("#proposals")
    expect(waiting).to_contain_text("→ 1.5 mg/L")
    expect(waiting.get_by_role("button", name="确认并生效")).to_have_count(0)
    assert_fits_and_has_no_barrier(tuning)
    waiting.get_by_role("button", name="撤回").click()
    expect(tuning.locator(".done")).to_contain_text("不再执行")
    expect(waiting).to_have_count(0)
    expect(field).to_have_value(was)


def test_a_draft_that_would_be_lost_asks_before_the_page_is_left(tuning: Page) -> None:
    """Whoever stays has it still; without a draft nobody is asked."""
    field = tuning.locator('#levels [data-of="limit"]').first
    was, address = field.input_value(), tuning.url
    field.fill("1.7")
    tuning.once("dialog", lambda dialog: dialog.dismiss())
    with tuning.expect_event("dialog") as asked:
        tuning.get_by_role("link", name="报警规则").last.click()
    assert asked.value.type == "beforeunload"
    assert (tuning.url, field.input_value()) == (address, "1.7")
    field.fill(was)
    tuning.get_by_role("link", name="报警规则").last.click()
    expect(tuning.locator("#rules")).to_be_visible()


def test_a_span_with_less_data_than_asked_says_so(tuning: Page) -> None:
    """The past of the demonstration is shorter than a year."""
    tuning.get_by_role("button", name="1 年").click()
    expect(tuning.locator(".coverage")).to_have_text(re.compile(r"^365 天里只有 \d+ (小时|天)"))
    assert_fits_and_has_no_barrier(tuning)


def test_an_older_version_is_drafted_again(tuning: Page) -> None:
    """With its figures and a reason; saved it is a version of its own."""
    field = tuning.locator('#levels [data-of="limit"]').first
    older = tuning.locator("#versions li").filter(has=tuning.get_by_role("button")).last
    expect(older).to_contain_text("第 1 版")
    changed = field.input_value()
    older.get_by_role("button", name="以此版为草稿").click()
    expect(field).not_to_have_value(changed)
    restored = field.input_value()
    expect(line(tuning)).to_have_attribute("aria-valuetext", f"{restored} mg/L")
    expect(tuning.get_by_label("修改原因")).to_have_value("恢复到第 1 版")
    tuning.get_by_role("button", name="保存新版本").click()

    expect(tuning.locator(".done")).to_contain_text("新版本已保存")
    latest = tuning.locator("#versions li").first
    expect(latest).to_contain_text(f"{changed} → {restored} mg/L")
    expect(latest).to_contain_text("恢复到第 1 版")
    expect(tuning.locator('#levels [data-of="limit"]').first).to_have_value(restored)
    assert_fits_and_has_no_barrier(tuning)


def test_the_page_fits_a_phone(browser: Browser, centre: tuple[str, dict[str, str]]) -> None:
    """Nothing is cut off there either."""
    address, passwords = centre
    page = entered(browser, address, "huanbao", passwords["huanbao"], PHONE)
    page.goto(f"{address.rstrip('/')}/environment/rules/oxygen-low")
    expect(page.get_by_role("status")).to_contain_text("两者都会发出")
    assert_fits_and_has_no_barrier(page)


def test_a_standard_is_tuned_by_classes_and_by_what_is_to_be_held(
    page: Page, centre: tuple[str, dict[str, str]]
) -> None:
    """In its own words; the line lies where the field says, a field that does not hold is named."""
    page.goto(f"{centre[0].rstrip('/')}/environment/rules/water-class")
    status = page.get_by_role("status")
    expect(status).to_contain_text("两者都会发出")
    page.get_by_label("应达到的类别").select_option(label="Ⅱ类")
    field = page.get_by_label("劣于目标至少")
    field.fill("2")
    expect(line(page, "提示限值")).to_have_attribute("aria-valuetext", "2 级")
    line(page, "提示限值").focus()
    page.keyboard.press("ArrowUp")
    expect(field).to_have_value("3")
    expect(status).to_contain_text("两者都会发出")
    field.fill("1.5")
    expect(status).to_contain_text("请填整数")
    assert_fits_and_has_no_barrier(page)


def test_durations_alone_are_tuned_where_there_is_no_limit(
    page: Page, centre: tuple[str, dict[str, str]]
) -> None:
    """Of an absence; there is no line to be moved."""
    page.goto(f"{centre[0].rstrip('/')}/environment/rules/station-silent")
    expect(page.get_by_role("status")).not_to_contain_text("正在试算")
    expect(page.get_by_role("slider")).to_have_count(0)
    page.locator('#levels [data-of="for"]').fill("0")
    expect(page.get_by_role("status")).to_contain_text("请填写要持续多久")
    assert_fits_and_has_no_barrier(page)
