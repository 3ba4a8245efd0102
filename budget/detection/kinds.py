"""Every way to look, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from budget.detection.budgets import kinds as budgets
from budget.detection.payments import kinds as payments
from budget.detection.records import RuleKind

KINDS: Mapping[str, RuleKind[Any]] = {of.name: of for of in (*payments.KINDS, *budgets.KINDS)}
