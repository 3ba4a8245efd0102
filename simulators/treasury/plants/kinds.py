"""A kind of fault, as it is planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulators.treasury.plants.field import Field


@dataclass(frozen=True, slots=True)
class Kind:
    """``share`` faults in 10,000 payments, of at most ``most_rows`` rows each; for every fault
    five or more of the look-alikes in turn.
    """

    name: str
    share: float
    most_rows: int
    plant: Callable[[Field], None]
    innocents: tuple[Callable[[Field], None], ...]
