"""Articles out of Word: what is seen on paper once every change is accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from documents.text.reading import read
from tests.documents import papers
from tests.documents.papers import chapters, gone, ins, labels, level, lists, p, run, texts

CHAPTERS_AND_ARTICLES = level(0, "第%1章") + level(1, "第%2条", more='<w:lvlRestart w:val="0"/>')
LISTED = {"numbering": lists(CHAPTERS_AND_ARTICLES, nums=[(7, 0, "")])}
HEADING = '<w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr>'


@pytest.mark.parametrize(
    "label",
    [
        "第一条　",
        "第一条 ",
        "第一条  ",
        "第一条\u00a0",
        "第一条",
        "第 一 条　",
        "第一条\t",
        "第1条 ",
        "第１条　",
        "第一条：",
    ],
)
def test_given_any_blank_behind_a_label_then_the_text_begins_behind_it(
    tmp_path: Path, label: str
) -> None:
    path = papers.word(
        tmp_path / "a.docx", p(f"{label}为了便民，制定本办法。"), p("第二条　办法如下。")
    )
    first = read(path).articles[0]
    assert (first.number, first.text) == (1, "为了便民，制定本办法。")
    assert first.label == "".join(label.split()).strip("：")


def test_given_automatic_numbers_then_articles_run_on_over_chapters(tmp_path: Path) -> None:
    path = papers.word(
        tmp_path / "a.docx",
        p("某镇办法"),
        p("总则", listed=(7, 0)),
        *(p(f"内容{n}。", listed=(7, 1)) for n in range(1, 11)),
        p("保障", listed=(7, 0)),
        p("内容11。", listed=(7, 1)),
        p("不编号的一款。"),
        **LISTED,
    )
    document = read(path)
    assert labels(document) == [
        "第一条",
        "第二条",
        "第三条",
        "第四条",
        "第五条",
        "第六条",
        "第七条",
        "第八条",
        "第九条",
        "第十条",
        "第十一条",
    ]
    assert texts(document)["第十一条"] == "内容11。\n不编号的一款。"
    assert chapters(document) == dict.fromkeys(labels(document)[:10], "第一章 总则") | {
        "第十一条": "第二章 保障"
    }


@pytest.mark.parametrize(
    ("form", "tenth", "hundred_and_fifth"),
    [
        ("chineseCountingThousand", "第十条", "第一百零五条"),
        ("chineseCounting", "第十条", "第一〇五条"),
        ("ideographDigital", "第一〇条", "第一〇五条"),
        ("japaneseCounting", "第十条", "第一百零五条"),
        ("decimal", "第10条", "第105条"),
        ("decimalFullWidth", "第１０条", "第１０５条"),
    ],
)
def test_given_a_format_then_numbers_are_read_back(
    tmp_path: Path, form: str, tenth: str, hundred_and_fifth: str
) -> None:
    numbering = lists(level(0, "第%1条", form), nums=[(1, 0, "")])
    path = papers.word(
        tmp_path / "a.docx",
        *(p(f"内容{n}。", listed=(1, 0)) for n in range(1, 106)),
        numbering=numbering,
    )
    document = read(path)
    assert [article.number for article in document.articles] == list(range(1, 106))
    assert (labels(document)[9], labels(document)[104]) == (tenth, hundred_and_fifth)


def test_given_no_word_on_restarting_then_articles_begin_anew_in_each_chapter(
    tmp_path: Path,
) -> None:
    """As Word itself shows them."""
    path = papers.word(
        tmp_path / "a.docx",
        *(p("总则", listed=(7, 0)), p("甲。", listed=(7, 1)), p("乙。", listed=(7, 1))),
        *(p("附则", listed=(7, 0)), p("丙。", listed=(7, 1))),
        numbering=lists(level(0, "第%1章") + level(1, "第%2条"), nums=[(7, 0, "")]),
    )
    assert labels(read(path)) == ["第一条", "第二条", "第一条"]


def test_given_two_lists_of_one_abstract_list_then_the_second_goes_on_unless_it_starts_anew(
    tmp_path: Path,
) -> None:
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    path = papers.word(
        tmp_path / "a.docx",
        *(p("甲。", listed=(1, 0)), p("乙。", listed=(2, 0)), p("丙。", listed=(3, 0))),
        p("丁。", listed=(3, 0)),
        numbering=lists(level(0, "第%1条"), nums=[(1, 0, ""), (2, 0, ""), (3, 0, anew)]),
    )
    assert labels(read(path)) == ["第一条", "第二条", "第五条", "第六条"]


def test_given_numbers_of_styles_then_their_level_is_that_which_names_the_style(
    tmp_path: Path,
) -> None:
    """Also of a style that is based on another, and through a style of lists."""
    numbered = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    own = level(0, "第%1章", more='<w:pStyle w:val="C"/>') + level(
        1, "第%2条", more='<w:lvlRestart w:val="0"/><w:pStyle w:val="A"/>'
    )
    path = papers.word(
        tmp_path / "a.docx",
        *(p("总则", style="C"), p("甲。", style="A"), p("乙。", style="B"), p("附则", style="C")),
        p("丙。", style="A"),
        numbering=lists(
            '<w:numStyleLink w:val="L"/>',
            f'<w:styleLink w:val="L"/>{own}',
            nums=[(1, 0, ""), (2, 1, "")],
        ),
        styles=papers.styles(
            papers.style("C", numbered),
            papers.style("A", numbered),
            papers.style("B", '<w:basedOn w:val="A"/>'),
            papers.style(
                "L", '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>', kind="numbering"
            ),
        ),
    )
    document = read(path)
    assert list(chapters(document).items()) == [
        ("第一条", "第一章 总则"), ("第二条", "第一章 总则"), ("第三条", "第二章 附则"),
    ]  # fmt: skip


def test_given_a_number_that_is_taken_off_then_the_paragraph_has_none(tmp_path: Path) -> None:
    path = papers.word(
        tmp_path / "a.docx",
        *(p("甲。", style="A"), p("续甲。", style="A", listed=(0, 0)), p("乙。", style="A")),
        numbering=lists(level(0, "第%1条"), nums=[(7, 0, "")]),
        styles=papers.styles(papers.style("A", HEADING)),
    )
    assert texts(read(path)) == {"第一条": "甲。\n续甲。", "第二条": "乙。"}


def test_given_items_numbered_by_word_then_they_stand_under_their_paragraph(
    tmp_path: Path,
) -> None:
    path = papers.word(
        tmp_path / "a.docx",
        p("第一条　应当做到："),
        p("守时；", listed=(1, 0)),
        p("守约：", listed=(1, 0)),
        *(p("书面的；", listed=(1, 1)), p("口头的。", listed=(1, 1)), p("前款自公布之日起执行。")),
        numbering=lists(level(0, "（%1）") + level(1, "%2．", "decimal"), nums=[(1, 0, "")]),
    )
    first, second = read(path).articles[0].paragraphs
    assert [(item.label, item.text) for item in first.items] == [
        ("（一）", "守时；"),
        ("（二）", "守约："),
    ]
    assert [(of.number, of.text) for of in first.items[1].items] == [
        (1, "书面的；"),
        (2, "口头的。"),
    ]
    assert (second.number, second.text) == (2, "前款自公布之日起执行。")


def test_given_a_table_then_its_words_are_rows_and_no_articles(tmp_path: Path) -> None:
    path = papers.word(
        tmp_path / "a.docx",
        p("第一条　按下表执行。"),
        papers.table(
            ["年龄", "说明"], ["七十", "第二条 菜单公示"], ["第三条　八十", p("甲") + p("乙")]
        ),
        p("第二条　送餐不计价。"),
    )
    document = read(path)
    assert labels(document) == ["第一条", "第二条"]
    assert document.articles[0].rows[1:] == (("七十", "第二条 菜单公示"), ("第三条 八十", "甲 乙"))
    assert [of.text for of in document.articles[0].paragraphs] == ["按下表执行。"]


def test_given_notes_boxes_fields_and_contents_then_none_of_them_is_text(tmp_path: Path) -> None:
    box = f"<w:r><w:pict><w:txbxContent>{p('第二条　框里的话。')}</w:txbxContent></w:pict></w:r>"
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o "1-3"</w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        f"</w:sdtPr><w:sdtContent>{p('第一章 总则')}</w:sdtContent></w:sdt>"
    )
    notes = f'<w:r><w:footnoteReference w:id="1"/><w:commentReference w:id="0"/></w:r>{box}'
    path = papers.word(
        tmp_path / "a.docx",
        control,
        *(p(field, "第一条　目的"), p("第二条　范围"), p(end, "第一章　总则")),
        p("第一条　旧的目录", style="T1"),
        p("第一条　为了便民。", notes, run("看不见的", "vanish")),
        f"<w:sdt><w:sdtContent>{p('第二条　在控件里。')}</w:sdtContent></w:sdt>",
        footnotes=f"<w:footnotes>{p('第三条 的表格。')}</w:footnotes>".replace(
            "<w:footnotes", '<w:footnotes xmlns:w="x"'
        ),
        styles=papers.styles(papers.style("T1", name="toc 1")),
    )
    document = read(path)
    assert texts(document) == {"第一条": "为了便民。", "第二条": "在控件里。"}
    assert set(chapters(document).values()) == {"第一章 总则"}


def test_given_tracked_changes_then_the_final_text_stands(tmp_path: Path) -> None:
    """In labels, over whole paragraphs, and where the end of a paragraph was deleted."""
    path = papers.word(
        tmp_path / "a.docx",
        p("第一条　为了管好", gone("村里的"), ins("全镇"), "农具。"),
        p(gone("第二条　只借给本组村民。"), mark="del"),
        p(ins("第二条　面向全镇出借。"), mark="ins"),
        p("第", gone("四"), ins("三"), "条　每年盘点，", mark="del"),
        p("结果公布。"),
        p(f"<w:moveFrom>{run('第四条　挪走的。')}</w:moveFrom>", mark="moveFrom"),
        p(ins("第三条之一　"), ins("自然磨损不赔。"), mark="ins"),
        p(f"<w:moveTo>{run('第四条　挪来的。')}</w:moveTo>", mark="moveTo"),
    )
    document = read(path)
    assert texts(document) == {
        "第一条": "为了管好全镇农具。",
        "第二条": "面向全镇出借。",
        "第三条": "每年盘点，结果公布。",
        "第三条之一": "自然磨损不赔。",
        "第四条": "挪来的。",
    }
    assert [(of.number, of.inserted) for of in document.articles[2:4]] == [(3, 0), (3, 1)]


def test_given_a_deleted_paragraph_of_a_list_then_it_is_not_counted(tmp_path: Path) -> None:
    path = papers.word(
        tmp_path / "a.docx",
        *(p("甲。", listed=(7, 1)), p(gone("乙。"), listed=(7, 1), mark="del")),
        *(p("丙，", listed=(7, 1), mark="del"), p("丁。")),
        **LISTED,
    )
    assert texts(read(path)) == {"第一条": "甲。", "第二条": "丙，丁。"}


def test_given_a_label_in_pieces_then_it_is_one(tmp_path: Path) -> None:
    path = papers.word(
        tmp_path / "a.docx",
        p(run("第", "b"), run("一", "b"), run("条", "b"), "　甲。"),
        p(
            run("第二", "b"),
            f"<w:hyperlink>{run('条')}</w:hyperlink>",
            f"<w:smartTag>{run('　乙。')}</w:smartTag>",
        ),
    )
    assert texts(read(path)) == {"第一条": "甲。", "第二条": "乙。"}


def test_given_line_breaks_in_place_of_paragraphs_then_articles_are_parted(tmp_path: Path) -> None:
    path = papers.word(
        tmp_path / "a.docx",
        p(
            "第一条　甲。",
            "<w:r><w:br/></w:r>",
            "第二条　乙乙乙乙乙乙乙乙乙乙乙乙，",
            "<w:r><w:br/></w:r>",
            "丙。",
        ),
    )
    assert texts(read(path))["第二条"] == "乙乙乙乙乙乙乙乙乙乙乙乙，丙。"
    assert labels(read(path)) == ["第一条", "第二条"]
