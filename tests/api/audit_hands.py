"""The audit as the product writes it, and as somebody with a hand in the database changes it."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api import audit, tables
from api.audit_chain import links
from api.audit_chain.links import Head
from api.tables import AUDIT, AUDIT_LINK
from ingest.state.database import State, upgrade
from tests.conftest import Postgres, need

DEPLOY = Path(__file__).parents[2] / "deploy"
NOW_MS = 1_800_000_000_000
LI = audit.Actor("li")
KEY = b"the site's key of 32 bytes, here"


def write(state: State, rows: int, by: audit.Actor = LI) -> None:
    """So many rows, not chained."""
    with state.begin() as connection:
        for row in range(rows):
            audit.record(
                connection, by=by, action="try", subject=str(row), detail="{}", at_ms=NOW_MS
            )


def chained(state: State, rows: int, key: bytes = KEY) -> Head:
    """So many rows more, chained; the head. An empty key is none, as before there was one."""
    write(state, rows)
    return chained_to_the_end(state, key)


def chained_to_the_end(state: State, key: bytes = KEY) -> Head:
    """The head when nothing waits any more."""
    head = Head()
    while found := links.chain(state, key):
        head = found
    return head


def ids(state: State) -> list[int]:
    """Of chained rows, in their order."""
    query = sa.select(AUDIT_LINK.c.audit_id).order_by(AUDIT_LINK.c.position)
    with state.read() as connection:
        return list(connection.execute(query).scalars())


COLUMNS = ("at_ms", "who", "action", "subject", "detail", "position", "chain")


def before_there_was_a_key(state: State, rows: int) -> Head:
    """A database with so many chained rows as the release before wrote them, and one that waits."""
    head = Head()
    old = sa.table("audit", *(sa.column(name) for name in COLUMNS))
    with state.owned() as connection:
        upgrade(connection, tables.MIGRATIONS, "0003")
        for n in range(1, rows + 2):
            row = [NOW_MS, "li", "复核", str(n), "{}"]
            chain = hashlib.sha256(json.dumps([head.chain, *row], ensure_ascii=False).encode())
            link: list[object] = [None, None]
            if n <= rows:
                head = Head(n, chain.hexdigest())
                link = [head.position, head.chain]
            values = dict(zip(COLUMNS, [*row, *link], strict=True))
            connection.execute(sa.insert(old).values(values))
    return head


@contextmanager
def hand(state: State) -> Iterator[Connection]:
    """A transaction of whoever owns the database: no trigger and no foreign key holds them."""
    engine = sa.create_engine(state.engine.url)
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            names = "select name from sqlite_master where type = 'trigger'"
            for name in connection.execute(sa.text(names)).scalars().all():
                connection.execute(sa.text(f"drop trigger {name}"))
        else:
            for table in ("audit", "audit_link"):
                connection.execute(sa.text(f"alter table {table} disable trigger all"))
        yield connection
    engine.dispose()


def change(state: State, row: int, **values: object) -> None:
    """Fields of a row, or its hash."""
    with hand(state) as connection:
        if "chain" in values:
            of = sa.update(AUDIT_LINK).where(AUDIT_LINK.c.audit_id == row)
        else:
            of = sa.update(AUDIT).where(AUDIT.c.id == row)
        connection.execute(of.values(values))


def remove(state: State, row: int) -> None:
    """A row and its link."""
    with hand(state) as connection:
        connection.execute(sa.delete(AUDIT_LINK).where(AUDIT_LINK.c.audit_id == row))
        connection.execute(sa.delete(AUDIT).where(AUDIT.c.id == row))


def unlink(state: State, after: int = 0) -> None:
    """Links behind a position."""
    with hand(state) as connection:
        connection.execute(sa.delete(AUDIT_LINK).where(AUDIT_LINK.c.position > after))


def roles(postgres: Postgres, site: str = "") -> tuple[str, str]:
    """A database that an operator made, or one ``site`` that they parted, after our instructions:
    URLs of the role that the centre works as, and of the owner.
    """
    site = site or f"site_{sa.make_url(postgres.database()).database}"
    server = ["-h", "127.0.0.1", "-p", str(postgres.port), "-U", "postgres", "-d", "postgres"]
    script = ["-v", f"site={site}", "-f", str(DEPLOY / "postgresql.sql")]
    subprocess.run([need("psql"), "-X", "-q", *server, *script], check=True, capture_output=True)
    owner = sa.make_url(postgres.url(site)).set(username=f"{site}_owner")
    return owner.set(username=site).render_as_string(), owner.render_as_string()
