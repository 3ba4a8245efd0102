"""Supervision cases of the demonstration: one of last year that is over, and one that runs."""
