"""The declaration of the workbench, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.accounts.permission import Permission
from api.shape import Platform

PLATFORM = Platform(
    slug="workbench",
    folder=Path(__file__).parent,
    beside=True,
    permissions=Permission,
)
