"""Payments of projects and lines of the budget, for views that stand beside other platforms."""
