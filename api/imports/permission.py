"""Actions of imports; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class ImportPermission(Permission):
    """One member for each thing."""

    SEE_LOADS = "imports.see-loads"
    LOAD = "imports.load"
    """Load tables and withdraw loads."""
    MANAGE_SOURCES = "imports.manage-sources"
    """Sources, their mapping and schedule."""
