"""Actions of reports; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class ReportPermission(Permission):
    """One member for each thing."""

    MANAGE_TEMPLATES = "reports.manage-templates"
    """Change the templates of the office."""
