"""Names and numbers of whoever writes, taken out of what they write. Pure."""

from __future__ import annotations

import re
import unicodedata

_NUMBERS = re.compile(r"(?<!\d)(?:\d{7,18}|(?:\d[ -]?){10,18})[\dXx](?!\d)")
"""Of phones, identity papers and bank cards, as people write them; a day with hyphens is none."""
_LEFT_OUT = "＊＊"
"""No longer than the shortest name that is left out: a text never grows by it."""
FEWEST_DIGITS = 5
"""Of a phone."""


def apart(text: str, name: str, number: str) -> str:
    """Words without the name and number that somebody left in fields of their own: these are kept
    apart, and go in time.
    """
    found = text.replace(name, _LEFT_OUT) if len(name) > 1 else text
    digits = [unicodedata.digit(of) for of in number if of.isdigit()]
    if len(digits) < FEWEST_DIGITS:
        return found
    said = r"[\s-]*".join(f"[{of}{chr(ord('０') + of)}]" for of in digits)
    return re.sub(rf"(?<!\d){said}(?!\d)", _LEFT_OUT, found)


def without_numbers(text: str) -> str:
    """Words without long numbers."""
    return _NUMBERS.sub(_LEFT_OUT, text)
