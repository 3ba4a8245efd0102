"""How pages reach the dead letters, which belong to the core."""

from __future__ import annotations

from typing import Protocol

from ingest.journal.refusal import Chosen, Letter, Outcome


class DeadLetters(Protocol):
    """All that pages may do with them. Every call raises ``OutOfReach`` where the core is another
    process that does not answer.
    """

    def listed(self, chosen: Chosen, most: int) -> list[Letter]:
        """The newest of those that are meant."""

    def replay(self, chosen: Chosen) -> Outcome:
        """Send the oldest of those that are meant through the intake once more."""

    def forget(self, chosen: Chosen) -> Outcome:
        """Remove the oldest of those that are meant."""
