"""A rating and what a round of ratings comes to. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Grade = Literal["satisfied", "fairly", "dissatisfied"]
GRADES: tuple[Grade, ...] = get_args(Grade)


LONGEST_REASON = 500
LONGEST_NAME = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class Rating:
    """Of one signer, the last one that was given: of the attitude and of the outcome. ``asked_by``
    is who asked for a change of it, where it was changed.
    """

    username: str
    attitude: Grade
    outcome: Grade
    reason: str
    signed: str
    at_ms: int
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """The ratings of a reply by ``signers``; ``lead`` is the one whose rating is the official one,
    and ``over`` whether the window has closed by its date.
    """

    lead: str
    signers: Collection[str]
    ratings: Mapping[str, Rating]
    over: bool

    @property
    def closed(self) -> bool:
        """Whether nobody is waited for any more."""
        return self.over or all(who in self.ratings for who in (self.lead, *self.signers))

    @property
    def dissatisfied(self) -> bool:
        """Whether the official rating says so of the outcome. Silence is silence."""
        official = self.ratings.get(self.lead)
        return official is not None and official.outcome == "dissatisfied"
