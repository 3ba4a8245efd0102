"""The declaration of reports, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.reports import pages, routes, template_pages
from api.reports.permission import ReportPermission
from api.reports.tables import MIGRATIONS
from api.shape import Entry, Platform

PLATFORM = Platform(
    slug="reports",
    folder=Path(__file__).parent,
    beside=True,
    menu=(Entry("reports.title", "/", "scroll", None),),
    pages=(template_pages.router, pages.router),
    api=(routes.router,),
    permissions=ReportPermission,
    migrations=(MIGRATIONS,),
)
