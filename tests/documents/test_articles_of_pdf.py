"""Articles out of PDF: lines of pages put together, and nothing of their margins."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pypdfium2
import pytest

from documents.text.reading import read
from tests.documents import papers
from tests.documents.papers import chapters, escaped, labels, texts

LONG = "居民委员会应当在每季度末将公共设施的使用情况、维修费用和下一季度的安排在公示栏公布并听取意见，"
CITING = "依照本办法第二十条规定办理的事项"


def articles(*given: str) -> str:
    """Paragraphs of Typst."""
    return "\n\n".join(escaped(of) for of in given)


@pytest.mark.parametrize("indent", [True, False])
def test_given_lines_that_are_wrapped_then_paragraphs_are_whole_and_without_blanks(
    tmp_path: Path, indent: bool
) -> None:
    """Also over the edge of a page, and where a wrapped line begins with a label."""
    long = LONG * 6 + "第二十条规定的除外，" + LONG * 3 + "自2025年6月1日起施行。"
    given = [f"第{n}条　{long}" for n in "一二三四五六"]
    path = papers.pdf(
        tmp_path / "a.pdf", articles(*given), indent=indent, head="第一条 征求意见稿"
    )
    document = read(path)
    assert labels(document) == [of[:3] for of in given]
    assert set(texts(document).values()) == {long}


def test_given_a_title_over_two_lines_and_centred_chapters_then_they_are_no_text(
    tmp_path: Path,
) -> None:
    source = (
        "#align(center, text(size: 20pt)[云溪区关于规范公共浴室和\\ 老年食堂运行的管理办法])\n\n#align(center)[第一章　总　则]\n\n"
        f"{articles('第一条　' + LONG + '制定本办法。')}\n\n#align(center)[第二章　附#h(5em)则]\n\n"
        f"{articles('第二条　自公布之日起施行。')}"
    )
    document = read(papers.pdf(tmp_path / "a.pdf", source))
    assert document.title == "云溪区关于规范公共浴室和老年食堂运行的管理办法"
    assert chapters(document) == {"第一条": "第一章 总则", "第二条": "第二章 附则"}
    assert texts(document)["第一条"] == f"{LONG}制定本办法。"


def test_given_a_table_and_a_footnote_then_their_labels_are_no_articles(tmp_path: Path) -> None:
    source = (
        f"{articles('第一条　补助按下表执行。')}\n\n"
        "#table(columns: 2, [年龄], [说明], [七十], [第二条 菜单公示], [第三条 八十], [二元])\n\n"
        "第二条　送餐不计价。#footnote[第三条 的表格每年调整。]\n\n"
        f"{articles('第三条　自公布之日起施行。')}\n\n云溪区人民政府 #h(8em) 2025年3月1日"
    )
    document = read(papers.pdf(tmp_path / "a.pdf", source))
    assert texts(document)["第二条"] == "送餐不计价。"
    assert document.articles[0].rows == (
        ("年龄", "说明"),
        ("七十", "第二条 菜单公示"),
        ("第三条 八十", "二元"),
    )
    assert labels(document) == ["第一条", "第二条", "第三条"]
    assert document.articles[2].text == "自公布之日起施行。"


def test_given_text_that_was_drawn_in_another_order_then_it_is_read_from_above(
    tmp_path: Path,
) -> None:
    lines = ["第一条　甲。", "第二条　乙。", "第三条　丙。"]
    drawn = [f"#place(top + left, dy: {at * 30}pt)[{lines[at]}]" for at in (2, 0, 1)]
    document = read(papers.pdf(tmp_path / "a.pdf", "\n".join(drawn)))
    assert texts(document) == {"第一条": "甲。", "第二条": "乙。", "第三条": "丙。"}


def test_given_a_mark_across_the_page_then_it_is_no_text(tmp_path: Path) -> None:
    source = (
        "#place(center, dy: 1cm, rotate(-40deg, text(size: 40pt, fill: gray)[征求意见稿]))\n"
        + articles(*(f"第{n}条　{LONG}。" for n in "一二三"))
    )
    assert set(texts(read(papers.pdf(tmp_path / "a.pdf", source))).values()) == {f"{LONG}。"}


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_given_a_page_that_is_turned_then_it_is_read_as_it_is_shown(
    tmp_path: Path, quarters: int
) -> None:
    """Drawn on its side, and turned upright again, as wide tables are."""
    source = (
        f"#place(top + left, rotate({-90 * quarters}deg, reflow: true)["
        "#block(width: 15cm)[第一条　甲。#table(columns: 2, [第三条 乙], [丙])第二条　丁。]])"
    )
    path = papers.pdf(tmp_path / "a.pdf", source)
    turned = tmp_path / "turned.pdf"
    with closing(pypdfium2.PdfDocument(path)) as paper:
        paper[0].set_rotation(90 * quarters)
        paper.save(turned)
    document = read(turned)
    assert labels(document) == ["第一条", "第二条"]
    assert document.articles[0].rows == (("第三条 乙", "丙"),)
