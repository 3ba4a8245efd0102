"""What may be decided of readings. Pure."""

from __future__ import annotations

from config.vocabulary.errors import Fault
from config.vocabulary.indicators import Indicator

DAY_MS = 86_400_000
LONGEST_MS = 31 * DAY_MS
"""Of one review: it is read as a whole, and goes with its months."""


def fault_of_span(from_ms: int, to_ms: int, now_ms: int) -> Fault | None:
    """Why the span of a review, half open, cannot be accepted."""
    if from_ms >= to_ms:
        return Fault("from_ms", f"{from_ms} does not lie before to_ms", "exchange or mend them")
    if to_ms - from_ms > LONGEST_MS:
        return Fault("to_ms", "lies more than 31 days behind from_ms", "review month by month")
    if to_ms > now_ms + 1:
        return Fault("to_ms", "lies ahead of now", "review what was measured, up to now")
    return None


def fault_of_value(value: float, indicator: Indicator) -> Fault | None:
    """Why a figure cannot be a value of an indicator."""
    if indicator.low <= value <= indicator.high:
        return None
    what = f"{value:g} is no {indicator.key}"
    unit = f" {indicator.unit}" if indicator.unit else ""
    remedy = f"give a figure from {indicator.low:g} to {indicator.high:g}{unit}"
    return Fault("value", what, remedy)
