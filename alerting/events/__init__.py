"""Alerts that belong together, and what is to be told of them."""
