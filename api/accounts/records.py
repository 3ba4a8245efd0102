"""Accounts and roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from api.accounts.permission import Permission

Role = Literal["deputy", "officer"]
ROLES: tuple[Role, ...] = get_args(Role)
RolesByPermission = Mapping[Permission, frozenset[Role]]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. The username identifies: it never changes and is given to nobody
    else. ``permissions`` are known once somebody has signed in.
    """

    username: str
    name: str
    role: Role
    area: str
    permissions: frozenset[Permission] = frozenset()
    language: str = field(default="", compare=False)
    """Chosen by the person; empty: as the browser asks."""

    def may(self, permission: Permission) -> bool:
        """Whether it has a permission."""
        return permission in self.permissions
