"""People who can be on duty: whoever may sign in and holds a role that shows alerts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from api.accounts.records import Span
from api.tables import ACCOUNT, ROLE_GRANT
from config.vocabulary.time import day_of
from ingest.state.database import State


@dataclass(frozen=True, slots=True)
class Able:
    """Names of people and the days on which each holds such a role, by username. Called with a
    person and an instant it says whether that one can be on duty.
    """

    names: Mapping[str, str]
    spans: Mapping[str, tuple[Span, ...]]

    def __call__(self, username: str, at_ms: int) -> bool:
        """Whether somebody can at an instant."""
        day = day_of(at_ms)
        return any(span.holds(day) for span in self.spans.get(username, ()))

    def on(self, at_ms: int) -> dict[str, str]:
        """Whoever can from an instant on, be it later: names by username, sorted by name."""
        day = day_of(at_ms)
        return {
            username: name
            for username, name in self.names.items()
            if any(
                span.until_day is None or day <= span.until_day for span in self.spans[username]
            )
        }


def able(state: State, roles: Collection[str], platform: str) -> Able:
    """Everybody who holds one of these roles on a platform, held it or will."""
    query = (
        sa.select(
            ACCOUNT.c.username, ACCOUNT.c.name, ROLE_GRANT.c.from_day, ROLE_GRANT.c.until_day
        )
        .join(ROLE_GRANT, ROLE_GRANT.c.username == ACCOUNT.c.username)
        .where(
            ACCOUNT.c.disabled_ms.is_(None),
            ROLE_GRANT.c.role.in_(roles),
            ROLE_GRANT.c.platform.in_(("", platform)),
        )
        .order_by(ACCOUNT.c.name, ACCOUNT.c.username, ROLE_GRANT.c.id)
    )
    names: dict[str, str] = {}
    spans: dict[str, tuple[Span, ...]] = {}
    with state.read() as connection:
        for row in connection.execute(query):
            names[row.username] = row.name
            span = Span(row.from_day, row.until_day)
            spans[row.username] = (*spans.get(row.username, ()), span)
    return Able(names, spans)


def language_of(state: State, username: str) -> str:
    """The language that a person chose; empty: none."""
    query = sa.select(ACCOUNT.c.language).where(ACCOUNT.c.username == username)
    with state.read() as connection:
        return connection.scalar(query) or ""
