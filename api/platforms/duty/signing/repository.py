"""Signatures in the state database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.platforms.duty.signing.records import Signature
from api.platforms.duty.tables import SIGNATURE


def of_item(connection: Connection, kind: str, item: int, text_hash: str) -> tuple[Signature, ...]:
    """Everybody who was asked to sign a thing, in that order. ``text_hash`` is of its text now."""
    at = SIGNATURE.c
    query = sa.select(SIGNATURE).where(at.kind == kind, at.item == item).order_by(at.id)
    return tuple(
        Signature(
            row.username,
            row.state,
            row.signed or "",
            row.at_ms,
            row.state == "signed" and row.text_hash == text_hash,
        )
        for row in connection.execute(query)
    )


def signers(connection: Connection, kind: str, item: int, text_hash: str) -> tuple[str, ...]:
    """The usernames of those whose signature holds."""
    return tuple(of.username for of in of_item(connection, kind, item, text_hash) if of.valid)
