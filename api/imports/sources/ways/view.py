"""A view of an office's database: it is read, whole, and nothing else is ever asked of it."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.elements import quoted_name

from api.imports.sources.records import Outcome
from api.imports.sources.ways.offers import Offer, Unreached
from config.settings import DatabaseSettings, ImportSettings

NAME = re.compile(r"[^\W\d]\w{0,62}(\.[^\W\d]\w{0,62})?")
"""Of a view, with its schema or without."""
CONNECTS_S = 15
ROWS_AT_ONCE = 500
_STEPS = 10_000
"""Of SQLite's machine, after which it is asked whether it took too long."""


class View:
    """A view that may be read."""

    waits = False

    def __init__(self, settings: ImportSettings, database: str, view: str) -> None:
        known = settings.database.get(database)
        if known is None:
            what = f"{database!r} is no database of the settings"
            remedy = f"write it as imports.database.{database}"
            raise Unreached("server", "server", what, remedy, name=database)
        if not NAME.fullmatch(view):
            what, remedy = f"{view!r} is no name of a view", "write it as schema.view"
            raise Unreached("view-name", "remote", what, remedy, name=view)
        self._named, self._settings, self._view = database, known, view
        self._engine = engine_of(database, known)

    def offers(self) -> Sequence[Offer]:
        """The view, which is always there."""
        return [Offer(f"{self._view}.csv")]

    def content(self, _offer: Offer) -> Iterator[bytes]:
        """Its rows as a csv, from the database as they are read."""
        until_s = time.monotonic() + self._settings.timeout_s
        try:
            with self._engine.connect() as connection:
                read = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE)
                rows = read.execute(self._query())
                yield _lines([list(rows.keys())])
                for some in rows.partitions():
                    if time.monotonic() > until_s:
                        raise self._unreached(f"{self._settings.timeout_s} s")
                    yield _lines(some)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise self._unreached(_short(error)) from error

    def check(self) -> None:
        """Read no row of it, to see that it is there.

        Raises:
            Unreached
        """
        try:
            with self._engine.connect() as connection:
                connection.execute(self._query().limit(0))
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise self._unreached(_short(error)) from error

    def settle(self, _offer: Offer, _outcome: Outcome, _faults: str) -> bool:
        """Nothing: a view stays."""
        return False

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _query(self) -> sa.Select[Any]:
        schema, _, name = self._view.rpartition(".")
        view = sa.table(
            quoted_name(name, quote=True),
            schema=quoted_name(schema, quote=True) if schema else None,
        )
        return sa.select(sa.text("*")).select_from(view)

    def _unreached(self, why: str) -> Unreached:
        what = f"{self._view} of {self._named} cannot be read ({why})"
        remedy = "ask the office whether the view is there and we may read it"
        return Unreached("view", "remote", what, remedy, name=self._view, why=why)


def engine_of(name: str, settings: DatabaseSettings) -> sa.Engine:
    """Where everything that is asked only reads, and ends in time."""
    where = f"imports.database.{name}"
    try:
        text = Path(settings.url_file).read_text("utf-8").strip() if settings.url_file else ""
        url = sa.make_url(text or settings.url)
    except (OSError, UnicodeError, ArgumentError) as error:
        remedy = "write url, or url_file as a file that the service may read"
        raise Unreached("url", where, "has no URL to be read", remedy, name=name) from error
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _of_file(url, settings.timeout_s)
    if backend != "postgresql":
        remedy = "have its tables sent as files, or copied to PostgreSQL"
        what = f"{backend} is not read from"
        raise Unreached("backend", where, what, remedy, name=name)
    options = f"-c default_transaction_read_only=on -c statement_timeout={settings.timeout_s}s"
    arguments = {"connect_timeout": CONNECTS_S, "options": options}
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"), poolclass=NullPool, connect_args=arguments
    )


def _of_file(url: sa.URL, timeout_s: int) -> sa.Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(url.database or '')}?mode=ro", uri=True)
        until_s = time.monotonic() + timeout_s
        connection.set_progress_handler(lambda: time.monotonic() > until_s, _STEPS)
        return connection

    return sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _lines(rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_cell(of) for of in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    """A value as a file would have it."""
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat(" ", "seconds")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _short(error: Exception) -> str:
    """The first line of the driver's words, in which no password stands."""
    origin = getattr(error, "orig", None) or error
    return str(origin).partition("\n")[0][:150]
