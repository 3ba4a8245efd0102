"""Texts in files that spreadsheets open: none of them is reckoned, and Chinese stays readable."""

from __future__ import annotations

BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for the language's old encoding."""
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Some spreadsheets of East Asia take the signs of full width for the others."""


def inert(text: str) -> str:
    """A text as it is, or behind an apostrophe where a spreadsheet would reckon it."""
    return f"'{text}" if text.startswith(_STARTS) else text
