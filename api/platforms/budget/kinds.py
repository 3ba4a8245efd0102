"""Kinds of tables that the treasury, departments and the audit send."""

from __future__ import annotations

from api.kinds.tables import TableKind
from api.platforms.budget.ledger.actions import hear
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.tables import LOADED

PERIODS = {
    "payments": "paid",
    "indicators": "issued",
    "plans": "month",
    "applications": "applied",
    "adjustments": "decided",
    "contracts": "signed",
    "assets": "bought",
}
"""Fields by which the report of a load counts months."""
KINDS = tuple(
    TableKind(
        name=f"budget.{name}",
        words=f"budget.kind.{name}",
        permission=BudgetPermission.LOAD,
        table=table,
        fields=fields,
        period=PERIODS.get(name, ""),
        dated="year" if name == "lines" else "",
        loaded=hear if name == "payments" else lambda _state, _load: None,
    )
    for name, (table, fields) in LOADED.items()
)
