"""Whom to ask next while nobody answers."""
