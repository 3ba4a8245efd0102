"""The platform's lines of the menu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.accounts.records import Account
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.questions import actions as questions
from api.platforms.budget.questions.wording import chips
from api.services import Services
from api.shape import Entry

# A phone has room for five lines: these are reached from the first page.
MORE: tuple[Entry, ...] = (
    Entry("budget.changes.title", "/changes", "sliders", BudgetPermission.SEE),
    Entry("budget.assets.title", "/assets", "tree", BudgetPermission.SEE),
    Entry("budget.debt.title", "/debt", "scroll", BudgetPermission.SEE),
    Entry("budget.disclosed.title", "/published", "scroll", BudgetPermission.SEE),
    Entry("budget.departments.title", "/departments", "tree", BudgetPermission.SEE),
    Entry("budget.comparison.title", "/comparison", "pulse", BudgetPermission.SEE),
    Entry("budget.linkage.title", "/chain", "tree", BudgetPermission.SEE),
    Entry("budget.drafts.title", "/drafts", "scroll", BudgetPermission.SEE),
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
    # The rules and the rectification of what audits found are reached from here.
    Entry(
        "budget.findings.title",
        "/findings",
        "flag",
        BudgetPermission.SEE_FINDINGS,
        below=("/rules", "/rectification"),
    ),
    Entry("budget.projects.title", "/projects", "tree", BudgetPermission.SEE),
    Entry("budget.year.menu", "/year", "calendar", BudgetPermission.SEE),
)


def more(services: Services, account: Account) -> Mapping[str, Any]:
    """Further pages that this person may open, for the first page; and the saved questions, which
    are read where a page shows them.
    """
    seen = (one for one in MORE if one.permission is None or account.may(one.permission))

    def saved_questions() -> Sequence[tuple[str, str]]:
        found = questions.kept(services, account).every
        return [chips(services.words, "/budget", of) for of in found]

    return {"further": tuple(seen), "saved_questions": saved_questions}
