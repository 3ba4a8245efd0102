"""Why the centre refuses what a station sends, and what it keeps otherwise than it came."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum

import msgspec

from config.vocabulary.time import ZONE

MOST_NAMED = 10
"""Indicators that a refusal names; of further ones it gives the number."""


class Mender(StrEnum):
    """People who can put right the cause of a refusal."""

    OPERATOR = "operator"
    """Works on the station: its clock, its agent, its instruments."""
    OFFICE = "office"
    """Looks after the centre's catalogue and settings."""
    ENGINEER = "engineer"
    """Looks after the programs."""


class Reason(StrEnum):
    """Why a message, a sample or a reading is refused; ``docs/refusals.md`` says what to do."""

    STRAY_TOPIC = "stray-topic"
    UNKNOWN_STATION = "unknown-station"
    WIRE_VERSION = "wire-version"
    UNREADABLE = "unreadable"
    WRONG_NUMBERS = "wrong-numbers"
    TOO_LARGE = "too-large"
    NO_READINGS = "no-readings"
    IMPOSSIBLE_TIME = "impossible-time"
    BEYOND_RETENTION = "beyond-retention"
    UNKNOWN_INDICATOR = "unknown-indicator"
    WRONG_UNIT = "wrong-unit"
    CONFLICT = "conflict"
    NOT_TAKEN = "not-taken"

    @property
    def replayable(self) -> bool:
        """Whether it can be taken as it is, once what is to be mended is mended."""
        return self in _REPLAYABLE

    @property
    def mender(self) -> Mender:
        """People who can put it right."""
        return _MENDERS.get(self, Mender.ENGINEER)


_REPLAYABLE = {
    Reason.UNKNOWN_STATION,
    Reason.WIRE_VERSION,
    Reason.IMPOSSIBLE_TIME,
    Reason.BEYOND_RETENTION,
    Reason.UNKNOWN_INDICATOR,
    Reason.NOT_TAKEN,
}
_MENDERS = {
    Reason.UNKNOWN_STATION: Mender.OFFICE,
    Reason.UNKNOWN_INDICATOR: Mender.OFFICE,
    Reason.BEYOND_RETENTION: Mender.OFFICE,
    Reason.WRONG_UNIT: Mender.OPERATOR,
    Reason.IMPOSSIBLE_TIME: Mender.OPERATOR,
    Reason.NO_READINGS: Mender.OPERATOR,
    Reason.CONFLICT: Mender.OPERATOR,
}


class Details(msgspec.Struct, frozen=True, omit_defaults=True):
    """The reason with its particulars, as far as the reason has them."""

    reason: Reason
    indicators: tuple[str, ...] = ()
    """Codes of the readings that are refused."""
    units: tuple[str, ...] = ()
    """As they were sent, one an indicator."""
    further: int = 0
    """Indicators that are not named."""
    t: int | None = None
    """The instant that it speaks of, UTC epoch ms."""
    earliest: int | None = None
    """Of what is taken, UTC epoch ms."""
    latest: int | None = None
    """Of what is taken, UTC epoch ms."""
    kept: float | None = None
    """The value that stands; None where that is a missing one."""
    refused: float | None = None
    version: int | None = None
    """Of the wire."""
    size: int | None = None
    """Bytes."""
    largest: int | None = None
    """Bytes of what is taken."""
    fault: str = ""
    """The fault in the program's own words."""

    def __str__(self) -> str:
        values = ("kept", "refused") if self.reason is Reason.CONFLICT else ()
        particulars = [
            f"{name} {_plain(name, value)}"
            for name, default in zip(
                self.__struct_fields__[1:], self.__struct_defaults__, strict=True
            )
            if (value := getattr(self, name)) != default or name in values
        ]
        return f"{self.reason}: {'; '.join(particulars)}" if particulars else str(self.reason)

    @classmethod
    def of_indicators(cls, reason: Reason, codes: Iterable[str], units: Iterable[str]) -> Details:
        """Of many readings of a sample that are refused alike."""
        named, sent = tuple(codes), tuple(units)
        return cls(reason, named[:MOST_NAMED], sent[:MOST_NAMED], max(len(named) - MOST_NAMED, 0))


def _plain(name: str, value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    if name in ("t", "earliest", "latest") and isinstance(value, int):
        with suppress(ValueError, OverflowError):  # no calendar goes so far
            at = datetime.fromtimestamp(value / 1000, ZONE)
            return at.isoformat(timespec="milliseconds" if value % 1000 else "seconds")
    return str(value)


class PassedOver(StrEnum):
    """Data that are neither kept as they came nor refused."""

    EQUAL = "equal"
    """Readings that the store had already, with the same value."""
    OWN_CAUSE = "own-cause"
    """Readings whose cause only the centre may give; they were judged anew."""
    GIVEN_UP = "given-up"
    """Samples with numbers that their spool had given up before; they count as repeated."""


class RefusalCount(msgspec.Struct, frozen=True):
    """The dead letters of one station and reason; no station where the topic names none."""

    station: str
    reason: Reason
    letters: int
    first_ms: int
    """When the oldest that is kept was received."""
    last_ms: int


class PassedOverCount(msgspec.Struct, frozen=True):
    """Of one station, in readings or samples, since the centre's process began."""

    station: str
    kind: PassedOver
    n: int
