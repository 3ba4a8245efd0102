"""Common parts of the forms of all pages."""

from __future__ import annotations

from datetime import date

from config.vocabulary.errors import Fault, FaultyInput

LONGEST_WHY = 500


LAST_MS = 253_402_300_799_000
FIRST_DAY, LAST_DAY = "1900-01-01", "2999-12-31"


class NotAccepted(FaultyInput):
    """A decision that does not hold: for programs as a fault, for pages as the last part of a key
    with its values.
    """

    def __init__(self, fault: Fault, key: str, **values: object) -> None:
        super().__init__([fault])
        self.key, self.values = key, values


def day(where: str, given: str, *, needed: bool = False) -> str | None:
    """A day of a form as ISO text, None where nothing was given.

    Raises:
        NotAccepted: it is no day of the years that people plan, or is needed and was not given.
    """
    if not given and not needed:
        return None
    try:
        found = date.fromisoformat(given).isoformat()
    except ValueError:
        found = ""
    if not FIRST_DAY <= found <= LAST_DAY:
        fault = Fault(where, f"{given!r} is no day", f"give one of {FIRST_DAY} to {LAST_DAY}")
        raise NotAccepted(fault, "day")
    return found
