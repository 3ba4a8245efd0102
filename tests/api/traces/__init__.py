"""Traces of things, by which joins are proposed."""
