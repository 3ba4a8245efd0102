"""Whoever changes what belongs to a case says why, and changes one that runs; each change is a row
of the audit.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.cases import repository
from api.cases.records import LONGEST_WHY, RUNNING
from api.ports import Reference
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.web.declared import Declared
from config.catalogue.words import Words


class NothingToJoin(Declared):
    """There is no such thing, the account may not see it, or copies of it are never kept."""

    status = 404
    words = "cases.refused-nothing"


class BelongsAlready(Declared):
    """The thing belongs to the case."""

    status = 409
    words = "cases.refused-belongs"


class NotRunning(Declared):
    """The case takes nothing more."""

    status = 409
    words = "cases.refused-not-running"


class TooMany(Declared):
    """The case has as many things as a case may have."""

    status = 409
    words = "cases.refused-many"


class WhyMissing(Declared):
    """Nobody says why, or at too great length."""

    status = 422
    words = "cases.refused-why"

    def said(self, words: Words) -> str:
        """The words for a person, with how long it may be."""
        return words(self.words, most=LONGEST_WHY)


def reason_of(said: str) -> str:
    """The reason that somebody gives.

    Raises:
        WhyMissing
    """
    said = said.strip()
    if not said or len(said) > LONGEST_WHY or "\0" in said:
        raise WhyMissing(f"why: is missing or long; say in 1 to {LONGEST_WHY} signs why")
    return said


def named(reference: Reference) -> str:
    """A reference as the audit names it."""
    return "/".join(msgspec.structs.astuple(reference))[:100]


def changeable(connection: Connection, account: Account, item_id: str) -> Row:
    """The row of a case that runs and on which an account may act.

    Raises:
        UnknownThing, NotRunning
    """
    row = repository.case_to_keep(connection, account, item_id)
    if row is None:
        raise UnknownThing(f"no case {item_id[:40]} that they keep")
    if row["state"] not in RUNNING:
        raise NotRunning(f"case {row['number']} is {row['state']}")
    return row


def audited(
    connection: Connection,
    account: Account,
    action: str,
    subject: str,
    detail: Mapping[str, str],
    at_ms: int,
) -> None:
    """Enter a row of the audit; ``subject`` is below cases, such as case/7."""
    audit.record(
        connection,
        by=account.actor,
        action=action,
        subject=f"cases/{subject}",
        detail=msgspec.json.encode(detail).decode(),
        at_ms=at_ms,
    )
