"""Actions of files; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class FilePermission(Permission):
    """One member for each thing."""

    SEE_HIDDEN = "files.see-hidden"
    """Parts that Office files hide: sheets, comments, revisions, properties."""
