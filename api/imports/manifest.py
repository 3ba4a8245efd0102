"""The declaration of imports, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.imports import actions, pages, routes
from api.imports.loading.worker import Worker
from api.imports.permission import ImportPermission
from api.imports.tables import MIGRATIONS
from api.shape import Entry, Job, Platform

PLATFORM = Platform(
    slug="imports",
    folder=Path(__file__).parent,
    beside=True,
    permissions=ImportPermission,
    menu=(Entry("imports.title", "/", "scroll", ImportPermission.SEE_LOADS),),
    pages=(pages.router,),
    api=(routes.router,),
    caches=(Worker,),
    jobs=(
        Job("sweep", actions.sweep, every_minutes=1),
        Job("forget", actions.forget, hour=3, minute=40),
    ),
    migrations=(MIGRATIONS,),
    todos=actions.todos,
)
