"""The state database: connection, transaction, and migrations handed in by the rooms."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection, Engine

from config.settings import Settings
from config.vocabulary.errors import Refused

_ONE_WRITER = int.from_bytes(b"qingyuan")
"""Key of PostgreSQL's advisory lock that a writing transaction holds."""
MOST_HELD_MS = 100
VERSION_TABLE = "alembic_"
"""With the room's name behind it."""
_NOT_ALLOWED = "42501"
"""PostgreSQL's code of what a role may not do."""
_ENVIRONMENT = Path(__file__).parent / "migrations"
_PATIENCE = {"connect_timeout": 10, "tcp_user_timeout": 15_000}
"""A server that vanished from the network is noticed, not waited for."""


@dataclass(frozen=True, slots=True)
class Migrations:
    """A room's tables, and in ``folder``/versions the steps by which they came about."""

    room: str
    folder: Path
    tables: sa.MetaData
    insert_only: tuple[str, ...] = ()
    """Tables of which no row ever changes or goes."""


@dataclass(slots=True)
class Holds:
    """How long transactions of this process had the one writer's turn, commit included."""

    longest_ms: float = 0.0
    over: int = 0
    """How many lasted longer than ``MOST_HELD_MS``."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, held_ms: float) -> None:
        """One transaction has ended, committed or not."""
        with self._lock:
            self.longest_ms = max(self.longest_ms, held_ms)
            self.over += held_ms > MOST_HELD_MS


class State:
    """People's decisions and alerting's record: SQLite by default, PostgreSQL by URL."""

    def __init__(self, engine: Engine, owner: Engine | None = None) -> None:
        """``owner`` connects as the role whose the tables are, where that is another one."""
        self.engine, self._owner = engine, owner or engine
        self.holds = Holds()
        self.changed = Counter[str]()
        """How often this process changed a table, of those that say so; counted when it stands.
        Whoever follows a table that no other process changes asks here, not there.
        """
        self._embedded = engine.dialect.name == "sqlite"
        # SQLite has one writer: threads of this process queue here instead of failing there.
        self._turn = threading.Lock() if self._embedded else nullcontext()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A connection in a transaction that is committed at the end, or rolled back. One at a
        time may write, also of several processes: its first read is true until it commits. Alerts
        wait meanwhile, so it holds no work but its own rows, and few of them: longer than
        ``MOST_HELD_MS`` is counted in ``holds``.
        """
        begun_s: float | None = None
        try:
            with self._writing(self.engine) as connection:
                begun_s = monotonic()
                yield connection
        finally:
            if begun_s is not None:
                self.holds.note((monotonic() - begun_s) * 1000)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read on."""
        with self.engine.connect() as connection:
            yield connection

    def migrate(self, rooms: Sequence[Migrations]) -> None:
        """Bring the tables of every room up to date, each under its own version table. Nobody is
        served yet, so it may take its time.

        Raises:
            Refused: there is something to do, and we are not the owner.
        """
        try:
            for room in rooms:
                with self.owned() as connection:
                    upgrade(connection, room)
        except sa.exc.ProgrammingError as error:
            if getattr(error.orig, "sqlstate", "") != _NOT_ALLOWED:
                raise
            remedy = "run `qingyuan migrate` with state_owner_url"
            raise Refused("state database", "is to be migrated by its owner", remedy) from error
        if self._owner is not self.engine:
            with self.read() as connection:
                role = str(connection.scalar(sa.select(sa.func.current_user())))
            with self.owned() as connection:
                _grant(connection, role, {name for room in rooms for name in room.insert_only})

    @contextmanager
    def owned(self) -> Iterator[Connection]:
        """A connection in a transaction of the owner of the tables, who may make and drop them;
        nobody is served meanwhile.
        """
        with self._writing(self._owner) as connection:
            yield connection

    @contextmanager
    def serving(self, site: str, wait: Callable[[], bool]) -> Iterator[Callable[[], bool]]:
        """The right to be the core of a site, which one process has; gives a question whether it
        is still ours. ``wait`` is called while another one has it: True to ask again.

        SQLite lies in a data directory, which has a lock of its own.

        Raises:
            Refused: ``wait`` said no.
        """
        if self._embedded:
            yield lambda: True
            return
        key = int.from_bytes(hashlib.blake2b(site.encode(), digest_size=8).digest(), signed=True)
        at_once = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with at_once.connect() as connection:
            connection.detach()  # the lock ends with the connection, not with its use
            while not _takes(connection, key):
                if not wait():
                    what, remedy = "is served by another core", "stop that one"
                    raise Refused(f"site {site}", what, remedy)
            try:
                yield lambda: _answers(connection)
            finally:
                _gives(connection, key)

    def close(self) -> None:
        """Let go."""
        self.engine.dispose()
        self._owner.dispose()

    @contextmanager
    def _writing(self, engine: Engine) -> Iterator[Connection]:
        with self._turn, engine.begin() as connection:
            if not self._embedded:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_WRITER)))
            yield connection


def upgrade(connection: Connection, room: Migrations, version: str = "head") -> None:
    """Bring a room's tables up to a version, in the caller's transaction.

    Raises:
        CommandError: there is no such version.
    """
    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(room.folder / "versions"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = f"{VERSION_TABLE}{room.room}"
    command.upgrade(config, version)


def _grant(connection: Connection, role: str, insert_only: Collection[str]) -> None:
    """Let a role work with the rows of every table, and change none of those that only enter."""
    quoted = connection.dialect.identifier_preparer.quote
    for table in sa.inspect(connection).get_table_names():
        rights = "select, insert, update, delete"
        if table in insert_only:
            rights = "select, insert"
        if table.startswith(VERSION_TABLE):
            rights = "select"
        named, to = quoted(table), quoted(role)
        connection.exec_driver_sql(f"revoke all on table {named} from {to}")
        connection.exec_driver_sql(f"grant {rights} on table {named} to {to}")
    for sequence in sa.inspect(connection).get_sequence_names():
        connection.exec_driver_sql(f"grant usage on sequence {quoted(sequence)} to {quoted(role)}")


def _takes(connection: Connection, key: int) -> bool:
    try:
        return bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(key))))
    except sa.exc.SQLAlchemyError as error:
        remedy = "start PostgreSQL, and then this again"
        raise Refused("state_url", "is out of reach", remedy) from error


def _gives(connection: Connection, key: int) -> None:
    """Let go now: PostgreSQL notices only some time later that a connection was closed."""
    with suppress(sa.exc.SQLAlchemyError):  # lost with the connection
        connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))


def _answers(connection: Connection) -> bool:
    """Whether a connection, and with it what it holds, is still there."""
    try:
        connection.execute(sa.select(1))
    except sa.exc.SQLAlchemyError:
        return False
    return True


def open_state(settings: Settings) -> State:
    """The state database that the settings ask for.

    Raises:
        Refused: it is out of reach, or damaged.
    """
    if not settings.state_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        return State(_sound(settings.data_dir / "state.sqlite"))
    engine = _server("state_url", settings.state_url)
    if not settings.state_owner_url:
        return State(engine)
    return State(engine, _server("state_owner_url", settings.state_owner_url))


def _server(setting: str, text: str) -> Engine:
    """The PostgreSQL that a setting names."""
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError as error:
        remedy = "write it as postgresql+psycopg://user:password@host/database"
        raise Refused(setting, "is no database URL", remedy) from error
    where = f"{setting} {url.render_as_string(hide_password=True)}"
    try:
        patience = _PATIENCE if url.get_backend_name() == "postgresql" else {}
        engine = sa.create_engine(url, pool_pre_ping=True, connect_args=patience)
        with engine.connect():
            pass
    except (ImportError, sa.exc.NoSuchModuleError) as error:
        what = f"needs a driver that is not installed ({error})"
        raise Refused(where, what, f"install it or mend {setting}") from error
    except sa.exc.SQLAlchemyError as error:
        remedy = f"start PostgreSQL there or mend {setting}"
        raise Refused(where, "is out of reach", remedy) from error
    if engine.dialect.name != "postgresql":
        raise Refused(where, "is not PostgreSQL", "mend it, or leave it out for SQLite")
    return engine


def _sound(path: Path) -> Engine:
    engine = _sqlite(path)
    try:
        with engine.connect() as connection:
            *_, found = (
                connection.exec_driver_sql("pragma quick_check(1)").scalar_one().splitlines()
            )
    except sa.exc.DatabaseError as error:
        found = str(error.orig)
    if found != "ok":
        engine.dispose()
        remedy = "restore it from a backup or set another data_dir"
        raise Refused(str(path), f"is damaged ({found})", remedy)
    return engine


def _sqlite(path: Path) -> Engine:
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # pysqlite would begin late; we say BEGIN ourselves
        for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on"):
            connection.execute(f"pragma {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("begin")

    return engine
