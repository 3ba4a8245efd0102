"""The declaration of administration, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.administration.permission import AdministrationPermission
from api.shape import Platform

PLATFORM = Platform(
    slug="administration",
    folder=Path(__file__).parent,
    menu=(),
    pages=(),
    api=(),
    permissions=AdministrationPermission,
    by_unit=True,
)
