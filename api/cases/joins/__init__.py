"""Proposals of what belongs to a case: found, joined with the reason, or set aside."""
