"""Rows of the audit: they enter with the change that they tell of, nothing takes them back, and
people find them again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from api import audit, tables
from api.audit import Actor, Row
from api.audit_chain import links
from config.settings import Settings
from config.vocabulary.errors import Refused
from ingest.state.database import State, open_state
from qingyuan.commands.centre import migrate
from qingyuan.runtime.site import MIGRATIONS
from tests.api.audit_hands import KEY, NOW_MS, chained, ids, roles, write
from tests.conftest import Postgres
from tests.databases import fresh_state

HOUR_MS = 3_600_000


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """A database without rows."""
    there = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    made = fresh_state(tmp_path, [tables.MIGRATIONS], there)
    yield made
    made.close()


def test_a_change_that_is_rolled_back_leaves_no_record(state: State) -> None:
    """The record stands in the caller's transaction."""

    class Halted(Exception):
        pass

    def halted() -> None:
        with state.begin() as connection:
            audit.record(
                connection, by=Actor("li"), action="try", subject="", detail="", at_ms=NOW_MS
            )
            raise Halted

    with pytest.raises(Halted):
        halted()
    assert audit.count(state) == 0


CHANGES = [
    "update audit set who = 'somebody else'",
    "delete from audit",
    "update audit_link set position = position + 10",
    "delete from audit_link",
]
TRUNCATION = "truncate audit, audit_link"
"""SQLite has no such statement."""


def test_a_row_is_neither_changed_nor_taken_out_by_anybody(state: State) -> None:
    """Nor a link; so a mistake in the product or at a prompt changes nothing."""
    chained(state, 2)
    on_a_server = state.engine.dialect.name == "postgresql"
    for change in [*CHANGES, *([TRUNCATION] if on_a_server else [])]:
        with (
            pytest.raises(sa.exc.DatabaseError, match="takes new rows only"),
            state.begin() as connection,
        ):
            connection.execute(sa.text(change))
    assert len(ids(state)) == 2


@pytest.fixture
def deeds(state: State) -> list[Row]:
    """An hour between each; the newest first, as pages show them. Two are chained."""
    rows = [
        (Actor("wang", "li"), "alert.review", "alert-1", '{"note": "水色发黑"}'),
        (Actor("li"), "sign-in", "li", ""),
        (Actor("chen"), "rule.save", "100%_rule", "{}"),
        (Actor("chen"), "sign-in", "chen", ""),
    ]
    for hour, (by, action, subject, detail) in enumerate(rows):
        with state.begin() as connection:
            at_ms = NOW_MS + hour * HOUR_MS
            audit.record(
                connection, by=by, action=action, subject=subject, detail=detail, at_ms=at_ms
            )
        if hour == 1:
            links.chain(state, KEY)
    return audit.search(state)


def test_rows_are_found_with_all_that_they_say_and_their_place(deeds: list[Row]) -> None:
    """The newest first; none has a place before it is chained."""
    newest, *_, oldest = deeds
    detail = '{"note": "水色发黑"}'
    assert oldest == Row(oldest.id, NOW_MS, "wang", "li", "alert.review", "alert-1", detail, 1)
    assert [row.position for row in deeds] == [None, None, 2, 1]
    assert newest.at_ms == NOW_MS + 3 * HOUR_MS


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, [3, 2, 1, 0]),
        ({"who": ["li"]}, [1, 0]),
        ({"who": ["wang"]}, [0]),
        ({"action": "sign-in"}, [3, 1]),
        ({"subject": "alert-1"}, [0]),
        ({"text": "发黑"}, [0]),
        ({"text": "NOTE"}, [0]),
        ({"text": "%_r"}, [2]),
        ({"text": "wan"}, [0]),
        ({"from_ms": NOW_MS + HOUR_MS}, [3, 2, 1]),
        ({"until_ms": NOW_MS + HOUR_MS}, [0]),
        ({"who": ["chen"], "action": "sign-in", "from_ms": NOW_MS}, [3]),
        ({"who": ["nobody"]}, []),
    ],
)
def test_what_is_found_is_what_is_counted_and_what_is_exported(
    state: State,
    deeds: list[Row],
    monkeypatch: pytest.MonkeyPatch,
    asked: audit.Asked,
    expected: list[int],
) -> None:
    """Of a person also what somebody did for them; a text as it is written, in whatever case."""
    monkeypatch.setattr(audit, "ROWS_A_SLICE", 1)
    due = [deeds[3 - hour] for hour in expected]
    assert audit.search(state, **asked) == due
    assert list(audit.rows(state, **asked)) == due
    assert audit.count(state, **asked) == len(due)


def test_rows_are_found_page_by_page(state: State, deeds: list[Row]) -> None:
    """The last row of a page is where the next one begins."""
    assert audit.search(state, most=3) == deeds[:3]
    assert audit.search(state, most=3, before_id=deeds[2].id) == deeds[3:]


def test_given_rows_enter_during_an_export_then_it_ends_all_the_same(
    state: State, deeds: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are not among those that were asked for."""
    monkeypatch.setattr(audit, "ROWS_A_SLICE", 1)
    exported = []
    for row in audit.rows(state):
        write(state, 1)
        exported.append(row)
    assert exported == deeds


def test_actions_are_those_that_there_are_rows_of(state: State, deeds: list[Row]) -> None:
    """In their order; for whoever chooses among them."""
    assert deeds
    assert audit.actions(state) == ["alert.review", "rule.save", "sign-in"]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"who": ["li"]}, "audit_by_person"),
        ({"action": "sign-in"}, "audit_by_action"),
        ({"from_ms": 1, "until_ms": 2}, "audit_by_time"),
    ],
)
def test_an_index_serves_what_is_asked(
    state: State, asked: audit.Asked, index: str, deeds: list[Row]
) -> None:
    """No search through all rows; text alone needs that."""
    assert deeds
    plans: list[str] = []

    @sa.event.listens_for(state.engine, "before_cursor_execute", retval=False)
    def _(
        connection: sa.Connection, _cursor: object, statement: str, given: object, *_: object
    ) -> None:
        if statement.startswith("SELECT count"):
            raw = connection.connection.cursor()
            how = "explain query plan " if state.engine.dialect.name == "sqlite" else "explain "
            if how == "explain ":
                raw.execute("set enable_seqscan = off")
            raw.execute(how + statement, given)
            plans.append(str(raw.fetchall()))

    audit.count(state, **asked)
    assert index in plans[0]


def test_the_centres_own_role_cannot_touch_the_audit(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may add rows and read them, no more; nor take the refusal away. With everything else it
    works as always.
    """
    app, owner = roles(postgres)
    monkeypatch.setenv("QINGYUAN_STATE_URL", app)
    monkeypatch.setenv("QINGYUAN_STATE_OWNER_URL", owner)
    assert migrate.run(["--data", str(tmp_path)]) == 0

    state = open_state(Settings(data_dir=tmp_path, state_url=app))
    state.migrate(MIGRATIONS)
    head = chained(state, 3)
    assert links.check(state, KEY) == links.Checked(head)
    for change in [
        *CHANGES,
        TRUNCATION,
        "alter table audit disable trigger all",
        "alter table audit_link disable trigger all",
        "drop table audit_link",
        "create table mine (n integer)",
        "update alembic_api set version_num = '0001'",
    ]:
        with (
            pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be owner"),
            state.begin() as connection,
        ):
            connection.execute(sa.text(change))
    assert links.check(state, KEY) == links.Checked(head)
    with state.begin() as connection:
        for table in ("rule_version", "session", "correction"):
            connection.execute(sa.text(f"delete from {table}"))
    state.close()


def test_given_a_database_of_one_role_when_it_is_parted_then_what_stood_stands(
    postgres: Postgres, tmp_path: Path
) -> None:
    """By the same file; and from then on the centre's role cannot touch it."""
    url = sa.make_url(postgres.database())
    site = str(url.database)
    with closing(State(sa.create_engine(url))) as server, server.begin() as connection:
        for statement in (f"create role {site} login", f"grant all on schema public to {site}"):
            connection.execute(sa.text(statement))
    one = url.set(username=site).render_as_string()
    with closing(open_state(Settings(data_dir=tmp_path, state_url=one))) as state:
        state.migrate([tables.MIGRATIONS])
        head = chained(state, 2)

    app, owner = roles(postgres, site)
    settings = Settings(data_dir=tmp_path, state_url=app, state_owner_url=owner)
    with closing(open_state(settings)) as state:
        state.migrate([tables.MIGRATIONS])
        assert links.check(state, KEY) == links.Checked(head)
        assert chained(state, 1).position == 3
        with (
            pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
            state.begin() as of,
        ):
            of.execute(sa.text(CHANGES[0]))


def test_given_tables_are_behind_when_the_centres_own_role_starts_then_it_says_who_must_migrate(
    postgres: Postgres, tmp_path: Path
) -> None:
    """In one line."""
    state = open_state(Settings(data_dir=tmp_path, state_url=roles(postgres)[0]))
    with pytest.raises(Refused, match="is to be migrated by its owner; run `qingyuan migrate`"):
        state.migrate(MIGRATIONS)
    state.close()
