"""A deputy who left, and what is open in the name of that deputy. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.procedures.procedure import Row


@dataclass(frozen=True, slots=True)
class Departed:
    """A lead deputy who holds the role no more, with the suggestions that are open still."""

    username: str
    name: str
    suggestions: Sequence[Row]
