"""Actions on the toy platform; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class ToyPermission(Permission):
    """Read notes, and write them."""

    READ = "toy.read"
    WRITE = "toy.write"
