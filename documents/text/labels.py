"""Labels of articles in front of a line."""

from __future__ import annotations

import re

from documents.text.numerals import CHARACTERS

_N = rf"[{CHARACTERS}\d]"
ARTICLE = re.compile(
    rf"第\s*({_N}(?:[{CHARACTERS}\d\s]{{0,14}}{_N})?)\s*条(?:\s*之\s*({_N}+)(?!般))?"
)
"""第六条, 第六条之一; any blanks between."""
