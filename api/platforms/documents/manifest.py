"""The declaration of the platform of filing and review of normative documents."""

from __future__ import annotations

from pathlib import Path

from api.accounts.records import Account
from api.platforms.documents.catalogue import pages as catalogue_pages
from api.platforms.documents.catalogue import routes as catalogue_routes
from api.platforms.documents.catalogue.actions import finding, lists
from api.platforms.documents.catalogue.procedure.lists import PROCEDURE as YEARLY_LIST
from api.platforms.documents.catalogue.procedure.unfiled import PROCEDURE as UNFILED
from api.platforms.documents.catalogue.tables import MIGRATIONS as CATALOGUE
from api.platforms.documents.filings.actions import filings, handing, registering
from api.platforms.documents.filings.pages import filing as filing_pages
from api.platforms.documents.filings.pages import register as register_pages
from api.platforms.documents.filings.procedure.filing import PROCEDURE as FILING
from api.platforms.documents.filings.procedure.handout import PROCEDURE as HANDOUT
from api.platforms.documents.filings.routes import filings as filing_routes
from api.platforms.documents.filings.routes import packages as package_routes
from api.platforms.documents.filings.tables import MIGRATIONS as FILINGS
from api.platforms.documents.menu import MENU
from api.platforms.documents.overview import pages as overview
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts import actions as texts
from api.platforms.documents.texts import pages as text_pages
from api.platforms.documents.texts import routes as text_routes
from api.platforms.documents.texts.tables import MIGRATIONS as TEXTS
from api.ports import Todo
from api.procedures.ports import item_kind, todos
from api.services import Services
from api.shape import Job, Platform

PROCEDURES = (FILING, HANDOUT, UNFILED, YEARLY_LIST)


def _todos(services: Services, account: Account) -> list[Todo]:
    return [of for procedure in PROCEDURES for of in todos(services, account, procedure)]


PLATFORM = Platform(
    slug="documents",
    folder=Path(__file__).parent,
    permissions=DocumentsPermission,
    menu=MENU,
    pages=(
        *overview.PAGES,
        *catalogue_pages.PAGES,
        *register_pages.PAGES,
        *filing_pages.PAGES,
        *text_pages.PAGES,
    ),
    api=(*catalogue_routes.API, *package_routes.API, *filing_routes.API, *text_routes.API),
    words=Path(__file__).parent / "words",
    migrations=(TEXTS, FILINGS, CATALOGUE),
    jobs=(
        Job("open yearly lists of documents", lists.open_lists, hour=6, minute=10),
        Job("find documents that were not filed", finding.follow, hour=4, minute=20),
    ),
    items=(
        item_kind(FILING, filings.content),
        item_kind(HANDOUT, handing.content),
        item_kind(UNFILED, finding.content),
        item_kind(YEARLY_LIST, lists.content),
        texts.ITEM,
    ),
    reports=(registering.KIND,),
    todos=_todos,
    searched=texts.fill,
    by_unit=True,
)
