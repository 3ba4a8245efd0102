"""Signatures in the state database."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.platforms.duty.signing.records import Asked, Signature, SignatureState
from api.platforms.duty.tables import SIGNATURE

MOST = 200
"""Things that wait for one person's signature; of more the oldest."""


def of_item(connection: Connection, kind: str, item: int, text_hash: str) -> tuple[Signature, ...]:
    """Everybody who was asked to sign a thing, in that order. ``text_hash`` is of its text now."""
    at = SIGNATURE.c
    query = sa.select(SIGNATURE).where(at.kind == kind, at.item == item).order_by(at.id)
    return tuple(
        Signature(
            row.username,
            row.state,
            row.signed or "",
            row.at_ms,
            row.state == "signed" and row.text_hash == text_hash,
        )
        for row in connection.execute(query)
    )


def signers(connection: Connection, kind: str, item: int, text_hash: str) -> tuple[str, ...]:
    """The usernames of those whose signature holds."""
    return tuple(of.username for of in of_item(connection, kind, item, text_hash) if of.valid)


def invite(
    connection: Connection, kind: str, item: int, usernames: Collection[str], at_ms: int
) -> list[str]:
    """Ask people to sign; those who had not been asked before."""
    at = SIGNATURE.c
    known = sa.select(at.username).where(at.kind == kind, at.item == item)
    asked = set(connection.scalars(known))
    fresh = [of for of in dict.fromkeys(usernames) if of not in asked]
    same = {"kind": kind, "item": item, "state": "invited", "invited_ms": at_ms}
    if fresh:
        connection.execute(sa.insert(SIGNATURE), [same | {"username": of} for of in fresh])
    return fresh


def answer(
    connection: Connection,
    kind: str,
    item: int,
    username: str,
    state: SignatureState,
    text_hash: str,
    signed: str,
    at_ms: int,
) -> bool:
    """Sign or decline; False where nobody had asked this person."""
    at = SIGNATURE.c
    same = sa.and_(at.kind == kind, at.item == item, at.username == username)
    values = {"state": state, "text_hash": text_hash, "signed": signed, "at_ms": at_ms}
    return connection.execute(sa.update(SIGNATURE).where(same).values(values)).rowcount == 1


def stale(connection: Connection, kind: str, item: int, text_hash: str) -> tuple[str, ...]:
    """Those who signed another text than that of now, by username."""
    at = SIGNATURE.c
    query = sa.select(at.username).where(
        at.kind == kind, at.item == item, at.state == "signed", at.text_hash != text_hash
    )
    return tuple(connection.scalars(query.order_by(at.id)))


def waiting(
    connection: Connection, things: sa.Table, kind: str, states: Collection[str], username: str
) -> Sequence[Asked]:
    """Things in some states that wait for somebody's signature, the oldest first. ``things`` is
    their table, with columns id, state, title and text_hash.
    """
    at, thing = SIGNATURE.c, things.c
    changed = sa.and_(at.state == "signed", at.text_hash != thing.text_hash)
    query = sa.select(thing.id, thing.title, at.invited_ms, changed.label("again"))
    query = query.join(SIGNATURE, sa.and_(at.kind == kind, at.item == thing.id))
    query = query.where(
        at.username == username,
        thing.state.in_(states),
        sa.or_(at.state == "invited", changed),
    )
    found = connection.execute(query.order_by(at.invited_ms, thing.id).limit(MOST))
    return [Asked(row.id, row.title, row.invited_ms, bool(row.again)) for row in found]
