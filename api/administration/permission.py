"""Actions of those who run the centre; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class AdministrationPermission(Permission):
    """One member for each thing."""

    SEE_PEOPLE = "administration.see-people"
    MANAGE_PEOPLE = "administration.manage-people"
    """Create, import, disable, reset, end sessions, bind identities."""
    MANAGE_ROLES = "administration.manage-roles"
    """Give and end roles, memberships and delegations, and hand over to a successor."""
    MANAGE_UNITS = "administration.manage-units"
    SEE_SIGN_INS = "administration.see-sign-ins"
    SEE_AUDIT = "administration.see-audit"
    EXPORT_AUDIT = "administration.export-audit"
    MANAGE_TOKENS = "administration.manage-tokens"
    """Tokens of machines."""
