"""Codes that a public form hands out: nobody without the site key guesses or reckons one. Pure."""

from __future__ import annotations

import hmac
import re
import unicodedata

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: none that is taken for another."""
_MISREAD = str.maketrans("OILU", "011V")
_OF_GROUP = 4
GROUPS = 4
"""Of a code with which one asks: 80 bits."""


def receipt(key: bytes, seed: str, groups: int = GROUPS) -> str:
    """A code of 20 bits a group: of the same seed always the same."""
    number = int.from_bytes(hmac.digest(key, seed.encode(), "sha256")[:10])
    signs = [_LETTERS[number >> 5 * at & 31] for at in range(groups * _OF_GROUP)]
    return grouped("".join(signs))


def receipt_hash(key: bytes, code: str) -> str:
    """A code as it is kept: however it is typed. The tables alone, without the site key, tell no
    code.
    """
    return hmac.digest(key, typed(code).encode(), "sha256").hex()


def typed(code: str) -> str:
    """A code whatever its case, blanks and hyphens, and an O for a 0."""
    plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", code)).upper()
    return plain.translate(_MISREAD)


def grouped(code: str) -> str:
    """A code as one types it, by four."""
    return "-".join(code[at : at + _OF_GROUP] for at in range(0, len(code), _OF_GROUP))
