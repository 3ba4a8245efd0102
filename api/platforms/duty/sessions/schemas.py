"""Sessions over the API."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from api.platforms.duty.sessions.records import Session
from api.web.forms import Typed


class SessionGiven(BaseModel):
    """A session: ``town`` is the id of a town's unit, empty for the district; days as ISO text,
    the last one may be empty. ``offered`` false: nobody is to choose it any more.
    """

    model_config = ConfigDict(extra="forbid")
    town: Typed = ""
    term: Typed
    number: Typed
    first_day: Typed
    last_day: Typed = ""
    offered: bool = True


class SessionState(BaseModel):
    """A session; ``key`` is what a step asks for."""

    key: str
    name: str
    town: str
    term: int
    number: int
    first_day: date
    last_day: date | None
    offered: bool


def session_state(session: Session, name: str) -> SessionState:
    """A session with its name."""
    return SessionState(
        key=session.key,
        name=name,
        town=session.town,
        term=session.term,
        number=session.number,
        first_day=session.first_day,
        last_day=session.last_day,
        offered=session.offered,
    )
