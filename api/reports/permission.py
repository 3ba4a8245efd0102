"""Actions of reports; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class ReportPermission(Permission):
    """One member for each thing. Who may make and see a paper says the permission of its kind."""

    MANAGE_TEMPLATES = "reports.manage-templates"
    """Change the templates of the office."""
