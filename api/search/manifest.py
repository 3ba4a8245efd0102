"""The declaration of the search, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.accounts.permission import Permission
from api.shape import Platform

PLATFORM = Platform(
    slug="search",
    folder=Path(__file__).parent,
    beside=True,
    permissions=Permission,
)
