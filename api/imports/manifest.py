"""The declaration of imports, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.imports import actions, pages, routes
from api.imports.loading.worker import Worker
from api.imports.permission import ImportPermission
from api.imports.sources import actions as source_actions
from api.imports.sources import pages as source_pages
from api.imports.sources import routes as source_routes
from api.imports.sources.notices import tell_missed
from api.imports.sources.taking import forget_attempts, take_all
from api.imports.sources.terms import keep_terms
from api.imports.tables import MIGRATIONS
from api.ports import ItemKind
from api.shape import Entry, Job, Platform

PLATFORM = Platform(
    slug="imports",
    folder=Path(__file__).parent,
    beside=True,
    permissions=ImportPermission,
    menu=(
        Entry("imports.title", "/", "scroll", ImportPermission.SEE_LOADS),
        Entry("sources.title", "/sources", "calendar", ImportPermission.SEE_LOADS),
    ),
    # Of the last ones any path below is the number of a load, or a kind.
    pages=(source_pages.router, pages.router),
    api=(source_routes.router, routes.router),
    caches=(Worker,),
    jobs=(
        Job("sweep", actions.sweep, every_minutes=1),
        Job("take", take_all, every_minutes=1),
        Job("terms", keep_terms, every_minutes=1),
        Job("tell missed", tell_missed, hour=8, minute=30),
        Job("forget attempts", forget_attempts, hour=3, minute=45),
        Job("forget", actions.forget, hour=3, minute=40),
    ),
    migrations=(MIGRATIONS,),
    items=(ItemKind("source", ImportPermission.SEE_LOADS, source_actions.read),),
    todos=actions.todos,
)
