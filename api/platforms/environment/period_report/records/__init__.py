"""Periods, and what is counted in one. Pure."""
