"""A second platform of toys: its papers meet the notes of the first one in the search alone."""

from __future__ import annotations

from pathlib import Path

from api.shape import Platform
from tests.api.toy_second.permission import PapersPermission

PLATFORM = Platform(
    slug="papers",
    folder=Path(__file__).parent,
    permissions=PapersPermission,
    words=Path(__file__).parent / "words",
    by_unit=True,
)
