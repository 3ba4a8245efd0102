"""The public part of a suggestion: prepared by one person, released by another."""
