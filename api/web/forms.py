"""Common parts of the forms of all pages."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from config.vocabulary.errors import Fault, FaultyInput

LONGEST_WHY = 500
LONGEST_TYPED = 1000
Typed = Annotated[str, StringConstraints(max_length=LONGEST_TYPED)]
"""A line that has rules of its own: what is longer than they allow still gets their words."""


LAST_MS = 253_402_300_799_000


class NotAccepted(FaultyInput):
    """A decision that does not hold: for programs as a fault, for pages as a key, or the last part
    of one, with its values.
    """

    def __init__(self, fault: Fault, key: str, **values: object) -> None:
        super().__init__([fault])
        self.key, self.values = key, values
