"""Budgets and final accounts as departments publish them, with what is wrong in some of them."""
