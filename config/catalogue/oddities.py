"""Ways of one make of instrument that those who read it heed, beside its registers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field


class Oddities(Struct, frozen=True, forbid_unknown_fields=True):
    """The ways of one make; declared here, never hidden in code."""

    most_registers: Annotated[int, Meta(ge=1, le=125)] = 125
    """Registers that the device answers in one request."""
    pause_ms: Annotated[int, Meta(ge=0, le=60_000)] = 0
    """Rest that the device needs between two requests."""
    still_minutes: Annotated[int, Meta(ge=0, le=43_200)] = 300
    """So long may all registers of two values or more stand still together; 0: for ever."""
    forbidden: list[tuple[int, int]] = field(default_factory=list)
    """Ranges of addresses (first, last; as printed in the manual) that must not be read, by
    whichever function.
    """
