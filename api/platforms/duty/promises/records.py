"""A promise, and the evidence that the centre watches for it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from api.evidence.records import Evidence

LONGEST_MEASURE = 500
LONGEST_REPORT = 2000
"""Characters."""
MOST = 10
"""Promises of one reply."""
Show = Literal["open", "overdue", "reported", "kept", "all"]
SHOWS: tuple[Show, ...] = get_args(Show)
RUNNING = ("open", "reported")
"""States that are not over."""


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
