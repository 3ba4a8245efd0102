"""Payments: from the total to a single one and back."""
