"""Rows of a file on their way into the table of their kind."""
