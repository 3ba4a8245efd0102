"""Suggestions in the search: text, number and replies, found by whoever may see them there."""
