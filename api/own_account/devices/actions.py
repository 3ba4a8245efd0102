"""See the sessions of one's own account, and end them."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.repositories.people import People
from api.accounts.repositories.sessions import OpenSession, Sessions
from api.own_account.owner import Owner


@dataclass(frozen=True, slots=True)
class Device:
    """A session; ``here`` is the one that asks. ``clerk`` is the name of who acts for the person
    in it, ``deputy`` of the one for whom the person acts.
    """

    session: OpenSession
    here: bool
    clerk: str
    deputy: str


def listed(owner: Owner) -> list[Device]:
    """Those that stand, the one that asks first."""
    state, own = owner.services.state, owner.username
    found = Sessions(state).of_person(own, owner.services.now_ms())
    others = {of.username for of in found} | {of.on_behalf_of or own for of in found}
    names = People(state).names(sorted(others))
    devices = [
        Device(
            session,
            session.id == owner.session.id,
            clerk=names[session.username] if session.username != own else "",
            deputy=names.get(session.on_behalf_of or "", "") if session.username == own else "",
        )
        for session in found
    ]
    return sorted(devices, key=lambda device: not device.here)


def end(owner: Owner, session_id: str) -> bool:
    """Sign a browser out; whether it was signed in."""
    sessions = Sessions(owner.services.state)
    ended = owner.change(
        lambda connection: sessions.end(connection, session_id, owner.username),
        action="session.end",
    )
    if ended:
        owner.services.live.end(session_id)
    return ended


def end_all(owner: Owner) -> None:
    """Sign out everywhere."""
    sessions = Sessions(owner.services.state)
    with owner.ending_streams():
        owner.change(
            lambda connection: sessions.end_all(connection, owner.username),
            action="session.end-all",
        )
