"""Motions in the state database, and what stands against their steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account, Secrecy
from api.accounts.visibility import visible
from api.platforms.duty.motions.records import KIND, NotLinked, OtherCongress
from api.platforms.duty.motions.tables import MARKS, MOTION
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.sessions.records import level_of
from api.platforms.duty.signing import repository as signing
from api.platforms.duty.signing.records import text_hash
from api.platforms.duty.tables import SUGGESTION
from api.procedures.procedure import Given, Row

MOST = 200


def hash_text(connection: Connection, before: Row, given: Given) -> None:
    """Keep the hash of the three parts: signatures to another text hold no more."""
    found = text_hash(given["title"], given["basis"], given["plan"])
    _set(connection, before, text_hash=found)


def submitted(connection: Connection, before: Row, given: Given) -> None:
    """Known to the office and all deputies from now on.

    Raises:
        OtherCongress
    """
    if level_of(given["session"]) != before["level"]:
        raise OtherCongress("session: give one of the congress to which the motion goes")
    _set(connection, before, secrecy=int(Secrecy.INTERNAL))


def drafted(connection: Connection, before: Row, _given: Given) -> None:
    """Counts for nobody but those who sign."""
    _set(connection, before, secrecy=int(Secrecy.RESTRICTED))


def too_few(connection: Connection, row: Row, _at_ms: int) -> str:
    """The obstacle to submitting: fewer deputies signed this text than its level asks for."""
    return "few" if 1 + len(signers_of(connection, row)) < row["deputies"] else ""


def not_asked(_connection: Connection, row: Row, _at_ms: int) -> str:
    """The obstacle to the presidium's consent: the deputies do not wish to withdraw it."""
    return "" if row["withdrawal"] else "not-asked"


def asked_already(_connection: Connection, row: Row, _at_ms: int) -> str:
    """The obstacle to wishing it twice."""
    return "asked" if row["withdrawal"] else ""


def check_linked(connection: Connection, before: Row, given: Given) -> None:
    """Whether the suggestion was made of this motion.

    Raises:
        NotLinked
    """
    at, said = SUGGESTION.c, given["suggestion"]
    known = said.isascii() and said.isdecimal()
    query = sa.select(at.source).where(at.id == int(said[:9]))
    if not known or connection.scalar(query) != source(before["id"]):
        raise NotLinked("suggestion: give the id of the one that was made of this motion")


def source(motion: int) -> str:
    """The source that a suggestion made of a motion names."""
    return f"duty/{KIND}/{motion}"


def signers_of(connection: Connection, row: Row) -> Collection[str]:
    """Those whose signature holds, by username, without the one who leads them."""
    return signing.signers(connection, KIND, row["id"], row["text_hash"])


def listed(connection: Connection, account: Account, *, mine: bool) -> Sequence[Row]:
    """Motions that an account sees, the newest first."""
    at = MOTION.c
    conditions = [visible(account, DutyPermission.SEE, MARKS)]
    if mine:
        conditions.append(at.lead == account.username)
    query = sa.select(MOTION).where(*conditions).order_by(at.id.desc()).limit(MOST)
    return [dict(row) for row in connection.execute(query).mappings()]


def _set(connection: Connection, row: Row, **values: object) -> None:
    connection.execute(sa.update(MOTION).where(MOTION.c.id == row["id"]).values(values))
