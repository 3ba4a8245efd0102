"""The declaration of the wall, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.shape import Entry, Platform
from api.wall import pages, routes
from api.wall.permission import WallPermission
from api.web.asking import Askers

PLATFORM = Platform(
    slug="wall",
    folder=Path(__file__).parent,
    beside=True,
    permissions=WallPermission,
    menu=(Entry("wall.title", "/", "screen", WallPermission.SEE),),
    pages=pages.PAGES,
    api=routes.API,
    words=Path(__file__).parent / "words",
    caches=(Askers,),
)
