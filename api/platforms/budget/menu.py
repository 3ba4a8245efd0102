"""The platform's lines of the menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api.accounts.records import Account
from api.platforms.budget.permission import BudgetPermission
from api.services import Services
from api.shape import Entry

# A phone has room for five lines: these are reached from the first page.
MORE: tuple[Entry, ...] = (
    Entry("budget.departments.title", "/departments", "tree", BudgetPermission.SEE),
)
MENU = (
    Entry(
        "budget.totals.title",
        "/",
        "pulse",
        BudgetPermission.SEE,
        below=tuple(entry.path for entry in MORE),
    ),
    Entry("budget.payments.title", "/payments", "scroll", BudgetPermission.SEE),
    # The rules are reached from what they find.
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


def more(_services: Services, account: Account) -> Mapping[str, Sequence[Entry]]:
    """Further pages that this person may open, for the first page."""
    seen = (one for one in MORE if one.permission is None or account.may(one.permission))
    return {"further": tuple(seen)}
