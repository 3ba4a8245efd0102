"""Sums that published tables must keep, and the cell that is wrong where they do not."""
