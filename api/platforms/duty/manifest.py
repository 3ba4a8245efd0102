"""The declaration of the platform of deputy duty work."""

from __future__ import annotations

from pathlib import Path

from api.platforms.duty.menu import MENU
from api.platforms.duty.permission import DutyPermission
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
    pages=(*suggestion_pages.PAGES,),
    api=(*suggestion_routes.API,),
    words=Path(__file__).parent / "words",
    migrations=(MIGRATIONS,),
    by_unit=True,
    items=(item_kind(SUGGESTION, lambda _services, row: {"text": row["body"]}),),
    todos=lambda services, account: todos(services, account, SUGGESTION),
)
