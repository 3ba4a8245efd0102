"""Contents of files beside the state database: taken along by a backup, brought back, checked."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from api.files.contents import Contents
from api.files.repository import Files
from ingest.state.database import State

FOLDER = "files"


@dataclass(frozen=True, slots=True)
class Unfound:
    """A content that a row names and that is not there, or has not its hash; ``names`` are those
    of its attachments, with the things they stand at.
    """

    sha256: str
    missing: bool
    names: tuple[str, ...]

    def __str__(self) -> str:
        what = "is missing" if self.missing else "was changed"
        return f"file {self.sha256} {what}: {', '.join(self.names) or 'removed everywhere'}"


def copy(source: Contents, target: Contents, hashes: Collection[str]) -> None:
    """Copy contents that are whole and not there yet; the caller makes them durable."""
    for sha256 in hashes:
        path = target.path(sha256)
        if not path.exists() and source.is_whole(sha256):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(source.path(sha256), path)
            path.chmod(0o600)


def unfound(state: State, contents: Contents) -> Iterator[Unfound]:
    """Every content that is not as a row names it."""
    files = Files(state, contents)
    for sha256 in files.all():
        if contents.is_whole(sha256):
            continue
        with state.read() as connection:
            attached = files.of_content(connection, sha256)
        names = tuple(
            f"{of.name} ({of.subject.platform}/{of.subject.kind}/{of.subject.id})"
            for of in attached
        )
        yield Unfound(sha256, not contents.path(sha256).exists(), names)
