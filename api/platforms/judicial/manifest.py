"""The declaration of the platform of judicial supervision."""

from __future__ import annotations

from pathlib import Path

from api.platforms.judicial.figures import pages as figure_pages
from api.platforms.judicial.figures import routes as figure_routes
from api.platforms.judicial.figures.actions import loading as figure_tables
from api.platforms.judicial.figures.actions import reading as figures
from api.platforms.judicial.figures.actions import terms as figure_terms
from api.platforms.judicial.figures.tables import MIGRATIONS as FIGURES
from api.platforms.judicial.menu import MENU
from api.platforms.judicial.overview import pages as overview
from api.platforms.judicial.permission import JudicialPermission
from api.shape import Job, Platform

PLATFORM = Platform(
    slug="judicial",
    folder=Path(__file__).parent,
    permissions=JudicialPermission,
    menu=MENU,
    pages=(*overview.PAGES, *figure_pages.PAGES),
    api=(*figure_routes.API,),
    migrations=(FIGURES,),
    words=Path(__file__).parent / "words",
    by_unit=True,
    items=(figures.ITEM,),
    jobs=(Job("terms of monthly figures", figure_terms.follow, every_minutes=10),),
    tables=(figure_tables.KIND,),
    todos=figure_terms.todos,
    summaries=figure_terms.summaries,
)
