"""Laws that a document names: which one, and which places in it."""

from __future__ import annotations

import pytest

from documents.citing.citations import citations
from documents.citing.records import Citation
from documents.text.records import Article, Document

KNOWN = ("行政处罚法", "预算法", "刑法")


def cited(*texts: str) -> list[Citation]:
    articles = [Article(at, 0, f"第{at}条", text) for at, text in enumerate(texts, start=1)]
    return [*citations(Document("某镇管理办法", articles=tuple(articles)), KNOWN)]


def named_points(*texts: str) -> list[tuple[str, int | None, int | None, int | None]]:
    return [(of.law, of.point.article, of.point.paragraph, of.point.item) for of in cited(*texts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("依照《水法》第六十五条第二款的规定处罚。", [("水法", 65, 2, None)]),
        (
            "依照《水法》第六十五条第一款、第三款和第六十六条处罚。",
            [("水法", 65, 1, None), ("水法", 65, 3, None), ("水法", 66, None, None)],
        ),
        (
            "《水法》第九条第二项至第四项所列行为。",
            [("水法", 9, None, 2), ("水法", 9, None, 3), ("水法", 9, None, 4)],
        ),
        ("《水法》第九条第（三）项所列行为。", [("水法", 9, None, 3)]),
        (
            "适用《水法》第三条至第五条。",
            [("水法", number, None, None) for number in (3, 4, 5)],
        ),
        (
            "根据《水法》、《防洪法》的规定。",
            [("水法", None, None, None), ("防洪法", None, None, None)],
        ),
        ("按照《水法》（2016年修正）第12条执行。", [("水法", 12, None, None)]),
        ("依照行政处罚法第十六条的规定。", [("行政处罚法", 16, None, None)]),
        ("构成犯罪的，依照刑法有关规定追究责任。", [("刑法", None, None, None)]),
        ("依照节约用水条例第八条的规定。", [("节约用水条例", 8, None, None)]),
        ("应当履行法定义务，采用合法的办法第一时间公开。", []),
        ("填写《浴室卫生检查表》和《营业执照》信息。", []),
        ("由《人民法院报》公布。", []),
    ],
)
def test_a_law_is_named_with_each_of_its_places(
    text: str, expected: list[tuple[str, int | None, int | None, int | None]]
) -> None:
    assert named_points(text) == expected


def test_an_article_that_was_inserted_has_its_own_number() -> None:
    (citation,) = cited("依照《水法》第四十条之二的规定。")
    assert (citation.point.article, citation.point.inserted) == (40, 2)


def test_a_short_form_stands_for_the_law_from_where_it_was_declared() -> None:
    first = "根据《中华人民共和国招标投标法》（以下简称招标投标法），制定本办法。"
    found = cited(first, "依照招标投标法第三条执行。", "违反《招标投标法》第四条的。")
    assert {of.law for of in found} == {"中华人民共和国招标投标法"}
    assert [(of.article, of.point.article, of.role) for of in found] == [
        (0, None, "basis"),
        (1, 3, "cited"),
        (2, 4, "cited"),
    ]


def test_how_a_law_is_named_tells_why() -> None:
    found = cited(
        "根据《水法》制定本办法。",
        "原《某镇浴室规定》第三条不再适用。",
        "本办法自2025年1月1日起施行，《某镇浴室暂行办法》同时废止。",
        "违反本办法第三条第二款的，予以劝阻。",
    )
    assert [of.role for of in found] == ["basis", "former", "repealed", "own"]


def test_the_history_under_a_title_cites_nothing() -> None:
    history = "（2019年3月1日镇人民政府公布 根据2022年1月1日《关于修改〈某镇办法〉的决定》修正）"
    line = "2022年1月1日 镇人民政府第三次会议《关于修改〈某镇办法〉的决定》第二次修正"
    assert citations(Document("某镇办法", preamble=(history, line))) == ()


def test_words_are_those_of_the_text() -> None:
    text = "企业违反《水法》第六十五条第二款的规定，由水行政主管部门处罚。"
    (citation,) = cited(text)
    assert citation.words == "《水法》第六十五条第二款"
    assert text[citation.begin :].startswith(citation.words)
