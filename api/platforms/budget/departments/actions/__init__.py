"""Kinds of tables of departments, their descriptions, and their rows."""
