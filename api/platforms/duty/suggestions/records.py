"""The choices that a suggestion is made of, and the reasons why a draft is not taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from api.procedures.procedure import Row
from api.procedures.refusals import StepRefused
from api.web.declared import Declared

Openness = Literal["public", "not", "secret"]
OPENNESS: tuple[Openness, ...] = get_args(Openness)
"""As the deputy wishes: released to the public, among deputies and office, or kept from them."""
CONTACTS = ("visit", "meeting", "phone", "paper")
SESSIONS = ("session", "between")
"""Submitted at a session of the congress, or between two 闭会期间."""
EFFORTS = ("normal", "hard")
"""Of hard ones, 涉及面广、处理难度大, the answer may take six months (代表法 art. 51)."""
RESULTS = ("A", "B", "C", "D")
"""The claim of the unit: solved, under way, planned, for reference. Letters and meanings differ by
region; the words say those of the district.
"""
TOPICS = (
    "environment",
    "water",
    "transport",
    "housing",
    "education",
    "health",
    "elderly",
    "employment",
    "agriculture",
    "culture",
    "safety",
    "economy",
    "justice",
    "other",
)
GROUNDS = (
    "not-local",
    "own-affair",
    "case",
    "forwarded",
    "promotion",
    "accusation",
    "empty",
)
"""Why it is kept as a letter 代表来信 and not handled as a suggestion: not of the district, own or
family affairs, a concrete case of supervision, court or procuratorate, a forwarded complaint,
promotion of a product, an accusation, nothing concrete (代表法 art. 24, 36, 59; comparators: 上海
art. 8, 重庆 art. 9).
"""
SHORTEST_BODY = 30
LONGEST_BODY = 6000
LONGEST_ANSWER = 10_000
"""Characters."""


SIGNED_IN = ("draft", "submitted")
"""States in which deputies sign: from the check on the text and its signers stand."""
ITEM_SOURCE = r"^$|^[a-z-]{1,20}/[a-z-]{1,20}/[^/\x00]{1,50}$"
"""An item of another platform as it is written: ``platform/kind/id``."""
DRAFT_KEY = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
"""A UUID, which the device makes that a draft was begun on."""


class KeyTaken(Declared):
    """The key of a draft is that of somebody else's."""

    status = 409
    words = "duty.suggestions.key-taken"


class ExclusionsNotChecked(Declared):
    """Nobody said that none of the grounds holds on which it would be no suggestion."""

    status = 422
    words = "duty.suggestions.none-of-grounds-missing"


class NotEarlier(StepRefused):
    """Another suggestion is raised again that is none, or was not submitted."""

    status = 422
    words = "duty.suggestions.not-earlier"


class NotWritable(Declared):
    """Files are put to a draft by whoever leads its signers, and by nobody else."""

    status = 403
    words = "duty.suggestions.not-writable"


@dataclass(frozen=True, slots=True)
class Raised:
    """The suggestion that one raises again, and those that raised it again later, the first one
    first.
    """

    earlier: Row | None
    later: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that the centre has. ``begun``: by this request; ``same``: in just these words."""

    item_id: str
    state: str
    version: int
    begun: bool
    same: bool
