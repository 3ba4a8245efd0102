"""The opinion in writing and the yearly report: made of rows, each figure with them behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from api.platforms.documents.catalogue.actions import finding
from api.platforms.documents.reviews.actions import papers
from config.vocabulary.time import DAY_MS, day_of
from scripts.paper_template import review_opinion, review_year
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered
from tests.api.documents.filing_hands import begun, registered, step, taken, text, town
from tests.api.documents.review_hands import CLERK, CONSTITUTION, FINE, MAKER, RULES, Reviews
from tests.api.papers import text_of_word

REPORTS = "/api/v1/reports"
CATALOGUE = "/api/v1/documents/catalogue"
LONG_AGO = day_of(NOW_MS - 60 * DAY_MS)
__all__ = ["town"]


@pytest.fixture
def work(centre: RunningCentre) -> Reviews:
    """Nothing is under review yet."""
    return Reviews(centre)


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "lianluo")
        yield client


def made(client: httpx.Client, kind: str, **parameters: int) -> httpx.Response:
    """A paper over the API."""
    return client.post(REPORTS, json={"kind": f"documents.{kind}", "parameters": parameters})


def sections(client: httpx.Client, answer: httpx.Response) -> Mapping[str, Any]:
    """The sections of a paper by name."""
    assert answer.status_code == 201, answer.text
    paper = client.get(f"{REPORTS}/{answer.json()['id']}").json()["paper"]
    return {of["name"]: of for of in paper["sections"]}


def test_given_points_then_the_opinion_names_sentence_and_norm_and_leaves_the_constitution_out(
    work: Reviews, clerk: httpx.Client
) -> None:
    """What is passed up is no business of the maker; without a point there is no opinion."""
    empty = work.review(work.text())
    assert made(clerk, "review-opinion", review=empty).status_code == 422
    assert made(clerk, "review-opinion", review=999).status_code == 422
    review = work.review(work.text(), "request")
    work.point(review, CONSTITUTION)
    work.point(review)
    work.step("daigongwei", review, "opine", opinion="第三条应当修改。", day=work.today)
    answer = made(clerk, "review-opinion", review=review)
    found = sections(clerk, answer)
    (row,) = found["points"]["tables"][0]["rows"]
    values = [cell["value"] if isinstance(cell, dict) else cell[0] for cell in row]
    assert values[1:4] == ["第三条", "处以五百元以上五千元以下罚款",
                           "《中华人民共和国行政处罚法》第十六条"]  # fmt: skip
    word = text_of_word(clerk.get(f"/reports/{answer.json()['id']}/paper.docx").content)
    assert "第三条应当修改。" in word
    assert "处以五百元以上五千元以下罚款" in word
    assert "门前河段" not in word
    assert "书面答复期限：2027-01-25" in word


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_year_of_reviews_then_each_figure_opens_the_rows_that_it_counts(
    work: Reviews, clerk: httpx.Client
) -> None:
    """Suspended stands apart from what is over, and the share has its denominator."""
    text = work.text()
    review, (point,) = work.opined(text=text)
    work.step(MAKER, review, "report-amended", handled="已修改", day=work.today)
    work.amend(text)
    work.step(CLERK, review, "join")
    work.settle(CLERK, point, "correct")
    work.step(CLERK, review, "end", conclusion="已纠正")
    suspended, _ = work.opined()
    work.step(MAKER, suspended, "promise", promise="修改", day=work.today,
              promised=work.in_days(9))  # fmt: skip
    cleared = work.review(work.text(RULES.replace(FINE, "由区水利局批评教育。")), "transferred")
    work.step(CLERK, cleared, "clear", conclusion="没有问题")
    passed = work.review(work.text())
    up = work.point(passed, CONSTITUTION)
    work.settle(CLERK, up, "pass-up", addressee="省人大常委会", day=work.today)
    answer = made(clerk, "review-year", year=2026)
    found = sections(clerk, answer)
    figures = {of["name"]: of for of in found["overview"]["figures"]}
    assert {name: of["value"] for name, of in figures.items()} == {
        "texts": 4, "reviews": 4, "stage-running": 1, "stage-maker": 0, "stage-suspended": 1,
        "stage-late": 0, "stage-meeting": 0, "stage-over": 2, "stage-archived": 0,
    }  # fmt: skip
    assert "已核对纠正 1 个，占列出的问题 2 个" in "".join(found["overview"]["text"])
    for name, figure in figures.items():
        if path := figure.get("path"):
            rows = clerk.get(f"/api/v1{path}").json()
            assert rows["count"] == figure["value"], name
    for table in (found["modes"]["tables"][0], found["tests"]["tables"][0]):
        for row in table["rows"]:
            for cell in row[1:]:
                value, path = (cell["value"], cell["path"]) if isinstance(cell, dict) else cell
                assert clerk.get(f"/api/v1{path}").json()["count"] == value, path
                assert clerk.get(path).status_code == 200
    word = text_of_word(clerk.get(f"/reports/{answer.json()['id']}/paper.docx").content)
    assert "2026年备案审查工作情况报告" in word
    assert made(clerk, "review-year", year=2031).status_code == 422


def test_given_filings_in_time_late_and_returned_and_the_unfiled_then_the_report_counts_their_rows(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client, address: str
) -> None:
    """Each figure opens a list of just so many rows; a year without any has zeros."""
    registered(town, clerk)
    late = begun(town, text("平政规〔2026〕4号"), number="平政规〔2026〕4号", published=LONG_AGO)[
        "id"
    ]
    taken(town, late, "send")
    taken(clerk, late, "return", reason="dates", remark="公布日期与正式文本不一致。")
    begun(town, text("平政规〔2026〕5号"), number="平政规〔2026〕5号")
    assert finding.find(centre.services) == (2, 0)
    lines = clerk.get(CATALOGUE).json()["lines"]
    settled = {"reason": "number-not-used", "remark": "没有使用"}
    step(clerk, f"{CATALOGUE}/{lines[0]['id']}", "settle", **settled)
    answer = made(clerk, "review-year", year=2026)
    filed = sections(clerk, answer)["filed"]
    figures = {of["name"]: of for of in filed["figures"]}
    assert {name: of["value"] for name, of in figures.items()} == {
        "filed": 2, "filed-in-time": 1, "filed-late": 1, "registered": 1, "returned": 1,
        "unfiled": 2, "unfiled-settled": 1, "unfiled-filed": 0,
    }  # fmt: skip
    for name, figure in figures.items():
        rows = clerk.get(f"/api/v1{figure['path']}").json()
        many = rows["count"] if "count" in rows else len(rows["returns"])
        assert many == figure["value"], name
        assert clerk.get(figure["path"]).status_code == 200
    for reason, many in filed["tables"][0]["rows"]:
        value, path = (many["value"], many["path"]) if isinstance(many, dict) else many
        assert value == (1 if "日期不一致" in str(reason) else 0)
        assert len(clerk.get(f"/api/v1{path}").json()["returns"]) == value
    word = text_of_word(clerk.get(f"/reports/{answer.json()['id']}/paper.docx").content)
    assert "逾期报送" in word
    nothing = sections(clerk, made(clerk, "review-year", year=2025))["filed"]["figures"]
    assert {of["value"] for of in nothing} == {0}


def test_given_the_templates_then_they_are_those_that_the_script_writes() -> None:
    """Whoever adds a figure writes them anew."""
    assert papers.OPINION.template.read_bytes() == review_opinion()
    assert papers.YEAR.template.read_bytes() == review_year()
