"""The platform's lines of the menu."""

from __future__ import annotations

from api.platforms.budget.permission import BudgetPermission
from api.shape import Entry

MENU = (
    Entry("budget.totals.title", "/", "pulse", BudgetPermission.SEE),
    Entry("budget.payments.title", "/payments", "scroll", BudgetPermission.SEE),
    # A phone has room for five: the rules are reached from what they find.
    Entry(
        "budget.findings.title",
        "/findings",
        "flag",
        BudgetPermission.SEE_FINDINGS,
        below=("/rules",),
    ),
    Entry("budget.projects.title", "/projects", "tree", BudgetPermission.SEE),
    Entry("budget.year.menu", "/year", "calendar", BudgetPermission.SEE),
)
