"""Packages of filings for the platform of the province, and in from there: one zip with its
manifest.
"""

from __future__ import annotations

import re
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from api.packages import archive as packages
from api.packages.archive import NotAPackage

MANIFEST, SCHEMA, VERSION = "manifest.json", "qingyuan.filing", 1
MOST_FILES, MOST_MANIFEST = 60, 1_000_000
MOST_UNPACKED = 300_000_000
"""Bytes of all files: more than forty papers of a filing are."""
_PATHS = re.compile(r"papers/[0-9]{2}-[a-z-]{1,20}\.[a-z0-9]{1,5}")
FORM = packages.Form(MANIFEST, SCHEMA, VERSION, _PATHS, MOST_FILES, MOST_MANIFEST, MOST_UNPACKED)


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
    archive: packages.Package

    def content(self, file: PackedFile) -> BinaryIO:
        """A file of it as a stream."""
        return self.archive.opened(file)


def write(target: BinaryIO, manifest: Manifest, files: Sequence[Packed]) -> None:
    """Write a package."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        body = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        archive.writestr(packages.entry(MANIFEST), body)
        for one in files:
            with (
                archive.open(packages.entry(one.file.path), "w") as into,
                one.path.open("rb") as source,
            ):
                while piece := source.read(packages.MOST_AT_ONCE):
                    into.write(piece)


@contextmanager
def opened(source: BinaryIO) -> Iterator[Package]:
    """A package, after everything in it was checked.

    Raises:
        NotAPackage: with the file that does not hold.
    """
    with packages.opened(source, FORM) as archive:
        manifest, _ = archive.sheet(Manifest)
        if manifest.official and manifest.official.link and not is_link(manifest.official.link):
            raise NotAPackage("link", MANIFEST)
        archive.check(manifest.files)
        for of in manifest.files:
            deque(archive.content(of), maxlen=0)
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
