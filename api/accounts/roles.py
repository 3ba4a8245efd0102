"""Roles as data: how long a session of each lasts, and what it may do on each platform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from api.accounts.permission import Permission
from api.accounts.records import Grant, Reach, Secrecy
from config.catalogue.words import Words
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import DAY_MS, HOUR_MS

FILE = "roles.toml"
_OWN = Path(__file__).parent / FILE
_SHORTEST = "give hours and days of 1 and more, a secrecy, and permissions by their names"


class _Row(Struct, frozen=True, forbid_unknown_fields=True):
    """A role as a file describes it; a later file replaces single values."""

    name: str | None = None
    idle_hours: Annotated[int, Meta(ge=1)] | None = None
    whole_days: Annotated[int, Meta(ge=1)] | None = None
    second_factor: bool | None = None
    secrecy: Literal["open", "internal", "restricted"] | None = None
    may: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A role. ``name`` is that of one which a district added: the product's have words. A session
    of it ends after ``idle_ms`` without a request of the person, and after ``whole_ms`` anyway.
    """

    id: str
    permissions: frozenset[Permission] = frozenset()
    name: str = ""
    idle_ms: int = 12 * HOUR_MS
    whole_ms: int = 14 * DAY_MS
    second_factor: bool = False
    secrecy: Secrecy = Secrecy.INTERNAL

    def said(self, words: Words) -> str:
        """Its name for a reader."""
        return words.name(self.name) if self.name else words(f"role.{self.id}")


@dataclass(frozen=True, slots=True)
class Roles:
    """Every role of a site, in the order of the files, and the slugs of its platforms."""

    by_id: Mapping[str, Role]
    platforms: tuple[str, ...] = ()

    def reaches(self, grants: Iterable[Grant]) -> tuple[Reach, ...]:
        """The reaches of grants in force. One of a role that is no more lets do nothing."""
        return tuple(self._reach(grant) for grant in grants if grant.role in self.by_id)

    def having(self, permission: Permission) -> tuple[Role, ...]:
        """The roles with a permission."""
        return tuple(role for role in self.by_id.values() if permission in role.permissions)

    def lifetime_ms(self, held: Iterable[str]) -> tuple[int, int]:
        """Idle and whole time of a session of somebody with these roles: the strictest of them."""
        roles = [self.by_id[of] for of in held if of in self.by_id] or [Role("")]
        return min(of.idle_ms for of in roles), min(of.whole_ms for of in roles)

    def wants_second_factor(self, held: Iterable[str]) -> bool:
        """Whether one of these roles demands it."""
        return any(self.by_id[of].second_factor for of in held if of in self.by_id)

    def without_second_factor(self) -> Roles:
        """The same, where nobody must have one: a demonstration has visitors."""
        by_id = {name: replace(role, second_factor=False) for name, role in self.by_id.items()}
        return replace(self, by_id=by_id)

    def _reach(self, grant: Grant) -> Reach:
        role = self.by_id[grant.role]
        permissions = role.permissions
        if grant.platform:
            permissions = frozenset(of for of in permissions if of.slug == grant.platform)
        return Reach(permissions, grant.unit, role.secrecy)


def load(platforms: Mapping[str, tuple[Path, type[Permission]]], district: Path) -> Roles:
    """The product's roles, what each platform lets them do, and what the district changes: there
    ``may`` replaces, elsewhere it adds.

    Args:
        platforms: folder and permissions of each platform, by slug.
        district: the folder of the site's own ``roles.toml``, which may lack.

    Raises:
        FaultyInput: with every fault of the files at once.
    """
    known = {str(one): one for _, kind in platforms.values() for one in kind}
    reading = _Reading(known)
    reading.read(_OWN, "")
    for slug, (folder, _) in platforms.items():
        if (folder / FILE).exists():
            reading.read(folder / FILE, slug)
    if (district / FILE).exists():
        reading.read(district / FILE, None)
    if reading.faults:
        raise FaultyInput(reading.faults)
    return Roles(reading.found, tuple(platforms))


class _Reading:
    def __init__(self, known: Mapping[str, Permission]) -> None:
        self.found: dict[str, Role] = {}
        self.faults: list[Fault] = []
        self._known = known

    def read(self, path: Path, slug: str | None) -> None:
        """Take over a file: the product's (empty slug), a platform's, or the district's (None)."""
        for role_id, raw in read_toml(path, "make it a readable file").items():
            where = f"{path.parent.name}/{path.name}: {role_id}"
            try:
                row = msgspec.convert(raw, _Row)
            except msgspec.ValidationError as error:
                self.faults.append(Fault(where, str(error), _SHORTEST))
                continue
            if slug is None and role_id not in self.found and not row.name:
                self.faults.append(Fault(where, "has no name", "write name = as people call it"))
            given = frozenset(self._permissions(where, row.may or (), slug))
            before = self.found.get(role_id, Role(role_id))
            replaced = slug is None and row.may is not None
            permissions = given if replaced else before.permissions | given
            self.found[role_id] = _changed(before, row, permissions)

    def _permissions(
        self, where: str, names: Iterable[str], slug: str | None
    ) -> Iterator[Permission]:
        for name in names:
            full = f"{slug}.{name}" if slug else name
            if full in self._known:
                yield self._known[full]
            else:
                remedy = f"write one of {', '.join(sorted(self._known))}"
                self.faults.append(Fault(where, f"{full!r} is no permission", remedy))


def _changed(before: Role, row: _Row, permissions: frozenset[Permission]) -> Role:
    return Role(
        before.id,
        permissions,
        name=before.name if row.name is None else row.name,
        idle_ms=before.idle_ms if row.idle_hours is None else row.idle_hours * HOUR_MS,
        whole_ms=before.whole_ms if row.whole_days is None else row.whole_days * DAY_MS,
        second_factor=before.second_factor if row.second_factor is None else row.second_factor,
        secrecy=before.secrecy if row.secrecy is None else Secrecy[row.secrecy.upper()],
    )
