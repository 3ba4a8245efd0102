"""The report on one topic: its figures by hand, its findings, words that people change, three forms."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from api.platforms.budget.special.actions import KIND
from scripts.paper_template import special_topic
from tests.api.budget.finding_hands import PUMPS, findings, run, sent, step
from tests.api.budget.test_execution import libraries
from tests.api.budget.test_projects import (
    BODY,
    everything,
    measured,
    taken_in,
    withdrawn,
)
from tests.api.conftest import BOTH, RunningCentre
from tests.api.papers import text_of_pdf, text_of_word

__all__ = ["libraries"]
PUMPING = {"title": "泵站资金", "from_year": 2025, "to_year": 2026}


def made(client: httpx.Client, **chosen: str | int) -> httpx.Response:
    """A request for a new report."""
    body = {"kind": "budget.special", "parameters": PUMPING | chosen}
    return client.post("/api/v1/reports", json=body)


def report(client: httpx.Client, **chosen: str | int) -> tuple[int, dict[str, Any], list[str]]:
    """The number of a new report, rows of its tables by name, and its sentences."""
    answer = made(client, **chosen)
    assert answer.status_code == 201, answer.text
    number = int(answer.json()["id"])
    sections = client.get(f"/api/v1/reports/{number}").json()["paper"]["sections"]
    tables = {
        table["name"]: [[cell[0] for cell in row] for row in table["rows"]]
        for of in sections
        for table in of.get("tables", ())
    }
    return number, tables, [text for of in sections for text in of.get("text", ())]


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_project_then_years_quarters_payees_and_adjustments_are_those_counted_by_hand(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """To the fen; persons are one line; the page of the project leads to the form."""
    everything(clerk)
    number, tables, text = report(clerk, projects="P1")
    assert tables["years"] == [
        ["2025", 10_000_000.0, 10_000_000.0, 9_990_000.0, 9_990_000.0, 2, 0.999],
        ["2026", 12_000_000.0, 13_000_000.0, None, 4_300_000.0, 3, 4.3 / 13],
    ]
    assert tables["quarters"] == [
        ["2025年第1季度", 0.0, 0.0, 0.0],
        ["2025年第2季度", 4_100_000.0, 4_100_000.0, 0.41],
        ["2025年第3季度", 5_890_000.0, 9_990_000.0, 0.999],
        ["2026年第1季度", 4_299_700.0, 4_299_700.0, 4_299_700 / 13_000_000],
        ["2026年第2季度", 300.0, 4_300_000.0, 4.3 / 13],
    ]
    assert tables["payees"] == [
        [BODY, 14_289_000.0, 3, 14_289_000 / 14_290_000],
        ["个人（合并显示）", 1000.0, 2, 1000 / 14_290_000],
    ]
    assert [row[3:] for row in tables["adjustments"]] == [["追加", 1_000_000.0, "通财〔2026〕8号"]]
    assert "通吕运河泵站改造" in "".join(text)
    assert "张三" not in clerk.get(f"/reports/{number}").text
    assert "kind=budget.special" in clerk.get("/budget/projects/P1").text
    form = clerk.get("/reports/?kind=budget.special&projects=P1").text
    assert 'name="projects" value="P1"' in form
    assert "kind=budget.special" not in deputy.get("/budget/projects/P1").text
    assert (made(deputy).status_code, deputy.get(f"/reports/{number}").status_code) == (404, 404)


def test_given_units_a_fund_words_or_nothing_then_what_is_given_holds_together(
    clerk: httpx.Client,
) -> None:
    """By code, name or end of a name; what is nowhere and years that do not hold are refused."""
    everything(clerk)
    paid = {
        name: sum(row[4] for row in report(clerk, **chosen)[1]["years"])
        for name, chosen in {
            "unit": {"units": "水利局"},
            "two": {"units": "101，教育局"},
            "both": {"units": "101", "words": "订报"},
            "word": {"words": "泵站"},
            "fund": {"fund": "政府性基金"},
            "all": {},
        }.items()
    }
    assert paid == {
        "unit": 14_291_000.0,
        "two": 14_291_080.2,
        "both": 1000.0,
        "word": 14_290_000.0,
        "fund": 0.0,
        "all": 14_291_080.2,
    }
    assert all(row[1] is None for row in report(clerk, words="泵站")[1]["years"])
    assert made(clerk, units="没有的局").status_code == 422
    assert made(clerk, from_year=2027).status_code == 422
    form = {"kind": "budget.special", "title": "泵站", "from_year": "2010", "to_year": "2026"}
    refused = clerk.post("/reports/", data=form | {"units": "没有的局", "text": "写好的文字"})
    assert (refused.status_code, "写好的文字" in refused.text) == (422, True)
    assert "最多十年" in refused.text


@pytest.mark.usefixtures("rule")
def test_given_findings_then_those_of_the_topic_stand_there_with_their_states(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """By the payments that they name; one that was excluded stands there no more."""
    sent(clerk, PUMPS)
    run(centre)
    (finding,) = findings(clerk)
    assert step(clerk, finding["id"], "select").is_success
    assert [row[3] for row in report(clerk, units="水利局")[1]["findings"]] == ["待下发"]
    assert report(clerk, words="图书")[1]["findings"] == []
    assert report(clerk, from_year=2027, to_year=2027)[1]["findings"] == []
    _, tables, text = report(clerk, words="水泵")
    assert len(tables["findings"]) == 1
    assert "张三" not in str(tables) + str(text)
    given = {"reason": "regular", "why": "两次维修"}
    assert step(clerk, finding["id"], "exclude", **given).is_success
    assert report(clerk, units="水利局")[1]["findings"] == []


def test_given_a_report_when_its_words_are_changed_then_another_keeps_the_new_ones(
    clerk: httpx.Client,
) -> None:
    """The form begins with the words of the first; figures stay those of the data, and the first
    report stays as it was.
    """
    loads = everything(clerk)
    first, _, text = report(clerk, projects="P1")
    page = clerk.get(f"/reports/{first}").text
    assert f"/reports/?again={first}#budget.special" in page
    form = clerk.get(f"/reports/?again={first}").text
    assert text[0] in form
    assert 'name="projects" value="P1"' in form
    second, tables, changed = report(clerk, projects="P1", text="办公室的结论。\n\n请财政局说明。")
    assert changed[:2] == ["办公室的结论。", "请财政局说明。"]
    assert text[0] not in changed
    assert tables["years"][1][4] == 4_300_000.0
    assert "办公室的结论。\n请财政局说明。" in clerk.get(f"/reports/?again={second}").text
    assert clerk.get(f"/api/v1/reports/{second}/changes").json() == []
    withdrawn(clerk, loads["payments"])
    assert "办公室的结论。" in clerk.get(f"/reports/{second}").text
    assert text[0] in clerk.get(f"/reports/{first}").text


def test_word_workbook_and_pdf_say_the_same(clerk: httpx.Client) -> None:
    """Out of the product's template."""
    everything(clerk)
    assert KIND.template.read_bytes() == special_topic()
    number, _, _ = report(clerk, projects="P1", text="办公室的结论。")
    files = {
        form: clerk.get(f"/reports/{number}/paper.{form}").content
        for form in ("docx", "pdf", "xlsx")
    }
    word = "".join(text_of_word(files["docx"]).split())
    for said in ("泵站资金专题分析报告", "办公室的结论。", "14,289,000.00", "通财〔2026〕8号"):
        assert said in word
        assert said in text_of_pdf(files["pdf"])
    assert files["xlsx"][:2] == b"PK"


def test_given_an_environmental_project_then_its_effect_is_that_at_the_end_of_the_span(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """December of the last year that is over, whatever the month in which the report is made."""
    everything(clerk)
    taken_in(clerk, "payments", _paid_early())
    measured(centre, "w21003", "2023-12-05", 1.5)
    measured(centre, "w21003", "2024-12-05", 0.5)
    measured(centre, "w21003", "2026-10-05", 0.1)
    _, _, text = report(clerk, projects="P1", from_year=2024, to_year=2024)
    effects = [of for of in text if "氨氮" in of]
    assert len(effects) == 1
    for said in ("2023年12月", "2024年12月", "0.5"):
        assert said in effects[0]


def _paid_early() -> list[str]:
    head = "支付凭证号,单位编码,预算单位,收款人全称,支付金额,支付日期,项目编码,项目名称"
    return [head, f"500,101,水利局,{BODY},1000,2024-03-01,P1,泵站改造"]
