"""A reply as a form writes it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NEEDS = ("text", "paper", "signer", "result", "day")
"""The fields of the steps ``reply`` and ``reply-again``."""
ROWS = 3
"""Empty rows of promises that a form begins with."""


@dataclass(frozen=True, slots=True)
class Written:
    """A form as it was sent: by field, and a row for each promise."""

    fields: Mapping[str, str]
    promises: Sequence[Mapping[str, str]]
    version: int | None
