"""Supervision of budgets: the money's way from the plan to the payment."""
