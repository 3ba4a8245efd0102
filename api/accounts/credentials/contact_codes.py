"""Codes of six digits that confirm an address: whoever reads one there has the address.

A code is made of what is on record of it and a key of the site. It stands in no table, outbox or
log, and whoever reads the database without the key cannot find it out.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata

from config.vocabulary.time import HOUR_MS, MINUTE_MS

PURPOSE = "contact-code"
"""Of the site's key."""
GOOD_MS = 10 * MINUTE_MS
MOST_TRIES = 5
SPAN_MS, MOST_OF_CONTACT, MOST_OF_PERSON = HOUR_MS, 3, 6
"""So many codes within an hour: nobody has messages sent to strangers on and on."""
_DIGITS = 6


def fresh_nonce() -> str:
    """32 hex digits, with which a code is drawn."""
    return secrets.token_hex(16)


def code_of(key: bytes, contact: int, address: str, nonce: str) -> str:
    """The code for an address: good for this one alone."""
    text = f"{contact}|{address}|{nonce}".encode()
    drawn = int.from_bytes(hmac.digest(key, text, hashlib.sha256)[:16])
    return f"{drawn % 10**_DIGITS:0{_DIGITS}d}"


def is_right(code: str, given: str) -> bool:
    """Whether this is the code, as a phone may type it."""
    typed = "".join(unicodedata.normalize("NFKC", given).split())
    return hmac.compare_digest(code.encode(), typed.encode())
