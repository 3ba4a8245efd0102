"""Contents of files in a folder, each named by its SHA-256 and kept once."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

A_PIECE = 1 << 20
_COMING = "coming"


class TooLarge(Exception):
    """More came than may be kept; carries the bound, bytes."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The folder of contents. ``ab/abcdef…`` holds what has the hash ``abcdef…``; what was found
    in it by reading lies beside, and can be made again.
    """

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where a content lies, or would."""
        return self.folder / sha256[:2] / sha256

    def found(self, sha256: str) -> Path:
        """Where that lies which was found in it."""
        return self.path(sha256).with_suffix(".found")

    @contextmanager
    def coming(self) -> Iterator[Path]:
        """A file to write what comes; it is gone at the end, unless it was kept."""
        part = self.folder / _COMING / secrets.token_hex(16)
        part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)

    def keep(self, part: Path) -> tuple[str, int]:
        """Name a content by its hash, whole or not at all; its hash and size. One that is there
        already is replaced by itself, and counts as new.
        """
        with part.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        part.chmod(0o600)
        os.utime(part)
        target = self.path(sha256)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        part.replace(target)
        for folder in (target.parent, self.folder):
            _sync(folder)
        return sha256, size

    def is_whole(self, sha256: str) -> bool:
        """Whether a content is there and has its hash."""
        return is_whole(self.path(sha256), sha256)

    def hashes(self) -> Iterator[str]:
        """Those of every content that is there."""
        for path in sorted(self.folder.glob("??/*")):
            if len(path.name) == 64:
                yield path.name

    def older(self, sha256: str, than_ms: int) -> bool:
        """Whether a content came before an instant."""
        try:
            return self.path(sha256).stat().st_mtime * 1000 < than_ms
        except FileNotFoundError:
            return False

    def drop(self, sha256: str) -> None:
        """Let go of a content, and of what was found in it."""
        self.path(sha256).unlink(missing_ok=True)
        self.found(sha256).unlink(missing_ok=True)

    def sweep_coming(self, before_ms: int) -> int:
        """Drop what came before an instant and was never kept: its process was killed."""
        left = [
            path
            for path in (self.folder / _COMING).glob("*")
            if path.stat().st_mtime * 1000 < before_ms
        ]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)


def is_whole(path: Path, sha256: str) -> bool:
    """Whether a file is there and has a hash."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except OSError:
        return False


def write(source: BinaryIO, part: Path, most_bytes: int) -> None:
    """Write what comes into a file.

    Raises:
        TooLarge: it is more.
    """
    with part.open("wb") as file:
        while piece := source.read(A_PIECE):
            file.write(piece)
            if file.tell() > most_bytes:
                raise TooLarge(most_bytes)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make a name in it durable."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
