"""The way of a source, opened by the settings of the site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.imports.sources.records import Terms
from api.imports.sources.ways.folder import Folder
from api.imports.sources.ways.offers import Way
from api.imports.sources.ways.sftp import Sftp
from api.imports.sources.ways.view import View
from config.settings import ImportSettings

FETCHED = ("folder", "sftp", "view")
"""Ways on which the core goes to fetch."""


@contextmanager
def way_of(settings: ImportSettings, terms: Terms) -> Iterator[Way]:
    """The way to where a source puts its tables.

    Raises:
        Unreached
    """
    found: Way
    if terms.way == "sftp":
        found = Sftp(settings, terms.server, terms.remote)
    elif terms.way == "view":
        found = View(settings, terms.server, terms.remote)
    else:
        found = Folder(settings, terms.remote)
    try:
        yield found
    finally:
        found.close()


def check(settings: ImportSettings, terms: Terms) -> int:
    """Go there and see: how many files lie there, of a view 1.

    Raises:
        Unreached
    """
    with way_of(settings, terms) as way:
        if isinstance(way, View):
            way.check()
        return len(way.offers())
