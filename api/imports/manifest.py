"""The declaration of imports, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.imports.permission import ImportPermission
from api.shape import Platform

PLATFORM = Platform(
    slug="imports",
    folder=Path(__file__).parent,
    beside=True,
    permissions=ImportPermission,
)
