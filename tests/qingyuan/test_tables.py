"""Tables are declared once as the code uses them, and made by migrations: both say the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from config.settings import Settings
from ingest.state.database import Migrations, State, open_state
from qingyuan.runtime.site import MIGRATIONS
from tests.conftest import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """A database in which every migration ran."""
    url = ""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.database()
    made = open_state(Settings(data_dir=tmp_path, state_url=url))
    made.migrate(MIGRATIONS)
    yield made
    made.close()


def difference(state: State, room: Migrations) -> list[object]:
    """What Alembic would change so that the database has the room's tables."""
    options = {
        "include_name": lambda name, kind, _: kind != "table" or name in room.tables.tables,
        "compare_type": True,
        "compare_server_default": True,
    }
    with state.read() as connection:
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, room.tables))


@pytest.mark.parametrize("room", MIGRATIONS, ids=lambda room: room.room)
def test_migrations_make_the_tables_that_are_declared(state: State, room: Migrations) -> None:
    """Columns, types, keys, defaults, indexes."""
    assert room.tables.tables
    assert difference(state, room) == []


def test_a_column_without_a_migration_is_noticed(state: State) -> None:
    """Otherwise the test before would pass on anything."""
    room = MIGRATIONS[0]
    other = sa.MetaData()
    for table in room.tables.tables.values():
        table.to_metadata(other)
    some = next(iter(other.tables.values()))
    some.append_column(sa.Column("added", sa.Integer))
    assert difference(state, Migrations(room.room, room.folder, other))
