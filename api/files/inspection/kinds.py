"""The kind of a file by its content: neither its name nor what a browser says counts."""

from __future__ import annotations

import html
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, get_args

from api.files.inspection.plain import NoText, text_of
from tabular.files import archives

Kind = Literal[
    "pdf", "docx", "xlsx", "pptx", "ofd", "doc", "xls", "ppt",
    "jpg", "png", "webp", "gif", "txt", "csv",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
PICTURES: frozenset[str] = frozenset({"jpg", "png", "webp", "gif"})
INLINE = PICTURES | {"pdf"}
"""Kinds that a browser may show by itself; all others are saved."""
MEDIA: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "txt": "text/plain",
    "csv": "text/csv",
}
EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    **{kind: (kind,) for kind in KINDS},
    "jpg": ("jpg", "jpeg", "jpe", "jfif"),
    "doc": ("doc", "wps", "dot"),
    "xls": ("xls", "et"),
    "ppt": ("ppt", "dps", "pps"),
    "txt": ("txt", "md", "log"),
    "csv": ("csv", "tsv"),
}
"""Endings of names that say no other kind than the content; the first is the usual one."""
Unfit = Literal[
    "empty", "kind", "packed", "macros", "password", "bomb", "two-kinds", "broken", "outside"
]
MOST_UNPACKED = 600_000_000
"""Bytes that a packed file says it holds."""
_HEADS: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
_TYPES = "[content_types].xml"
MOST_OF_TYPES = 16 << 20
"""Bytes of the parts that name the types and the relations of all others."""
_RELATION = re.compile(r"<(?:\w+:)?relationship\s[^>]*>")
_LOADED = re.compile(r"/(?:attachedtemplate|oleobject|frame|subdocument|afchunk)\s*[\"']")
_FROM_A_HOST = re.compile(r"target\s*=\s*[\"']\s*(?:https?:|ftp:|[\\/]{2}|file:(?!/{3}[^/\\]))")
"""A template on the writer's own disk is what Word itself writes."""
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_MAIN: tuple[tuple[str, Kind], ...] = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("ppt/presentation.xml", "pptx"),
    ("OFD.xml", "ofd"),
)
_STREAMS: tuple[tuple[str, Kind], ...] = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
_ENTRY = 128
"""Bytes of a row in the directory of an OLE file, which begins with its name in UTF-16."""


@dataclass(frozen=True, slots=True)
class NotTaken(Exception):
    """A content of a kind that nobody may attach."""

    why: Unfit


def kind_of(path: Path, extension: str) -> Kind:
    """The kind of a content; of a text the name's ``extension`` says whether it is a table.

    Raises:
        NotTaken: it is of none that may be attached.
    """
    with path.open("rb") as file:
        head = file.read(16)
        if not head:
            raise NotTaken("empty")
        if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            return "webp"
        found = next((kind for mark, kind in _HEADS if head.startswith(mark)), None)
        if found == "pdf" and _is_zip(file):
            raise NotTaken("two-kinds")
        if found:
            return found
        if head.startswith(_ZIPS):
            return _packed(file)
        if head.startswith(_OLE):
            return _compound(file)
        if head.startswith(_ARCHIVES):
            raise NotTaken("packed")
        _check_text(file)
    return "csv" if extension in EXTENSIONS["csv"] else "txt"


def _is_zip(file: BinaryIO) -> bool:
    """Whether a zip archive lies behind the beginning of another kind."""
    try:
        with archives.opened(file) as packed:
            return bool(packed.infolist())
    except archives.TooManyParts:
        return True
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _packed(file: BinaryIO) -> Kind:
    """The kind of an Office file by its main part."""
    try:
        with archives.opened(file) as packed:
            parts = packed.infolist()
            if sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise NotTaken("bomb")
            said = _said(packed, parts)
    except archives.TooManyParts as error:
        raise NotTaken("bomb") from error
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, zlib.error) as error:
        raise NotTaken("broken") from error
    if any(part.flag_bits & 1 for part in parts):
        raise NotTaken("password")
    names = [part.filename for part in parts]
    if len({name.lower() for name in names}) < len(names) or any(map(_climbs, names)):
        # Which of two parts of one name counts is a matter of the reader.
        raise NotTaken("broken")
    _check_said(names, said)
    found = [kind for name, kind in _MAIN if name in names]
    if len(found) > 1:
        raise NotTaken("two-kinds")
    if not found:
        raise NotTaken("packed")
    return found[0]


def _climbs(name: str) -> bool:
    """Whether a part would lie outside of a folder to which it is unpacked."""
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name


def _said(packed: zipfile.ZipFile, parts: Sequence[zipfile.ZipInfo]) -> str:
    """The parts that name the types and the relations of all others, in small letters. They may
    be of UTF-16: signs that mean something to a reader are the same without its zeros.
    """
    found = [
        part
        for part in parts
        if part.filename.lower().endswith((_TYPES, ".rels")) and not part.flag_bits & 1
    ]
    if sum(part.file_size for part in found) > MOST_OF_TYPES:
        raise NotTaken("bomb")
    return "".join(
        packed.read(part).replace(b"\0", b"").decode("latin-1") for part in found
    ).lower()


def _check_said(names: Sequence[str], said: str) -> None:
    whole = html.unescape(said).lower()
    if "macroenabled" in whole or "vbaproject" in whole + " ".join(names).lower():
        raise NotTaken("macros")
    for tag in (html.unescape(of).lower() for of in _RELATION.findall(said)):
        if _LOADED.search(tag) and _FROM_A_HOST.search(tag):
            raise NotTaken("outside")


def _compound(file: BinaryIO) -> Kind:
    """The kind of an older Office file by the names of its streams."""
    file.seek(0)
    content = file.read()
    if _has_stream(content, "EncryptedPackage"):
        raise NotTaken("password")
    for name, kind in _STREAMS:
        if _has_stream(content, name):
            return kind
    raise NotTaken("kind")


def _has_stream(content: bytes, name: str) -> bool:
    row = name.encode("utf-16-le") + b"\0\0"
    at = content.find(row)
    while at >= 0:
        length = int.from_bytes(content[at + 64 : at + 66], "little")
        if at % _ENTRY == 0 and length == len(row):
            return True
        at = content.find(row, at + 1)
    return False


def _check_text(file: BinaryIO) -> None:
    file.seek(0)
    try:
        text_of(file.read())
    except NoText as error:
        raise NotTaken("kind") from error
