"""Payments side by side: by years, quarters and months, beside plans and the budget."""
