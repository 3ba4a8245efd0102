"""The text of files, paragraph by paragraph, for preview and search."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest
import xlwt
from docx.oxml.parser import parse_xml
from hypothesis import given
from hypothesis import strategies as st

from api.files.inspection import findings, reading
from api.files.inspection.findings import Inspection
from tests.files.conftest import packed, pdf, picture, saved, scanned_pdf, word, workbook

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def read(folder: Path, content: bytes, kind: str) -> Inspection:
    """The reading of a content."""
    (folder / "file").write_bytes(content)
    return reading.read(folder / "file", kind)


def paper() -> bytes:
    """A Word file with a table, a header, a footer, a revision and a hidden run."""
    document = docx.Document()
    document.add_paragraph("关于紫琅湖水质的建议")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "主办单位", "水务局"
    section = document.sections[0]
    section.header.paragraphs[0].text = "通州区人大常委会"
    section.footer.paragraphs[0].text = "第一页"
    inserted = f'<w:ins {W} w:author="李四"><w:r><w:t>新加的话</w:t></w:r></w:ins>'
    deleted = f'<w:del {W} w:author="李四"><w:r><w:delText>删去的话</w:delText></w:r></w:del>'
    vanished = f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t>看不见的话</w:t></w:r>"
    paragraph = document.add_paragraph("正文：")
    for part in (inserted, deleted, vanished):
        paragraph._p.append(parse_xml(part))
    return saved(document.save)


def test_given_a_word_file_then_tables_headers_and_footers_are_read_and_what_is_not_shown_is_not(
    tmp_path: Path,
) -> None:
    """An inserted revision is text, a deleted one is none."""
    found = read(tmp_path, paper(), "docx")
    assert found.text == (
        "关于紫琅湖水质的建议",
        "主办单位",
        "水务局",
        "正文：新加的话",
        "通州区人大常委会",
        "第一页",
    )


def test_given_footnotes_and_a_box_that_stands_twice_in_the_file_then_each_is_read_once(
    tmp_path: Path,
) -> None:
    """Word writes a box for itself and once more for older programs."""
    box = "<w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = (
        f"<w:document {W} {mc}><w:body><w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
        "</w:r></w:p></w:body></w:document>"
    )
    note = f"<w:footnotes {W}><w:footnote><w:p><w:r><w:t>脚注</w:t></w:r></w:p></w:footnote></w:footnotes>"
    content = packed({"word/document.xml": body.encode(), "word/footnotes.xml": note.encode()})
    assert read(tmp_path, content, "docx").text == ("正文", "框里的话", "脚注")


def test_given_a_workbook_then_rows_of_the_sheets_that_are_shown_are_read(tmp_path: Path) -> None:
    """A hidden sheet is among what the file hides."""
    book = openpyxl.Workbook()
    book.active.title = "预算"
    book.active.append(["单位", "金额"])
    book.active.append(["水务局", 12.5])
    hidden = book.create_sheet("底稿")
    hidden.append(["不给看"])
    hidden.sheet_state = "hidden"
    found = read(tmp_path, saved(book.save), "xlsx")
    assert found.text == ("预算", "单位\t金额", "水务局\t12.5")


def test_given_an_older_workbook_and_a_table_in_text_then_they_are_read_too(
    tmp_path: Path,
) -> None:
    """In the encodings of offices."""
    book = xlwt.Workbook()
    book.add_sheet("一").write(0, 0, "金额")
    assert read(tmp_path, saved(book.save), "xls").text == ("金额",)
    table = "单位,金额\n水务局,3\n".encode("gb18030")
    assert read(tmp_path, table, "csv").text == ("单位\t金额", "水务局\t3")
    assert read(tmp_path, "各位代表：\n\n　请审议。".encode("utf-16"), "txt").text == (
        "各位代表：",
        "请审议。",
    )


def test_given_a_pdf_then_lines_that_run_on_are_one_paragraph(tmp_path: Path) -> None:
    """A word that stands across two lines is found."""
    text = (
        "The committee hears a report on the water of the lake and asks for figures by month. " * 3
    )
    found = read(tmp_path, pdf(f"= Title\n{text}"), "pdf")
    assert found.note == ""
    assert "Title" in found.text[0]
    assert "hears a report on the water of the lake and asks for figures" in " ".join(found.text)
    assert len(found.text) <= 5


def test_given_slides_then_their_paragraphs_are_read_in_order(tmp_path: Path) -> None:
    """The tenth comes behind the second."""
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    slides = {
        f"ppt/slides/slide{n}.xml": (
            f"<s {a}><a:p><a:r><a:t>第{n}</a:t></a:r><a:r><a:t>页</a:t></a:r></a:p></s>".encode()
        )
        for n in (10, 2, 1)
    }
    assert read(tmp_path, packed(slides), "pptx").text == ("第1页", "第2页", "第10页")


def test_given_an_ofd_then_its_pages_are_read(tmp_path: Path) -> None:
    """GB/T 33190: runs of text on pages."""
    page = "<o:Page xmlns:o='u'><o:TextCode>通政办发〔2024〕7号</o:TextCode></o:Page>".encode()
    content = packed({"OFD.xml": b"<o/>", "Doc_0/Pages/Page_0/Content.xml": page})
    assert read(tmp_path, content, "ofd").text == ("通政办发〔2024〕7号",)


@pytest.mark.parametrize(
    ("content", "kind", "note"),
    [
        (scanned_pdf(), "pdf", "scanned"),
        (b"\xd0\xcf", "doc", "old"),
        (picture(), "jpg", "picture"),
        (workbook([]), "xlsx", "none"),
        (b"%PDF-1.4 and no more", "pdf", "failed"),
        (packed({"word/document.xml": b"<a>"}), "docx", "failed"),
    ],
)
def test_given_no_text_then_the_reading_says_why(
    tmp_path: Path, content: bytes, kind: str, note: str
) -> None:
    """People are told what to expect."""
    found = read(tmp_path, content, kind)
    assert (found.text, found.note) == ((), note)


def test_given_a_very_long_text_then_its_beginning_is_read_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole paragraphs."""
    monkeypatch.setattr(reading, "MOST_CHARACTERS", 12)
    found = read(tmp_path, word("一二三四五", "六七八九十", "十一"), "docx")
    assert (found.text, found.note) == (("一二三四五", "六七八九十"), "long")


def test_given_entities_that_would_read_our_files_or_grow_then_none_is_followed(
    tmp_path: Path,
) -> None:
    """Of a part that names a file of ours, and of one that would fill the memory."""
    (tmp_path / "secret").write_text("秘密")
    outer = f"<!DOCTYPE d [<!ENTITY x SYSTEM 'file://{tmp_path}/secret'>]>"
    lines = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    grows = f"<!DOCTYPE d [<!ENTITY a0 'ha'>{lines}]>"
    for head, name in ((outer, "x"), (grows, "a11")):
        body = f"{head}<d {W}><w:p><w:r><w:t>前&{name};</w:t></w:r></w:p></d>"
        found = read(tmp_path, packed({"word/document.xml": body.encode()}), "docx")
        assert "秘密" not in str(found)
        assert len(str(found)) < findings.MOST_CHARACTERS


def test_a_sample_is_one_short_line() -> None:
    """As pages show it."""
    assert findings.sample("  a\n b ") == "a b"
    assert findings.sample("长" * 500) == "长" * 120 + "…"


@given(st.lists(st.text(alphabet="一二三四", max_size=130), max_size=30))
def test_given_any_text_then_its_parts_hold_it_whole_and_are_small(text: list[str]) -> None:
    """Every word stands whole in one paragraph of one part, also across a cut."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("A_PART", 50), ("LONGEST_PARAGRAPH", 40), ("OVERLAP", 5)):
            patch.setattr(findings, name, value)
        cut = list(findings.parts(text))
    assert all(sum(map(len, part)) <= 50 for part in cut)
    pieces = [piece for part in cut for piece in part]
    assert all(part for part in cut)
    for paragraph in text:
        for at in range(len(paragraph) - 4):
            assert any(paragraph[at : at + 5] in piece for piece in pieces)
    if all(len(paragraph) <= 40 for paragraph in text):
        assert pieces == text
