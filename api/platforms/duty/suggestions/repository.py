"""Steps of a suggestion write more than their own columns: the reply, the hash of the text."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Secrecy
from api.platforms.duty.signing import repository as signing
from api.platforms.duty.signing.records import text_hash
from api.platforms.duty.tables import ANSWER, SUGGESTION
from api.procedures.procedure import Given, Row


def hash_text(connection: Connection, before: Row, given: Given) -> None:
    """Keep the hash of the text that was given: signatures to another text hold no more."""
    _set(connection, before, text_hash=text_hash(given["title"], given["body"]))


def submitted(connection: Connection, before: Row, _given: Given) -> None:
    """As far as the deputy wishes it is known from now on."""
    secret = before["openness"] == "secret"
    _set(connection, before, secrecy=Secrecy.RESTRICTED if secret else Secrecy.INTERNAL)


def drafted(connection: Connection, before: Row, _given: Given) -> None:
    """Counts for nobody but its author and those who sign."""
    _set(connection, before, secrecy=Secrecy.RESTRICTED)


def returned(connection: Connection, before: Row, _given: Given) -> None:
    """One return more, and no unit in charge."""
    _set(connection, before, returns=before["returns"] + 1, unit=None)


def answered(connection: Connection, before: Row, given: Given) -> None:
    """One round more, with its reply."""
    number = before["round"] + 1
    connection.execute(
        sa.insert(ANSWER).values(
            suggestion=before["id"],
            round=number,
            unit=before["unit"],
            number=given["paper"],
            signer=given["signer"],
            result=given["result"],
            text=given["text"],
            day=date.fromisoformat(given["day"]),
            withdrawn=False,
        )
    )
    _set(connection, before, round=number)


def unanswered(connection: Connection, before: Row, _given: Given) -> None:
    """The reply was taken back: it stays, and what was said of it."""
    at = ANSWER.c
    same = sa.and_(at.suggestion == before["id"], at.round == before["round"] + 1)
    connection.execute(sa.update(ANSWER).where(same).values(withdrawn=True))


def number_taken(connection: Connection, number: str, but: int) -> bool:
    """Whether another suggestion has a number."""
    at = SUGGESTION.c
    query = sa.select(at.id).where(at.number == number, at.id != but)
    return connection.execute(query.limit(1)).first() is not None


def signers_of(connection: Connection, row: Row) -> Collection[str]:
    """Those whose signature holds, by username."""
    return signing.signers(connection, "suggestion", row["id"], row["text_hash"])


def _set(connection: Connection, row: Row, **values: Any) -> None:
    connection.execute(sa.update(SUGGESTION).where(SUGGESTION.c.id == row["id"]).values(values))
