"""Names of sessions."""

from __future__ import annotations

from collections.abc import Mapping

from api.platforms.duty.sessions.records import Session
from config.catalogue.words import Words


def name(words: Words, session: Session, towns: Mapping[str, str]) -> str:
    """The name of a session; ``towns`` are names of units by id."""
    return words(
        f"duty.sessions.name-{session.level}",
        town=towns.get(session.town, session.town),
        term=session.term,
        number=session.number,
    )
