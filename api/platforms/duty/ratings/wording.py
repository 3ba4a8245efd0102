"""Ratings in plain words, as far as a reader may see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.platforms.duty.ratings.records import Rating
from config.catalogue.words import Words

_TONES = {"satisfied": "green", "fairly": "yellow", "dissatisfied": "red"}


@dataclass(frozen=True, slots=True)
class RatingLine:
    """The word of one signer on a reply. ``rating`` is None where there is none, or where it is
    not the reader's to see yet; ``said`` has the words for either.
    """

    name: str
    lead: bool
    rating: Rating | None
    said: str
    tone: str
    differs: bool


@dataclass(frozen=True, slots=True)
class RatedLines:
    """The ratings of a round. Until it is ``shown`` to all, readers see their own alone."""

    round: int
    shown: bool
    lines: Sequence[RatingLine]


def rating_line(
    words: Words,
    name: str,
    rating: Rating | None,
    official: Rating | None,
    *,
    lead: bool,
    hidden: bool,
    running: bool,
) -> RatingLine:
    """The line of a signer; ``running`` is whether the window is open still."""
    if hidden or rating is None:
        key = "hidden" if hidden else "awaited" if running else "silent"
        return RatingLine(name, lead, None, words(f"duty.rating.{key}"), "gray", False)
    differs = official is not None and not lead and official.outcome != rating.outcome
    return RatingLine(name, lead, rating, said(words, rating), _TONES[rating.outcome], differs)


def said(words: Words, rating: Rating | None) -> str:
    """A rating in words; None: there was silence."""
    if rating is None:
        return words("duty.rating.silent")
    return words(
        "duty.rating.said",
        attitude=words(f"duty.rating.grade-{rating.attitude}"),
        outcome=words(f"duty.rating.grade-{rating.outcome}"),
    )


def named(names: Mapping[str, str], username: str) -> str:
    """The name of somebody, or the username where nobody knows it."""
    return names.get(username, username)
