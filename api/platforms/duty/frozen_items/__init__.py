"""Copies of items that suggestions were made of, as they were then."""
