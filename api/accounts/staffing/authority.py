"""Authority over people: which roles somebody may give, and whose account they may change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from api.accounts.permission import Permission
from api.accounts.records import Account, Grant, Span, Unit
from api.accounts.repositories.appointments import Appointments
from api.accounts.repositories.units import Units
from api.accounts.roles import Roles
from api.accounts.sign_in import NEVER_FOR_OTHERS as ADMINISTRATION
from api.audit import Actor
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of
from ingest.state.database import State

FOR_EVER = "9999-12-31"


class BeyondAuthority(NotAccepted):
    """Somebody would change more than they administer."""


@dataclass(frozen=True, slots=True)
class _Over:
    """One reach: its permissions, over these units; None: over all."""

    permissions: frozenset[Permission]
    units: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Authority:
    """Of somebody who acts now. ``keeping`` are the roles of which somebody must always be left,
    ``by_unit`` the slugs of the platforms whose things belong to units.
    """

    state: State
    by: Actor
    roles: Roles
    keeping: frozenset[str]
    by_unit: frozenset[str]
    now_ms: int
    over: tuple[_Over, ...]

    @classmethod
    def of(
        cls,
        state: State,
        account: Account,
        roles: Roles,
        permission: Permission,
        *,
        keeping: Iterable[Permission],
        by_unit: Iterable[str],
        now_ms: int,
    ) -> Authority:
        """By the reaches of an account that have a permission; ``keeping`` are permissions that
        somebody must always have.
        """
        kept, units = frozenset(keeping), Units(state).all()
        over = (
            _Over(reach.permissions, below(units, reach.unit) if reach.unit else None)
            for reach in account.reaches
            if permission in reach.permissions
        )
        administrators = (role.id for role in roles.by_id.values() if kept <= role.permissions)
        return cls(
            state,
            account.actor,
            roles,
            frozenset(administrators),
            frozenset(by_unit),
            now_ms,
            tuple(over),
        )

    @property
    def today(self) -> str:
        """The district's day."""
        return day_of(self.now_ms)

    @property
    def everywhere(self) -> bool:
        """Whether it is over all units."""
        return any(of.units is None for of in self.over)

    def covers(self, unit: str) -> bool:
        """Whether it is over a unit."""
        return any(of.units is None or unit in of.units for of in self.over)

    def check_unit(self, where: str, unit: str) -> None:
        """Refuse a unit that there is not, or that others administer.

        Raises:
            NotAccepted, BeyondAuthority
        """
        if Units(self.state).get(unit) is None:
            fault = Fault(where, f"there is no unit {unit!r}", "choose one of the list")
            raise NotAccepted(fault, "unit")
        if not self.covers(unit):
            fault = Fault(where, f"{unit!r} is not yours", "ask an administrator for all units")
            raise BeyondAuthority(fault, "unit-beyond")

    def check_grant(self, grant: Grant) -> None:
        """Refuse a role that there is not, that no unit can bound, or that is not theirs to give:
        of the permissions of administration nobody gives more than they have.

        Raises:
            NotAccepted, BeyondAuthority
        """
        if grant.role not in self.roles.by_id:
            fault = Fault("role", f"there is no role {grant.role!r}", "choose one of the list")
            raise NotAccepted(fault, "role")
        if grant.platform and grant.platform not in self.roles.platforms:
            fault = Fault("platform", f"there is no {grant.platform!r}", "choose one of the list")
            raise NotAccepted(fault, "platform")
        if grant.unit:
            self.check_unit("unit", grant.unit)
            whole = {of.slug for of in self._permissions(grant)} - self.by_unit
            if whole:
                named = ", ".join(sorted(whole))
                what = f"holds for all units on {named}"
                remedy = "leave the unit empty, or choose a platform whose things belong to units"
                raise NotAccepted(Fault("unit", what, remedy), "no-unit", slugs=sorted(whole))
        if not self._may_give(grant):
            what = f"{grant.role!r} reaches further than you"
            remedy = "give it for your own units, or ask an administrator for all units"
            raise BeyondAuthority(Fault("role", what, remedy), "role-beyond")

    def check_person(self, connection: Connection, username: str) -> None:
        """Refuse to change somebody who also belongs elsewhere, or who administers more: whoever
        resets a password could sign in by it.

        Raises:
            BeyondAuthority
        """
        rooms = Appointments(self.state)
        units = [
            of.of.unit for of in rooms.memberships(connection, username) if self._lasts(of.of.span)
        ]
        held = [of.of for of in rooms.grants(connection, username) if self._lasts(of.of.span)]
        administers = [of for of in held if self._administration(of)]
        if not all(map(self.covers, units)) or not all(map(self._may_give, administers)):
            what = f"{username!r} belongs to other units too, or administers more than you"
            fault = Fault("username", what, "ask an administrator for all units")
            raise BeyondAuthority(fault, "person-beyond")

    def check(self, username: str) -> None:
        """The same outside a transaction.

        Raises:
            BeyondAuthority
        """
        with self.state.read() as connection:
            self.check_person(connection, username)

    @contextmanager
    def keeping_one(self, connection: Connection, from_day: str) -> Iterator[None]:
        """Take a change back after which nobody would administer people for all units: from the
        day on when it is in effect, or for good.

        Raises:
            NotAccepted
        """
        before = {day: self.administrators(connection, day) for day in (from_day, FOR_EVER)}
        yield
        if any(kept and not self.administrators(connection, day) for day, kept in before.items()):
            raise _last_one()

    def check_not_last(self, connection: Connection, username: str) -> None:
        """Refuse to touch the only one who administers people for all units.

        Raises:
            NotAccepted
        """
        if self.administrators(connection, self.today) == {username}:
            raise _last_one()

    def administrators(self, connection: Connection, day: str) -> frozenset[str]:
        """Who administers people for all units on a day."""
        rooms = Appointments(self.state)
        return rooms.administrators(connection, self.keeping, ADMINISTRATION, day)

    def _may_give(self, grant: Grant) -> bool:
        wanted = self._administration(grant)
        return any(
            (of.units is None or (grant.unit and grant.unit in of.units))
            and wanted <= of.permissions
            for of in self.over
        )

    def _permissions(self, grant: Grant) -> frozenset[Permission]:
        return (
            self.roles.reaches([grant])[0].permissions
            if grant.role in self.roles.by_id
            else frozenset()
        )

    def _administration(self, grant: Grant) -> frozenset[Permission]:
        return frozenset(of for of in self._permissions(grant) if of.slug == ADMINISTRATION)

    def _lasts(self, span: Span) -> bool:
        return span.until_day is None or span.until_day >= self.today


def below(units: Iterable[Unit], top: str) -> frozenset[str]:
    """A unit and those below it; a circle ends."""
    children: dict[str | None, list[str]] = {}
    for unit in units:
        children.setdefault(unit.parent, []).append(unit.id)
    found, waiting = {top}, [top]
    while waiting:
        more = [of for of in children.get(waiting.pop(), ()) if of not in found]
        found.update(more)
        waiting += more
    return frozenset(found)


def _last_one() -> NotAccepted:
    what = "is the last who administers people for all units"
    remedy = "give that role to somebody else first"
    return NotAccepted(Fault("username", what, remedy), "last-administrator")
