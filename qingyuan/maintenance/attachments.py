"""Contents of files and of imported tables beside the state database: taken along by a backup,
brought back, checked.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from api.files.contents import Contents
from api.files.repository import Files
from api.imports.contents import Contents as ImportedContents
from api.imports.repository import Loads
from ingest.state.database import State

Folder = Literal["files", "imports"]
FOLDERS: tuple[Folder, ...] = ("files", "imports")
"""Of a backup: what people attach, and tables that were imported."""
_CALLED: Mapping[Folder, str] = {"files": "file", "imports": "table"}


class Kept(Protocol):
    """A folder of contents, each by its SHA-256."""

    def path(self, sha256: str) -> Path:
        """Where a content lies, or would."""

    def is_whole(self, sha256: str) -> bool:
        """Whether a content is there and has its hash."""


@dataclass(frozen=True, slots=True)
class Unfound:
    """A content that a row names and that is not there, or has not its hash; ``names`` are those
    of its attachments with the things they stand at, or of its loads with their sources.
    """

    folder: Folder
    sha256: str
    missing: bool
    names: tuple[str, ...]

    def __str__(self) -> str:
        what = "is missing" if self.missing else "was changed"
        named = ", ".join(self.names) or "removed everywhere"
        return f"{_CALLED[self.folder]} {self.sha256} {what}: {named}"


def beside(files: Path) -> Mapping[Folder, Kept]:
    """The contents of a site, by the folder of its files."""
    return {"files": Contents(files), "imports": ImportedContents.beside(files)}


def named(state: State, files: Path) -> Mapping[Folder, Collection[str]]:
    """The hashes that rows name now."""
    return {"files": list(Files(state, Contents(files)).all()), "imports": Loads(state).contents()}


def copy(source: Kept, target: Kept, hashes: Collection[str]) -> None:
    """Copy contents that are whole and not there yet; the caller makes them durable."""
    for sha256 in hashes:
        path = target.path(sha256)
        if not path.exists() and source.is_whole(sha256):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(source.path(sha256), path)
            path.chmod(0o600)


def unfound(state: State, files: Path) -> Iterator[Unfound]:
    """Every content that is not as a row names it."""
    kept = beside(files)
    for folder, hashes in named(state, files).items():
        for sha256 in hashes:
            if not kept[folder].is_whole(sha256):
                missing = not kept[folder].path(sha256).exists()
                names = tuple(_names(state, files, folder, sha256))
                yield Unfound(folder, sha256, missing, names)


def _names(state: State, files: Path, folder: Folder, sha256: str) -> Iterator[str]:
    if folder == "imports":
        yield from (f"{of.file} ({of.kind}/{of.source})" for of in Loads(state).of_content(sha256))
        return
    with state.read() as connection:
        for of in Files(state, Contents(files)).of_content(connection, sha256):
            yield f"{of.name} ({of.subject.platform}/{of.subject.kind}/{of.subject.id})"
