"""The wishes of a person."""
