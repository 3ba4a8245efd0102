"""The platform's lines of the menu."""

from __future__ import annotations

from api.platforms.budget.permission import BudgetPermission
from api.shape import Entry

MENU = (
    Entry("budget.totals.title", "/", "pulse", BudgetPermission.SEE),
    Entry("budget.payments.title", "/payments", "scroll", BudgetPermission.SEE),
    Entry("budget.findings.title", "/findings", "flag", BudgetPermission.SEE_FINDINGS),
    Entry("budget.projects.title", "/projects", "tree", BudgetPermission.SEE),
    Entry("budget.year.menu", "/year", "calendar", BudgetPermission.SEE),
    Entry("budget.rules.title", "/rules", "sliders", BudgetPermission.SEE_RULES),
)
