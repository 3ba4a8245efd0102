"""The declaration of one's own account, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.accounts.permission import Permission
from api.own_account import pages
from api.own_account.contacts import pages as contact_pages
from api.own_account.contacts import routes as contact_routes
from api.own_account.devices import pages as device_pages
from api.own_account.devices import routes as device_routes
from api.own_account.display import pages as display_pages
from api.own_account.display import routes as display_routes
from api.own_account.identities import pages as identity_pages
from api.own_account.identities import routes as identity_routes
from api.own_account.password import pages as password_pages
from api.own_account.password import routes as password_routes
from api.own_account.push import pages as push_pages
from api.own_account.push import routes as push_routes
from api.own_account.second_factor import pages as factor_pages
from api.own_account.second_factor import routes as factor_routes
from api.shape import Entry, Platform

PLATFORM = Platform(
    slug="account",
    folder=Path(__file__).parent,
    beside=True,
    menu=(
        Entry("account.password", "/password", "key", None),
        Entry("account.second-factor", "/second-factor", "shield", None),
        Entry("account.devices", "/devices", "screen", None),
        Entry("account.display", "/display", "letter", None),
        Entry("account.contacts", "/contacts", "envelope", None),
        Entry("account.push", "/push", "bell", None),
    ),
    pages=(
        pages.router,
        password_pages.router,
        factor_pages.router,
        device_pages.router,
        display_pages.router,
        contact_pages.router,
        push_pages.router,
        identity_pages.router,
    ),
    api=(
        password_routes.router,
        factor_routes.router,
        device_routes.router,
        display_routes.router,
        contact_routes.router,
        push_routes.router,
        identity_routes.router,
    ),
    permissions=Permission,
)
