"""Rules of terms as lists and pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from api.deadlines import explaining, wording
from api.deadlines.kept.rulebook import Held
from api.deadlines.rules.records import Standing, standing_of
from config.catalogue.words import Words

TONES: dict[Standing, str] = {
    "verified": "green",
    "confirmed": "green",
    "unconfirmed": "orange",
    "proposal": "gray",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in a list."""

    held: Held
    title: str
    term: str
    mark: str
    standing: Standing
    standing_name: str
    tone: str


def line(words: Words, held: Held) -> Line:
    """A rule."""
    rule, standing = held.rule, standing_of(held.rule)
    said = words(f"deadlines.standing-{standing}")
    if standing == "confirmed":
        said = words("deadlines.confirmed-by", who=rule.confirmed_by, on=rule.confirmed_on)
    return Line(
        held,
        explaining.title(words, rule),
        explaining.term(words, rule),
        words("deadlines.mark-own") if is_own(held) else wording.mark(words, rule),
        standing,
        said,
        TONES[standing],
    )


def is_own(held: Held) -> bool:
    """Whether the office added it."""
    return held.kind == "added"


def extensions(words: Words, held: Held) -> list[str]:
    """By how much it may be extended, and with whose consent."""
    chinese = words.language == "zh-CN"
    return [
        words(
            "deadlines.extends-to" if one.to else "deadlines.extends-by",
            amount=explaining.amount(words, one.amount, one.unit),
            consent=one.consent_zh if chinese else one.consent_en,
        )
        for one in held.rule.extensions
    ]
