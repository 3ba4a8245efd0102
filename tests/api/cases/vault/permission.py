"""Actions on the things of the vault; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class VaultPermission(Permission):
    """Read things."""

    READ = "vault.read"
