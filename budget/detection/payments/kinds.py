"""The kinds of this room."""

from __future__ import annotations

from typing import Any

from budget.detection.records import RuleKind

KINDS: tuple[RuleKind[Any], ...] = ()
