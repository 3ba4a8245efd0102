"""Tables are declared once as the code uses them, and made by migrations: both say the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from config.settings import Settings
from ingest.state import export
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


MADE_UP = {
    sa.Date: date(2026, 2, 28),
    sa.Boolean: True,
    sa.Integer: 1,
    sa.Float: 1.5,
    sa.LargeBinary: b"1",
    sa.String: "1",
}


def filled(state: State) -> None:
    """A row in every table, each of whose values is a one of its type: so they refer to another."""
    with state.begin() as connection:
        for room in MIGRATIONS:
            for table in room.tables.sorted_tables:
                row = {
                    column.name: next(
                        of for kind, of in MADE_UP.items() if isinstance(column.type, kind)
                    )
                    for column in table.columns
                }
                connection.execute(sa.insert(table).values(row))


def rows(state: State) -> dict[str, list[tuple[object, ...]]]:
    """Of every table that is not derived from others."""
    with state.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table))]
            for room in MIGRATIONS
            for table in room.tables.sorted_tables
            if not table.name.startswith(export.DERIVED)
        }


def test_given_a_row_in_every_table_when_dumped_and_loaded_then_every_table_has_it(
    state: State, tmp_path: Path
) -> None:
    """From either database into the embedded one: a backup leaves no table out."""
    filled(state)
    export.dump(state, tmp_path / "dump")
    (tmp_path / "second").mkdir()
    second = open_state(Settings(data_dir=tmp_path / "second"))
    with closing(second):
        second.migrate(MIGRATIONS)
        with second.begin() as connection:
            export.load(connection, tmp_path / "dump", MIGRATIONS)
        assert rows(second) == rows(state)
        assert all(len(found) == 1 for found in rows(second).values())
