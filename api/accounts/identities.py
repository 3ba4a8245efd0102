"""Bind an identity at a government's own sign-in to an account, and take it away again."""

from __future__ import annotations

from api import audit
from api.accounts.changes import changed
from api.accounts.repositories.identities import Identities, Identity
from api.audit import Actor
from config.vocabulary.errors import QingyuanError
from ingest.state.database import State


class BelongsToAnother(QingyuanError):
    """An identity opens another account already."""


def bind(state: State, by: Actor, identity: Identity, now_ms: int) -> None:
    """Let an identity open an account.

    Raises:
        BelongsToAnother
    """
    with state.begin() as connection:
        owner = Identities(state).bind(connection, identity)
        if owner != identity.username:
            raise BelongsToAnother(f"{identity.subject} opens another account; unbind it there")
        audit.record(
            connection,
            by=by,
            action="identity.bind",
            subject=identity.username,
            detail=f"{identity.issuer} {identity.subject}",
            at_ms=now_ms,
        )


def unbind(state: State, by: Actor, identity: Identity, now_ms: int) -> bool:
    """Let it do so no longer, and end the person's sessions; whether it did."""
    with state.begin() as connection:
        bound = Identities(state).unbind(connection, identity)
        if bound:
            detail = f"{identity.issuer} {identity.subject}"
            changed(connection, state, by, identity.username, "identity.unbind", detail, now_ms)
    return bound
