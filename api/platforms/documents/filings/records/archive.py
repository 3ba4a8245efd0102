"""Packages of filings for the platform of the province, and in from there: one zip with its
manifest. Whatever comes is checked before any of it is used.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

MANIFEST, SCHEMA, VERSION = "manifest.json", "qingyuan.filing", 1
MOST_FILES, MOST_MANIFEST = 60, 1_000_000
MOST_UNPACKED = 300_000_000
"""Bytes of all files: more than forty papers of a filing are."""
A_PIECE = 1 << 20
_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)
"""The same filing gives the same bytes."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SAFE = re.compile(r"papers/[0-9]{2}-[a-z-]{1,20}\.[a-z0-9]{1,5}")
Wrong = Literal[
    "no-zip", "manifest", "schema", "version", "files", "path", "twice", "linked", "locked",
    "missing", "unnamed", "size", "hash", "large", "link", "file",
]  # fmt: skip


class NotAPackage(Exception):
    """A package that is not taken in: ``why``, and the ``file`` in it where one is the reason."""

    def __init__(self, why: Wrong, file: str = "") -> None:
        super().__init__(f"{why}: {file}" if file else why)
        self.why, self.file = why, file


class PackedFile(Struct, frozen=True):
    """A paper in a package: its path there, which paper it is, and the name it goes by."""

    path: str
    paper: str
    name: str
    size: int
    sha256: str


class PackedFacts(Struct, frozen=True):
    """Facts of the document; days are ISO text, empty where nobody gave them."""

    maker: str
    maker_name: str
    kind: str
    title: str
    number: str = ""
    passed: str = ""
    published: str = ""
    in_force: str = ""
    valid_until: str = ""
    basis: str = ""


class PackedReceipt(Struct, frozen=True):
    """The receipt of the province's platform."""

    number: str
    day: str = ""
    link: str = ""


class Manifest(Struct, frozen=True):
    """The table of a package. Fields that a later minor version adds are left unread."""

    schema: str
    version: int
    filing: PackedFacts
    files: tuple[PackedFile, ...]
    official: PackedReceipt | None = None
    registered: str = ""
    """The number in the register of the centre that packed it."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A file that goes into a package: its row, and where its content lies."""

    file: PackedFile
    path: Path


@dataclass(frozen=True, slots=True)
class Package:
    """A package that holds, opened: every content has been held against the manifest."""

    manifest: Manifest
    archive: zipfile.ZipFile

    def content(self, file: PackedFile) -> BinaryIO:
        """A file of it as a stream."""
        return self.archive.open(file.path)  # type: ignore[return-value]


def write(target: BinaryIO, manifest: Manifest, files: Sequence[Packed]) -> None:
    """Write a package."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        body = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        archive.writestr(_entry(MANIFEST), body, zipfile.ZIP_DEFLATED)
        for one in files:
            with archive.open(_entry(one.file.path), "w") as into, one.path.open("rb") as source:
                while piece := source.read(A_PIECE):
                    into.write(piece)


@contextmanager
def opened(source: BinaryIO) -> Iterator[Package]:
    """A package, after everything in it was checked.

    Raises:
        NotAPackage: with the file that does not hold.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise NotAPackage("no-zip") from error
    with archive:
        entries = _entries(archive)
        manifest = _manifest(archive, entries)
        _check_files(archive, manifest, entries)
        yield Package(manifest, archive)


def is_link(link: str) -> bool:
    """Whether it is an https address without a name and password in it."""
    if link != link.strip() or any(of.isspace() or ord(of) < 32 for of in link):
        return False
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return False
    plain = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    return plain and (port is None or port > 0)


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _DAY_OF_ZIP)
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    every = archive.infolist()
    if len(every) > MOST_FILES + 1:
        raise NotAPackage("files")
    for entry in every:
        name = entry.filename
        if name != MANIFEST and not _SAFE.fullmatch(name):
            raise NotAPackage("path", name[:100])
        if name in found:
            raise NotAPackage("twice", name)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise NotAPackage("linked", name)
        if entry.flag_bits & 0x1:
            raise NotAPackage("locked", name)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotAPackage("no-zip", name)
        found[name] = entry
    return found


def _manifest(archive: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> Manifest:
    if MANIFEST not in entries:
        raise NotAPackage("missing", MANIFEST)
    body = b"".join(_pieces(archive, MANIFEST, MOST_MANIFEST))
    try:
        head = msgspec.json.decode(body)
        schema, version = head["schema"], head["version"]
    except (msgspec.DecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise NotAPackage("manifest", MANIFEST) from error
    if schema != SCHEMA:
        raise NotAPackage("schema", MANIFEST)
    if version != VERSION:
        raise NotAPackage("version", MANIFEST)
    try:
        manifest = msgspec.json.decode(body, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotAPackage("manifest", MANIFEST) from error
    if manifest.official and manifest.official.link and not is_link(manifest.official.link):
        raise NotAPackage("link", MANIFEST)
    return manifest


def _check_files(
    archive: zipfile.ZipFile, manifest: Manifest, entries: dict[str, zipfile.ZipInfo]
) -> None:
    paths = [of.path for of in manifest.files]
    if len(set(paths)) < len(paths):
        raise NotAPackage("twice", next(of for of in paths if paths.count(of) > 1)[:100])
    for path in paths:
        if path not in entries or path == MANIFEST:
            raise NotAPackage("missing", path[:100])
    for name in entries.keys() - {MANIFEST, *paths}:
        raise NotAPackage("unnamed", name)
    left = MOST_UNPACKED
    for of in manifest.files:
        if not 0 <= of.size <= left:
            raise NotAPackage("large", of.path)
        left -= of.size
        _check_content(archive, of)


def _check_content(archive: zipfile.ZipFile, file: PackedFile) -> None:
    """Bytes that are unpacked count, not the sizes that the zip names."""
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(archive, file.path, file.size):
        digest.update(piece)
        size += len(piece)
    if size != file.size:
        raise NotAPackage("size", file.path)
    if not _DIGEST.fullmatch(file.sha256) or digest.hexdigest() != file.sha256:
        raise NotAPackage("hash", file.path)


def _pieces(archive: zipfile.ZipFile, name: str, most: int) -> Iterator[bytes]:
    """A content piece by piece, refused where more comes than it may have."""
    left = most
    try:
        with archive.open(name) as content:
            while piece := content.read(A_PIECE):
                left -= len(piece)
                _check_left(left, name)
                yield piece
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError) as error:
        raise NotAPackage("no-zip", name) from error


def _check_left(left: int, name: str) -> None:
    if left < 0:
        raise NotAPackage("large" if name == MANIFEST else "size", name)
