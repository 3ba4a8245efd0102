"""The declaration of administration, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.administration.audit_trail import pages as audit_pages
from api.administration.audit_trail import routes as audit_routes
from api.administration.permission import AdministrationPermission
from api.administration.sign_ins import pages as sign_in_pages
from api.administration.sign_ins import routes as sign_in_routes
from api.administration.tokens import pages as token_pages
from api.administration.tokens import routes as token_routes
from api.shape import Entry, Platform

PLATFORM = Platform(
    slug="administration",
    folder=Path(__file__).parent,
    menu=(
        Entry(
            "administration.audit.title", "/audit", "scroll", AdministrationPermission.SEE_AUDIT
        ),
        Entry(
            "administration.sign-ins.title",
            "/sign-ins",
            "door",
            AdministrationPermission.SEE_SIGN_INS,
        ),
        Entry(
            "administration.tokens.title",
            "/tokens",
            "key",
            AdministrationPermission.MANAGE_TOKENS,
        ),
    ),
    pages=(audit_pages.router, sign_in_pages.router, token_pages.router),
    api=(audit_routes.router, sign_in_routes.router, token_routes.router),
    permissions=AdministrationPermission,
    by_unit=True,
)
