"""The declaration of the search, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.accounts.permission import Permission
from api.search import pages, routes
from api.search.index import SearchIndex
from api.search.tables import MIGRATIONS
from api.shape import CoreServices, Entry, Job, Platform


def _complete(core: CoreServices) -> None:
    """Segments of the entries that came; of a restored database, of all."""
    SearchIndex(core.state).complete()


PLATFORM = Platform(
    slug="search",
    folder=Path(__file__).parent,
    beside=True,
    menu=(Entry("search.title", "/", "search", None),),
    pages=(pages.router,),
    api=(routes.router,),
    permissions=Permission,
    jobs=(Job("complete", _complete, every_minutes=1),),
    migrations=(MIGRATIONS,),
)
