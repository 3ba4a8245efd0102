"""The declaration of deadlines, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.deadlines.permission import DeadlinePermission
from api.deadlines.tables import MIGRATIONS
from api.shape import Platform

PLATFORM = Platform(
    slug="deadlines",
    folder=Path(__file__).parent,
    beside=True,
    permissions=DeadlinePermission,
    migrations=(MIGRATIONS,),
)
