"""What can be done on the toy platform."""

from __future__ import annotations

from api.accounts.permission import Permission
from api.accounts.records import ROLES, RolesByPermission


class ToyPermission(Permission):
    """Read notes, and write them."""

    READ = "toy.read"
    WRITE = "toy.write"


ROLES_BY_PERMISSION: RolesByPermission = {
    ToyPermission.READ: frozenset(ROLES),
    ToyPermission.WRITE: frozenset({"deputy"}),
}
