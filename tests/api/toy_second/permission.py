"""Actions on papers; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class PapersPermission(Permission):
    """Read papers."""

    READ = "papers.read"
