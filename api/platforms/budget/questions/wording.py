"""Saved questions in words."""

from __future__ import annotations

from api.platforms.budget.questions.records import PROPOSED, Question
from config.catalogue.words import Words


def name(t: Words, of: Question) -> str:
    """The name that somebody gave it, or that of the product's own."""
    if of.name or of.proposed not in PROPOSED:
        return of.name or of.proposed
    return t(f"budget.questions.{of.proposed}")


def chips(t: Words, base: str, of: Question) -> tuple[str, str]:
    """Name and address of a question; an empty address where it is understood no more."""
    return name(t, of), f"{base}{of.path}" if of.path else ""
