"""What files hide from whoever only opens them is named."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from api.files.inspection import reading
from api.files.inspection.findings import Finding
from tests.files.conftest import packed, pdf, picture, saved, scanned_pdf, word
from tests.files.test_text import W, paper


def hidden(folder: Path, content: bytes, kind: str) -> set[tuple[str, str, str]]:
    """Kind, where, and sample of each finding."""
    (folder / "file").write_bytes(content)
    found = reading.read(folder / "file", kind).hidden
    return {(of.kind, of.where, of.sample) for of in found}


def test_given_a_word_file_then_revisions_comments_hidden_text_and_properties_are_named(
    tmp_path: Path,
) -> None:
    """With who wrote them."""
    document = docx.Document(io.BytesIO(paper()))
    document.add_comment(document.paragraphs[0].runs, "这句不要公开", author="王五", initials="W")
    document.core_properties.author = "张三"
    document.core_properties.last_modified_by = "赵六"
    found = hidden(tmp_path, saved(document.save), "docx")
    assert {
        ("comments", "王五", "这句不要公开"),
        ("insertions", "李四", "新加的话"),
        ("deletions", "李四", "删去的话"),
        ("hidden-text", "", "看不见的话"),
        ("properties", "creator", "张三"),
        ("properties", "lastModifiedBy", "赵六"),
    } <= found


def test_given_parts_beside_the_document_then_they_are_named(tmp_path: Path) -> None:
    """Macros, embedded files, custom data, own properties."""
    parts = {
        "word/document.xml": f"<w:document {W}/>".encode(),
        "word/vbaProject.bin": b"macro",
        "word/embeddings/oleObject1.bin": b"object",
        "customXml/item1.xml": "<a><b>内部编号 17</b></a>".encode(),
        "docProps/custom.xml": "<P><property name='密级'><v>内部</v></property></P>".encode(),
        "docProps/app.xml": "<P><Company>通州区水务局</Company></P>".encode(),
    }
    assert hidden(tmp_path, packed(parts), "docx") == {
        ("macros", "word/vbaProject.bin", ""),
        ("embedded", "oleObject1.bin", ""),
        ("custom-xml", "item1.xml", "内部编号 17"),
        ("properties", "密级", "内部"),
        ("properties", "Company", "通州区水务局"),
    }


def test_given_a_workbook_then_sheets_rows_columns_notes_and_names_are_named(
    tmp_path: Path,
) -> None:
    """Very hidden sheets too, which Excel itself does not list."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "预算"
    for row in range(1, 6):
        sheet.append([f"单位{row}", row, row * 2])
    sheet["B2"].comment = Comment("此数有出入", "张三")
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("底稿").sheet_state = "hidden"
    book.create_sheet("真账").sheet_state = "veryHidden"
    book.defined_names["系数"] = DefinedName("系数", attr_text="真账!$A$1")
    found = hidden(tmp_path, saved(book.save), "xlsx")
    assert {
        ("comments", "预算!B2", "此数有出入"),
        ("hidden-rows", "预算", "4"),
        ("hidden-columns", "预算", "C"),
        ("hidden-sheets", "底稿", ""),
        ("very-hidden-sheets", "真账", ""),
        ("names", "系数", "真账!$A$1"),
    } <= found


def test_given_links_to_other_files_then_they_are_named(tmp_path: Path) -> None:
    """With the path on somebody's computer."""
    parts = {
        "xl/workbook.xml": b"<workbook/>",
        "xl/externalLinks/externalLink1.xml": b"<l/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": (
            "<R><r Id='1' Target='file:///C:/张三/工资.xlsx' TargetMode='External'/></R>".encode()
        ),
    }
    found = hidden(tmp_path, packed(parts), "xlsx")
    assert found == {("external-links", "externalLink1.xml", "file:///C:/张三/工资.xlsx")}


def test_given_slides_then_hidden_ones_and_speakers_notes_are_named(tmp_path: Path) -> None:
    """And their text is not part of what is read."""
    parts = {
        "ppt/slides/slide1.xml": "<s><t>公开</t></s>".encode(),
        "ppt/slides/slide2.xml": "<s show='0'><t>备用</t></s>".encode(),
        "ppt/notesSlides/notesSlide1.xml": "<n><t>这里停一下</t></n>".encode(),
        "ppt/comments/comment1.xml": "<c><cm><text>不妥</text></cm></c>".encode(),
    }
    assert hidden(tmp_path, packed(parts), "pptx") == {
        ("hidden-slides", "2", "备用"),
        ("notes", "1", "这里停一下"),
        ("comments", "comment1.xml", "不妥"),
    }


def annotated_pdf() -> bytes:
    """A PDF with a note, a script, an attachment and a property of XMP."""
    document = pypdfium2.PdfDocument(pdf("x"))
    attached = document.new_attachment("底稿.xlsx")
    attached.set_data(b"data")
    content = saved(document.save)
    document.close()
    return content + "<dc:creator><rdf:li>张三</rdf:li></dc:creator>".encode()


def test_given_a_pdf_then_attachments_and_authors_are_named(tmp_path: Path) -> None:
    """Those of XMP too."""
    found = hidden(tmp_path, annotated_pdf(), "pdf")
    assert ("attachments", "", "底稿.xlsx") in found
    assert ("properties", "dc:creator", "张三") in found


SCRIPTED = b"""%PDF-1.7
1 0 obj <</Type/Catalog/Pages 2 0 R/Names<</JavaScript<</Names[(a) 4 0 R]>>>>>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[5 0 R 6 0 R]>> endobj
4 0 obj <</S/JavaScript/JS(app.alert\\(1\\))>> endobj
5 0 obj <</Type/Annot/Subtype/Text/Rect[1 1 9 9]/Contents(not for the public)>> endobj
6 0 obj <</Type/Annot/Subtype/Link/Rect[1 1 9 9]/Contents(a link)>> endobj
7 0 obj <</Author(Zhang San)>> endobj
trailer <</Root 1 0 R/Info 7 0 R>>
"""


def test_given_a_pdf_with_notes_and_scripts_then_they_are_named(tmp_path: Path) -> None:
    """A link is no note."""
    assert hidden(tmp_path, SCRIPTED, "pdf") == {
        ("javascript", "", ""),
        ("annotations", "1", "not for the public"),
        ("properties", "Author", "Zhang San"),
    }


@pytest.mark.parametrize("kind", ["doc", "ppt", "ofd", "xls"])
def test_given_a_kind_that_nobody_can_look_into_then_that_is_a_finding(
    tmp_path: Path, kind: str
) -> None:
    """Silence would be taken for a clean file."""
    assert ("unread", "", "") in hidden(tmp_path, b"\xd0\xcf\x11\xe0 or so", kind)


@pytest.mark.parametrize(
    ("content", "kind"), [(b"%PDF-1.4 broken", "pdf"), (b"PK\x03\x04 broken", "docx")]
)
def test_given_a_file_that_no_parser_takes_then_that_is_a_finding(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    """Likewise."""
    assert hidden(tmp_path, content, kind) == {("unread", "", "")}


@pytest.mark.parametrize(
    ("content", "kind"), [(picture(), "jpg"), (b"text", "txt"), (b"a,b\n", "csv")]
)
def test_given_a_kind_that_hides_nothing_then_nothing_is_found(
    tmp_path: Path, content: bytes, kind: str
) -> None:
    """Pictures were drawn anew before."""
    assert hidden(tmp_path, content, kind) == set()


def test_many_findings_are_cut(tmp_path: Path) -> None:
    """A page that lists a million comments helps nobody."""
    comments = "".join(f"<comment author='a'><t>{n}</t></comment>" for n in range(2000))
    parts = {"word/document.xml": b"<d/>", "word/comments.xml": f"<c>{comments}</c>".encode()}
    assert len(hidden(tmp_path, packed(parts), "docx")) == 500
    assert Finding("comments").count == 1


def test_a_plain_word_file_hides_its_properties_alone(tmp_path: Path) -> None:
    """So that a finding means something."""
    assert {of[0] for of in hidden(tmp_path, word("建议"), "docx")} == {"properties"}
    assert {of[0] for of in hidden(tmp_path, scanned_pdf(), "pdf")} <= {"properties"}
