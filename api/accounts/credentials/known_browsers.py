"""Browsers in which somebody has signed in before: whoever guesses elsewhere keeps nobody out of
these.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field

from config.vocabulary.time import DAY_MS

LASTS_MS = 180 * DAY_MS


@dataclass(frozen=True, slots=True)
class KnownBrowsers:
    """Marks in cookies, one a person, which nobody makes without the key. A mark opens nothing: it
    has limits of its own (OWASP, "device cookies").
    """

    key: bytes = field(repr=False)

    def name(self, username: str) -> str:
        """Of a person's cookie; it does not tell the username."""
        return self._code("name", username)[:16]

    def mark(self, username: str, now_ms: int) -> str:
        """A new one."""
        drawn, until = secrets.token_hex(16), str(now_ms + LASTS_MS)
        return f"{drawn}.{until}.{self._code('mark', username, drawn, until)}"

    def browser(self, username: str, mark: str, now_ms: int) -> str:
        """The drawn part of a mark; empty where that is not the person's, or has ended."""
        drawn, _, rest = mark.partition(".")
        until, _, code = rest.partition(".")
        due = self._code("mark", username, drawn, until)
        ours = hmac.compare_digest(code.encode(), due.encode())
        return drawn if ours and now_ms < int(until) else ""

    def _code(self, *parts: str) -> str:
        return hmac.new(self.key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()
