"""Results below the detection limit as people and instruments write them. Pure.

One reading of such a text for what loggers send and for what files hold. The value that stands for
it is half of the limit, under the cause ``UNDETECTED``: so the limit is twice the value, and the
wire and the store need no field more.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_FIGURE = r"(?P<{}>\d{{1,10}}(?:\.\d{{1,12}})?|\.\d{{1,12}})(?:[Ee](?P<{}e>[+-]?\d{{1,2}}))?"
_WORDS = r"N\.?\s?D\.?|B\.?D\.?L\.?|<\s?(?:DL|MDL|LOD)|未检出|低于检出限|<\s?检出限"
_TEXT = re.compile(
    rf"<\s?{_FIGURE.format('below', 'below')}\s?L?"
    rf"|{_FIGURE.format('marked', 'marked')}\s?L"
    rf"|(?:{_WORDS})(?:\s?[(<\[]?\s?{_FIGURE.format('words', 'words')}\s?[)\]]?)?",
    re.IGNORECASE,
)


class Undetected(NamedTuple):
    """A result below the detection limit; ``limit`` in the unit of the text, None where the text
    does not name it.
    """

    limit: float | None


def undetected(text: str) -> Undetected | None:
    """``<0.02``, ``0.02L``, ``ND`` and ``未检出`` in any width and case; None for whatever else,
    also for a limit that is not above 0.
    """
    found = _TEXT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if not found:
        return None
    for name in ("below", "marked", "words"):
        if found[name]:
            limit = float(f"{found[name]}e{found[f'{name}e'] or 0}")
            return Undetected(limit) if limit > 0 else None
    return Undetected(None)


def half(limit: float) -> float:
    """The value that stands for a result below a limit."""
    return round(limit / 2, 9)
