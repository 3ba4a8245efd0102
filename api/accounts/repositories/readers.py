"""The people whom messages reach, as alerting asks for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from alerting.channels.protocol import AddressKind
from alerting.notify.readers import Person
from api.accounts.repositories import subscriptions
from api.accounts.repositories.people import holds_on
from api.tables import ACCOUNT, CONTACT, ROLE_GRANT
from config.catalogue.words import LANGUAGES, LanguageTag
from config.vocabulary.time import day_of
from ingest.state.database import State

ROLES = ("deputy", "officer")
PLATFORM = "environment"


@dataclass(frozen=True, slots=True)
class Readers:
    """Accounts as a :class:`alerting.notify.readers.Directory`; ``language`` is that of people who
    wish no other.
    """

    state: State
    language: LanguageTag

    def people(self, now_ms: int) -> Sequence[Person]:
        """Everybody who can sign in now and holds a role of the environment."""
        with self.state.read() as connection:
            return self._people(connection, now_ms)

    def person(self, username: str, now_ms: int) -> Person | None:
        """One person; None where nobody is called so or may sign in."""
        with self.state.read() as connection:
            query = sa.select(ACCOUNT.c.username, ACCOUNT.c.name, ACCOUNT.c.language)
            query = query.where(ACCOUNT.c.username == username, ACCOUNT.c.disabled_ms.is_(None))
            row = connection.execute(query).first()
            if row is None:
                return None
            known = {of.username: of for of in self._people(connection, now_ms, username)}
            language = _language(row.language, self.language)
            alone = Person(row.username, row.name, language, frozenset(), frozenset())
            return known.get(username, alone)

    def addresses(self, username: str, kind: AddressKind) -> tuple[str, ...]:
        """Confirmed addresses of a person, the oldest first."""
        if kind == "push":
            with self.state.read() as connection:
                return subscriptions.of(connection, username)
        query = (
            sa.select(CONTACT.c.value)
            .order_by(CONTACT.c.id)
            .where(
                CONTACT.c.username == username,
                CONTACT.c.kind == kind,
                CONTACT.c.confirmed_ms.is_not(None),
            )
        )
        with self.state.read() as connection:
            return tuple(connection.execute(query).scalars())

    def forget(self, addresses: Collection[str]) -> None:
        """Take out addresses behind which there is nobody any more."""
        with self.state.begin() as connection:
            connection.execute(sa.delete(CONTACT).where(CONTACT.c.value.in_(addresses)))
            subscriptions.forget(connection, addresses)

    def _people(self, connection: Connection, now_ms: int, username: str = "") -> Sequence[Person]:
        day = day_of(now_ms)
        query = sa.select(
            ACCOUNT.c.username, ACCOUNT.c.name, ACCOUNT.c.language, ROLE_GRANT.c.role
        ).join(ROLE_GRANT, ROLE_GRANT.c.username == ACCOUNT.c.username)
        query = query.where(
            ACCOUNT.c.disabled_ms.is_(None),
            ROLE_GRANT.c.role.in_(ROLES),
            ROLE_GRANT.c.platform.in_(("", PLATFORM)),
            holds_on(ROLE_GRANT, day),
        )
        contacts = sa.select(CONTACT.c.username, CONTACT.c.kind).where(
            CONTACT.c.confirmed_ms.is_not(None)
        )
        if username:
            query = query.where(ACCOUNT.c.username == username)
            contacts = contacts.where(CONTACT.c.username == username)
        reachable: dict[str, set[AddressKind]] = {}
        for who, kind in connection.execute(contacts):
            reachable.setdefault(who, set()).add(kind)
        for who in subscriptions.holders(connection):
            reachable.setdefault(who, set()).add("push")
        rows = connection.execute(query.order_by(ACCOUNT.c.username)).all()
        roles: dict[str, set[str]] = {}
        for row in rows:
            roles.setdefault(row.username, set()).add(row.role)
        return [
            Person(
                row.username,
                row.name,
                _language(row.language, self.language),
                frozenset(roles[row.username]),
                frozenset(reachable.get(row.username, ())),
            )
            for row in {row.username: row for row in rows}.values()
        ]


def _language(wished: str, site: LanguageTag) -> LanguageTag:
    return next((of for of in LANGUAGES if of == wished), site)
