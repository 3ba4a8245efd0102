"""Tables are declared once as the code uses them, and made by migrations: both say the same."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection

from config.settings import Settings
from ingest.state import export
from ingest.state.database import VERSION_TABLE, Migrations, State, open_state, upgrade
from qingyuan.runtime.site import MIGRATIONS
from tests.api.conftest import BOTH
from tests.conftest import Postgres
from tests.databases import fresh_state


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


NO_ROWS = (export.DERIVED, VERSION_TABLE)
"""How names of tables begin into which a test puts nothing."""
READ_UNTIL = {"alerting": "0007", "api": "0006"}
"""The last version of a room whose step reads what rows say; it has a test of its own."""
WRITTEN: Mapping[str, Mapping[str, object]] = {"judicial_table": {"figures": '{"new": 7}'}}
"""By table, columns that a later step reads."""
MADE_UP: Mapping[type, Callable[[int], object]] = {
    sa.Date: lambda n: date(2026, 2, n),
    sa.Boolean: lambda n: n == 1,
    sa.Integer: lambda n: n,
    sa.Float: lambda n: n + 0.5,
    sa.LargeBinary: lambda n: b"%d" % n,
    sa.String: str,
}
"""By type, the value of the first and of the second row of a table."""


def of_type(column: sa.Column[Any], n: int) -> object:
    """A number in the type of a column."""
    return next(of(n) for kind, of in MADE_UP.items() if isinstance(column.type, kind))


def is_own(key: sa.ForeignKey) -> bool:
    """Whether a table refers to itself by it."""
    return key.target_fullname.rpartition(".")[0] == key.parent.table.name


def made_up(table: sa.Table, n: int) -> dict[str, object]:
    """A row each of whose values is the same number in its type, so that it refers to the row of
    this number in any other table, and to none of its own.
    """
    own = {key.parent.name for key in table.foreign_keys if is_own(key)}
    return {column.name: of_type(column, n) for column in table.columns if column.name not in own}


def put_behind(connection: Connection, table: sa.Table) -> None:
    """The first row refers to the second, and a database gives it out before that one: SQLite in
    the order of ids, PostgreSQL in that of changes.
    """
    for key in table.foreign_keys:
        if is_own(key):
            for n, value in ((1, of_type(key.column, 2)), (2, None)):
                row = key.column == of_type(key.column, n)
                connection.execute(sa.update(table).where(row).values({key.parent: value}))


def filled(state: State) -> None:
    """Two rows in every table."""
    with state.begin() as connection:
        for room in MIGRATIONS:
            for table in room.tables.sorted_tables:
                connection.execute(sa.insert(table), [made_up(table, n) for n in (1, 2)])
                put_behind(connection, table)


def rows(state: State) -> dict[str, list[tuple[object, ...]]]:
    """Of every table that is not derived from others."""
    with state.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=str)
            for room in MIGRATIONS
            for table in room.tables.sorted_tables
            if not table.name.startswith(export.DERIVED)
        }


@pytest.mark.parametrize("into", BOTH)
def test_given_rows_in_every_table_when_dumped_and_loaded_then_every_table_has_them(
    state: State, tmp_path: Path, into: str, request: pytest.FixtureRequest
) -> None:
    """From either database into either: a backup leaves no table out, not the next one either, and
    a row comes back that refers to a later one of its own table.
    """
    filled(state)
    export.dump(state, tmp_path / "dump")
    (tmp_path / "second").mkdir()
    postgres = request.getfixturevalue("postgres") if into == "postgresql" else None
    with closing(fresh_state(tmp_path / "second", MIGRATIONS, postgres)) as second:
        with second.begin() as connection:
            export.load(connection, tmp_path / "dump", MIGRATIONS)
        assert rows(second) == rows(state)
        assert all(len(found) == 2 for found in rows(second).values())


def fill(connection: Connection, names: Collection[str]) -> None:
    """Two rows in each of these tables as they stand in a database, after what they refer to."""
    inspector, found = sa.inspect(connection), sa.MetaData()
    found.reflect(connection, only=sorted(names), resolve_fks=False)
    needs = {
        name: {key["referred_table"] for key in inspector.get_foreign_keys(name)} - {name}
        for name in names
    }
    for name in TopologicalSorter(needs).static_order():
        if name in names:
            table = found.tables[name]
            values = [made_up(table, n) | dict(WRITTEN.get(name, {})) for n in (1, 2)]
            connection.execute(sa.insert(table), values)


def steps(room: Migrations) -> list[str]:
    """The versions of a room, the first one first."""
    return sorted(file.name.partition("_")[0] for file in (room.folder / "versions").glob("0*.py"))


@pytest.mark.parametrize("kind", BOTH)
def test_given_rows_at_every_version_when_a_room_is_migrated_then_none_is_lost(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    """Each step finds rows in all tables that were there before: a column that may not be empty
    needs a value for these.
    """
    url = request.getfixturevalue("postgres").database() if kind == "postgresql" else ""
    known: set[str] = set()
    with closing(open_state(Settings(data_dir=tmp_path, state_url=url))) as empty:
        for room in MIGRATIONS:
            for step in steps(room):
                with empty.begin() as connection:
                    upgrade(connection, room, step)
                    if step >= READ_UNTIL.get(room.room, ""):
                        fresh = set(sa.inspect(connection).get_table_names()) - known
                        fill(connection, {of for of in fresh if not of.startswith(NO_ROWS)})
                        known |= fresh
        assert {name for name, found in rows(empty).items() if len(found) < 2} == set()
        with empty.read() as connection:
            kept = connection.scalars(sa.text("select figures from judicial_table")).all()
        assert kept == ['{"total.new": 7}'] * 2
