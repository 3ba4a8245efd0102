"""Actions of imports; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class ImportPermission(Permission):
    """One member for each thing."""

    SEE_LOADS = "imports.see-loads"
    LOAD = "imports.load"
    """Load tables and withdraw loads."""
    SEND = "imports.send"
    """Send the table of a source that names the sender, and nothing else."""
    MANAGE_SOURCES = "imports.manage-sources"
    """Sources, their mapping and schedule."""
