"""The state database: a transaction stands or falls whole, also with several threads at it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.settings import Settings
from config.vocabulary.errors import Refused
from ingest.state import export
from ingest.state.database import MOST_HELD_MS, Migrations, State, open_state
from tests.conftest import Postgres

ENV = """
from alembic import context
context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
)
with context.begin_transaction():
    context.run_migrations()
"""
VERSION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.create_table("{table}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))
    {then}
"""


def room(folder: Path, name: str, then: str = "") -> Migrations:
    """A room that owns one table of its own name."""
    versions = folder / name / "versions"
    versions.mkdir(parents=True)
    (folder / name / "env.py").write_text(ENV)
    (versions / "0001.py").write_text(VERSION.format(table=name, then=then))
    return Migrations(name, folder / name, sa.MetaData())


SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.add_column("counter", sa.Column("name", sa.String(9), nullable=False, server_default="old"))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """Where a fresh state database lies."""
    if request.param == "sqlite":
        return ""
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.database()


def opened(tmp_path: Path, url: str) -> State:
    """The database of a process."""
    return open_state(Settings(data_dir=tmp_path / "data", state_url=url))


@pytest.fixture
def state(tmp_path: Path, url: str) -> Iterator[State]:
    """A database with one table ``counter``."""
    made = opened(tmp_path, url)
    made.migrate([room(tmp_path, "counter")])
    with made.begin() as connection:
        connection.execute(sa.text("insert into counter (id, n) values (1, 0)"))
    yield made
    made.close()


def value(state: State) -> int:
    """What is committed."""
    with state.read() as connection:
        return int(connection.execute(sa.text("select n from counter")).scalar_one())


def test_what_fails_half_way_leaves_nothing(state: State) -> None:
    """Number, record and outbox stand or fall together."""
    with pytest.raises(ZeroDivisionError), state.begin() as connection:
        connection.execute(sa.text("update counter set n = 7"))
        1 / 0  # noqa: B018

    assert value(state) == 0


def test_those_who_read_and_then_write_wait_for_each_other(
    state: State, tmp_path: Path, url: str
) -> None:
    """None fails for another's lock, and no count is lost; on PostgreSQL also between processes,
    which share no more than the database.
    """
    failures = list[Exception]()
    other = opened(tmp_path, url) if url else state

    def count(state: State) -> None:
        try:
            for _ in range(25):
                with state.begin() as connection:
                    n = connection.execute(sa.text("select n from counter")).scalar_one()
                    connection.execute(sa.text("update counter set n = :n"), {"n": n + 1})
        except sa.exc.SQLAlchemyError as error:
            failures.append(error)

    threads = [threading.Thread(target=count, args=(of,)) for of in (state, other) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []
    assert value(state) == 100
    if url:
        other.close()


def test_a_reader_is_not_held_up_by_a_writer_and_sees_no_half(state: State) -> None:
    """Pages are read while the rule worker writes."""
    with state.begin() as connection:
        connection.execute(sa.text("update counter set n = 5"))
        assert value(state) == 0

    assert value(state) == 5


@pytest.mark.parametrize("url", [""])
def test_a_commit_is_on_disk(state: State) -> None:
    """Of SQLite: WAL, synchronous FULL, and foreign keys are looked at."""
    with state.read() as connection:
        found = [
            connection.exec_driver_sql(f"pragma {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]

    assert found == ["wal", 2, 1]


def test_each_room_has_its_own_versions_and_migrating_again_does_nothing(
    state: State, tmp_path: Path
) -> None:
    """Rooms are brought up to date apart from each other."""
    other = room(tmp_path, "other")
    for _ in range(2):
        state.migrate([Migrations("counter", tmp_path / "counter", sa.MetaData()), other])

    names = set(sa.inspect(state.engine).get_table_names())
    assert names == {"counter", "other", "alembic_counter", "alembic_other"}


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    state: State, tmp_path: Path
) -> None:
    """Its table is gone with it, and so is its version."""
    with pytest.raises(sa.exc.DBAPIError):
        state.migrate([room(tmp_path, "broken", "op.execute('select from nowhere')")])

    assert "broken" not in sa.inspect(state.engine).get_table_names()
    assert value(state) == 0


def counters(state: State) -> list[tuple[object, ...]]:
    """Every row of ``counter``."""
    with state.read() as connection:
        return [tuple(row) for row in connection.execute(sa.text("select * from counter"))]


def test_given_a_dump_of_an_older_version_when_it_is_loaded_then_its_rows_are_brought_up_to_date(
    state: State, tmp_path: Path, url: str
) -> None:
    """On either database; one that has rows takes none."""
    room_now = Migrations("counter", tmp_path / "counter", sa.MetaData())
    export.dump(state, tmp_path / "dump")
    (tmp_path / "counter" / "versions" / "0002.py").write_text(SECOND)
    with pytest.raises(Refused, match="counter has rows"), state.begin() as connection:
        export.load(connection, tmp_path / "dump", [room_now])
    with state.begin() as connection:
        connection.execute(sa.text("delete from counter"))
    state.migrate([room_now])

    with state.begin() as connection:
        export.load(connection, tmp_path / "dump", [room_now])

    assert counters(state) == [(1, 0, "old")]
    state.migrate([room_now])


def test_given_a_dump_of_a_later_version_when_it_is_loaded_then_it_is_refused(
    state: State, tmp_path: Path
) -> None:
    """And the tables are as they were."""
    later = tmp_path / "counter" / "versions" / "0002.py"
    later.write_text(SECOND)
    now = Migrations("counter", tmp_path / "counter", sa.MetaData())
    state.migrate([now])
    export.dump(state, tmp_path / "dump")
    other = open_state(Settings(data_dir=tmp_path / "other"))
    later.unlink()
    other.migrate([now])

    with pytest.raises(Refused, match="later version"), other.begin() as connection:
        export.load(connection, tmp_path / "dump", [now])

    assert counters(other) == []
    other.close()


def test_a_transaction_that_keeps_others_waiting_is_counted(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longest by its time, also one that is taken back; those over the limit by number."""
    assert state.holds.over == 0
    now_s = iter([0.0, 0.05, 1.0, 1.0 + 2 * MOST_HELD_MS / 1000])
    monkeypatch.setattr("ingest.state.database.monotonic", lambda: next(now_s))
    with state.begin():
        pass
    with pytest.raises(ZeroDivisionError), state.begin():
        1 / 0  # noqa: B018
    monkeypatch.undo()

    assert state.holds.over == 1
    assert state.holds.longest_ms >= 2 * MOST_HELD_MS - 1e-6


def test_after_postgresql_was_killed_and_started_again_work_goes_on(
    tmp_path: Path, postgres: Postgres
) -> None:
    """What was committed stands; connections that died with it are made anew."""
    state = opened(tmp_path, postgres.database())
    state.migrate([room(tmp_path, "counter")])
    with state.begin() as connection:
        connection.execute(sa.text("insert into counter (id, n) values (1, 7)"))
    postgres.kill()
    with pytest.raises(sa.exc.OperationalError):
        value(state)

    postgres.start()

    assert value(state) == 7
    state.close()


@pytest.mark.parametrize("offset", [0, 1])
def test_a_damaged_file_is_one_line_with_the_remedy(tmp_path: Path, offset: int) -> None:
    """In its head, or in any other page."""
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table t (x)")
        db.executemany("insert into t values (?)", [("x" * 900,)] * 20)
        db.commit()
    with path.open("r+b") as file:
        file.seek(4096 * offset)
        file.write(b"\xa5" * 2000)

    with pytest.raises(Refused, match="is damaged .*; restore it from a backup"):
        open_state(Settings(data_dir=tmp_path))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "state_url: is no database URL; write it as postgresql"),
        ("nosuch://me:secret@host/x", "needs a driver that is not installed"),
        ("sqlite:////nowhere/at/all", "is out of reach; start PostgreSQL there or mend state_url"),
        ("sqlite://", "is not PostgreSQL; mend it, or leave it out for SQLite"),
        ("postgresql+psycopg://me:secret@127.0.0.1:1/x", "is out of reach"),
    ],
)
def test_a_state_database_that_cannot_be_opened_is_one_line_with_the_remedy(
    url: str, words: str
) -> None:
    """Without its password."""
    with pytest.raises(Refused) as refused:
        open_state(Settings(state_url=url))

    line = str(refused.value)
    assert words in line
    assert "secret" not in line
    assert "\n" not in line


def test_a_site_is_served_by_one_at_a_time_and_the_next_one_waits(postgres: Postgres) -> None:
    """Another site is no matter; whoever will not wait is told."""
    settings = Settings(state_url=postgres.database())
    first, second = open_state(settings), open_state(settings)
    asked: list[int] = []

    def wait() -> bool:
        asked.append(1)
        if len(asked) == 2:
            holding.close()
        return True

    holding = ExitStack()
    ours = holding.enter_context(first.serving("a", lambda: False))
    assert ours()
    with second.serving("b", lambda: False):
        pass
    with (
        pytest.raises(Refused, match="site a: is served by another core; stop that one"),
        second.serving("a", lambda: False),
    ):
        pass
    with second.serving("a", wait):
        assert len(asked) == 2
    for state in (first, second):
        state.close()


def test_whoever_loses_the_database_loses_the_site(postgres: Postgres) -> None:
    """And finds it out by asking."""
    settings = Settings(state_url=postgres.database())
    state, other = open_state(settings), open_state(settings)
    with state.serving("a", lambda: False) as ours:
        with other.begin() as connection:
            connection.execute(
                sa.text(
                    "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"
                    " and pid <> pg_backend_pid()"
                )
            )
        assert not ours()
        # PostgreSQL says that it ends a connection before it takes back what that one held.
        with other.serving("a", lambda: not threading.Event().wait(0.05)) as theirs:
            assert theirs()
    for part in (state, other):
        part.close()
