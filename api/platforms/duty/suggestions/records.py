"""The choices that a suggestion is made of. Pure."""

from __future__ import annotations

from typing import Literal, get_args

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
