"""Procedures of a filing and of a hand-out to a committee."""
