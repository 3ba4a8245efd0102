"""The declaration of the help, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.accounts.permission import Permission
from api.help import pages
from api.hints.tables import MIGRATIONS
from api.shape import Platform

PLATFORM = Platform(
    slug="help",
    folder=Path(__file__).parent,
    beside=True,
    pages=(pages.router,),
    permissions=Permission,
    migrations=(MIGRATIONS,),
)
