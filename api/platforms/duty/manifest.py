"""The declaration of the platform of deputy duty work."""

from __future__ import annotations

from pathlib import Path

from api.platforms.duty.menu import MENU
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.similarity import pages as similarity_pages
from api.platforms.duty.similarity import routes as similarity_routes
from api.platforms.duty.similarity.actions import Compared
from api.platforms.duty.suggestions import pages as suggestion_pages
from api.platforms.duty.suggestions import routes as suggestion_routes
from api.platforms.duty.suggestions.procedure import PROCEDURE as SUGGESTION
from api.platforms.duty.tables import MIGRATIONS
from api.procedures.ports import item_kind, todos
from api.shape import Platform

PLATFORM = Platform(
    slug="duty",
    folder=Path(__file__).parent,
    permissions=DutyPermission,
    menu=MENU,
    pages=(similarity_pages.router, *suggestion_pages.PAGES),
    api=(similarity_routes.router, *suggestion_routes.API),
    caches=(Compared,),
    words=Path(__file__).parent / "words",
    migrations=(MIGRATIONS,),
    by_unit=True,
    items=(item_kind(SUGGESTION, lambda _services, row: {"text": row["body"]}),),
    todos=lambda services, account: todos(services, account, SUGGESTION),
)
