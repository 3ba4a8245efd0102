"""Actions on the platform of budget supervision; roles.toml says who may do them."""

from __future__ import annotations

from api.accounts.permission import Permission


class BudgetPermission(Permission):
    """One member for each thing."""

    SEE = "budget.see"
    """Budgets, totals and single payments, natural persons masked."""
    UNMASK = "budget.unmask"
    """See names and accounts of natural persons, which is recorded."""
    LOAD = "budget.load"
    """Take in the tables that offices send, and withdraw them."""
    SEE_RULES = "budget.see-rules"
    SAVE_RULES = "budget.save-rules"
    """Try rules on past years and save them."""
    SEE_FINDINGS = "budget.see-findings"
    """Questions, as far as they concern one."""
    SCREEN = "budget.screen"
    """Screen findings, send them as questions, judge what was explained, check and close: the
    office's.
    """
    EXPLAIN = "budget.explain"
    """Explain and rectify: of the unit that was asked."""
    REVIEW = "budget.review"
    """Write points of review of a draft budget."""
