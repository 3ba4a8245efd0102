"""Tiles behind the maps of the pages: where they come from. Without an address there are none."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct

_TEMPLATE = (
    r"^(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/"
    r"(?=.*\{z\})(?=.*\{x\})(?=.*\{y\})(?!.*\{(?![xyz]\}))[A-Za-z0-9._~:/?&=%{}@,+-]+)?$(?!\n)"
)


class MapSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """Of readers' browsers these ask the named server, and no other, for tiles."""

    tiles: Annotated[str, Meta(pattern=_TEMPLATE)] = ""
    """Address with ``{z}``, ``{x}`` and ``{y}``, of one host; empty: the maps are sketches."""
    attribution: Annotated[str, Meta(max_length=200)] = ""
    """As whoever gives the tiles wants it read on the map."""
    datum: Literal["wgs84", "gcj02"] = "wgs84"
    """In which the tiles are drawn; CGCS2000 is WGS 84 to a fraction of a metre."""

    @property
    def origin(self) -> str:
        """Scheme and host of the tiles, from which pages may load images."""
        parts = urlsplit(self.tiles)
        return f"{parts.scheme}://{parts.netloc}" if self.tiles else ""
