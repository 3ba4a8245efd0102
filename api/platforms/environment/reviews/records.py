"""Decisions about readings, and how an officer writes them in a form. Pure."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.web.forms import LAST_MS, LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.indicators import Indicator
from config.vocabulary.quality import Quality
from config.vocabulary.time import DAY_MS, ZONE

LONGEST_MS = 31 * DAY_MS
"""Of one review: it is read as a whole, and goes with its months."""
FLAGS = {"good": Quality.GOOD, "suspect": Quality.SUSPECT, "bad": Quality.BAD}
"""The flags that a reviewer may give a reading."""
CORRECT = "correct"


class Written(BaseModel):
    """The form as it was sent; times are the district's, ``from_ms`` and ``to_ms`` the view."""

    code: Annotated[str, Field(min_length=1, max_length=20)]
    from_ms: Annotated[int, Field(ge=0, le=LAST_MS)] = 0
    to_ms: Annotated[int, Field(ge=0, le=LAST_MS)] = 0
    begin: str = ""
    end: str = ""
    decision: str = ""
    value: str = ""
    why: str = ""

    def span(self) -> tuple[int, int]:
        """The span that it names.

        Raises:
            NotAccepted: a time is not whole.
        """
        return _instant("begin", self.begin), _instant("end", self.end)

    def flag(self) -> Quality | None:
        """The flag that it gives; None where it corrects a value.

        Raises:
            NotAccepted: nothing was chosen.
        """
        if self.decision == CORRECT:
            return None
        if self.decision not in FLAGS:
            fault = Fault("decision", f"{self.decision!r} is none", "choose one")
            raise NotAccepted(fault, "decision")
        return FLAGS[self.decision]

    def figure(self) -> float:
        """The value that it gives.

        Raises:
            NotAccepted: it is no number.
        """
        try:
            found = float(self.value)
        except ValueError:
            found = math.nan
        if not math.isfinite(found):
            fault = Fault("value", f"{self.value!r} is no number", "give one, such as 0.45")
            raise NotAccepted(fault, "number")
        return found

    def reason(self) -> str:
        """Why it was decided.

        Raises:
            NotAccepted: it is blank, or too long.
        """
        found = self.why.strip()
        if not 0 < len(found) <= LONGEST_WHY or "\0" in found:
            remedy = f"write at most {LONGEST_WHY} characters"
            raise NotAccepted(Fault("why", "is blank or too long", remedy), "why")
        return found


def local(at_ms: int) -> str:
    """An instant as the form writes it, in the district's time."""
    precision = "milliseconds" if at_ms % 1000 else "seconds"
    moment = datetime.fromtimestamp(at_ms // 1000, ZONE).replace(microsecond=at_ms % 1000 * 1000)
    return moment.replace(tzinfo=None).isoformat(timespec=precision)


def _instant(field: str, text: str) -> int:
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZONE)
        return round(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        fault = Fault(field, f"{text!r} is no time", "write it like 2026-11-24T12:00:00")
        raise NotAccepted(fault, "time") from None


def check_span(from_ms: int, to_ms: int) -> None:
    """Whether a span, half open, can be decided of at once.

    Raises:
        NotAccepted: it is empty or too long.
    """
    if from_ms >= to_ms:
        what = f"{from_ms} does not lie before to_ms"
        raise NotAccepted(Fault("from_ms", what, "exchange or mend them"), "order")
    if to_ms - from_ms > LONGEST_MS:
        what = "lies more than 31 days behind from_ms"
        raise NotAccepted(Fault("to_ms", what, "review month by month"), "long")


def check_is_over(to_ms: int, now_ms: int) -> None:
    """Whether a span, half open, is over.

    Raises:
        NotAccepted: it is not.
    """
    if to_ms > now_ms + 1:
        fault = Fault("to_ms", "lies ahead of now", "review what was measured, up to now")
        raise NotAccepted(fault, "ahead")


def check_value(value: float, indicator: Indicator) -> None:
    """Whether a figure can be a value of an indicator.

    Raises:
        NotAccepted: it cannot.
    """
    if indicator.low <= value <= indicator.high:
        return
    unit = f" {indicator.unit}" if indicator.unit else ""
    low, high = f"{indicator.low:g}", f"{indicator.high:g}"
    fault = Fault(
        "value", f"{value:g} is no {indicator.key}", f"give a figure from {low} to {high}{unit}"
    )
    raise NotAccepted(fault, "range", name=indicator.name, low=low, high=high, unit=unit)
