"""Entries of the table of laws, and the table as it is in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.platforms.documents.laws.records import Entry
from api.platforms.documents.laws.tables import LAW
from documents.laws.records import Law
from documents.laws.table import Table, load


def table(connection: Connection) -> Table:
    """The table as citations and checks use it."""
    return Table(of[-1].law for of in all_versions(connection).values())


def all_versions(connection: Connection) -> Mapping[str, Sequence[Entry]]:
    """Versions of every entry by key, the oldest first: the product's laws in the order of its
    file, then those that the office added.
    """
    found: dict[str, list[Entry]] = defaultdict(list)
    for law in _of_product():
        found[law.key].append(law)
    for row in connection.execute(sa.select(LAW).order_by(LAW.c.saved_ms, LAW.c.version)):
        found[row.key].append(_entry(row))
    return found


def save(connection: Connection, entry: Entry) -> None:
    """Keep a version; its number is the caller's to have reckoned in the same transaction."""
    connection.execute(
        sa.insert(LAW).values(
            key=entry.key,
            version=entry.version,
            document=msgspec.json.encode(entry.law).decode(),
            author=entry.author,
            account=entry.account,
            reason=entry.reason,
            saved_ms=entry.saved_ms,
        )
    )


@cache
def _of_product() -> tuple[Entry, ...]:
    return tuple(map(Entry, load().laws))


def _entry(row: sa.Row[Any]) -> Entry:
    law = msgspec.json.decode(row.document, type=Law)
    return Entry(law, row.version, row.author, row.account, row.reason, row.saved_ms)
