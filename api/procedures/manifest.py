"""The declaration of procedures, which has the shape of a platform: their events."""

from __future__ import annotations

from pathlib import Path

from api.accounts.permission import Permission
from api.procedures.tables import MIGRATIONS
from api.shape import Platform

PLATFORM = Platform(
    slug="procedures",
    folder=Path(__file__).parent,
    beside=True,
    permissions=Permission,
    migrations=(MIGRATIONS,),
)
