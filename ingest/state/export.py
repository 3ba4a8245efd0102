"""The state database as a file that any other state database can take: frames of msgpack.

The first frame names the tables with their columns, in the order in which they must be filled;
then come rows, table by table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy.engine import Connection

from config.vocabulary.errors import Refused
from ingest.state.database import VERSION_TABLE, Migrations, State, upgrade

ROWS_A_FRAME = 1000
DERIVED = "derived_"
"""Before the name of a table that is made out of others, in a way of its database: a backup has
none of it, and a room makes anew what is missing.
"""


class _Head(msgspec.Struct, frozen=True):
    tables: dict[str, list[str]]
    versions: dict[str, str]
    """Version table of a room -> the migration that its tables stand at."""


class _Rows(msgspec.Struct, frozen=True, array_like=True):
    table: str
    rows: list[list[Any]]


def dump(state: State, path: Path) -> None:
    """Write every table, as of one instant."""
    with state.read() as connection, path.open("wb") as file:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        tables = _tables(connection)
        columns = {
            str(table.name): [str(column.name) for column in table.columns] for table in tables
        }
        _write(file, _Head(columns, _versions(connection)))
        for table in tables:
            found = connection.execute(sa.select(table))
            for rows in found.partitions(ROWS_A_FRAME):
                _write(file, _Rows(str(table.name), [list(row) for row in rows]))


def load(connection: Connection, path: Path, rooms: Sequence[Migrations]) -> None:
    """Fill an empty state database, in the caller's transaction. A dump of an older version goes
    into the tables of that version, which are then brought up to date.

    Raises:
        Refused: it is not empty, or the dump is of a later version.
    """
    frames = _frames(path)
    head = msgspec.msgpack.decode(next(frames), type=_Head)
    for table in _tables(connection):
        if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            what = f"is not empty: {table.name} has rows"
            raise Refused("state database", what, "name an empty one with state_url")
    if head.versions != _versions(connection):
        _make_anew(connection, rooms, head.versions, path)
    tables = {table.name: table for table in _tables(connection)}
    decoded = (msgspec.msgpack.decode(frame, type=_Rows) for frame in frames)
    for name, found in groupby(decoded, attrgetter("table")):
        names = head.tables[name]
        days = _days(tables[name], names)
        pieces = ([_row(names, row, days) for row in frame.rows] for frame in found)
        _insert(connection, tables[name], pieces)
    if connection.dialect.name == "postgresql":
        _count_on(connection, tables)
    for room in rooms:
        upgrade(connection, room)


def _make_anew(
    connection: Connection, rooms: Sequence[Migrations], versions: dict[str, str], path: Path
) -> None:
    """Empty tables as they were at these versions."""
    for name in sorted(sa.inspect(connection).get_table_names()):
        if name.startswith(DERIVED):  # what FTS5 keeps beside its table goes with it
            table = sa.Table(name, sa.MetaData())
            connection.execute(sa.schema.DropTable(table, if_exists=True))
    every = sa.MetaData()
    every.reflect(connection)
    every.drop_all(connection)
    try:
        for room in rooms:
            if version := versions.get(f"{VERSION_TABLE}{room.room}"):
                upgrade(connection, room, version)
    except CommandError as error:
        what = "was written by a later version of Qingyuan"
        raise Refused(str(path), what, "restore it with that version") from error


def _insert(
    connection: Connection, table: sa.Table, pieces: Iterable[Sequence[dict[str, Any]]]
) -> None:
    """Rows of a table. What refers to the same table may come before what it refers to, as a unit
    that was put under a younger one, so that is written when all of them are there.
    """
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    later = []
    for rows in pieces:
        connection.execute(sa.insert(table), [row | dict.fromkeys(own) for row in rows])
        later += [row for row in rows if any(row[of] is not None for of in own)]
    if later:
        this = [of == sa.bindparam(f"key_{of.name}") for of in table.primary_key]
        change = sa.update(table).where(*this).values({of: sa.bindparam(of) for of in own})
        keys = [of.name for of in table.primary_key]
        wanted = [{f"key_{of}": row[of] for of in keys} for row in later]
        values = [{of: row[of] for of in own} for row in later]
        connection.execute(change, [one | of for one, of in zip(wanted, values, strict=True)])


def _days(table: sa.Table, names: Sequence[str]) -> set[str]:
    """The columns of days, which lie in a dump as ISO text."""
    return {name for name in names if isinstance(table.c[name].type, sa.Date)}


def _row(names: Sequence[str], row: Sequence[Any], days: Collection[str]) -> dict[str, Any]:
    values = dict(zip(names, row, strict=True))
    return values | {of: date.fromisoformat(values[of]) for of in days if values[of] is not None}


def _tables(connection: Connection) -> list[sa.Table]:
    meta = sa.MetaData()
    meta.reflect(connection, only=lambda name, _: not name.startswith(DERIVED))
    return [table for table in meta.sorted_tables if not table.name.startswith(VERSION_TABLE)]


def _versions(connection: Connection) -> dict[str, str]:
    names = sa.inspect(connection).get_table_names()
    version: sa.ColumnClause[str] = sa.column("version_num")
    return {
        str(name): str(connection.scalar(sa.select(version).select_from(sa.table(name))))
        for name in names
        if name.startswith(VERSION_TABLE)
    }


def _count_on(connection: Connection, tables: dict[str, sa.Table]) -> None:
    """PostgreSQL's numbers of rows go on behind those that were loaded."""
    for table in tables.values():
        column = table.autoincrement_column
        if column is None:
            continue
        sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
        highest = sa.select(sa.func.max(column)).scalar_subquery()
        connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _write(file: BinaryIO, frame: msgspec.Struct) -> None:
    body = msgspec.msgpack.encode(frame)
    file.write(len(body).to_bytes(4, "little") + body)


def _frames(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while size := file.read(4):
            yield file.read(int.from_bytes(size, "little"))
