"""Input of people on the pages of units. Pure."""

from __future__ import annotations

from typing import Annotated, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

from api.accounts.records import ALWAYS, Span, Unit, UnitKind
from api.web.forms import Number, day

Short = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\x00]*$")
]
Order = Annotated[Number, BeforeValidator(lambda given: given or 0)]
Day = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10)]
"""ISO text; empty: none."""


class Changed(BaseModel):
    """Values of a unit; ``parent`` empty: it lies below none, ``order`` 0: behind all."""

    model_config = ConfigDict(extra="forbid")
    name: Short
    kind: Short
    parent: Short = ""
    order: Order = 0

    def unit(self, unit_id: str, span: Span = ALWAYS, successor: str | None = None) -> Unit:
        """As staffing takes it."""
        kind = cast(UnitKind, self.kind)
        return Unit(unit_id, self.name, kind, self.parent or None, self.order, span, successor)


class Made(Changed):
    """A new unit."""

    id: Short
    from_day: Day = ""

    def made(self) -> Unit:
        """As staffing takes it.

        Raises:
            NotAccepted: the day is none.
        """
        return self.unit(self.id, Span(day("from_day", self.from_day)))


class Ended(BaseModel):
    """The last day of a unit; empty: it goes on. ``successor`` is the id of the unit that takes
    over its duties; empty: none does.
    """

    model_config = ConfigDict(extra="forbid")
    until_day: Day = ""
    successor: Short = ""

    def last_day(self) -> str | None:
        """ISO text.

        Raises:
            NotAccepted: it is no day.
        """
        return day("until_day", self.until_day)
