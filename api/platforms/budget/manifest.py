"""The declaration of the platform of budget supervision."""

from __future__ import annotations

from pathlib import Path

from api.platforms.budget.kinds import KINDS
from api.platforms.budget.ledger import actions as ledger
from api.platforms.budget.ledger.tables import MIGRATIONS as LEDGER
from api.platforms.budget.menu import MENU
from api.platforms.budget.payments import pages as payment_pages
from api.platforms.budget.payments import routes as payment_routes
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rulebook.tables import MIGRATIONS as RULEBOOK
from api.platforms.budget.rules import pages as rule_pages
from api.platforms.budget.rules import routes as rule_routes
from api.platforms.budget.tables import MIGRATIONS
from api.shape import Job, Platform

PLATFORM = Platform(
    slug="budget",
    folder=Path(__file__).parent,
    permissions=BudgetPermission,
    menu=MENU,
    pages=(*payment_pages.PAGES, *rule_pages.PAGES),
    api=(*payment_routes.API, *rule_routes.API),
    words=Path(__file__).parent / "words",
    migrations=(MIGRATIONS, LEDGER, RULEBOOK),
    by_unit=True,
    jobs=(Job("columns of payments", lambda core: ledger.follow(core.state), every_minutes=1),),
    caches=(ledger.Ledgers,),
    tables=KINDS,
)
