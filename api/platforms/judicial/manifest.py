"""The declaration of the platform of judicial supervision."""

from __future__ import annotations

from pathlib import Path

from api.accounts.records import Account
from api.platforms.judicial.appraisals import actions as appraisals
from api.platforms.judicial.appraisals import pages as appraisal_pages
from api.platforms.judicial.appraisals import routes as appraisal_routes
from api.platforms.judicial.appraisals.procedure import PROCEDURE as APPRAISAL
from api.platforms.judicial.appraisals.tables import MIGRATIONS as APPRAISALS
from api.platforms.judicial.draws import actions as draws
from api.platforms.judicial.draws import pages as draw_pages
from api.platforms.judicial.draws import routes as draw_routes
from api.platforms.judicial.draws.procedure import PROCEDURE as DRAW
from api.platforms.judicial.draws.tables import MIGRATIONS as DRAWS
from api.platforms.judicial.figures import pages as figure_pages
from api.platforms.judicial.figures import routes as figure_routes
from api.platforms.judicial.figures.tables import MIGRATIONS as FIGURES
from api.platforms.judicial.letters import actions as letters
from api.platforms.judicial.letters import pages as letter_pages
from api.platforms.judicial.letters import routes as letter_routes
from api.platforms.judicial.letters.procedure import PROCEDURE as LETTER
from api.platforms.judicial.letters.tables import MIGRATIONS as LETTERS
from api.platforms.judicial.menu import MENU
from api.platforms.judicial.overview import pages as overview
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Todo
from api.procedures.ports import item_kind, todos
from api.services import Services
from api.shape import Job, Platform

PROCEDURES = (APPRAISAL, DRAW, LETTER)


def _todos(services: Services, account: Account) -> list[Todo]:
    found = [one for procedure in PROCEDURES for one in todos(services, account, procedure)]
    return [*found, *appraisals.todos(services, account)]


PLATFORM = Platform(
    slug="judicial",
    folder=Path(__file__).parent,
    permissions=JudicialPermission,
    menu=MENU,
    pages=(
        *overview.PAGES,
        *figure_pages.PAGES,
        *letter_pages.PAGES,
        *draw_pages.PAGES,
        *appraisal_pages.PAGES,
    ),
    api=(*figure_routes.API, *letter_routes.API, *draw_routes.API, *appraisal_routes.API),
    migrations=(APPRAISALS, DRAWS, FIGURES, LETTERS),
    words=Path(__file__).parent / "words",
    by_unit=True,
    jobs=(Job("forget petitioners", letters.forget, hour=3, minute=40),),
    items=(
        item_kind(APPRAISAL, appraisals.content),
        item_kind(DRAW, draws.content),
        item_kind(LETTER, letters.content),
    ),
    todos=_todos,
)
