"""The first review of a draft budget: its figures by hand, what stands out, points, and the paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.platforms.budget.drafts.actions import KIND, thresholds
from config.vocabulary.errors import FaultyInput
from scripts.paper_template import draft_review
from tests.api.budget.finding_hands import PUMPS, findings, run, sent, step
from tests.api.budget.test_execution import libraries
from tests.api.budget.test_projects import taken_in, withdrawn
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.papers import text_of_pdf, text_of_word

__all__ = ["libraries"]
DRAFT = (
    "年度,单位编码,预算单位,项目编码,项目名称,支出功能分类,部门经济分类,资金性质,预算草案数,上年结转",
    "2027,101,水利局,P1,泵站改造,2130305 水利工程建设,31005 基础设施建设,一般公共预算资金,900000,200000",
    "2027,101,水利局,P1,泵站改造,2130305 水利工程建设,31005 基础设施建设,政府性基金,100000.50,",
    "2027,101,水利局,P2,新水闸,2130306 水利工程运行,31005 基础设施建设,一般公共预算资金,250000,",
    "2027,101,水利局,P4,巡查,2130305 水利工程建设,30217 公务接待费,一般公共预算资金,6000,",
    "2027,102,教育局,,,2050202 小学教育,30101 基本工资,一般公共预算资金,4000000,",
)
LINES = (
    "年度,单位编码,预算单位,项目编码,项目名称,支出功能分类,部门经济分类,年初批复数,变动后预算数,决算数",
    "2026,101,水利局,P1,泵站改造,2130305 水利工程建设,31005 基础设施建设,500000,600000,",
    "2026,101,水利局,P3,旧泵房,2130305 水利工程建设,31005 基础设施建设,80000,,",
    "2026,101,水利局,P4,巡查,2130305,30217,9000,8000,",
    "2026,102,教育局,,,2050202 小学教育,30101 基本工资,3900000,3900000,",
    "2025,101,水利局,P1,泵站改造,2130305 水利工程建设,31005 基础设施建设,300000,,280000",
    "2025,101,水利局,P4,巡查,2130305 水利工程建设,30217 公务接待费,9500,,9400",
)
INDICATORS = (
    "指标编号,年度,单位编码,预算单位,项目编码,资金性质,指标金额,下达日期",
    "Z1,2026,101,水利局,P1,一般公共预算资金,600000,2026-01-20",
    "Z2,,101,水利局,P3,政府性基金,80000,2026-02-20",
    "Z3,2025,101,水利局,P1,政府性基金,7,2025-02-20",
)
PAID = (
    "支付凭证号,单位编码,预算单位,收款人全称,支付金额,支付日期,用途,支出功能分类,部门经济分类,资金性质,项目编码,项目名称",
    "V1,101,水利局,清河环保有限公司,150000,2026-10-09,工程款,2130305 水利工程建设,31005 基础设施建设,一般公共预算资金,P1,泵站改造",
    "V2,101,水利局,张三,80.20,2026-03-30,接待用餐,2130305 水利工程建设,30217 公务接待费,一般公共预算资金,P4,巡查",
    "V3,103,档案馆,新华书店,9.90,2026-03-31,图书,2012604 档案馆,30201 办公费,一般公共预算资金,,",
    "V4,101,水利局,清河环保有限公司,77,2025-10-09,工程款,2130305 水利工程建设,31005 基础设施建设,一般公共预算资金,P1,泵站改造",
)
PROBLEMS = (
    "问题编号,年度,单位编码,问题类型,问题描述,金额,整改期限,整改状态,整改日期",
    "S1,2025,101,资金管理,工程结余资金未上缴,30000,2026-12-31,整改中,",
    "S2,2025,101,资金管理,已经改好的问题,10000,2026-06-30,已整改,2026-06-01",
    "S3,2025,999,资金管理,别的单位的问题,10000,2026-06-30,整改中,",
)
POINT = {"what": "请说明P1为何增加", "basis": "预算法第48条", "addressee": "区水利局"}


def loaded(clerk: httpx.Client) -> dict[str, int]:
    """All tables, by kind."""
    tables = {
        "draft-lines": DRAFT,
        "lines": LINES,
        "indicators": INDICATORS,
        "payments": PAID,
        "problems": PROBLEMS,
    }
    return {kind: taken_in(clerk, kind, rows) for kind, rows in tables.items()}


@pytest.fixture
def second(address: str) -> Iterator[httpx.Client]:
    """Another deputy."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "xuhui")


def made(client: httpx.Client, year: int = 2027) -> httpx.Response:
    """A request for a new paper."""
    body = {"kind": "budget.draft-review", "parameters": {"year": year}}
    return client.post("/api/v1/reports", json=body)


def tables_of(paper: dict[str, Any]) -> dict[str, list[list[Any]]]:
    """Cells with their addresses of the tables by name."""
    return {
        table["name"]: table["rows"]
        for section in paper["sections"]
        for table in section.get("tables", ())
    }


def values(rows: list[list[Any]]) -> list[list[Any]]:
    """Cells without their addresses."""
    return [[cell[0] for cell in row] for row in rows]


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_draft_then_its_sums_are_those_added_up_by_hand(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """Beside this year as approved, as changed last and as paid, and last year's final account."""
    loads = loaded(clerk)
    body = deputy.get("/api/v1/budget/drafts").json()
    assert (body["year"], body["years"], body["up_to_date"]) == (2027, [2027], True)
    found = {name: values(rows) for name, rows in tables_of(body["paper"]).items()}
    units = {row[0]: row[1:] for row in found["by-unit"]}
    assert units["水利局"] == [
        *(1256000.5, 589000.0, 688000.0, 568000.5, 568000.5 / 688000),
        *(150080.2, 150080.2 / 688000, 289400.0),
    ]
    assert units["教育局"][:4] == [4000000.0, 3900000.0, 3900000.0, 100000.0]
    assert units["档案馆"] == [None, None, None, None, None, 9.9, None, None]
    classes = {row[0]: row[1] for row in found["by-function"]}
    assert classes["213 农林水支出"] == 1256000.5
    assert classes["205 教育支出"] == 4000000.0
    assert [row[:2] for row in found["by-project"]] == [
        ["泵站改造", 1000000.5],
        ["新水闸", 250000.0],
        ["巡查", 6000.0],
        ["旧泵房", None],
    ]
    assert found["by-fund"] == [
        ["一般公共预算资金", 5156000.0, 600000.0, 150090.1],
        ["政府性基金", 100000.5, 80000.0, 0.0],
    ]
    expenses = {row[0]: row[1:] for row in found["expenses"]}
    assert expenses["公务接待费"] == [6000.0, 9000.0, 8000.0, -2000.0, -0.25, 80.2, 8020 / 800000, 9400.0]  # fmt: skip
    text = deputy.get("/budget/drafts").text
    for said in ("5,256,000.50", "支付数据截至 2026-10-09", "增减 30% 以上且不少于 100,000.00 元"):
        assert said in text
    assert "/budget/drafts" in deputy.get("/budget/").text
    withdrawn(clerk, loads["draft-lines"])
    assert deputy.get("/api/v1/budget/drafts").json()["paper"] is None
    assert "还没有导入" in deputy.get("/budget/drafts?year=2027").text


@pytest.mark.parametrize("kind", BOTH)
def test_given_projects_then_new_ended_changed_slow_and_carried_ones_stand_out(
    clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """By limits that the page says; problems that are rectified and those of other units do not
    stand there.
    """
    loaded(clerk)
    body = deputy.get("/api/v1/budget/drafts?year=2027").json()
    found = {name: values(rows) for name, rows in tables_of(body["paper"]).items()}
    assert [row[0] for row in found["new"]] == ["新水闸"]
    assert [row[0] for row in found["ended"]] == ["旧泵房"]
    assert [row[0] for row in found["changed"]] == ["泵站改造"]
    assert found["slow"] == [
        ["泵站改造", "水利局", 1000000.5, 600000.0, 400000.5, 400000.5 / 600000, 150000.0, 0.25]
    ]
    assert found["carried-over"] == [
        ["泵站改造", "水利局", 1000000.5, 200000.0, 450000.0, 600000.0, 150000.0]
    ]
    assert [row[2] for row in found["problems"]] == ["工程结余资金未上缴"]


def test_given_a_district_s_own_limits_then_they_hold_and_a_fault_is_named(tmp_path: Path) -> None:
    """Each number is asked for."""
    folder = tmp_path / "budget"
    folder.mkdir()
    file = folder / "drafts.toml"
    file.write_text("changed_percent = 10\nchanged_yuan = 0\nslow_percent = 50\n")
    assert thresholds(tmp_path).slow_percent == 50
    other = tmp_path / "other"
    (other / "budget").mkdir(parents=True)
    (other / "budget" / "drafts.toml").write_text("changed_percent = 10\nslow_percent = 500\n")
    with pytest.raises(FaultyInput, match="changed_yuan"):
        thresholds(other)


def test_every_figure_opens_its_rows(clerk: httpx.Client, deputy: httpx.Client) -> None:
    """The list behind a number has the sum that the number says."""
    loaded(clerk)
    paper = deputy.get("/api/v1/budget/drafts").json()["paper"]
    opened = 0
    for section in paper["sections"]:
        cells = [
            (figure["name"], figure["value"], figure["path"])
            for figure in section.get("figures", ())
            if figure.get("path")
        ]
        for table in section.get("tables", ()):
            names = [of["name"] for of in table["columns"]]
            for row in table["rows"]:
                cells += [
                    (name, cell[0], cell[1])
                    for name, cell in zip(names, row, strict=True)
                    if cell[1:] not in ([], [""])
                ]
        for name, value, path in cells:
            body = deputy.get(f"/api/v1{path}").json()
            key = "amount_fen" if name == "paid" else f"{name}_fen"
            assert body[key] == round(value * 100), (name, path)
            opened += 1
    assert opened > 40
    page = deputy.get("/budget/drafts/lines?year=2027&project=P1")
    assert (page.status_code, "1,000,000.50" in page.text) == (200, True)
    assert "政府性基金" in deputy.get("/budget/drafts/lines.csv?year=2027&project=P1").text


def test_given_points_then_the_office_reads_all_and_a_deputy_their_own(
    clerk: httpx.Client, deputy: httpx.Client, second: httpx.Client
) -> None:
    """What is missing comes back at its field, with what was written."""
    loaded(clerk)
    wrong = deputy.post("/budget/drafts/points", data={"year": "2027", **POINT, "basis": ""})
    assert wrong.status_code == 422
    assert POINT["what"] in wrong.text
    assert deputy.post("/budget/drafts/points", data={"year": "2027", **POINT}).status_code == 303
    (own,) = deputy.get("/api/v1/budget/drafts").json()["points"]
    assert (own["state"], own["basis"]) == ("proposed", POINT["basis"])
    assert second.get("/api/v1/budget/drafts").json()["points"] == []
    address = f"/api/v1/budget/drafts/points/{own['id']}"
    assert second.get(f"{address}/procedure").status_code == 404
    assert deputy.post(f"{address}/steps/adopt", json={"given": {}}).status_code == 403
    office = {"what": "压减三公经费", "basis": "预算法第12条", "addressee": "区财政局"}
    answer = clerk.post("/api/v1/budget/drafts/points", json={"year": 2027, "given": office})
    assert (answer.status_code, answer.json()["state"]) == (201, "adopted")
    assert [of["what"] for of in clerk.get("/api/v1/budget/drafts").json()["points"]] == [
        POINT["what"],
        office["what"],
    ]
    assert clerk.post(f"{address}/steps/adopt", json={"given": {}}).is_success
    assert "已采纳" in deputy.get(f"/budget/drafts/points/{own['id']}").text
    assert clerk.post(
        "/api/v1/budget/drafts/points", json={"year": 2031, "given": office}
    ).status_code == 422  # fmt: skip


@pytest.mark.usefixtures("rule")
def test_given_a_finding_that_was_not_sent_then_the_office_reads_it_there_and_a_deputy_does_not(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """As in the list of findings; the person who was paid is masked."""
    taken_in(clerk, "draft-lines", DRAFT)
    sent(clerk, PUMPS)
    run(centre)
    (finding,) = findings(clerk)
    for client, count in ((clerk, 1), (deputy, 0)):
        paper = client.get("/api/v1/budget/drafts").json()["paper"]
        assert len(tables_of(paper)["findings"]) == count
        assert "张三" not in str(paper)
    assert step(clerk, finding["id"], "select").is_success
    assert made(deputy).status_code == 404
    assert made(clerk).is_success


def test_given_a_paper_when_data_change_then_it_stays_and_word_workbook_and_pdf_say_the_same(
    centre: RunningCentre, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """With the points that were taken up, out of the product's template."""
    loads = loaded(clerk)
    assert KIND.template.read_bytes() == draft_review()
    for client, what in ((clerk, "压减三公经费"), (deputy, "没有采纳的意见")):
        given = {**POINT, "what": what}
        body = {"year": 2027, "given": given}
        assert client.post("/api/v1/budget/drafts/points", json=body).is_success
    assert made(clerk, 2031).status_code == 422
    number = made(clerk).json()["id"]
    assert clerk.get(f"/api/v1/reports/{number}/changes").json() == []
    files = {
        form: clerk.get(f"/reports/{number}/paper.{form}").content
        for form in ("docx", "pdf", "xlsx")
    }
    word = "".join(text_of_word(files["docx"]).split())
    for text in (word, text_of_pdf(files["pdf"])):
        for said in ("2027年预算草案初审分析报告", "5,256,000.50", "压减三公经费"):
            assert said in text
        assert "没有采纳的意见" not in text
    assert files["xlsx"][:2] == b"PK"
    withdrawn(clerk, loads["payments"])
    assert clerk.get(f"/reports/{number}/paper.docx").content == files["docx"]
    centre.clock.now_ms += 120_000
    assert clerk.get(f"/api/v1/reports/{number}/changes").json()
    assert deputy.get(f"/reports/{number}").status_code == 404


def test_given_no_draft_then_a_template_is_tried_on_an_empty_paper_and_none_is_made(
    address: str, clerk: httpx.Client
) -> None:
    """Before the first draft came."""
    with httpx.Client(base_url=address, timeout=60) as supervisor:
        entered(supervisor, "daigongwei")
        names = supervisor.get("/reports/templates/budget.draft-review")
        assert (names.status_code, "tables.slow" in names.text) == (200, True)
    assert made(clerk).status_code == 422
    form = {"kind": "budget.draft-review", "year": "2027"}
    assert "还没有导入" in clerk.post("/reports/", data=form).text


def test_an_address_of_lines_refuses_what_is_none(deputy: httpx.Client) -> None:
    """A year that may not be, and a name that is no value of lines."""
    for query in ("", "year=1", "year=2027&other=1", "year=2027&expense=x"):
        assert deputy.get(f"/api/v1/budget/drafts/lines?{query}").status_code == 422
