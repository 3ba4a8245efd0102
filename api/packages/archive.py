"""Zips with a sheet that names every other file. Whatever comes is checked before any of it is
used. Pure.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol, TypeVar, cast

import msgspec

Wrong = Literal[
    "no-zip", "files", "path", "twice", "linked", "locked", "missing", "unnamed", "size", "hash",
    "large", "schema", "version", "manifest",
]  # fmt: skip
OfContent = Literal["canonical", "item", "report", "link", "file"]
"""Faults that a form of packages finds in its own contents."""
Kind = TypeVar("Kind")
MOST_AT_ONCE = 1 << 20
"""Bytes that are read at once. The directory of a zip is: so many entries are two thousand."""
_DAY = (1980, 1, 1, 0, 0, 0)
"""The same content gives the same bytes."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TROUBLES = (
    zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError,
)  # fmt: skip
"""Errors of broken and locked zips; the last has NotImplementedError below it."""
_NOT_READ = (msgspec.DecodeError, UnicodeError, RecursionError)


class NotAPackage(Exception):
    """A package that is not taken in: ``why``, and the ``file`` in it where one is the reason."""

    def __init__(self, why: Wrong | OfContent, file: str = "") -> None:
        super().__init__(f"{why}: {file}" if file else why)
        self.why, self.file = why, file


class Listed(Protocol):
    """A file as the sheet names it: its path, bytes and SHA-256."""

    @property
    def path(self) -> str:
        """In the zip."""

    @property
    def size(self) -> int:
        """In bytes."""

    @property
    def sha256(self) -> str:
        """In hexadecimal."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of packages: its sheet with schema and version, and the paths that others may have.
    At most so many files beside the sheet, and so many bytes of the sheet and of all others.
    """

    sheet: str
    schema: str
    version: int
    paths: re.Pattern[str]
    most_files: int
    most_sheet: int
    most_unpacked: int


class Package:
    """A zip of which every name holds."""

    def __init__(self, archive: zipfile.ZipFile, form: Form) -> None:
        self._archive, self._form = archive, form
        self._names = _names(archive, form)

    def sheet(self, kind: type[Kind]) -> tuple[Kind, bytes]:
        """The sheet, and as it was written.

        Raises:
            NotAPackage: it is missing, large, or of another schema or version.
        """
        form = self._form
        if form.sheet not in self._names:
            raise NotAPackage("missing", form.sheet)
        body = b"".join(self._pieces(form.sheet, form.most_sheet))
        head = decoded(body, dict[str, object], form.sheet)
        if head.get("schema") != form.schema:
            raise NotAPackage("schema", form.sheet)
        if head.get("version") != form.version:
            raise NotAPackage("version", form.sheet)
        return decoded(body, kind, form.sheet), body

    def check(self, files: Sequence[Listed]) -> None:
        """Hold the names and sizes of a sheet against the zip, before anything is unpacked.

        Raises:
            NotAPackage
        """
        paths, left = [of.path for of in files], self._form.most_unpacked
        for at, path in enumerate(paths):
            if path in paths[:at]:
                raise NotAPackage("twice", path[:100])
            if path not in self._names or path == self._form.sheet:
                raise NotAPackage("missing", path[:100])
        for name in sorted(self._names - {self._form.sheet, *paths}):
            raise NotAPackage("unnamed", name)
        for of in files:
            if not 0 <= of.size <= left:
                raise NotAPackage("large", of.path)
            left -= of.size

    def content(self, of: Listed) -> Iterator[bytes]:
        """A file piece by piece. Bytes that are unpacked count, not the sizes that the zip names.

        Raises:
            NotAPackage: at the end, where the content is not what the sheet says.
        """
        digest, size = hashlib.sha256(), 0
        for piece in self._pieces(of.path, of.size):
            digest.update(piece)
            size += len(piece)
            yield piece
        if size != of.size:
            raise NotAPackage("size", of.path)
        if digest.hexdigest() != of.sha256:
            raise NotAPackage("hash", of.path)

    def opened(self, of: Listed) -> BinaryIO:
        """A file whose content was held against the sheet, as a stream."""
        return cast(BinaryIO, self._archive.open(of.path))

    def _pieces(self, name: str, most: int) -> Iterator[bytes]:
        """A content piece by piece, refused where more comes than it may have."""
        left = most
        try:
            with self._archive.open(name) as content:
                while piece := content.read(MOST_AT_ONCE):
                    left -= len(piece)
                    if left < 0:
                        break
                    yield piece
        except _TROUBLES as error:
            raise NotAPackage("no-zip", name) from error
        if left < 0:
            raise NotAPackage("large" if name == self._form.sheet else "size", name)


@contextmanager
def opened(source: BinaryIO, form: Form) -> Iterator[Package]:
    """A package of which every name holds.

    Raises:
        NotAPackage: with the file that does not hold.
    """
    try:
        archive = zipfile.ZipFile(cast(BinaryIO, _Bounded(source)))
    except _TROUBLES as error:
        raise NotAPackage("no-zip") from error
    with archive:
        yield Package(archive, form)


def decoded(body: bytes, kind: type[Kind], file: str, why: Wrong | OfContent = "manifest") -> Kind:
    """A content of a package.

    Raises:
        NotAPackage: ``why``, it is none of this kind.
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except _NOT_READ as error:
        raise NotAPackage(why, file) from error


def packed(files: Mapping[str, bytes], into: bytes = b"") -> bytes:
    """A zip of files, behind those of another one."""
    out = io.BytesIO(into)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(entry(name), content)
    return out.getvalue()


def entry(path: str) -> zipfile.ZipInfo:
    """An entry of a zip, which says neither when it was made nor on which machine."""
    made = zipfile.ZipInfo(path, _DAY)
    made.create_system = 3
    made.external_attr = (stat.S_IFREG | 0o644) << 16
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


class _Bounded:
    """A source of which nobody reads much at once, such as a directory of a million entries."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.seek, self.tell, self.seekable = source.seek, source.tell, source.seekable

    def read(self, most: int = -1) -> bytes:
        if most > MOST_AT_ONCE:
            raise NotAPackage("files")
        return self._source.read(MOST_AT_ONCE if most < 0 else most)


def _names(archive: zipfile.ZipFile, form: Form) -> set[str]:
    found: set[str] = set()
    every = archive.infolist()
    if len(every) > form.most_files + 1:
        raise NotAPackage("files")
    for one in every:
        name = one.filename
        if name != form.sheet and not form.paths.fullmatch(name):
            raise NotAPackage("path", name[:100])
        if name in found:
            raise NotAPackage("twice", name)
        if stat.S_ISLNK(one.external_attr >> 16):
            raise NotAPackage("linked", name)
        if one.flag_bits & 0x1:
            raise NotAPackage("locked", name)
        if one.compress_type not in _METHODS:
            raise NotAPackage("no-zip", name)
        found.add(name)
    return found
