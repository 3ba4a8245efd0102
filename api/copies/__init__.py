"""Copies of items that are kept with a paper, as a reader may see them."""
