"""Frozen papers and templates, as they are kept. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import msgspec

from api.accounts.permission import Permission
from api.accounts.records import Account, Reach, Secrecy
from api.kinds.reports import Paper, ReportKind
from api.ports import canonical

Form = Literal["docx", "xlsx", "pdf"]
FORMS: tuple[Form, ...] = get_args(Form)
CENTRE_NAME = ""
"""Of papers that the centre makes by itself."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A kind of paper with the slug of its platform."""

    platform: str
    kind: ReportKind[Any]

    @property
    def id(self) -> str:
        """As addresses write it."""
        return f"{self.platform}.{self.kind.name}"


@dataclass(frozen=True, slots=True)
class Extent:
    """How far somebody sees: a unit and those below it (empty: all units) up to a secrecy."""

    unit: str
    secrecy: Secrecy


@dataclass(frozen=True, slots=True)
class Head:
    """A frozen paper without what it says. ``template`` is the id of the office's template that
    was in force, None: that of the product. ``made_by`` is empty where the centre made it.
    """

    id: int
    platform: str
    kind: str
    parameters: str
    title: str
    sha256: str
    template: int | None
    made_by: str
    made_name: str
    made_ms: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen paper. ``extents`` is how far its figures reach."""

    head: Head
    paper: Paper
    extents: tuple[Extent, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper that is to be kept."""

    offered: Offered
    parameters: str
    paper: Paper
    extents: frozenset[Extent]

    @property
    def body(self) -> str:
        """Canonical JSON of all that it says."""
        return body_of(self.paper)


@dataclass(frozen=True, slots=True)
class Template:
    """A version of a kind's Word template; ``content`` is None where the office went back to that
    of the product.
    """

    id: int
    file_name: str
    sha256: str
    made_by: str
    made_name: str
    made_ms: int
    own: bool


def body_of(paper: Paper) -> str:
    """Canonical JSON: the same paper gives the same text."""
    return canonical(msgspec.to_builtins(paper)).decode()


def digest(body: str) -> str:
    """SHA-256 of a body, 64 hex digits."""
    return hashlib.sha256(body.encode()).hexdigest()


def extents_of(account: Account, permission: Permission) -> frozenset[Extent]:
    """How far an account sees with a permission."""
    reaches = [of for of in account.reaches if permission in of.permissions]
    return frozenset(Extent(of.unit, of.secrecy) for of in reaches)


def maker(extents: Sequence[Extent], permission: Permission) -> Account:
    """Nobody in particular who sees exactly so far: for the same figures once more."""
    own = frozenset({permission})
    return Account("", "", reaches=tuple(Reach(own, of.unit, of.secrecy) for of in extents))
