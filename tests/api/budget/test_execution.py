"""The monthly report on the execution of the budget: its figures by hand, frozen, in three forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from api.platforms.budget.execution.actions import KIND
from api.platforms.budget.ledger import repository as ledger
from scripts.paper_template import budget_execution
from tests.api.conftest import BOTH, RunningCentre
from tests.api.papers import LIBRARIES, text_of_pdf, text_of_word

pytestmark = pytest.mark.parametrize("kind", BOTH)
PAID = "支付凭证号,单位编码,预算单位,收款人全称,支付金额,支付日期,用途,支出功能分类,部门经济分类,资金性质"
LINES = "年度,单位编码,预算单位,支出功能分类,部门经济分类,年初批复数,变动后预算数"
LAST_YEAR = (
    "V1,201,区卫生健康委员会,康明药业有限公司,400.00,2025-01-15,药品,2100302 乡镇卫生院,30217 公务接待费,一般公共预算资金",
    "V2,302,区水利局,清河环保有限公司,1000.00,2025-03-02,污水泵站,2130305 水利工程建设,31005 基础设施建设,一般公共预算资金",
    "V3,302,区水利局,清河环保有限公司,9999.99,2025-04-02,污水泵站,2130305 水利工程建设,31005 基础设施建设,一般公共预算资金",
)
THIS_YEAR = (
    "W1,302,区水利局,清河环保有限公司,1200.10,2026-01-05,污水泵站,2130305 水利工程建设,31005 基础设施建设,一般公共预算资金",
    "W2,302,区水利局,张三,300.05,2026-03-31,值班补助,2130305 水利工程建设,30226 劳务费,一般公共预算资金",
    "W3,201,区卫生健康委员会,康明药业有限公司,80.20,2026-03-30,接待用餐,2100302 乡镇卫生院,30217 公务接待费,政府性基金",
    "W4,201,区卫生健康委员会,中山汽车有限公司,-20.00,2026-03-30,购车退款,2100302 乡镇卫生院,30913 公务用车购置,政府性基金",
    "W5,201,区卫生健康委员会,康明药业有限公司,5000.00,2026-04-01,药品,2100302 乡镇卫生院,30218 专用材料费,政府性基金",
)
BUDGETS = (
    "2026,302,区水利局,2130305 水利工程建设,31005 基础设施建设,4000.00,6000.00",
    "2026,201,区卫生健康委员会,2100302 乡镇卫生院,30217 公务接待费,200.50,",
    "2026,101,档案馆,2012604 档案馆,30201 办公费,50.00,50.00",
    "2025,302,区水利局,2130305 水利工程建设,31005 基础设施建设,2000.00,2500.00",
)


@pytest.fixture(scope="session")
def libraries(libraries: Path) -> Path:
    """With the fonts, as `make setup` installs them."""
    fonts = libraries / "@embedpdf"
    if not fonts.exists():
        fonts.symlink_to(LIBRARIES / "@embedpdf")
    return libraries


def sent(client: httpx.Client, kind: str, head: str, rows: tuple[str, ...]) -> int:
    """The id of a load."""
    answer = client.post(
        f"/api/v1/imports/budget.{kind}",
        params={"source": "财政局国库", "name": f"{kind}.csv"},
        content="\n".join([head, *rows]).encode("gb18030"),
    )
    assert answer.status_code in (200, 201), answer.text
    return int(answer.json()["id"])


@pytest.fixture
def load(clerk: httpx.Client) -> int:
    """The id of this year's payments, beside budgets and last year's payments."""
    sent(clerk, "lines", LINES, BUDGETS)
    sent(clerk, "payments", PAID, LAST_YEAR)
    return sent(clerk, "payments", PAID, THIS_YEAR)


def made(client: httpx.Client, year: int = 2026, month: int = 3) -> int:
    """The id of a new report."""
    body = {"kind": "budget.execution", "parameters": {"year": year, "month": month}}
    answer = client.post("/api/v1/reports", json=body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def said(client: httpx.Client, report: int) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Values of figures by name, rows of tables by name, and all sentences."""
    sections = client.get(f"/api/v1/reports/{report}").json()["paper"]["sections"]
    figures = {f["name"]: f["value"] for of in sections for f in of.get("figures", ())}
    tables = {
        t["name"]: [[cell[0] for cell in row] for row in t["rows"]]
        for of in sections
        for t in of.get("tables", ())
    }
    return figures, tables, "".join(text for of in sections for text in of.get("text", ()))


def test_figures_are_those_added_up_by_hand(clerk: httpx.Client, load: int) -> None:
    """To the fen, with the budget and the same months of the year before; units in the official
    order, one without a payment too, and persons not among the largest payments.
    """
    assert load
    figures, tables, text = said(clerk, made(clerk))
    assert figures == {
        "paid-month": 360.25,
        "payments": 3,
        "paid-year": 1560.35,
        "paid-before": 1400.0,
        "budget": 6250.5,
        "share": 1560.35 / 6250.5,
        "share-before": 1400.0 / 2500.0,
    }
    assert [row[0] for row in tables["by-unit"]] == [
        "区水利局",
        "区卫生健康委员会",
        "档案馆",
        "合计",
    ]
    units = {row[0]: row[1:] for row in tables["by-unit"]}
    assert units == {
        "区水利局": [300.05, 1500.15, 6000.0, 1500.15 / 6000, 0.4],
        "区卫生健康委员会": [60.2, 60.2, 200.5, 60.2 / 200.5, None],
        "档案馆": [0.0, 0.0, 50.0, 0.0, None],
        "合计": [360.25, 1560.35, 6250.5, 1560.35 / 6250.5, 0.56],
    }
    assert tables["by-economic"][0] == ["30201 办公费", 0.0, 0.0, 50.0, 0.0, None]
    assert tables["by-fund"] == [
        ["一般公共预算资金", 300.05, 1500.15, 1400.0],
        ["政府性基金", 60.2, 60.2, 0.0],
        ["合计", 360.25, 1560.35, 1400.0],
    ]
    assert tables["three-expenses"] == [
        ["因公出国（境）费用", 0.0, 0.0, 0.0, 0.0, None, None],
        ["公务用车购置费", -20.0, -20.0, 0.0, -20.0, None, None],
        ["公务用车运行维护费", 0.0, 0.0, 0.0, 0.0, None, None],
        ["公务接待费", 80.2, 80.2, 400.0, -319.8, 200.5, 80.2 / 200.5],
        ["合计", 60.2, 60.2, 400.0, -339.8, 200.5, 60.2 / 200.5],
    ]
    assert [row[2:] for row in tables["largest"]] == [
        ["康明药业有限公司", "接待用餐", 80.2],
        ["中山汽车有限公司", "购车退款", -20.0],
    ]
    assert "2026年2月没有支付数据" in text
    assert "2025年2月没有支付数据" in text
    assert "张三" not in clerk.get("/reports/1").text


def test_every_figure_opens_its_payments(clerk: httpx.Client, load: int) -> None:
    """The list behind a number has the sum that the number says."""
    assert load
    report = clerk.get(f"/api/v1/reports/{made(clerk)}").json()["paper"]["sections"]
    figures = [
        (of["value"], of["path"])
        for section in report
        for of in section.get("figures", ())
        if of.get("path") and of.get("kind") == "number"
    ]
    assert len(figures) == 3
    cells = [
        (cell[0], cell[1])
        for section in report
        for table in section.get("tables", ())
        for row in table["rows"]
        for cell in row
        if cell[1:] not in ([], [""])
    ]
    assert len(cells) > 20
    for value, path in figures + cells:
        found = clerk.get(f"/api/v1{path}").json()
        assert found.get("amount_fen") == round(value * 100), (path, found)


def test_a_withdrawn_load_changes_a_new_report_and_not_the_frozen_one(
    clerk: httpx.Client, load: int
) -> None:
    """The frozen one says which values differ now."""
    first = made(clerk)
    before, body = said(clerk, first), clerk.get(f"/reports/{first}/paper.docx").content
    assert clerk.get(f"/api/v1/reports/{first}/changes").json() == []
    withdrawn = clerk.post(f"/api/v1/imports/loads/{load}/withdraw", json={"why": "发错了"})
    assert withdrawn.is_success
    assert said(clerk, first) == before
    assert clerk.get(f"/reports/{first}/paper.docx").content == body
    figures, tables, text = said(clerk, made(clerk))
    assert (figures["paid-year"], figures["share"]) == (0.0, 0.0)
    assert tables["largest"] == []
    assert "2026年1月、2月、3月没有支付数据" in text


def test_word_workbook_and_pdf_say_the_same(clerk: httpx.Client, load: int) -> None:
    """Out of the product's template."""
    assert load
    assert KIND.template.read_bytes() == budget_execution()
    report = made(clerk)
    files = {
        form: clerk.get(f"/reports/{report}/paper.{form}").content
        for form in ("docx", "pdf", "xlsx")
    }
    word = "".join(text_of_word(files["docx"]).split())
    for text in (word, text_of_pdf(files["pdf"])):
        assert "2026年3月预算执行月报" in text
        assert "1,560.35" in text
        assert "25.0%" in text
    assert files["xlsx"][:2] == b"PK"


def test_no_report_of_sums_that_are_being_made_or_of_a_month_to_come(
    centre: RunningCentre, clerk: httpx.Client, load: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form comes again with the remedy; a report that was made is still shown."""
    assert load
    report = made(clerk)
    form = {"kind": "budget.execution", "year": "2031", "month": "1"}
    assert "这个月还没有开始" in clerk.post("/reports/", data=form).text
    wrong = clerk.post("/reports/", data=form | {"month": "13"})
    assert (wrong.status_code, "请填年份和月份" in wrong.text) == (422, True)
    monkeypatch.setattr(ledger, "made_for", lambda _connection: [])
    centre.clock.now_ms += 120_000
    refused = clerk.post("/reports/", data=form | {"year": "2026", "month": "3"})
    assert (refused.status_code, "请一分钟后再试" in refused.text) == (422, True)
    shown = clerk.get(f"/reports/{report}")
    assert (shown.status_code, "请一分钟后再试" in shown.text) == (200, True)
    assert clerk.get(f"/api/v1/reports/{report}/changes").status_code == 409
