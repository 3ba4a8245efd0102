"""A file that cannot be read as text is refused with what to do, and never half read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from config.vocabulary.errors import FaultyInput
from documents.text import files
from documents.text.reading import read
from tests.documents import papers
from tests.documents.papers import p

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTITIES = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def scanned(path: Path) -> None:
    """A page that is a picture."""
    Image.new("RGB", (600, 800), "white").save(path, "PDF")


def locked(path: Path) -> None:
    """A PDF that asks for a password: an encryption dictionary that no empty one opens."""
    papers.pdf(path, "第一条　甲。")
    content = path.read_bytes()
    crypt = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> /ID [(a) (a)]" % (
        b"x" * 32,
        b"y" * 32,
    )
    assert content.count(b"/Type /XRef") <= 1
    at = content.rindex(b"/Root")
    path.write_bytes(content[:at] + crypt + content[at:])


def bomb(path: Path) -> None:
    """A Word file whose text would take far more than its file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<a/>")
        packed.writestr("word/document.xml", b" " * (files.MOST_OF_A_PART + 1))


def many(path: Path) -> None:
    """A zip that unpacks to more than the memory of small machines."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("[Content_Types].xml", "<a/>")
        for at in range(5):
            packed.writestr(f"word/media/{at}", b"\0" * (files.MOST_UNPACKED // 4))


def parts(**named: bytes) -> Callable[[Path], None]:
    """A zip of parts; __ stands for a slash."""

    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as packed:
            for name, content in named.items():
                packed.writestr(name.replace("__", "/"), content)

    return write


def twice(path: Path) -> None:
    """Two parts of one name."""
    papers.word(path, p("第一条　甲。"))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as packed:
        packed.writestr("word/document.xml", "<a/>")


CASES: dict[str, tuple[Callable[[Path], object] | bytes, str, str]] = {
    "empty": (b"  \n", "is empty", "send it as docx"),
    "blank": (b"# \n\n---\n\n<!-- -->\n", "holds no text", "send the document itself"),
    "doc": (OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "Word 97 to 2003", "save it as docx"),
    "password": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "has a password", "without one"),
    "rtf": (b"{\\rtf1 abc}", "RTF", "save it as docx"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"0" * 90, "is a picture", "as docx"),
    "page": (b"<!DOCTYPE html><html></html>", "web page", "copy its text"),
    "binary": (bytes(range(256)) * 4, "no text in UTF-8", "as docx"),
    "rar": (b"Rar!\x1a\x07", "RAR", "unpack it"),
    "zip": (parts(**{"办法.docx": b"1"}), "is a zip", "unpack it"),
    "ofd": (parts(**{"OFD.xml": b"<a/>", "[Content_Types].xml": b""}), "OFD", "save it as docx"),
    "workbook": (parts(xl__workbook=b"", **{"xl/workbook.xml": b"<a/>"}), "is a workbook", "as docx"),
    "no body": (parts(**{"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "no document of Word", "save it again"),
    "broken xml": (parts(**{"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a><b></a>"}), "is damaged", "save it again"),
    "cut off": (lambda path: path.write_bytes(b"PK\x03\x04" + b"0" * 50), "is damaged", "send it again"),
    "twice": (twice, "two parts have one name", "save it again"),
    "bomb": (bomb, "MB", "new docx"),
    "many": (many, "when unpacked", "new docx"),
    "scanned": (scanned, "only scanned", "recognised (OCR)"),
    "broken pdf": (b"%PDF-1.7\nnothing", "is damaged", "save it again"),
    "locked": (locked, "has a password", "save it without one"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_given_a_file_that_cannot_be_read_then_it_is_refused_with_the_remedy(
    tmp_path: Path, case: str
) -> None:
    made, what, remedy = CASES[case]
    path = tmp_path / "某办法.docx"
    if callable(made):
        made(path)
    else:
        path.write_bytes(made)
    with pytest.raises(FaultyInput) as refused:
        read(path)
    fault = refused.value.faults[0]
    assert fault.where == "某办法.docx"
    assert what in fault.what
    assert remedy in fault.remedy


def test_given_no_file_then_it_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FaultyInput, match="cannot be opened"):
        read(tmp_path / "nothing.md")


def test_given_entities_in_a_word_file_then_they_are_not_followed(tmp_path: Path) -> None:
    path = papers.word(tmp_path / "a.docx", p("第一条　甲。"))
    with zipfile.ZipFile(path) as packed:
        content = packed.read("word/document.xml").decode()
    parts(
        **{
            "[Content_Types].xml": b"<a/>",
            "word/document.xml": (ENTITIES + content.replace("甲", "&b;")).encode(),
        }
    )(path)
    assert "ha" not in read(path).articles[0].text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_given_a_text_in_any_encoding_of_offices_then_it_is_read(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("第一条　为了便民。\r\n第二条　适用于本区。".encode(encoding))
    assert [article.text for article in read(path).articles] == ["为了便民。", "适用于本区。"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "line",
    [
        "<!-- ", "**a ", "[" * 50, ". . . … 1", "附件1：某办法\n\n", "第一条　甲。\n\n", "“" * 40, "a" + "　" * 40,
        "第一章 总则\n\n",
    ],
)  # fmt: skip
def test_given_a_hostile_text_then_reading_it_takes_no_time_in_squares(
    tmp_path: Path, line: str
) -> None:
    path = tmp_path / "a.md"
    path.write_text(line * (100_000 // len(line)), encoding="utf-8")
    document = read(path)
    assert document.title or document.articles or document.preamble or document.parts
