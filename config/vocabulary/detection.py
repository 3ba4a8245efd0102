"""Results below the detection limit as people and instruments write them. Pure.

One reading of such a text for what loggers send and for what files hold. The value that stands for
it is half of the limit, under the cause ``UNDETECTED``: so the limit is twice the value, and the
wire and the store need no field more.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from config.vocabulary.quality import Cause

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


def limit_of(value: float | None, cause: int) -> float | None:
    """The detection limit of a reading that lies below it, in its unit; None of every other."""
    return None if value is None or cause != Cause.UNDETECTED else round(2 * value, 9)


def below(limit: float, decimals: int) -> str:
    """A result below a limit as SL 219 writes it: ``<0.02``. The limit has so many decimals, and
    more where it would else be another one.
    """
    whole, _, fraction = f"{limit:.9f}".rstrip("0").partition(".")
    fraction = fraction.ljust(decimals, "0")
    return f"<{whole}.{fraction}" if fraction else f"<{whole}"


def reading(value: float, cause: int, decimals: int) -> str:
    """A single reading for people; one below detection with its limit instead of the half of it.
    ``figure`` in ``api/web/static/marks.js`` says the same.
    """
    limit = limit_of(value, cause)
    return f"{value:.{decimals}f}" if limit is None else below(limit, decimals)
