"""Acts on one deadline as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.deadlines.records import LONGEST_WHY
from api.web.forms import NotAccepted, Typed, day
from config.vocabulary.errors import Fault
from config.vocabulary.time import DAY_MS, begins_ms

Done = Literal["", "extended", "paused", "resumed", "ended", "cancelled", "reopened"]
ByReason = Literal["pause", "resume", "cancel", "reopen"]
"""Acts that need a reason and nothing else."""
DONE: Mapping[ByReason, Done] = {
    "pause": "paused",
    "resume": "resumed",
    "cancel": "cancelled",
    "reopen": "reopened",
}
Why = Annotated[str, Field(max_length=2 * LONGEST_WHY)]


class Extending(BaseModel):
    """A term made longer: until a day, or by an amount of the unit that its rule extends by."""

    model_config = ConfigDict(extra="forbid")

    until: Typed = ""
    amount: Annotated[int, Field(ge=1, le=1000)] | None = None
    why: Why = ""

    def day(self) -> date | None:
        """The day.

        Raises:
            NotAccepted: it is none.
        """
        found = day("until", self.until)
        return date.fromisoformat(found) if found else None


class Explained(BaseModel):
    """The reason of an act that needs nothing else."""

    model_config = ConfigDict(extra="forbid")

    why: Why = ""


class Ending(BaseModel):
    """The thing was done, on a day that may lie before today; none: now."""

    model_config = ConfigDict(extra="forbid")

    on: Typed = ""

    def met_ms(self, now_ms: int) -> int:
        """The instant: now, or the end of the day.

        Raises:
            NotAccepted: it is no day, or still to come.
        """
        found = day("on", self.on)
        if found is None:
            return now_ms
        begin_ms = begins_ms(date.fromisoformat(found))
        if begin_ms > now_ms:
            fault = Fault("on", f"{found} is still to come", "give today or a day before")
            raise NotAccepted(fault, "to-come")
        return min(begin_ms + DAY_MS - 1, now_ms)
