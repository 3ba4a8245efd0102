"""The declaration of the platform of budget supervision."""

from __future__ import annotations

from pathlib import Path

from api.platforms.budget.kinds import KINDS
from api.platforms.budget.menu import MENU
from api.platforms.budget.payments import pages as payment_pages
from api.platforms.budget.payments import routes as payment_routes
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.rulebook.tables import MIGRATIONS as RULEBOOK
from api.platforms.budget.rules import pages as rule_pages
from api.platforms.budget.rules import routes as rule_routes
from api.platforms.budget.rules.repository import TriedBooks
from api.platforms.budget.tables import MIGRATIONS
from api.platforms.budget.totals import actions as totals
from api.platforms.budget.totals.tables import MIGRATIONS as TOTALS
from api.shape import Job, Platform

PLATFORM = Platform(
    slug="budget",
    folder=Path(__file__).parent,
    permissions=BudgetPermission,
    menu=MENU,
    pages=(*payment_pages.PAGES, *rule_pages.PAGES),
    api=(*payment_routes.API, *rule_routes.API),
    words=Path(__file__).parent / "words",
    migrations=(MIGRATIONS, TOTALS, RULEBOOK),
    by_unit=True,
    jobs=(Job("totals of payments", lambda core: totals.follow(core.state), every_minutes=1),),
    caches=(TriedBooks,),
    tables=KINDS,
)
