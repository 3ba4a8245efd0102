"""The declaration of the platform of budget supervision."""

from __future__ import annotations

from pathlib import Path

from api.platforms.budget.execution import actions as execution
from api.platforms.budget.kinds import KINDS
from api.platforms.budget.ledger import actions as ledger
from api.platforms.budget.ledger.tables import MIGRATIONS as LEDGER
from api.platforms.budget.menu import MENU
from api.platforms.budget.payments import pages as payment_pages
from api.platforms.budget.payments import routes as payment_routes
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.tables import MIGRATIONS
from api.platforms.budget.year import actions as year
from api.platforms.budget.year import pages as year_pages
from api.platforms.budget.year import routes as year_routes
from api.platforms.budget.year.records import DAY, YEAR
from api.platforms.budget.year.tables import MIGRATIONS as YEAR_MIGRATIONS
from api.ports import ItemKind
from api.shape import Job, Platform

PLATFORM = Platform(
    slug="budget",
    folder=Path(__file__).parent,
    permissions=BudgetPermission,
    menu=MENU,
    pages=(*payment_pages.PAGES, *year_pages.PAGES),
    api=(*payment_routes.API, *year_routes.API),
    words=Path(__file__).parent / "words",
    migrations=(MIGRATIONS, LEDGER, YEAR_MIGRATIONS),
    by_unit=True,
    jobs=(Job("columns of payments", lambda core: ledger.follow(core.state), every_minutes=1),),
    caches=(ledger.Ledgers,),
    items=(
        ItemKind(YEAR, BudgetPermission.SEE, year.read_year),
        ItemKind(DAY, BudgetPermission.SEE, year.read_day),
    ),
    tables=KINDS,
    reports=(execution.KIND,),
)
