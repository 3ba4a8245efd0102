"""A case, what is joined to it, and how the law lets the congress supervise. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from api.copies.records import Kept

KIND = "case"
Means = Literal["report", "inspection", "inquiry", "interpellation", "review", "investigation"]
"""专项工作报告, 执法检查, 询问, 质询, 备案审查, 特定问题调查: chapters 2 and 4 to 7 of 监督法."""
MEANS: tuple[Means, ...] = get_args(Means)
RUNNING = ("open", "working")
OVER = ("archived", "dropped")
STATES = (*RUNNING, "concluded", *OVER)
LONGEST_TITLE = 100
LONGEST_TEXT = 2000
LONGEST_WHY = 500
"""Characters."""
MOST_JOINED = 200
"""Things of one case."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A copy at a case, and why it belongs. ``removed`` says why it was taken out, None while it
    belongs.
    """

    id: int
    kept: Kept
    why: str
    removed: str | None
