"""The declaration of the platform of judicial supervision."""

from __future__ import annotations

from pathlib import Path

from api.platforms.judicial.menu import MENU
from api.platforms.judicial.overview import pages as overview
from api.platforms.judicial.permission import JudicialPermission
from api.shape import Platform

PLATFORM = Platform(
    slug="judicial",
    folder=Path(__file__).parent,
    permissions=JudicialPermission,
    menu=MENU,
    pages=(*overview.PAGES,),
    words=Path(__file__).parent / "words",
    by_unit=True,
)
