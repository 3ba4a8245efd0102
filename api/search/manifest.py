"""The declaration of the search, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.accounts.permission import Permission
from api.search import pages, routes
from api.search.tables import MIGRATIONS
from api.shape import Entry, Platform

PLATFORM = Platform(
    slug="search",
    folder=Path(__file__).parent,
    beside=True,
    menu=(Entry("search.title", "/", "search", None),),
    pages=(pages.router,),
    api=(routes.router,),
    permissions=Permission,
    migrations=(MIGRATIONS,),
)
