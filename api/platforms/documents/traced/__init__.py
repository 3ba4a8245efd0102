"""Filings, texts and reviews as they are compared with things of other platforms."""
