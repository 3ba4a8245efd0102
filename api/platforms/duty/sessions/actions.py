"""Read and write the sessions of the congress; pages and routes both call these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from api import audit
from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.platforms.duty.sessions import repository, wording
from api.platforms.duty.sessions.records import MOST_NUMBER, Session
from api.services import Services
from api.web import forms
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of


def every(services: Services) -> Sequence[tuple[Session, str]]:
    """All sessions with their names, the newest first."""
    towns = _names(services)
    with services.state.read() as connection:
        found = repository.every(connection)
    return [(of, wording.name(services.words, of, towns)) for of in found]


def offered(services: Services) -> Mapping[str, str]:
    """Names by key of those that may be chosen."""
    return {of.key: name for of, name in every(services) if of.offered}


def names(services: Services) -> Mapping[str, str]:
    """Names by key of all."""
    return {of.key: name for of, name in every(services)}


def towns(services: Services) -> Mapping[str, str]:
    """Names by id of the towns of today."""
    today = day_of(services.now_ms())
    found = Units(services.state).all()
    return {
        of.id: services.words.name(of.name)
        for of in found
        if of.kind == "town" and of.span.holds(today)
    }


def put(services: Services, account: Account, given: Mapping[str, str], *, offer: bool) -> Session:
    """Write a session, or other days of one.

    Raises:
        NotAccepted: a field does not hold.
    """
    town = given["town"].strip()
    if town and town not in towns(services):
        raise NotAccepted(
            Fault("town", f"{town[:40]!r} is none", "choose one of the list"), "town"
        )
    first = date.fromisoformat(forms.day("first_day", given["first_day"], needed=True) or "")
    last = forms.day("last_day", given["last_day"])
    last_day = date.fromisoformat(last) if last else None
    if last_day and last_day < first:
        fault = Fault("last_day", "is before the first day", "give a later one, or none")
        raise NotAccepted(fault, "last-day")
    term, number = (_number(name, given[name]) for name in ("term", "number"))
    session = Session(town, term, number, first, last_day, offer)
    with services.state.begin() as connection:
        repository.put(connection, session)
        audit.record(
            connection,
            by=account.actor,
            action="duty.session",
            subject=f"duty/session/{session.key}",
            detail=f"{first} – {last or ''}; offered: {offer}",
            at_ms=services.now_ms(),
        )
    return session


def _number(field: str, said: str) -> int:
    said = said.strip()
    if not (said.isascii() and said.isdecimal() and 1 <= int(said[:4]) <= MOST_NUMBER):
        fault = Fault(field, f"{said[:10]!r} is none", f"give a number of 1 to {MOST_NUMBER}")
        raise NotAccepted(fault, field, most=MOST_NUMBER)
    return int(said)


def _names(services: Services) -> Mapping[str, str]:
    return {of.id: services.words.name(of.name) for of in Units(services.state).all()}
