"""The parts that loading needs, and the sign of life of one who works on a load."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import Connection

from api.imports.contents import Contents
from api.imports.records import Load
from api.imports.repository import Loads
from api.kinds.tables import TableKind
from api.web.declared import Declared
from ingest.state.database import State

BEAT_S = 1.0


class Ended(Exception):
    """Somebody else has taken the load out of the hands of this worker."""


class Elsewhere(Declared):
    """A load is not in the state that was thought: somebody was first."""

    status = 409
    words = "imports.elsewhere"


class Waits(Declared):
    """Another load of the same kind is being written."""

    status = 409
    words = "imports.waits"


class Outdated(Declared):
    """The fields of the kind are described otherwise than when the file was checked."""

    status = 409
    words = "imports.outdated"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that loading needs, in pages as in jobs. ``between`` is called between slices."""

    state: State
    contents: Contents
    now_ms: Callable[[], int]
    kinds: Mapping[str, TableKind]
    between: Callable[[], None] = lambda: None

    @property
    def loads(self) -> Loads:
        """Where loads are kept."""
        return Loads(self.state)

    def kind(self, name: str, version: int = 0) -> TableKind:
        """A kind with its fields, those of a version of its description; 0: the one in force."""
        kind = self.kinds[name]
        return kind.described(self.state, version) if kind.described else kind

    def kind_of(self, load: Load) -> TableKind:
        """The kind of a load with the fields by which its rows were read."""
        return self.kind(load.kind, load.mapping.version)

    def rows_of(self, load_id: int) -> Path:
        """Where rows of a load wait."""
        return self.contents.folder / f"{load_id}.rows"


@dataclass(slots=True)
class Beat:
    """Says every second how far the work on a load that was claimed has come."""

    parts: Parts
    load: Load
    said_s: float = field(default_factory=time.monotonic)

    def say(self, done: int) -> None:
        """Note it, if a second has gone by.

        Raises:
            Ended
        """
        self.parts.between()
        if time.monotonic() - self.said_s < BEAT_S:
            return
        self.said_s = time.monotonic()
        with self.parts.state.begin() as connection:
            self.note(connection, done)

    def note(self, connection: Connection, done: int) -> None:
        """Note it in the caller's transaction.

        Raises:
            Ended
        """
        now_ms = self.parts.now_ms()
        if not self.parts.loads.settle(
            connection, self.load, self.load.state, done=done, beat_ms=now_ms
        ):
            raise Ended
