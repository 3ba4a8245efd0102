"""States of a key supervision, and filters of its list. Pure."""

from __future__ import annotations

from typing import Literal, get_args

Show = Literal["running", "done", "all"]
SHOWS: tuple[Show, ...] = get_args(Show)
RUNNING = ("proposed", "decided", "answered")
"""States that are not over."""
LONGEST_MINUTES = 2000
"""Characters."""
SUGGESTION_STATES = ("accepted", "assigned", "handling", "returning", "disputed", "answered",
                     "again", "conferring", "closed")  # fmt: skip
"""Of a suggestion, in which a committee may propose it."""
