"""Who changed what: append-only, each row chained to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.tables import AUDIT


def record(
    connection: Connection, *, who: str, action: str, subject: str, detail: str, at_ms: int
) -> None:
    """Add a row in the caller's transaction, so that no change stands without it."""
    last = connection.execute(
        sa.select(AUDIT.c.chain).order_by(AUDIT.c.id.desc()).limit(1)
    ).scalar()
    row = {"at_ms": at_ms, "who": who, "action": action, "subject": subject, "detail": detail}
    connection.execute(sa.insert(AUDIT).values(**row, chain=_link(last or "", row)))


def broken_at(connection: Connection) -> int | None:
    """Id of the first row that does not follow from the one before; None for a whole chain."""
    last = ""
    for found in connection.execute(sa.select(AUDIT).order_by(AUDIT.c.id)):
        row = {name: found._mapping[name] for name in _FIELDS}
        if found.chain != _link(last, row):
            return int(found.id)
        last = found.chain
    return None


_FIELDS = ("at_ms", "who", "action", "subject", "detail")


def _link(last: str, row: dict[str, object]) -> str:
    text = json.dumps([last, *(row[name] for name in _FIELDS)], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
