"""The declaration of administration, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.administration.audit_trail import pages as audit_pages
from api.administration.audit_trail import routes as audit_routes
from api.administration.importing import pages as import_pages
from api.administration.importing import routes as import_routes
from api.administration.people import pages as people_pages
from api.administration.people import routes as people_routes
from api.administration.permission import AdministrationPermission
from api.administration.person import pages as person_pages
from api.administration.person import routes as person_routes
from api.administration.sign_ins import pages as sign_in_pages
from api.administration.sign_ins import routes as sign_in_routes
from api.administration.tokens import pages as token_pages
from api.administration.tokens import routes as token_routes
from api.administration.units import pages as unit_pages
from api.administration.units import routes as unit_routes
from api.shape import Entry, Platform

PLATFORM = Platform(
    slug="administration",
    folder=Path(__file__).parent,
    menu=(
        Entry(
            "administration.people.title",
            "/people",
            "people",
            AdministrationPermission.SEE_PEOPLE,
            below=("/imports", "/terms"),
        ),
        Entry("administration.units.title", "/units", "tree", AdministrationPermission.SEE_PEOPLE),
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
    pages=(
        people_pages.router,
        import_pages.router,
        person_pages.router,
        unit_pages.router,
        audit_pages.router,
        sign_in_pages.router,
        token_pages.router,
    ),
    api=(
        people_routes.router,
        import_routes.router,
        person_routes.router,
        unit_routes.router,
        audit_routes.router,
        sign_in_routes.router,
        token_routes.router,
    ),
    permissions=AdministrationPermission,
    by_unit=True,
)
