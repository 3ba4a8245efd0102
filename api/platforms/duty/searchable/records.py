"""A meeting, a survey or a motion as it is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.permission import Permission
from api.accounts.records import Secrecy

MEETING, SURVEY, MOTION = "meeting", "survey", "motion"
KINDS = (MEETING, SURVEY, MOTION)
LED = (MEETING, SURVEY)
"""Kinds of which the office has another page than those who are invited or asked."""


@dataclass(frozen=True, slots=True)
class Text:
    """All of a thing that can be found, with the marks of who may find it; it is not while it is
    not ``shown``. ``people`` are those who are invited or asked, by username; ``at_ms`` is UTC
    epoch ms, 0 without a date.
    """

    kind: str
    item: int
    shown: bool
    title: str
    paragraphs: Sequence[str]
    permission: Permission
    unit: str | None
    secrecy: Secrecy
    public: bool
    people: frozenset[str]
    at_ms: int
