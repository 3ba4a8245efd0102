"""People, the units they belong to, the roles they hold, and what these let them do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, get_args

from api.accounts.permission import Permission
from api.audit import Actor

UnitKind = Literal[
    "congress",
    "committee",
    "delegation",
    "department",
    "supervision",
    "court",
    "procuratorate",
    "town",
    "other",
]
UNIT_KINDS: tuple[UnitKind, ...] = get_args(UnitKind)
PasswordKind = Literal["own", "first"]
OWN: PasswordKind = "own"
FIRST: PasswordKind = "first"
Stage = Literal["", "code", "change", "enrol"]
"""The step that a session waits for; none: it is open."""
Means = Literal["password", "oidc"]


class Secrecy(IntEnum):
    """How far a thing may be known. State secrets never belong here (保守国家秘密法 art. 30)."""

    OPEN = 0
    INTERNAL = 1
    RESTRICTED = 2


@dataclass(frozen=True, slots=True)
class Span:
    """Days from and to which something holds, ISO text, both among them; None: without an end."""

    from_day: str | None = None
    until_day: str | None = None

    def holds(self, day: str) -> bool:
        """Whether it does on a day."""
        begun = self.from_day is None or self.from_day <= day
        return begun and (self.until_day is None or day <= self.until_day)


ALWAYS = Span()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit in the official order, which ``official_order`` gives. ``successor`` is the unit that
    took over its duties after its last day, such as the one that it was merged into.
    """

    id: str
    name: str
    kind: UnitKind
    parent: str | None = None
    official_order: int = 0
    span: Span = ALWAYS
    successor: str | None = None

    def ended(self, day: str) -> bool:
        """Whether its last day has passed on a day, ISO text."""
        return self.span.until_day is not None and self.span.until_day < day


def succession(named: Mapping[str, Unit], unit: Unit) -> tuple[str, ...]:
    """The ids of a unit's successor, of that one's, and so on; a circle ends."""
    found: list[str] = []
    heir = named.get(unit.successor or "")
    while heir is not None and heir.id not in found:
        found.append(heir.id)
        heir = named.get(heir.successor or "")
    return tuple(found)


def successors(units: Iterable[Unit], day: str) -> Mapping[str, str]:
    """Of each unit whose last day has passed the one that has its duties on a day, by id: its
    successor, or that one's, as far as they are named.
    """
    named = {of.id: of for of in units}
    found: dict[str, str] = {}
    for of in named.values():
        heir, passed = of, set[str]()
        while heir.ended(day) and heir.id not in passed:
            passed.add(heir.id)
            heir = named.get(heir.successor or "", heir)
        if heir is not of:
            found[of.id] = heir.id
    return found


@dataclass(frozen=True, slots=True)
class Membership:
    """Somebody belongs to a unit, and what the person is there."""

    unit: str
    post: str = ""
    span: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody holds a role: on one platform or all (empty), for one unit and those below it or
    all (empty).
    """

    role: str
    platform: str = ""
    unit: str = ""
    span: Span = ALWAYS


@dataclass(frozen=True, slots=True)
class Reach:
    """The reach of one grant: these permissions, on things of ``unit`` and those below it (empty:
    of every unit) up to a secrecy.
    """

    permissions: frozenset[Permission]
    unit: str = ""
    secrecy: Secrecy = Secrecy.INTERNAL


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who acts for a deputy."""

    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session that a request came with. ``id`` is the hash of its token."""

    id: str
    stage: Stage
    means: Means


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who asks. The username identifies: it never changes and is given to nobody else.
    ``roles`` are those in force, ``reaches`` what they let do; ``clerk`` acts for the person.
    """

    username: str
    name: str
    roles: tuple[str, ...] = ()
    reaches: tuple[Reach, ...] = ()
    language: str = ""
    """Chosen by the person; empty: as the browser asks."""
    large_type: bool = False
    clerk: Clerk | None = None
    may_act: bool = False
    """Whether some deputy lets the person act for them today."""
    session: Session | None = None
    """None for a machine with a token."""
    tables: tuple[str, ...] = ()
    """Kinds of tables that a machine is bound to: it sends these and does nothing else."""

    def may(self, permission: Permission) -> bool:
        """Whether it has a permission, for some unit at least."""
        return any(permission in reach.permissions for reach in self.reaches)

    @property
    def signed(self) -> str:
        """The name under a decision: who acted for the person stands beside it."""
        return f"{self.name}（{self.clerk.name}代）" if self.clerk else self.name

    @property
    def actor(self) -> Actor:
        """The person as the audit names them."""
        return Actor(self.clerk.username, self.username) if self.clerk else Actor(self.username)
