"""A promise, and the evidence that the centre watches for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import msgspec

LONGEST_MEASURE = 500
LONGEST_REPORT = 2000
LONGEST_EVIDENCE = 2000
"""Characters."""
MOST = 10
"""Promises of one reply."""
Show = Literal["open", "overdue", "reported", "kept", "all"]
SHOWS: tuple[Show, ...] = get_args(Show)
RUNNING = ("open", "reported")
"""States that are not over."""


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


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise as a unit makes it: what, until when, and what proves it."""

    measure: str
    due_day: date
    evidence: Evidence | None = None

    @property
    def given(self) -> Mapping[str, str]:
        """By need of the step that makes it."""
        proved = {"evidence": self.evidence.text} if self.evidence else {}
        return {"measure": self.measure, "due_day": self.due_day.isoformat(), **proved}
