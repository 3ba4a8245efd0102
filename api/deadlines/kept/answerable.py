"""Who must act: the people behind a :class:`Responsible`, on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.repositories.people import holds_on
from api.accounts.roles import Roles
from api.deadlines.records import Responsible
from api.tables import ACCOUNT, MEMBERSHIP, ROLE_GRANT, UNIT


@dataclass(frozen=True, slots=True)
class _Grant:
    username: str
    role: str
    platform: str
    unit: str


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody who can sign in, with units and roles of a day."""

    roles: Roles
    languages: Mapping[str, str]
    """Wished by each person, by username."""
    _above: Mapping[str, str]
    _members: Mapping[str, frozenset[str]]
    _grants: Sequence[_Grant]

    def who(self, responsible: Responsible) -> tuple[str, ...]:
        """The person where one is named who can still sign in. Else whoever holds the permission
        for the unit and belongs to it, or holds it for just this unit; where it has nobody, those
        who hold it for the whole district.
        """
        if responsible.username in self.languages:
            return (responsible.username,)
        known = self.roles.by_id.values()
        having = {role.id for role in known if responsible.permission in role.permissions}
        slug = responsible.permission.partition(".")[0]
        grants = [of for of in self._grants if of.role in having and of.platform in ("", slug)]
        units = self._upwards(responsible.unit)
        own = {of.username for of in grants if self._is_of_unit(of, responsible.unit, units)}
        return tuple(sorted(own or {of.username for of in grants if not of.unit}))

    def units(self, username: str) -> frozenset[str]:
        """The units that a person belongs to, by id."""
        return self._members.get(username, frozenset())

    def _is_of_unit(self, grant: _Grant, unit: str, upwards: frozenset[str]) -> bool:
        if not unit:
            return not grant.unit
        if grant.unit == unit:
            return True
        covers = not grant.unit or grant.unit in upwards
        return covers and unit in self._members.get(grant.username, frozenset())

    def _upwards(self, unit: str) -> frozenset[str]:
        """A unit and those above it; a circle ends."""
        found: set[str] = set()
        while unit and unit not in found:
            found.add(unit)
            unit = self._above.get(unit, "")
        return frozenset(found)


def staff(connection: Connection, roles: Roles, day: str) -> Staff:
    """As they are on a day, ISO text."""
    people = sa.select(ACCOUNT.c.username, ACCOUNT.c.language)
    active = people.where(ACCOUNT.c.disabled_ms.is_(None))
    languages = {row.username: row.language for row in connection.execute(active)}
    members: dict[str, set[str]] = {}
    belongs = sa.select(MEMBERSHIP.c.username, MEMBERSHIP.c.unit).where(holds_on(MEMBERSHIP, day))
    for row in connection.execute(belongs):
        members.setdefault(row.username, set()).add(row.unit)
    grants = sa.select(ROLE_GRANT).where(holds_on(ROLE_GRANT, day))
    return Staff(
        roles,
        languages,
        {row.id: row.parent or "" for row in connection.execute(sa.select(UNIT))},
        {who: frozenset(units) for who, units in members.items()},
        [
            _Grant(row.username, row.role, row.platform, row.unit or "")
            for row in connection.execute(grants)
            if row.username in languages
        ],
    )
