"""Actions of deadlines; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class DeadlinePermission(Permission):
    """One member for each thing."""

    SEE_RULES = "deadlines.see-rules"
    CONFIRM_RULES = "deadlines.confirm-rules"
    """Confirm, change and add rules of terms, and enter a year's days off."""
    CHANGE_TERMS = "deadlines.change-terms"
    """Extend, pause and end single deadlines."""
