"""Common parts of the forms of all pages."""

from __future__ import annotations

from config.vocabulary.errors import Fault, FaultyInput

LONGEST_WHY = 500


LAST_MS = 253_402_300_799_000


class NotAccepted(FaultyInput):
    """A decision that does not hold: for programs as a fault, for pages as the last part of a key
    with its values.
    """

    def __init__(self, fault: Fault, key: str, **values: object) -> None:
        super().__init__([fault])
        self.key, self.values = key, values
