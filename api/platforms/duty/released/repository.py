"""Released suggestions. Of all tables this room knows that of releases alone."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.platforms.duty.released.records import Released
from api.platforms.duty.tables import RELEASE

_AT = RELEASE.c
_COLUMNS = (
    *(_AT.public_number, _AT.title, _AT.body, _AT.answer),
    *(_AT.unit_name, _AT.result, _AT.answered_day),
)


def some(connection: Connection, first: int, most: int) -> Sequence[Released]:
    """Those that stand, the newest reply first."""
    query = sa.select(*_COLUMNS).where(_AT.state == "released")
    query = query.order_by(_AT.answered_day.desc(), _AT.public_number.desc())
    return [Released(*row) for row in connection.execute(query.offset(first).limit(most))]


def one(connection: Connection, number: str) -> Released | None:
    """The one with a public number, if it stands."""
    query = sa.select(*_COLUMNS).where(_AT.state == "released", _AT.public_number == number)
    found = connection.execute(query).first()
    return Released(*found) if found else None
