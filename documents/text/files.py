"""The kind of a file by its content, and the refusal of what cannot be read as text."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Literal

from config.vocabulary.errors import Fault, FaultyInput

Kind = Literal["text", "word", "pdf"]
MOST_BYTES = 100 << 20
MOST_OF_A_TEXT = 8 << 20
MOST_PARTS, MOST_UNPACKED = 20_000, 200 << 20
"""Parts of a Word file, and the bytes that all of them may come to."""
MOST_OF_A_PART = 32 << 20
_REMEDY = "send it as docx, as Markdown, or as a PDF with text"
_DOCX = "open it in Word or WPS and save it as docx"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"{\\rtf", "is a document in RTF", _DOCX),
    (b"\xff\xd8\xff", "is a picture", _REMEDY),
    (b"\x89PNG", "is a picture", _REMEDY),
    (b"GIF8", "is a picture", _REMEDY),
    (b"Rar!", "is packed with RAR", "unpack it, and send the document in it"),
    (b"7z\xbc\xaf", "is packed with 7-Zip", "unpack it, and send the document in it"),
    (b"\x1f\x8b", "is packed with gzip", "unpack it, and send the document in it"),
)
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<?xml")
_PACKED = (
    ("OFD.xml", "is an OFD document", "save it as docx, or as a PDF with text"),
    ("xl/workbook.xml", "is a workbook", _REMEDY),
    ("ppt/presentation.xml", "is a presentation", _REMEDY),
    ("content.xml", "is an OpenDocument file", _DOCX),
)
TROUBLES = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError, OverflowError, KeyError,
)  # fmt: skip
"""Errors of broken and locked archives."""


def fault(path: Path, what: str, remedy: str) -> FaultyInput:
    """A fault of the whole file."""
    return FaultyInput([Fault(path.name, what, remedy)])


def kind_of(path: Path) -> Kind:
    """The kind, whatever the file is named.

    Raises:
        FaultyInput: it is of none that can be read, too large, locked or broken.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        remedy = "name a file that is there and may be read"
        raise fault(path, f"cannot be opened ({error.strerror})", remedy) from error
    if not head.strip():
        raise fault(path, "is empty", _REMEDY)
    if size > MOST_BYTES:
        raise fault(path, f"has more than {MOST_BYTES >> 20} MB", "send its text without pictures")
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith(_OLE):
        raise _compound(path)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        _check_packed(path)
        return "word"
    for mark, what, remedy in _OTHERS:
        if head.startswith(mark):
            raise fault(path, what, remedy)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGES):
        raise fault(path, "is a web page or XML", "copy its text into a docx")
    return "text"


def text_of(path: Path) -> str:
    """The text of a plain file. GB 18030 contains GBK and GB 2312; UTF-8 never fits by chance.

    Raises:
        FaultyInput: it fits no encoding, is too large, or holds signs that no text has.
    """
    content = path.read_bytes()
    if len(content) > MOST_OF_A_TEXT:
        raise fault(path, f"has more than {MOST_OF_A_TEXT >> 20} MB of text", "send it in parts")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(of < " " and of not in "\t\n\r\f\v" for of in set(text)):
            return text
    raise fault(path, "is no text in UTF-8 or GB 18030", _REMEDY)


def _compound(path: Path) -> FaultyInput:
    content = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in content:
        return fault(path, "has a password", "save it without one, as docx")
    if "WordDocument".encode("utf-16-le") in content:
        return fault(path, "is a document of Word 97 to 2003 (doc, wps)", _DOCX)
    return fault(path, "is an older Office file", _DOCX)


def _check_packed(path: Path) -> None:
    """A zip that is a Word file, and none that would fill the memory."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except TROUBLES as error:
        raise fault(path, "is damaged: its parts cannot be read", "send it again") from error
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        what = f"would take more than {MOST_UNPACKED >> 20} MB when unpacked"
        raise fault(path, what, "save its text in a new docx")
    if any(part.flag_bits & 1 for part in parts):
        raise fault(path, "has a password", "save it without one, as docx")
    if len(names) < len(parts):
        raise fault(path, "is damaged: two parts have one name", "save it again as docx")
    for name, what, remedy in _PACKED:
        if name in names:
            raise fault(path, what, remedy)
    if "[Content_Types].xml" not in names:
        raise fault(path, "is a zip", "unpack it, and send the document in it")
