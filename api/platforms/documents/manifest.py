"""The declaration of the platform of filing and review of normative documents."""

from __future__ import annotations

from pathlib import Path

from api.platforms.documents.checks import actions as checks
from api.platforms.documents.checks import pages as check_pages
from api.platforms.documents.checks import routes as check_routes
from api.platforms.documents.checks.tables import MIGRATIONS as CHECKS
from api.platforms.documents.laws import pages as law_pages
from api.platforms.documents.laws import routes as law_routes
from api.platforms.documents.laws.tables import MIGRATIONS as LAWS
from api.platforms.documents.menu import MENU
from api.platforms.documents.overview import pages as overview
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.rulebook import actions as rulebook
from api.platforms.documents.rulebook import pages as hit_pages
from api.platforms.documents.rulebook import routes as hit_routes
from api.platforms.documents.rulebook.tables import MIGRATIONS as RULEBOOK
from api.platforms.documents.similar import actions as similar
from api.platforms.documents.similar import pages as similar_pages
from api.platforms.documents.similar import routes as similar_routes
from api.platforms.documents.similar.tables import MIGRATIONS as SIMILAR
from api.platforms.documents.texts import actions as texts
from api.platforms.documents.texts import pages as text_pages
from api.platforms.documents.texts import routes as text_routes
from api.platforms.documents.texts.tables import MIGRATIONS as TEXTS
from api.shape import Job, Platform

PLATFORM = Platform(
    slug="documents",
    folder=Path(__file__).parent,
    permissions=DocumentsPermission,
    menu=MENU,
    pages=(
        *overview.PAGES,
        *hit_pages.PAGES,
        *check_pages.PAGES,
        *law_pages.PAGES,
        *similar_pages.PAGES,
        *text_pages.PAGES,
    ),
    api=(
        *text_routes.API,
        *hit_routes.API,
        *check_routes.API,
        *law_routes.API,
        *similar_routes.API,
    ),
    words=Path(__file__).parent / "words",
    migrations=(TEXTS, LAWS, RULEBOOK, CHECKS, SIMILAR),
    jobs=(
        Job("hits", rulebook.renew, every_minutes=1),
        Job("signatures of clauses", similar.sign, every_minutes=1),
        Job("trials of checks", checks.follow, every_minutes=1),
    ),
    items=(texts.ITEM,),
    searched=texts.fill,
    by_unit=True,
)
