"""Receivers, shares with their receipts and results, and packages that came with the results made
of them, in the state database.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import Marks, in_charge
from api.cases.permission import CasePermission
from api.cases.records import OVER
from api.cases.sharing.records import (
    A_PAGE,
    KeptResult,
    Level,
    Listed,
    Packed,
    Receipt,
    Received,
    Result,
    Share,
    Signed,
    result_of,
    secrecy_of,
    sheet_of,
    written,
)
from api.cases.tables import (
    CASE,
    MARKS,
    RECEIPT,
    RECEIVED,
    RECEIVED_CASE,
    RECEIVER,
    RECEIVER_END,
    RESULT,
    RESULT_MADE,
    SHARE,
)
from api.procedures.procedure import Row
from api.web.forms import MOST_ID

_OF_NOBODY = Marks(sa.null(), RECEIVED.c.secrecy, sa.false())
_MADE = Marks(sa.null(), RESULT_MADE.c.secrecy, sa.false())
"""A package, and a result of it, belong to no unit: whoever keeps the cases of all units sees them
by their secrecy.
"""


def case_to_share(connection: Connection, account: Account, item_id: str) -> Row | None:
    """The row of a case on which an account decides, and which was not dropped."""
    if not (item_id.isascii() and item_id.isdecimal() and int(item_id[:11]) <= MOST_ID):
        return None
    found = case_to_decide(connection, account, int(item_id[:11]))
    return found if found and found["state"] != OVER[-1] else None


def case_to_decide(connection: Connection, account: Account, case_id: int) -> Row | None:
    """The row of a case on which an account decides."""
    decides = in_charge(account, CasePermission.DECIDE, MARKS)
    query = sa.select(CASE).where(CASE.c.id == case_id, decides)
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None


def receivers(connection: Connection) -> list[Listed]:
    """Those that are not ended, the city's first."""
    ended = sa.exists().where(RECEIVER_END.c.receiver == RECEIVER.c.id)
    query = sa.select(RECEIVER).where(~ended).order_by(RECEIVER.c.level, RECEIVER.c.id)
    return [Listed(of.id, of.name, of.level, of.way) for of in connection.execute(query)]


def receiver(connection: Connection, receiver_id: int) -> Listed | None:
    """One of those that are not ended."""
    return next((of for of in receivers(connection) if of.id == receiver_id), None)


def add_receiver(
    connection: Connection, name: str, level: Level, way: str, *, who: str, at_ms: int
) -> int:
    """Enter a receiver; its id."""
    values = {"name": name, "level": level, "way": way, "who": who, "at_ms": at_ms}
    return _inserted(connection, sa.insert(RECEIVER).values(values))


def end_receiver(connection: Connection, receiver: int, *, who: str, at_ms: int) -> None:
    """A receiver gets nothing more."""
    values = {"receiver": receiver, "who": who, "at_ms": at_ms}
    connection.execute(sa.insert(RECEIVER_END).values(values))


def next_number(connection: Connection, year: int) -> str:
    """The number of the next share of a year, 2026-3."""
    query = sa.select(SHARE.c.number).where(SHARE.c.number.like(f"{year}-%"))
    given = [int(of.partition("-")[2]) for of in connection.scalars(query)]
    return f"{year}-{max(given, default=0) + 1}"


def add_share(
    connection: Connection,
    case_id: int,
    receiver: int,
    kept: Packed,
    *,
    internal_why: str | None,
    who: str,
    at_ms: int,
) -> int:
    """Keep a share, with the zip without its sheet; its id."""
    values = {
        "case_id": case_id,
        "receiver": receiver,
        "number": kept.sheet.number,
        "reason": kept.sheet.reason,
        "internal_why": internal_why,
        "sheet": written(kept.sheet).decode(),
        "hash": kept.hash,
        "files": kept.files,
        "who": who,
        "at_ms": at_ms,
    }
    return _inserted(connection, sa.insert(SHARE).values(values))


def shares(connection: Connection, case_id: int) -> list[Share]:
    """All shares of a case, the newest first."""
    columns = [of for of in SHARE.c if of.name != "files"]
    signed = [RECEIPT.c.taken_ms, RECEIPT.c.taker, RECEIPT.c.centre]
    query = sa.select(*columns, *signed).outerjoin(RECEIPT, RECEIPT.c.share == SHARE.c.id)
    query = query.where(SHARE.c.case_id == case_id).order_by(SHARE.c.id.desc())
    return [_share(of) for of in connection.execute(query)]


def files_of_share(connection: Connection, share: int) -> bytes:
    """The zip of a share without its sheet."""
    return bytes(
        connection.execute(sa.select(SHARE.c.files).where(SHARE.c.id == share)).scalar_one()
    )


def add_receipt(
    connection: Connection, share: int, receipt: Receipt, *, who: str, at_ms: int
) -> None:
    """Keep the receipt of a share."""
    values = {
        "share": share,
        "taken_ms": receipt.taken_ms,
        "taker": receipt.taker,
        "centre": receipt.centre,
        "who": who,
        "at_ms": at_ms,
    }
    connection.execute(sa.insert(RECEIPT).values(values))


def hash_of_key(connection: Connection, key: str) -> tuple[int, str] | None:
    """The id and the SHA-256 of the sheet of a package that came, by the id in it."""
    query = sa.select(RECEIVED.c.id, RECEIVED.c.hash).where(RECEIVED.c.key == key)
    found = connection.execute(query).first()
    return (found.id, found.hash) if found else None


def add_received(connection: Connection, kept: Packed, *, taker: str, who: str, at_ms: int) -> int:
    """Keep a package that came, with its whole zip; its id."""
    values = {
        "key": kept.sheet.id,
        "sheet": written(kept.sheet).decode(),
        "hash": kept.hash,
        "files": kept.files,
        "secrecy": int(secrecy_of(kept.sheet.secrecy)),
        "taker": taker,
        "who": who,
        "at_ms": at_ms,
    }
    return _inserted(connection, sa.insert(RECEIVED).values(values))


def received(
    connection: Connection, account: Account, page: int, most: int = A_PAGE
) -> tuple[list[Received], int]:
    """Packages that came and that an account may see, the newest first, and how many there are."""
    seen = in_charge(account, CasePermission.KEEP, _OF_NOBODY)
    total = connection.scalar(sa.select(sa.func.count()).select_from(RECEIVED).where(seen)) or 0
    query = _received(seen).order_by(RECEIVED.c.id.desc())
    found = connection.execute(query.limit(most).offset((page - 1) * A_PAGE))
    return [_came(of) for of in found], total


def one_received(connection: Connection, account: Account, received: int) -> Received | None:
    """A package that came, if an account may see it."""
    seen = in_charge(account, CasePermission.KEEP, _OF_NOBODY)
    found = connection.execute(_received(seen, RECEIVED.c.id == received)).first()
    return _came(found) if found else None


def received_of_case(connection: Connection, account: Account, case_id: int) -> Received | None:
    """The package of which a case was opened, if an account may see it."""
    seen = in_charge(account, CasePermission.KEEP, _OF_NOBODY)
    found = connection.execute(_received(seen, RECEIVED_CASE.c.case_id == case_id)).first()
    return _came(found) if found else None


def files_of_received(connection: Connection, received: int) -> bytes:
    """The whole zip of a package that came."""
    query = sa.select(RECEIVED.c.files).where(RECEIVED.c.id == received)
    return bytes(connection.execute(query).scalar_one())


def add_case(connection: Connection, received: int, case_id: int, *, who: str, at_ms: int) -> None:
    """A case was opened of a package."""
    values = {"received": received, "case_id": case_id, "who": who, "at_ms": at_ms}
    connection.execute(sa.insert(RECEIVED_CASE).values(values))


def add_result(
    connection: Connection, share: int, result: Result, *, who: str, at_ms: int
) -> None:
    """Keep the result of a share."""
    values = _result_values(share, result, who, at_ms)
    connection.execute(sa.insert(RESULT).values(values))


def add_result_made(
    connection: Connection,
    received: int,
    result: Result,
    *,
    internal_why: str | None,
    who: str,
    at_ms: int,
) -> int:
    """Keep the result of a package that came; its id."""
    values = {**_result_values(received, result, who, at_ms), "internal_why": internal_why}
    return _inserted(connection, sa.insert(RESULT_MADE).values(values))


def results(connection: Connection, share: int) -> list[KeptResult]:
    """All results of a share, the newest first."""
    return _results(connection, RESULT, RESULT.c.of == share)


def results_of_case(
    connection: Connection, account: Account, case_id: int
) -> dict[int, list[KeptResult]]:
    """Results of all shares of a case that an account may know, the newest first, by share."""
    marks = Marks(CASE.c.unit, RESULT.c.secrecy, sa.false())
    known = sa.and_(CASE.c.id == case_id, in_charge(account, CasePermission.KEEP, marks))
    joined = RESULT.join(SHARE, SHARE.c.id == RESULT.c.of).join(CASE, CASE.c.id == SHARE.c.case_id)
    query = sa.select(RESULT.c.id, RESULT.c.of).select_from(joined).where(known)
    shares = {of.id: of.of for of in connection.execute(query)}
    found: dict[int, list[KeptResult]] = {}
    for one in _results(connection, RESULT, RESULT.c.id.in_(shares)):
        found.setdefault(shares[one.id], []).append(one)
    return found


def results_made(
    connection: Connection, received: int, account: Account | None = None
) -> list[KeptResult]:
    """Results that were made of a package that came, the newest first: all, or those that an
    account may know.
    """
    seen = in_charge(account, CasePermission.KEEP, _MADE) if account else sa.true()
    return _results(connection, RESULT_MADE, sa.and_(RESULT_MADE.c.of == received, seen))


def _results(
    connection: Connection, table: sa.Table, condition: sa.ColumnElement[bool]
) -> list[KeptResult]:
    query = sa.select(table).where(condition).order_by(table.c.id.desc())
    return [
        KeptResult(of["id"], result_of(of["body"]), of["who"], of["at_ms"], of.get("internal_why"))
        for of in connection.execute(query).mappings()
    ]


def _result_values(of: int, result: Result, who: str, at_ms: int) -> dict[str, Any]:
    return {
        "of": of,
        "body": written(result).decode(),
        "secrecy": int(secrecy_of(result.secrecy)),
        "who": who,
        "at_ms": at_ms,
    }


def _received(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = [of for of in RECEIVED.c if of.name != "files"]
    query: sa.Select[Any] = sa.select(*columns, RECEIVED_CASE.c.case_id)
    joined = query.outerjoin(RECEIVED_CASE, RECEIVED_CASE.c.received == RECEIVED.c.id)
    return joined.where(*conditions)


def _share(of: sa.Row[Any]) -> Share:
    signed = Signed(of.taken_ms, of.taker, of.centre) if of.taker is not None else None
    sheet = sheet_of(of.sheet.encode())
    return Share(of.id, of.case_id, sheet, of.hash, of.internal_why, of.who, of.at_ms, signed)


def _came(of: sa.Row[Any]) -> Received:
    sheet = sheet_of(of.sheet.encode())
    return Received(of.id, sheet, of.hash, of.taker, of.at_ms, of.case_id)


def _inserted(connection: Connection, insert: sa.Insert) -> int:
    made = connection.execute(insert)
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])
