"""The declaration of imports, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.imports import pages, routes
from api.imports.loading.worker import Worker
from api.imports.permission import ImportPermission
from api.imports.tables import MIGRATIONS
from api.shape import Entry, Platform

PLATFORM = Platform(
    slug="imports",
    folder=Path(__file__).parent,
    beside=True,
    permissions=ImportPermission,
    menu=(Entry("imports.title", "/", "scroll", ImportPermission.SEE_LOADS),),
    pages=(pages.router,),
    api=(routes.router,),
    caches=(Worker,),
    migrations=(MIGRATIONS,),
)
