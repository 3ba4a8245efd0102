"""The declaration of meetings, which has the shape of a platform: their tables."""

from __future__ import annotations

from pathlib import Path

from api.accounts.permission import Permission
from api.meetings.tables import MIGRATIONS
from api.shape import Platform

PLATFORM = Platform(
    slug="meetings",
    folder=Path(__file__).parent,
    beside=True,
    permissions=Permission,
    migrations=(MIGRATIONS,),
)
