"""What begins like an article and is none, and what stands around articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.papers import chapters, labels, markdown, texts

ARTICLES = (
    "第一条　为了便民，制定本办法。\n\n第二条　本办法适用于本区。\n\n第三条　居民可以申请。\n\n"
)


@pytest.mark.parametrize(
    "line",
    [
        "第二十条规定的例外，从其规定。",
        "第二十条、第二十一条的程序不适用于花箱。",
        "第二十条第一款所称围栏，是指木栅。",
        "第二十条至第二十五条另行规定。",
        "“第二十条 绿地内不得搭建围栏。”系原文。",
        "第二十条 绿地内不得搭建围栏。",
        "第四条规定的申请，应当书面提出。",
        "第四条第二项的期限为三日。",
        "第四条所称居民，包括租户。",
        "第四条明确的范围以外，不予受理。",
        "> 第四条 绿地内不得搭建围栏。",
        "| 第四条 | 绿地 |\n|---|---|\n| 第五条 围栏 | 拆除 |",
        "```\n第四条 绿地内不得搭建围栏。\n```",
        "[^1]: 第四条 的表格每年调整。",
        "<!-- 第四条 草稿 -->",
        "~~第四条 旧的一条。~~",
    ],
)
def test_given_a_line_that_speaks_of_an_article_then_it_is_none(tmp_path: Path, line: str) -> None:
    """Whether another article follows or not."""
    path = tmp_path / "a.md"
    assert labels(markdown(path, f"# 某办法\n\n{ARTICLES}{line}\n")) == [
        "第一条",
        "第二条",
        "第三条",
    ]
    more = (
        f"# 某办法\n\n{ARTICLES}{line}\n\n第四条　真正的第四条。\n\n第五条　自公布之日起施行。\n"
    )
    document = markdown(path, more)
    assert labels(document) == ["第一条", "第二条", "第三条", "第四条", "第五条"]
    assert texts(document)["第四条"] == "真正的第四条。"


def test_given_an_article_whose_text_begins_like_a_citation_then_it_closes_the_gap(
    tmp_path: Path,
) -> None:
    text = "第一条为了便民。\n\n第二条规定期限届满的，注销。\n\n第三条的士站点另行公布。\n\n第四条自公布之日起施行。"
    assert labels(markdown(tmp_path / "a.md", text)) == ["第一条", "第二条", "第三条", "第四条"]


@pytest.mark.parametrize(
    ("text", "number", "inserted"),
    [
        ("第六条之一　自然磨损不赔。", 6, 1),
        ("第 六 条 之 二　不赔。", 6, 2),
        ("第一百二十条之二　不赔。", 120, 2),
        ("第一千零五条　不赔。", 1005, 0),
        ("第一〇五条　不赔。", 105, 0),
        ("第⼆⼗条　不赔。", 20, 0),
        ("第３１条．不赔。", 31, 0),
    ],
)
def test_given_a_number_then_it_is_read(
    tmp_path: Path, text: str, number: int, inserted: int
) -> None:
    own = [f"第{number}条"] if inserted else []
    own += [f"第{number}条之一"] if inserted == 2 else []
    before = "".join(f"{of} 甲。\n\n" for of in [f"第{number - 2}条", f"第{number - 1}条", *own])
    last = markdown(tmp_path / "a.md", before + text).articles[-1]
    assert (last.number, last.inserted, last.text[-2:]) == (number, inserted, "赔。")


def test_given_markdown_of_any_fashion_then_labels_are_found(tmp_path: Path) -> None:
    text = (
        "某区办法\n====\n\n**第一章　总　则**\n\n**第一条** 为了便民，\n制定本办法。\n\n### 第二条\n\n适用于本区。\n\n"
        "- 第三条 居民可以**申请**。\n\n1. 第四条 [费用](http://a/b)自理&nbsp;。\n\n__第五条__自公布之日起施行[^1]。"
    )
    document = markdown(tmp_path / "a.md", text)
    assert (document.title, set(chapters(document).values())) == ("某区办法", {"第一章 总则"})
    assert texts(document) == {
        "第一条": "为了便民，\n制定本办法。",
        "第二条": "适用于本区。",
        "第三条": "居民可以申请。",
        "第四条": "费用自理 。",
        "第五条": "自公布之日起施行。",
    }


def test_given_contents_then_neither_chapters_nor_articles_come_twice(tmp_path: Path) -> None:
    """With the word 目录 and without it, with page numbers and without."""
    body = "第一章 总则\n\n第一条 目的\n\n为了便民。\n\n第二条 范围\n\n适用于本区。\n\n第二章 附则\n\n第三条 施行\n\n自公布之日起施行。"
    for contents in (
        "目　录\n\n第一章 总则\n\n第二章 附则\n\n",
        "目录\n\n第一章 总则……1\n\n第一条 目的……1\n\n第二条 范围……1\n\n第二章 附则……2\n\n第三条 施行……2\n\n",
        "第一章 总则 ........ 1\n\n第二章 附则 ........ 2\n\n",
        "第一章 总则\n\n第一条 目的\n\n第二条 范围\n\n第二章 附则\n\n第三条 施行\n\n",
        "- [第一章 总则](#a)\n- [第一条](#b)\n- [第二条](#c)\n- [第二章 附则](#d)\n- [第三条](#e)\n\n（2025年1月1日通过）\n\n",
    ):
        document = markdown(tmp_path / "a.md", f"# 某办法\n\n{contents}{body}")
        assert labels(document) == ["第一条", "第二条", "第三条"]
        assert texts(document)["第一条"] == "目的\n为了便民。"
        assert chapters(document) == {
            "第一条": "第一章 总则",
            "第二条": "第一章 总则",
            "第三条": "第二章 附则",
        }
        assert [part.heading for part in document.parts] == ["第一章 总则", "第二章 附则"]


def test_given_books_chapters_and_sections_then_each_article_stands_under_its_own(
    tmp_path: Path,
) -> None:
    text = (
        "# 某法\n\n第一编 总则\n\n第一章 基本规定\n\n第一条 甲。\n\n第二章\n\n自然人和\n\n法人\n\n第一节 能力\n\n第二条 乙。\n\n"
        "第二编 物权\n\n第三条 丙。\n\n第一章规定的情形除外。\n"
    )
    document = markdown(tmp_path / "a.md", text)
    assert [(of.book, of.chapter, of.section) for of in document.articles] == [
        ("第一编 总则", "第一章 基本规定", ""),
        ("第一编 总则", "第二章 自然人和法人", "第一节 能力"),
        ("第二编 物权", "", ""),
    ]
    assert document.articles[2].text == "丙。\n第一章规定的情形除外。"
    assert [part.first for part in document.parts] == [0, 0, 1, 1, 2]


def test_given_attachments_then_their_articles_are_their_own(tmp_path: Path) -> None:
    """One that is marked, and one that only begins anew with a title."""
    text = (
        f"# 云溪区办法\n\n{ARTICLES}附件：1.申请表\n\n2.示范公约\n\n云溪区人民政府\n\n2025年1月5日\n\n附件1\n\n申请表\n\n"
        "附件2\n\n示范公约\n\n第一条　邻里互助。\n\n第二条　爱护公物。\n\n某某评审规则\n\n第一条　评审公开。"
    )
    document = markdown(tmp_path / "a.md", text)
    assert labels(document) == ["第一条", "第二条", "第三条"]
    assert document.closing == ("附件：1.申请表", "2.示范公约", "云溪区人民政府", "2025年1月5日")
    assert document.maker == "云溪区人民政府"
    assert [(of.label, of.title, labels(of)) for of in document.attachments] == [
        ("附件1", "申请表", []),
        ("附件2", "示范公约", ["第一条", "第二条"]),
        ("附件2", "某某评审规则", ["第一条"]),
    ]


def test_given_a_notice_that_issues_a_document_then_that_is_the_document(tmp_path: Path) -> None:
    text = (
        "云溪区人民政府文件\n\n云政规〔2025〕12号\n\n云溪区人民政府\n\n关于印发《云溪区停车办法》的通知\n\n各镇人民政府：\n\n"
        "现将《云溪区停车办法》印发给你们，请认真贯彻执行。\n\n云溪区人民政府\n\n2025年3月1日\n\n（此件公开发布）\n\n"
        f"附件\n\n云溪区停车办法\n\n{ARTICLES}"
    )
    document = markdown(tmp_path / "a.md", text)
    assert (document.title, document.number, document.maker) == (
        "云溪区停车办法", "云政规〔2025〕12号", "云溪区人民政府",
    )  # fmt: skip
    assert labels(document) == ["第一条", "第二条", "第三条"]
    assert "现将《云溪区停车办法》印发给你们，请认真贯彻执行。" in document.preamble
    direct = markdown(tmp_path / "a.md", text.replace("附件\n\n", ""))
    assert (direct.title, labels(direct)) == (document.title, labels(document))
    assert (direct.number, direct.maker) == (document.number, document.maker)


def test_given_a_decision_that_amends_then_its_points_are_parts_and_quoted_articles_none(
    tmp_path: Path,
) -> None:
    text = (
        "# 云溪区关于修改《停车办法》的决定\n\n决定对《停车办法》作如下修改：\n\n一、将第三条修改为：\n\n"
        "“第三条　居民凭证停车。\n\n第三条之一　访客登记停车。”\n\n二、删去第五条。\n\n本决定自公布之日起施行。\n"
    )
    document = markdown(tmp_path / "a.md", text)
    assert document.articles == ()
    assert [(part.number, part.title) for part in document.parts] == [
        (1, "将第三条修改为："),
        (2, "删去第五条。"),
    ]
    assert document.parts[0].text == "“第三条　居民凭证停车。\n第三条之一　访客登记停车。”"


def test_given_a_decision_with_the_law_that_it_amends_then_the_law_is_an_attachment(
    tmp_path: Path,
) -> None:
    """Without the word 附件: by the title above its first article."""
    text = (
        "# 云溪区人大常委会关于修改《停车条例》的决定\n\n一、第三条修改为：“甲。”\n\n二、删去第四条。\n\n"
        f"《停车条例》根据本决定作相应修改，重新公布。\n\n云溪区停车条例\n\n（2020年1月1日通过）\n\n{ARTICLES}"
    )
    document = markdown(tmp_path / "a.md", text)
    assert (labels(document), document.maker) == ([], "云溪区人大常委会")
    assert [(of.title, labels(of)) for of in document.attachments] == [
        ("云溪区停车条例", ["第一条", "第二条", "第三条"])
    ]


def test_given_points_in_place_of_articles_then_there_are_parts_alone(tmp_path: Path) -> None:
    text = (
        "# 关于加强养犬管理的意见\n\n各镇：\n\n一、总体要求\n\n坚持便民。\n\n（一）依法管理。\n\n1.登记。\n\n（1）免费。\n\n"
        "二、组织实施\n\n第二十条 绿地内不得遛犬。\n\n云溪区城管局\n\n二〇二五年一月五日\n"
    )
    document = markdown(tmp_path / "a.md", text)
    assert document.articles == ()
    assert [(of.level, of.number, of.label) for of in document.parts] == [
        (1, 1, "一、"), (2, 1, "（一）"), (3, 1, "1."), (4, 1, "（1）"), (1, 2, "二、"),
    ]  # fmt: skip
    assert document.parts[0].text == "坚持便民。"
    assert document.closing == ("云溪区城管局", "二〇二五年一月五日")


def test_given_items_then_paragraphs_and_items_are_counted(tmp_path: Path) -> None:
    text = "第一条 应当：\n\n（一）守时；\n\n1.按时；\n\n2.提前；\n\n（二）守约。\n\n一、二级水源由镇负责。\n\n第二条 甲。"
    first, second = markdown(tmp_path / "a.md", text).articles[0].paragraphs
    assert [(item.number, item.text, len(item.items)) for item in first.items] == [
        (1, "守时；", 2),
        (2, "守约。", 0),
    ]
    assert (first.text, second.number, second.text) == ("应当：", 2, "一、二级水源由镇负责。")


def test_given_a_paragraph_between_two_items_then_it_belongs_to_the_first(tmp_path: Path) -> None:
    """Where the numbers go on; behind the last one it is a 款."""
    text = "第一条 应当：\n\n（一）守时；\n\n无故不迟到；\n\n（二）守约。\n\n前款由镇负责。\n\n第二条 二、三产业适用。"
    first, second = markdown(tmp_path / "a.md", text).articles
    assert [item.text for item in first.paragraphs[0].items] == ["守时；\n无故不迟到；", "守约。"]
    assert [of.text for of in first.paragraphs] == ["应当：", "前款由镇负责。"]
    assert second.paragraphs[0].text == "二、三产业适用。"


def test_given_the_end_of_a_document_then_it_is_no_text_of_the_last_article(
    tmp_path: Path,
) -> None:
    text = f"# 某办法\n\n制定机关：清源镇人民政府  \n文号：清政规〔2021〕3号  \n公布日期：2021年3月1日  \n\n{ARTICLES}清源镇人民政府办公室\n\n2021年3月1日印发\n\n抄送：各村。"
    document = markdown(tmp_path / "a.md", text.replace("日印发", "日"))
    assert texts(document)["第三条"] == "居民可以申请。"
    assert (document.maker, document.number) == ("清源镇人民政府", "清政规〔2021〕3号")
    assert document.closing[-1] == "抄送：各村。"


def test_given_a_wrapped_text_then_its_paragraphs_are_whole(tmp_path: Path) -> None:
    """As old text files are: a line ends where it is full."""
    body = "居民可以在登记后使用公共设施并且应当在使用后及时归还同时保持整洁不得损坏其他设备"
    text = (
        f"某办法\n第一条 {body[:26]}\n{body[26:]}。\n第二条规定的除外。\n第二条 自公布之日起施行。"
    )
    assert texts(markdown(tmp_path / "a.txt", text)) == {
        "第一条": f"{body}。\n第二条规定的除外。",
        "第二条": "自公布之日起施行。",
    }
