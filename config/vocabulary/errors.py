"""The one root of our errors, and the fault: a place, a mistake there, and its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in what a person wrote."""

    where: str
    """File and key, a field, or a port."""
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}"


class QingyuanError(Exception):
    """Something that a person can put right; its text is one line that says how."""


class FaultyInput(QingyuanError):
    """A person's input does not hold; carries every fault at once.

    Its text is one line: the first fault, and how many more there are.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        more = len(self.faults) - 1
        super().__init__(f"{self.faults[0]}{f' (and {more} more)' if more else ''}")


class Refused(QingyuanError):
    """A resource is unavailable: a port in use, a broker out of reach, a locked directory."""

    def __init__(self, where: str, what: str, remedy: str) -> None:
        super().__init__(str(Fault(where, what, remedy)))
