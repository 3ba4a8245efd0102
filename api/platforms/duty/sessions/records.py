"""A session of a congress. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LEVELS = ("district", "town")
MOST_NUMBER = 99


@dataclass(frozen=True, slots=True)
class Session:
    """A session: of which congress (``town`` is the id of a town's unit, empty for the district),
    its term, its number within the term, and its days; ``last_day`` is None until it is known.
    ``offered`` is false of one that nobody is to choose any more.
    """

    town: str
    term: int
    number: int
    first_day: date
    last_day: date | None
    offered: bool = True

    @property
    def key(self) -> str:
        """Names it once for all."""
        return f"{self.town or 'district'}/{self.term}-{self.number}"

    @property
    def level(self) -> str:
        """Of its congress."""
        return level_of(self.key)


def level_of(key: str) -> str:
    """The level of the congress of a session, by its key."""
    return "district" if key.startswith("district/") else "town"
