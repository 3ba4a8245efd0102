"""The declaration of the platform of judicial supervision."""

from __future__ import annotations

from pathlib import Path

from api.accounts.records import Account
from api.platforms.judicial.advice import actions as advice
from api.platforms.judicial.advice import pages as advice_pages
from api.platforms.judicial.advice import routes as advice_routes
from api.platforms.judicial.advice.procedure import PROCEDURE as ADVICE
from api.platforms.judicial.advice.tables import MIGRATIONS as ADVICE_TABLES
from api.platforms.judicial.figures import pages as figure_pages
from api.platforms.judicial.figures import routes as figure_routes
from api.platforms.judicial.figures.tables import MIGRATIONS as FIGURES
from api.platforms.judicial.matters import actions as matters
from api.platforms.judicial.matters import pages as matter_pages
from api.platforms.judicial.matters import routes as matter_routes
from api.platforms.judicial.matters.procedure import PROCEDURES as MATTERS
from api.platforms.judicial.matters.tables import MIGRATIONS as MATTER_TABLES
from api.platforms.judicial.menu import MENU
from api.platforms.judicial.overview import pages as overview
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Todo
from api.services import Services
from api.shape import Platform

PROCEDURES = (*MATTERS.values(), ADVICE)


def _todos(services: Services, account: Account) -> list[Todo]:
    return [*matters.todos(services, account), *advice.todos(services, account)]


PLATFORM = Platform(
    slug="judicial",
    folder=Path(__file__).parent,
    permissions=JudicialPermission,
    menu=MENU,
    pages=(
        *overview.PAGES,
        *figure_pages.PAGES,
        *matter_pages.PAGES,
        *advice_pages.PAGES,
    ),
    api=(
        *figure_routes.API,
        *matter_routes.API,
        *advice_routes.API,
    ),
    migrations=(
        FIGURES,
        MATTER_TABLES,
        ADVICE_TABLES,
    ),
    words=Path(__file__).parent / "words",
    items=(
        matters.ITEM,
        advice.ITEM,
    ),
    todos=_todos,
    by_unit=True,
)
