"""Where attempts to sign in are kept: one row a minute, name and address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import sqlalchemy as sa

from api.tables import SIGN_IN
from config.vocabulary.time import MINUTE_MS
from ingest.state.database import State

Outcome = Literal[
    "signed-in",
    "begun",
    "wrong-password",
    "wrong-code",
    "slowed",
    "ended-password",
    "disabled",
    "unknown-identity",
]
"""``begun``: the password was right, and a step behind it is waited for."""
MOST_A_MINUTE = 300
"""Rows of what came to nothing: beyond it a minute's attempts are counted in one row."""
_OTHERS = "…"


class SignIns:
    """The log of sign-ins in the state database."""

    def __init__(self, state: State) -> None:
        self.state = state

    def note(
        self, outcome: Outcome, username: str, address: str, browser: str, at_ms: int
    ) -> None:
        """Keep an attempt."""
        with self.state.begin() as connection:
            since = SIGN_IN.c.at_ms > at_ms - MINUTE_MS
            rows = sa.select(sa.func.count()).select_from(SIGN_IN).where(since)
            if (
                outcome not in ("signed-in", "begun")
                and (connection.scalar(rows) or 0) >= MOST_A_MINUTE
            ):
                username = address = browser = _OTHERS
            same = sa.and_(
                since,
                SIGN_IN.c.outcome == outcome,
                SIGN_IN.c.username == username,
                SIGN_IN.c.address == address,
            )
            more = sa.update(SIGN_IN).where(same).values(count=SIGN_IN.c.count + 1)
            if not connection.execute(more).rowcount:
                row = {"at_ms": at_ms, "username": username, "address": address}
                more_of_it = {"browser": browser, "outcome": outcome, "count": 1}
                connection.execute(sa.insert(SIGN_IN).values(row | more_of_it))

    def note_slowed(self, counts: Mapping[str, int], at_ms: int) -> None:
        """Keep attempts that nobody looked at, one row an address: a volley is no work here."""
        common = {"at_ms": at_ms, "username": _OTHERS, "browser": "", "outcome": "slowed"}
        rows = [common | {"address": of, "count": count} for of, count in counts.items()]
        if rows:
            with self.state.begin() as connection:
                connection.execute(sa.insert(SIGN_IN), rows)

    def drop_before(self, at_ms: int, most: int) -> int:
        """Drop attempts of before, so many at most; how many there were."""
        old = sa.select(SIGN_IN.c.id).where(SIGN_IN.c.at_ms < at_ms).limit(most)
        with self.state.begin() as connection:
            return connection.execute(sa.delete(SIGN_IN).where(SIGN_IN.c.id.in_(old))).rowcount
