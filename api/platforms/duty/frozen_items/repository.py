"""Copies at suggestions, kept and read."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.copies.records import Kept
from api.platforms.duty.frozen_items.tables import FROZEN_ITEM
from api.ports import Frozen, Reference

_AT = FROZEN_ITEM.c


def keep(
    connection: Connection, suggestion: int, who: str, copies: Sequence[Frozen], at_ms: int
) -> None:
    """Keep copies at a suggestion that begins, one of each item."""
    once = {of.reference: of for of in copies}
    for reference, of in once.items():
        connection.execute(
            sa.insert(FROZEN_ITEM).values(
                suggestion=suggestion,
                platform=reference.platform,
                kind=reference.kind,
                item=reference.id,
                body=of.body.decode(),
                hash=of.hash,
                who=who,
                at_ms=at_ms,
            )
        )


def of_suggestion(connection: Connection, suggestion: int) -> list[Kept]:
    """Copies at a suggestion, the first one first."""
    query = sa.select(FROZEN_ITEM).where(_AT.suggestion == suggestion).order_by(_AT.id)
    return [
        Kept(
            Frozen(Reference(row.platform, row.kind, row.item), row.body.encode(), row.hash),
            row.who,
            row.at_ms,
        )
        for row in connection.execute(query)
    ]
