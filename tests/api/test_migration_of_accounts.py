"""Accounts of before there were units and roles as data."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from api import tables as account_tables
from api.accounts.credentials import passwords
from api.accounts.enrolment.enrolling import mark_first
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from config.settings import Settings
from ingest.state.database import State, open_state, upgrade
from tests.api.conftest import BOTH, NOW_MS
from tests.conftest import Postgres

pytestmark = pytest.mark.parametrize("kind", BOTH)
OLD = "0003"
PEOPLE = (
    ("chen", "陈明", "deputy", "金沙街道", "zh-CN"),
    ("li", "李岚", "officer", "通州区", "en"),
    ("wang", "王芳", "deputy", "金沙街道", ""),
)
PASSWORD = "drawn at the first start"


@pytest.fixture
def older(
    tmp_path_factory: pytest.TempPathFactory, kind: str, postgres: Postgres
) -> Iterator[State]:
    """A state database as the version before left it: three people, one of them signed in."""
    folder = tmp_path_factory.mktemp("older")
    url = postgres.database() if kind == "postgresql" else ""
    state = open_state(Settings(data_dir=folder, state_url=url))
    with state.begin() as connection:
        upgrade(connection, account_tables.MIGRATIONS, OLD)
        for username, name, role, area, language in PEOPLE:
            connection.execute(
                sa.text(
                    "insert into account (username, name, role, area, password_hash, language)"
                    " values (:username, :name, :role, :area, :hash, :language)"
                ),
                {
                    "username": username,
                    "name": name,
                    "role": role,
                    "area": area,
                    "hash": passwords.hashed(PASSWORD),
                    "language": language,
                },
            )
        connection.execute(sa.text("insert into session values ('a hash', 'chen', 9)"))
    yield state
    state.close()


def test_given_accounts_of_before_when_migrated_then_role_area_name_and_language_are_kept(
    older: State,
) -> None:
    """A role holds on all platforms and for all units; an area is a unit of its own."""
    older.migrate([account_tables.MIGRATIONS])
    people = People(older)
    with older.read() as connection:
        grants = {of[0]: people.grants(connection, of[0], "2026-11-30") for of in PEOPLE}
        joined = connection.execute(
            sa.text("select username, name from membership join unit on unit.id = unit")
        ).all()
        languages = connection.execute(sa.text("select username, language from account")).all()
        sessions = connection.scalar(sa.text("select count(*) from session"))
    assert {username: [grant.role for grant in of] for username, of in grants.items()} == {
        "chen": ["deputy"],
        "li": ["officer"],
        "wang": ["deputy"],
    }
    assert {tuple(row) for row in joined} == {(of[0], of[3]) for of in PEOPLE}
    assert sorted(unit.name for unit in Units(older).all()) == ["通州区", "金沙街道"]
    assert dict(languages) == {of[0]: of[4] for of in PEOPLE}
    assert people.names(["chen"]) == {"chen": "陈明"}
    assert sessions == 0, "nobody knows where it was open"


def test_given_a_first_password_that_still_lies_on_the_disk_then_it_is_good_for_one_sign_in(
    older: State,
) -> None:
    """Whoever has changed it since keeps the own one."""
    older.migrate([account_tables.MIGRATIONS])
    mark_first(older, {"chen": PASSWORD, "li": "another", "nobody": PASSWORD}, NOW_MS)
    people = People(older)
    assert [people.waits(username) for username, *_ in PEOPLE] == [True, False, False]
