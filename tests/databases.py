"""State databases with their tables, and statements: made once in a process, given many times."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from config.settings import Settings
from ingest.state.database import Migrations, State, open_state

if TYPE_CHECKING:
    from tests.conftest import Postgres

Rooms = tuple[Migrations, ...]
MOST_COMPILED = 5000


def fresh_state(
    folder: Path, rooms: Sequence[Migrations], postgres: Postgres | None = None
) -> State:
    """A database of its own with the tables of these rooms as their migrations make them, and
    without rows; in a folder, or on a server.
    """
    if postgres is not None:
        url = postgres.database(_on_server(postgres, tuple(rooms)))
        return open_state(Settings(data_dir=folder, state_url=url))
    (folder / "state.sqlite").write_bytes(_file(tuple(rooms)))
    return open_state(Settings(data_dir=folder))


@cache
def _file(rooms: Rooms) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        _migrate(Settings(data_dir=Path(folder)), rooms)
        return (Path(folder) / "state.sqlite").read_bytes()


@cache
def _on_server(postgres: Postgres, rooms: Rooms) -> str:
    url = postgres.database()
    _migrate(Settings(state_url=url), rooms)
    return url.rpartition("/")[2]


def _migrate(settings: Settings, rooms: Rooms) -> None:
    state = open_state(settings)
    state.migrate(rooms)
    state.close()


class _Compiled(dict[Any, Any]):
    """Statements by all but the dialect that they were compiled with, of which each engine has its
    own.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, value: Any) -> None:
        if len(self) == MOST_COMPILED:
            self.clear()
        super().__setitem__(key[1:], value)


@contextmanager
def compiled_once() -> Iterator[None]:
    """Each test has databases of its own, and SQLAlchemy compiles every statement anew for each:
    a fifth of the work of a test of the pages. Here what one has compiled serves the next.
    """
    create = sa.create_engine
    known: dict[str, _Compiled] = defaultdict(_Compiled)

    def engine_of(url: str | sa.URL, **options: Any) -> sa.Engine:
        engine = create(url, **options)
        engine.update_execution_options(compiled_cache=known[engine.dialect.name])
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sa, "create_engine", engine_of)
        yield
