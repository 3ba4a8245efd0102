"""Faults of a file while its rows pass: the first are kept, all are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from api.imports.records import MOST_FAULTS, Fault, FaultKey

LONGEST_FOUND = 60
"""Characters of a cell that a fault cites."""


@dataclass(slots=True)
class Faults:
    """Those of a file."""

    kept: list[Fault] = field(default_factory=list)
    by_key: Counter[str] = field(default_factory=Counter)

    def add(
        self, row: int, column: str, key: FaultKey, found: object = "", more: object = ""
    ) -> None:
        """Take one."""
        self.by_key[key] += 1
        if len(self.kept) < MOST_FAULTS:
            self.kept.append(Fault(row, column, key, str(found)[:LONGEST_FOUND], str(more)))

    @property
    def count(self) -> int:
        """All that were taken."""
        return self.by_key.total()

    def listed(self) -> list[Fault]:
        """Those that were kept, in the order of rows."""
        return sorted(self.kept, key=lambda fault: (fault.row, fault.column))

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.listed())
