"""Files of every kind as people send them, made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
import typst
from PIL import Image

from api.files.contents import Contents
from api.files.receiving import Receiver
from config.settings import AttachmentSettings

NOW_MS = 1_795_492_800_000


@pytest.fixture
def contents(tmp_path: Path) -> Contents:
    """An empty folder of contents."""
    return Contents(tmp_path / "files")


@pytest.fixture
def receiver(contents: Contents) -> Receiver:
    """With bounds as they are where nobody set others, and no scanner."""
    return Receiver(contents, AttachmentSettings(most_mb=5), lambda: NOW_MS)


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    """The bytes that something writes."""
    into = io.BytesIO()
    save(into)
    return into.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    """A picture."""
    drawn = Image.linear_gradient("L").resize(size).convert("RGB")
    return saved(lambda into: drawn.save(into, kind, **options))


def photo() -> bytes:
    """A photo of a phone that was held upright: with position, owner, comment and its own little
    copy.
    """
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0xA430] = 6, "Huawei", "张三"
    exif.get_ifd(0x8825).update({1: "N", 2: (32.0, 4.0, 12.0), 3: "E", 4: (121.0, 3.0, 0.0)})
    return picture(exif=exif, comment=b"secret remark")


def pdf(text: str) -> bytes:
    """A PDF with a text."""
    return bytes(typst.compile(f"#set page(width: 12cm, height: 8cm)\n{text}".encode()))


def scanned_pdf() -> bytes:
    """A PDF that is a picture."""
    drawn = Image.new("RGB", (200, 100), "white")
    return saved(lambda into: drawn.save(into, "PDF"))


def word(*paragraphs: str) -> bytes:
    """A Word file."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    return saved(document.save)


def workbook(rows: list[list[object]]) -> bytes:
    """A workbook with one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book.save)


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip."""

    def write(into: io.BytesIO) -> None:
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in parts.items():
                file.writestr(name, content)

    return saved(write)


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checked)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
