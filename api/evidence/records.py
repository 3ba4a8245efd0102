"""Evidence that a paper waits for, as it is kept with the paper. Pure."""

from __future__ import annotations

from typing import Any

import msgspec

LONGEST = 2000
"""Characters of evidence as JSON."""


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The evidence of a platform that the centre watches, with its parameters."""

    platform: str
    kind: str
    parameters: dict[str, Any]

    @classmethod
    def of(cls, text: str) -> Evidence:
        """As it is kept, as JSON.

        Raises:
            ValueError: it is not of that shape.
        """
        return msgspec.json.decode(text, type=cls)

    @property
    def text(self) -> str:
        """As it is kept."""
        return msgspec.json.encode(self, order="sorted").decode()
