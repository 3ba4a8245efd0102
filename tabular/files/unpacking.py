"""A file's bytes, out of a gzip or a zip with one file where it is packed."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from config.vocabulary.errors import Fault, FaultyInput
from tabular.files import archives

MOST_UNPACKED = 2 << 30
"""Bytes of a text, unpacked."""
HEAD = 1 << 16
"""Bytes by which a file is judged."""
ZIP, OLE, GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"
_EMPTY_ZIP = b"PK\x05\x06"
_TABLES = (".csv", ".txt", ".tsv", ".tab", ".xlsx", ".xls", ".xlsm", ".et")
_WORKBOOKS = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "xlsb",
    "content.xml": "ods",
}
_OTHERS = (
    (b"%PDF", "a PDF"),
    (b"Rar!", "packed with RAR"),
    (b"7z\xbc\xaf", "packed with 7-Zip"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a text document"),
)
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:(<!doctype html|<html|<table|<meta|<style|<head)|<\?xml)",
    re.IGNORECASE,
)
_TROUBLES = (
    zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError, RuntimeError,
    OSError, ValueError, OverflowError,
)  # fmt: skip
"""Errors of broken and locked archives."""


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of one file, which can be read as often as needed; ``name`` is what faults call
    it, ``member`` the name inside a zip, ``form`` one of text, xlsx, xlsb, ods, xls.
    """

    name: str
    source: Path | bytes
    form: str
    packed: str = ""
    member: str = ""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes from their beginning, unpacked.

        Raises:
            FaultyInput: they cannot be read, or not unpacked.
        """
        try:
            with _opened(self.source) as raw:
                if self.packed == "gzip":
                    with gzip.GzipFile(fileobj=raw) as unpacked:
                        yield cast("BinaryIO", unpacked)
                elif self.packed == "zip":
                    with archives.opened(raw) as archive, archive.open(self.member) as unpacked_:
                        yield cast("BinaryIO", unpacked_)
                else:
                    yield raw
        except _TROUBLES as error:
            if isinstance(error, UnicodeError):
                raise
            raise fault(self.name, f"cannot be read ({_said(error)})", "send it again") from error

    def size(self) -> int:
        """Bytes, unpacked; of a gzip as its end has them.

        Raises:
            FaultyInput: see ``open``.
        """
        try:
            with _opened(self.source) as raw:
                if self.packed == "zip":
                    with archives.opened(raw) as archive:
                        return archive.getinfo(self.member).file_size
                end = raw.seek(0, io.SEEK_END)
                if not self.packed:
                    return end
                raw.seek(max(end - 4, 0))
                return int.from_bytes(raw.read(4), "little")
        except _TROUBLES as error:
            raise fault(self.name, f"cannot be read ({_said(error)})", "send it again") from error

    def whole(self, most: int) -> bytes:
        """All bytes.

        Raises:
            FaultyInput: there are more than ``most``, or see ``open``.
        """
        with self.open() as file:
            content = file.read(most + 1)
        if len(content) > most:
            what = f"has more than {most >> 20} MB"
            raise fault(self.name, what, "send it in parts, or as csv")
        return content


def fault(name: str, what: str, remedy: str) -> FaultyInput:
    """A fault of the whole file."""
    return FaultyInput([Fault(name, what, remedy)])


def content_of(source: Path | bytes, name: str = "") -> Content:
    """A file by what is in it, whatever it is named.

    Raises:
        FaultyInput: it cannot be read, or holds no table for certain.
    """
    name = name or (source.name if isinstance(source, Path) else "the file")
    found = _judged(Content(name, source, "text"))
    if found.form != "zip":
        return found
    return _judged(_member(found))


def _judged(content: Content) -> Content:
    """The content with its form; a gzip is looked into."""
    with content.open() as file:
        head = file.read(HEAD)
    if head.startswith(GZIP) and not content.packed:
        return _judged(Content(content.name, content.source, "text", "gzip"))
    for mark, what in _OTHERS:
        if head.startswith(mark):
            remedy = "send the table itself, as xlsx or csv"
            raise fault(content.name, f"is {what}, and no table", remedy)
    if page := _PAGE.match(head):
        what = "is a web page" if page[1] else "is a workbook of XML, as of 2003"
        raise fault(content.name, what, "open it in a spreadsheet, and save it as xlsx")
    form = "text"
    if head.startswith(OLE):
        form = "xls"
    elif head.startswith((ZIP, _EMPTY_ZIP)):
        form = _form_of_zip(content)
    return Content(content.name, content.source, form, content.packed, content.member)


def _form_of_zip(content: Content) -> str:
    names = _names(content)
    for part, form in _WORKBOOKS.items():
        if part in names:
            return form
    if "[Content_Types].xml" in names:
        document = any(name.startswith(("word/", "ppt/")) for name in names)
        what = "is a document" if document else "is no workbook that can be read (it lacks parts)"
        remedy = "copy its table into a workbook" if document else "save it again as xlsx"
        raise fault(content.name, what, remedy)
    if content.packed:
        raise fault(content.name, "is packed twice", "unpack it once")
    return "zip"


def _names(content: Content) -> list[str]:
    try:
        source = content.whole(HEAD << 10) if content.packed else content.source
        with _opened(source) as raw, archives.opened(raw) as archive:
            return archive.namelist()
    except _TROUBLES as error:
        what = f"is no workbook that can be read ({_said(error)})"
        raise fault(content.name, what, "save it as xlsx without a password") from error


def _member(content: Content) -> Content:
    """The one table in a zip."""
    names = [
        name
        for name in _names(content)
        if not name.endswith("/") and not name.startswith("__MACOSX/")
    ]
    tables = [name for name in names if name.lower().endswith(_TABLES)]
    if len(tables) != 1:
        known = f"{len(tables)} tables" if tables else "no table"
        listed = ", ".join((tables or names)[:5])
        what = f"is a zip with {known}{f' ({listed})' if listed else ''}"
        raise fault(content.name, what, "send one table in it, or none packed")
    return Content(content.name, content.source, "text", "zip", tables[0])


@contextmanager
def _opened(source: Path | bytes) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield io.BytesIO(source)
    else:
        with source.open("rb") as raw:
            yield raw


def _said(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__)[:200]
