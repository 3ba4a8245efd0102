"""Points on the list of rectification. Pure."""

from __future__ import annotations

KIND = "case-rectification"
RUNNING = ("open", "reported", "confirmed")
OVER = ("struck-off", "dropped")
STATES = (*RUNNING, *OVER)
LONGEST_TITLE = 200
LONGEST_TEXT = 4000
"""Characters."""
