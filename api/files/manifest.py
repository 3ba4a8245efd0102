"""The declaration of files, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.files.permission import FilePermission
from api.shape import Platform

PLATFORM = Platform(
    slug="files",
    folder=Path(__file__).parent,
    beside=True,
    permissions=FilePermission,
)
