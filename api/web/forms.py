"""Common parts of the forms of all pages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import DAY_MS, begins_ms

LONGEST_WHY = 500
LONGEST_TYPED = 1000
Typed = Annotated[str, StringConstraints(max_length=LONGEST_TYPED)]
"""A line that has rules of its own: what is longer than they allow still gets their words."""
MOST_ID = 2**31 - 1
"""Of rows in the state database."""
RowId = Annotated[int, Field(ge=0, le=MOST_ID)]


LAST_MS = 253_402_300_799_000
Number = Annotated[int, Field(ge=-(2**53), le=2**53)]
"""Of a parameter that has rules of its own."""
FIRST_DAY, LAST_DAY = "1900-01-01", "2999-12-31"


class NotAccepted(FaultyInput):
    """A decision that does not hold: for programs as a fault, for pages as a key, or the last part
    of one, with its values.
    """

    def __init__(self, fault: Fault, key: str, **values: object) -> None:
        super().__init__([fault])
        self.key, self.values = key, values


class Days(BaseModel):
    """Days from and to which rows are asked for, both among them; empty: without an end."""

    from_day: date | Literal[""] = ""
    until_day: date | Literal[""] = ""

    @property
    def from_ms(self) -> int | None:
        """The first instant."""
        return begins_ms(self.from_day) if self.from_day else None

    @property
    def until_ms(self) -> int | None:
        """The first instant that is no more among them."""
        return begins_ms(self.until_day) + DAY_MS if self.until_day else None


class Period(Days):
    """With ``before`` the id of a row: only those that entered before it; 0: all."""

    before: Annotated[int, Field(ge=0, le=MOST_ID)] = 0


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
