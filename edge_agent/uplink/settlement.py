"""Since when the centre has settled nothing, and why: for the log, the report and the page. Pure.

All times are seconds of a monotonic clock.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from config.vocabulary.health import Unsettled

SILENT_S = 60.0
"""The centre settles within a second; for so long nobody need be told."""
LOG_S = 60.0
"""Changes to and fro are logged no oftener."""
HANG_UPS = 3
NOT_AUTHORIZED, TOO_LARGE, QUOTA_EXCEEDED = 0x87, 0x95, 0x97
"""Reason codes (MQTT 5.0, 2.4)."""
_CAUSES: dict[int, Unsettled] = {
    NOT_AUTHORIZED: "not-authorized",
    TOO_LARGE: "packet-size",
    QUOTA_EXCEEDED: "quota",
}
_ACL = "write the access list anew: qingyuan broker acl, and let the broker read it"
_REMEDIES: dict[Unsettled, str] = {
    "not-authorized": _ACL,
    "packet-size": "raise max_packet_size and message_size_limit of the broker",
    "quota": "raise what the broker lets this station send",
    "refused": "look at the broker's log",
    "hung-up": "look at the broker's log: limits of size, or another client of the same name",
    "silent": f"is the centre running? If so, {_ACL}",
}


@dataclass(frozen=True, slots=True)
class Why:
    """Why nothing is settled; ``said``: in the broker's words, where it has any."""

    cause: Unsettled
    said: str = ""
    what: str = ""

    def __str__(self) -> str:
        said = f" ({self.said})" if self.said else ""
        return f"{self.what}{said}; {_REMEDIES[self.cause]}"


@dataclass(slots=True)
class Settlement:
    """The answers of the broker and the centre to the messages sent."""

    settled_s: float
    """When something was settled last, or nothing waited."""
    _connected_s: float = -math.inf
    _refused: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Kind of message -> reason code and the broker's words for it; made anew with each change,
    for other threads read it.
    """
    _too_large: tuple[int, int] | None = None
    _hang_ups: int = 0
    _hung_up: str = ""
    _logged: tuple[Unsettled, str] | None = None
    _logged_s: float = -math.inf

    def settled(self, now_s: float) -> None:
        """The centre settled something, or nothing waits."""
        self.settled_s, self._hang_ups = now_s, 0

    def refused(self, kind: str, code: int, said: str) -> None:
        """The broker refused a message, or what we wish to hear."""
        self._refused = {**self._refused, kind: (code, said)}

    def taken(self, kind: str) -> None:
        """The broker took such a message."""
        if kind in self._refused:
            self._refused = {of: why for of, why in self._refused.items() if of != kind}

    def too_large(self, size: int, most: int) -> None:
        """A sample fits into no packet that the broker takes."""
        before = self._too_large[0] if self._too_large else 0
        self._too_large = (max(size, before), most)

    def fits(self) -> None:
        """Messages that did not fit are tried again."""
        self._too_large = None

    def connected(self, now_s: float) -> None:
        """The broker may take now what it refused before."""
        self._connected_s = now_s
        self._refused = {}
        self.fits()

    def hung_up(self, said: str) -> None:
        """The connection ended, and not by us; ``said``: why, by the broker."""
        self._hang_ups = self._hang_ups + 1 if self.settled_s < self._connected_s else 0
        self._hung_up = said

    def why(self, now_s: float, *, waits: bool = True) -> Why | None:
        """Why nothing is settled, or some of it is not; None where all is well. ``waits``: there
        is something to be settled.
        """
        if refused := self._refused:
            code, said = next(iter(refused.values()))
            what = f"refuses {', '.join(sorted(refused))}"
            return Why(_CAUSES.get(code, "refused"), said, what)
        if too_large := self._too_large:
            size, most = too_large
            what = f"takes no packet beyond {most} bytes, and a sample needs {size}"
            return Why("packet-size", what=what)
        if not waits:
            return None
        if self._hang_ups >= HANG_UPS:
            return Why("hung-up", self._hung_up, "hangs up again and again")
        if now_s - max(self.settled_s, self._connected_s) > SILENT_S:
            return Why("silent", what="takes everything, and nothing is settled")
        return None

    def news(self, why: Why | None, now_s: float) -> bool:
        """Whether this is to be logged: it is another than was logged last. That all is well is
        so only when something was settled since.
        """
        news = (why.cause, why.said) if why else None
        if news == self._logged or now_s - self._logged_s < LOG_S:
            return False
        if why is None and self.settled_s <= self._logged_s:
            return False
        self._logged, self._logged_s = news, now_s
        return True
