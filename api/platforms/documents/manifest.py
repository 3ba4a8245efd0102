"""The declaration of the platform of filing and review of normative documents."""

from __future__ import annotations

from pathlib import Path

from api.platforms.documents.laws.tables import MIGRATIONS as LAWS
from api.platforms.documents.menu import MENU
from api.platforms.documents.overview import pages as overview
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.rulebook import actions as rulebook
from api.platforms.documents.rulebook.tables import MIGRATIONS as RULEBOOK
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
    pages=(*overview.PAGES, *text_pages.PAGES),
    api=(*text_routes.API,),
    words=Path(__file__).parent / "words",
    migrations=(TEXTS, LAWS, RULEBOOK),
    jobs=(Job("hits", rulebook.renew, every_minutes=1),),
    items=(texts.ITEM,),
    searched=texts.fill,
    by_unit=True,
)
