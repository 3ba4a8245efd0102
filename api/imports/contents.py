"""Contents of files that were sent, by SHA-256, until nobody needs them any more."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from api.files.contents import is_whole

_A_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """A content that was kept, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Contents:
    """A folder of contents. A kill leaves no half one under its name."""

    folder: Path

    @classmethod
    def beside(cls, files: Path) -> Self:
        """Beside the folder of files, which are kept for good."""
        return cls(files.parent / "imports")

    def path(self, sha256: str) -> Path:
        """Where a content lies."""
        return self.folder / sha256

    def is_whole(self, sha256: str) -> bool:
        """Whether a content is there and has its hash."""
        return is_whole(self.path(sha256), sha256)

    def keep(self, file: BinaryIO) -> Stored:
        """Keep what is still to be read of a file."""
        return self.kept(iter(lambda: file.read(_A_READ), b""))

    def kept(self, parts: Iterable[bytes]) -> Stored:
        """Keep a content that comes in parts."""
        self.folder.mkdir(parents=True, exist_ok=True)
        half = self.folder / f"{secrets.token_hex(8)}.half"
        digest, size = hashlib.sha256(), 0
        try:
            with half.open("xb") as file:
                for part in parts:
                    digest.update(part)
                    size += len(part)
                    file.write(part)
                file.flush()
                os.fsync(file.fileno())
            half.rename(self.path(digest.hexdigest()))
        finally:
            half.unlink(missing_ok=True)
        return Stored(digest.hexdigest(), size)

    def remove(self, sha256: str) -> None:
        """Let go of a content."""
        with suppress(FileNotFoundError):
            self.path(sha256).unlink()
