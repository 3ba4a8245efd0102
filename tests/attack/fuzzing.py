"""Messages as an honest agent or centre sends them, broken in every way that a seed thinks of."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

MOST_BYTES = 70_000
"""Of a body: a little more than is read."""
WORTHLESS: tuple[Any, ...] = (
    None, True, "", "\x00", "\ud800", "x" * 500, "1", [], {}, [[]], {"": None}, -1, 0, 0.5,
    1e308, 2**53, 2**53 + 1, 2**63, -(2**63), 2**64, 10**400, [0] * 200, float("nan"),
    float("inf"),
)  # fmt: skip


class Fuzzer:
    """The same messages for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._ways: tuple[Callable[[bytes], bytes], ...] = (
            self._changed, self._changed, self._changed, self._flipped, self._cut, self._deep,
            self._repeated, self._spliced, self._long,
        )  # fmt: skip

    def broken(self, payload: bytes) -> bytes:
        """A valid message, no longer so; or by chance still."""
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            payload = self.random.choice(self._ways)(payload)[:MOST_BYTES]
        return payload

    def _changed(self, payload: bytes) -> bytes:
        """Another value, key or length somewhere in its structure."""
        try:
            whole = json.loads(payload)
        except (ValueError, RecursionError):
            return self._flipped(payload)
        at = whole
        while isinstance(at, dict | list) and at:
            key = self.random.choice(list(at) if isinstance(at, dict) else range(len(at)))
            if not isinstance(at[key], dict | list) or not at[key] or self.random.random() < 0.3:
                self._spoil(at, key)
                break
            at = at[key]
        return json.dumps(whole).encode()

    def _spoil(self, at: Any, key: Any) -> None:
        match self.random.randrange(4):
            case 0:
                del at[key]
            case 1 if isinstance(at, list):
                at += [at[key]] * self.random.choice((1, 100, 1000))
            case 2 if isinstance(at, dict):
                at[f"{self.random.choice(WORTHLESS)}"[:300]] = at.pop(key)
            case _:
                at[key] = self.random.choice(WORTHLESS)

    def _flipped(self, payload: bytes) -> bytes:
        """Bytes that are others."""
        found = bytearray(payload or b"0")
        for _ in range(self.random.randint(1, 8)):
            found[self.random.randrange(len(found))] = self.random.randrange(256)
        return bytes(found)

    def _cut(self, payload: bytes) -> bytes:
        return payload[: self.random.randrange(len(payload) + 1)]

    def _deep(self, payload: bytes) -> bytes:
        """Arrays or objects in one another, closed or not, where a value stood."""
        depth = self.random.choice((10, 900, 1100, 30_000))
        opened, closed = self.random.choice(((b"[", b"]"), (b'{"a":', b"}"), (b'{"r":', b"}")))
        nest = opened * depth + (b"0" + closed * depth if self.random.random() < 0.5 else b"")
        at = payload.rfind(b":", 0, self.random.randrange(1, len(payload) + 2)) + 1
        return payload[:at] + nest + payload[at:]

    def _repeated(self, payload: bytes) -> bytes:
        """Each field once more, the second time another's."""
        inside = payload.strip()[1:-1]
        return b"{%b,%b}" % (inside, self._flipped(inside))

    def _spliced(self, payload: bytes) -> bytes:
        """A piece of it at another place."""
        one, other = sorted(self.random.randrange(len(payload) + 1) for _ in "ab")
        at = self.random.randrange(len(payload) + 1)
        return payload[:at] + payload[one:other] + payload[at:]

    def _long(self, payload: bytes) -> bytes:
        """Digits without end where there was one."""
        places = [at for at, byte in enumerate(payload[:2000]) if 0x30 <= byte <= 0x39] or [0]
        at = self.random.choice(places)
        return payload[:at] + b"9" * self.random.choice((20, 400, 5000)) + payload[at:]
