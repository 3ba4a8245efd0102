"""Procedures of a yearly list and of a line of the unfiled."""
