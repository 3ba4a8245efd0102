"""When things were taken out of a case, and with whom it was shared, in the state database."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import in_charge
from api.cases.permission import CasePermission
from api.cases.story.records import Handed
from api.cases.tables import CASE, COPY, MARKS, RECEIPT, RECEIVER, REMOVAL, RESULT, SHARE


def removals(connection: Connection, case_id: int) -> Mapping[int, tuple[int, str]]:
    """The instant, UTC epoch ms, and the username of each removal, by the id of the copy."""
    query = sa.select(REMOVAL.c.copy, REMOVAL.c.at_ms, REMOVAL.c.who).join(COPY)
    found = connection.execute(query.where(COPY.c.case_id == case_id))
    return {row.copy: (row.at_ms, row.who) for row in found}


def handed(connection: Connection, case_id: int) -> list[Handed]:
    """Everything that was shared of a case, the first one first."""
    signed = (RECEIPT.c.at_ms.label("signed_ms"), RECEIPT.c.who.label("signer"), RECEIPT.c.taker)
    ended = sa.select(RESULT.c.of, RESULT.c.at_ms, RESULT.c.who).join(SHARE)
    results: dict[int, list[tuple[int, str]]] = {}
    for of in connection.execute(ended.where(SHARE.c.case_id == case_id).order_by(RESULT.c.id)):
        results.setdefault(of.of, []).append((of.at_ms, of.who))
    columns = (SHARE.c.id, SHARE.c.at_ms, SHARE.c.who, SHARE.c.number, SHARE.c.reason)
    query = sa.select(*columns, RECEIVER.c.name, *signed).join(RECEIVER)
    query = query.outerjoin(RECEIPT, RECEIPT.c.share == SHARE.c.id)
    found = connection.execute(query.where(SHARE.c.case_id == case_id).order_by(SHARE.c.id))
    return [
        Handed(
            of.at_ms,
            of.who,
            of.number,
            of.name,
            of.reason,
            (of.signed_ms, of.signer, of.taker) if of.signer is not None else None,
            results.get(of.id, []),
        )
        for of in found
    ]


def newest(connection: Connection, account: Account) -> int:
    """The id of the newest case on which an account may act; 1 where there is none."""
    keeps = in_charge(account, CasePermission.KEEP, MARKS)
    return connection.scalar(sa.select(sa.func.max(CASE.c.id)).where(keeps)) or 1
