"""The kind of a file is that of its content."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
import xlwt

from api.files.inspection.kinds import kind_of
from api.files.receiving import FileRefused, Receiver
from tests.files.conftest import (
    huge_png,
    packed,
    pdf,
    photo,
    picture,
    saved,
    word,
    workbook,
)


def old_workbook() -> bytes:
    """A workbook of before 2007."""
    book = xlwt.Workbook()
    book.add_sheet("一").write(0, 0, "金额")
    return saved(book.save)


def compound(*streams: str) -> bytes:
    """An OLE file whose directory names some streams."""
    rows = b""
    for name in streams:
        written = name.encode("utf-16-le") + b"\0\0"
        rows += written.ljust(64, b"\0") + struct.pack("<H", len(written)) + bytes(62)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + rows


TYPES = b"<Types><Override ContentType='application/vnd.ms-word.document.%s.main+xml'/></Types>"
PRESENTATION = {"ppt/presentation.xml": b"<p/>", "[Content_Types].xml": TYPES % b"x"}
TAKEN = {
    "pdf": (pdf("建议"), "pdf"),
    "docx": (word("建议"), "docx"),
    "xlsx": (workbook([["金额", 1]]), "xlsx"),
    "pptx": (packed(PRESENTATION), "pptx"),
    "ofd": (packed({"OFD.xml": b"<o/>"}), "ofd"),
    "xls": (old_workbook(), "xls"),
    "doc": (compound("Root Entry", "WordDocument"), "doc"),
    "ppt": (compound("Root Entry", "PowerPoint Document"), "ppt"),
    "jpg": (photo(), "jpg"),
    "png": (picture("PNG"), "png"),
    "webp": (picture("WEBP"), "webp"),
    "gif": (picture("GIF"), "gif"),
    "txt": ("各位代表：\n".encode("gb18030"), "txt"),
    "csv": ("单位,金额\n水务局,3\n".encode("utf-16"), "csv"),
}


@pytest.mark.parametrize("extension", TAKEN)
def test_given_a_file_of_a_kind_that_is_taken_then_its_content_says_which(
    tmp_path: Path, extension: str
) -> None:
    """Of a text alone the name says whether it is a table."""
    content, kind = TAKEN[extension]
    (tmp_path / "file").write_bytes(content)
    assert kind_of(tmp_path / "file", extension) == kind
    assert kind_of(tmp_path / "file", "exe") == ("txt" if kind == "csv" else kind)


@pytest.mark.parametrize(
    ("content", "sent_as", "kind", "name"),
    [
        (picture("PNG"), "照片.jpg", "png", "照片.png"),
        (b"<script>alert(1)</script>", "page.html", "txt", "page.html.txt"),
        (b"<svg onload='alert(1)'/>", "drawing.svg", "txt", "drawing.svg.txt"),
        (pdf("x"), "建议", "pdf", "建议.pdf"),
        (word("x"), "建议.xlsx", "docx", "建议.docx"),
        (b"MZ is only text", "setup.exe", "txt", "setup.exe.txt"),
    ],
)
def test_given_a_name_that_says_another_kind_then_it_gets_the_right_ending_and_that_is_said(
    receiver: Receiver, content: bytes, sent_as: str, kind: str, name: str
) -> None:
    """Whoever opens it later gets what it is."""
    stored = receiver.received(sent_as, io.BytesIO(content))
    assert (stored.kind, stored.name, stored.sent_as) == (kind, name, sent_as)


def bomb() -> bytes:
    """A Word file of a few kilobytes that says it unpacks to a gigabyte."""
    content = bytearray(packed({"word/document.xml": bytes(1000)}))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 1_000_000_000)
    return bytes(content)


def twice() -> bytes:
    """A Word file with two main parts: programs differ in which counts."""

    def write(into: io.BytesIO) -> None:
        with zipfile.ZipFile(into, "w") as file:
            file.writestr("word/document.xml", b"<a/>")
            with pytest.warns(UserWarning, match="Duplicate name"):
                file.writestr("word/document.xml", b"<b/>")

    return saved(write)


def relation(kind: str, target: str) -> bytes:
    """A part that points at something outside of its package."""
    of = f"<Relationship Id='r' Type='http://a/{kind}' Target='{target}' TargetMode='External'/>"
    return f"<Relationships>{of}</Relationships>".encode()


REFUSED = {
    "empty": b"",
    "large": bytes(5_000_001),
    "kind": b"MZ\x90\0\x03" + bytes(100),
    "packed": packed({"a.txt": b"a"}),
    "macros": packed(
        {"word/document.xml": b"<a/>", "[Content_Types].xml": TYPES % b"macroEnabled"}
    ),
    "outside": packed(
        {
            "word/document.xml": b"<a/>",
            "word/_rels/settings.xml.rels": relation(
                "attachedTemplate", "&#104;ttp://evil/a.dotm"
            ),
        }
    ),
    "password": compound("Root Entry", "EncryptedPackage"),
    "bomb": bomb(),
    "two-kinds": pdf("x") + packed({"a.txt": b"a"}),
    "broken": b"PK\x03\x04 and no more",
    "pixels": huge_png(60_000, 60_000),
}


@pytest.mark.parametrize("why", REFUSED)
def test_given_a_content_that_is_not_taken_then_field_fault_and_remedy_are_said(
    receiver: Receiver, why: str
) -> None:
    """And nothing of it stays."""
    with pytest.raises(FileRefused, match=r"^422: file: .+; .+") as refused:
        receiver.received("附件.docx", io.BytesIO(REFUSED[why]))
    assert refused.value.why == why
    assert list(receiver.contents.hashes()) == []
    assert not list(receiver.contents.folder.rglob("*.*"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"Rar!\x1a\x07\0", "packed"),
        (b"\x1f\x8b\x08" + bytes(20), "packed"),
        (twice(), "broken"),
        *(
            (packed({"word/document.xml": b"<a/>", name: b"evil"}), "broken")
            for name in ("../evil.txt", "/tmp/evil.txt", "a\\..\\b", "c:evil", "WORD/document.xml")
        ),
        *(
            (packed({"word/document.xml": b"<a/>", name: part}), "macros")
            for name, part in (
                ("[Content_Types].xml", (TYPES % b"macroEnabled").decode().encode("utf-16")),
                ("[content_types].xml", TYPES % b"macro&#69;nabled"),
                ("word/_rels/document.xml.rels", relation("vbaProject", "harmless.bin")),
                ("word/vbaProject.bin", b"macro"),
            )
        ),
        *(
            (
                packed({"word/document.xml": b"<a/>", "word/_rels/a.xml.rels": relation(*of)}),
                "outside",
            )
            for of in (
                ("oleObject", r"\\evil\a"),
                ("frame", "file://evil/a"),
                ("subDocument", "https://evil/a"),
            )
        ),
        (packed({"word/document.xml": b"<a/>", "xl/workbook.xml": b"<a/>"}), "two-kinds"),
        (compound("Root Entry", "Something"), "kind"),
        (b"\xff\xd8\xff\xe0 no picture", "broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "broken"),
        (b"text with a bell \x07", "kind"),
        (b"\0\x61\0\x62", "kind"),
    ],
)
def test_given_another_such_content_then_it_is_refused_too(
    receiver: Receiver, content: bytes, why: str
) -> None:
    """Archives of other kinds, ambiguous ones, pictures that are none."""
    with pytest.raises(FileRefused) as refused:
        receiver.received("附件.docx", io.BytesIO(content))
    assert refused.value.why == why


def test_given_links_and_a_template_of_the_writer_s_own_disk_then_a_paper_is_taken(
    tmp_path: Path,
) -> None:
    """Word itself writes both."""
    links = relation("hyperlink", "https://example.org/") + relation(
        "attachedTemplate", "file:///C:\\Users\\x\\a.dotm"
    )
    content = packed({"word/document.xml": b"<a/>", "word/_rels/a.xml.rels": links})
    (tmp_path / "file").write_bytes(content)
    assert kind_of(tmp_path / "file", "docx") == "docx"
