"""The table of laws: titles, versions, repeals, and what a law contains."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import config
from documents.citing.records import Point
from documents.laws.records import Law
from documents.laws.table import Table, contains, load

TEXTS = Path(config.__file__).parents[2] / "shared" / "data" / "civic" / "laws" / "text"
TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def table() -> Table:
    """The table that comes with the product."""
    return load()


@pytest.mark.parametrize(
    "title",
    [
        "中华人民共和国各级人民代表大会常务委员会监督法",
        "各级人民代表大会常务委员会监督法",
        "监督法",
        "中华人民共和国 监督法",
        "监督法（2024年修正）",
    ],
)
def test_given_a_title_as_people_write_it_then_it_is_the_same_law(
    table: Table, title: str
) -> None:
    law = table.find(title)
    assert law
    assert law.title == "中华人民共和国各级人民代表大会常务委员会监督法"


def test_given_another_law_whose_title_begins_alike_then_it_is_not_that_law(table: Table) -> None:
    """行政处罚法 is no 处罚法 of traffic, and a measure under a law is not that law."""
    assert table.find("江苏省实施《中华人民共和国行政处罚法》办法") is None
    assert table.find("处罚法") is None


@pytest.mark.parametrize("title", ["环境保护法", "大气污染防治法", "清洁生产促进法"])
def test_given_a_law_that_the_code_replaced_then_it_is_repealed_from_that_day_on(
    table: Table, title: str
) -> None:
    """生态环境法典 article 1242."""
    law = table.find(title)
    assert law
    assert law.repealed_by == "中华人民共和国生态环境法典"
    assert not law.is_repealed(date(2026, 8, 14))
    assert law.is_repealed(date(2026, 8, 15))


def test_given_a_day_then_the_version_of_that_day_holds(table: Table) -> None:
    law = table.find("行政处罚法")
    assert law
    version = law.at(date(2021, 7, 14))
    assert version
    assert version.year == 2017
    version = law.at(TODAY)
    assert version
    assert version.year == 2021
    assert law.at(date(1990, 1, 1)) is None


def test_given_numbers_of_articles_alone_then_only_what_is_beyond_them_is_missing(
    table: Table,
) -> None:
    law = table.find("行政处罚法")
    version = law.at(TODAY) if law else None
    assert version
    assert contains(version, Point(87)) == "missing"
    assert contains(version, Point(86, 0, 9)) == "unknown"
    assert contains(version, Point()) == "there"


def test_given_texts_then_articles_paragraphs_and_items_are_answered_exactly(
    tmp_path: Path,
) -> None:
    for day, article in (("2019-01-01", "一"), ("2024-03-01", "二")):
        (tmp_path / f"某事条例({day}).md").write_text(
            f"# 某事条例\n\n第一条 甲。\n\n乙：\n\n（一）丙；\n\n（二）丁。\n\n第{article}条之一 戊。\n\n"
            "第三条 本条例自2019年2月1日起施行。\n",
            encoding="utf-8",
        )
    law = load(tmp_path).find("某事条例")
    assert isinstance(law, Law)
    assert [(of.since, of.passed) for of in law.versions] == [
        (date(2019, 2, 1), date(2019, 1, 1)),
        (date(2024, 3, 1), date(2024, 3, 1)),
    ]
    version = law.at(TODAY)
    assert version
    answers = {
        point: contains(version, point)
        for point in (
            Point(1, 0, 2, 2), Point(1, 0, 2, 3), Point(1, 0, 3), Point(2, 1), Point(1, 1),
            Point(4),
        )
    }  # fmt: skip
    assert list(answers.values()) == ["there", "missing", "missing", "there", "missing", "missing"]


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the laws do not lie beside the repository")
def test_given_the_texts_of_laws_then_their_articles_are_as_many_as_the_table_says(
    table: Table,
) -> None:
    """The text of 长江保护法 that lies there ends with article 79 of 96: beyond is unknown."""
    read = load(TEXTS)
    for law in table.laws:
        texts = read.find(law.title)
        assert texts, law.title
        assert len(texts.versions) == len(law.versions), law.title
        for counted, of in zip(law.versions, texts.versions, strict=True):
            if of.text and counted.articles and law.title != "中华人民共和国长江保护法":
                assert of.text[-1].number == counted.articles, law.title
    river = read.find("长江保护法")
    version = river.at(TODAY) if river else None
    assert version
    assert contains(version, Point(90)) == "unknown"
    assert contains(version, Point(97)) == "missing"
