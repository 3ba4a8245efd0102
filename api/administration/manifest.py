"""The declaration of administration, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

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
    pages=(sign_in_pages.router, token_pages.router),
    api=(sign_in_routes.router, token_routes.router),
    permissions=AdministrationPermission,
    by_unit=True,
)
