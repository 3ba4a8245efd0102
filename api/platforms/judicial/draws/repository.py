"""Draws in the state database, and what their steps write beside the row's own fields."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.accounts.visibility import visible
from api.platforms.judicial.draws.records import (
    MOST_FILES,
    DrawRefused,
    counted,
    draw,
    is_hash,
    is_number,
    list_hash,
    plain,
    seed_of,
    whole,
)
from api.platforms.judicial.draws.tables import DRAW, MARKS
from api.platforms.judicial.permission import JudicialPermission
from api.procedures.procedure import Given, Row
from config.vocabulary.time import day_of


def known(_connection: Connection, row: Row, at_ms: int) -> str:
    """Whether the public number may be known: no list is taken, and no draw dropped, any more."""
    return "known" if _today(at_ms) >= row["number_day"] else ""


def early(_connection: Connection, row: Row, at_ms: int) -> str:
    """Whether the day of the public number is still to come."""
    return "early" if _today(at_ms) < row["number_day"] else ""


def passed(connection: Connection, row: Row, at_ms: int) -> str:
    """A list that was not given in time asks for another day; one that waits keeps its day."""
    return "" if known(connection, row, at_ms) else "waits"


def check_day(_connection: Connection, before: Row, given: Given) -> None:
    """Whether the new day lies behind the one before.

    Raises:
        DrawRefused
    """
    if date.fromisoformat(given["number_day"]) <= before["number_day"]:
        raise DrawRefused("number_day", "later", "give a later day than before")


def fix(connection: Connection, before: Row, given: Given) -> None:
    """Keep how long the body's list is, and its hash.

    Raises:
        DrawRefused
    """
    count = whole(given["count"], MOST_FILES)
    if count < before["size"]:
        raise DrawRefused("count", "count", f"give {before['size']} to {MOST_FILES}")
    if not is_hash(given["list_hash"]):
        raise DrawRefused(
            "list_hash", "hash", "give the SHA-256 of the list, 64 signs of 0-9, a-f"
        )
    _write(connection, before, count=count, list_hash=list_hash(given["list_hash"]))


def check_number(_connection: Connection, _before: Row, given: Given) -> None:
    """Whether a public number was typed.

    Raises:
        DrawRefused
    """
    if not is_number(given["number"]):
        raise DrawRefused("number", "number", "give the public number, digits or letters")


def draw_now(connection: Connection, before: Row, given: Given) -> None:
    """Draw by the number that a second person typed as well.

    Raises:
        DrawRefused: the two typed other numbers.
    """
    if plain(given["again"]) != plain(before["number"]):
        raise DrawRefused("again", "again", "is not the number that was typed first; compare both")
    day = before["number_day"].isoformat()
    seed = seed_of(before["list_hash"], day, before["number"])
    found = draw(seed, before["count"], before["size"])
    _write(connection, before, seed=seed, drawn=json.dumps(list(found.numbers)))


def put_findings(connection: Connection, before: Row, given: Given) -> None:
    """Keep in how many files what kind of thing was found.

    Raises:
        DrawRefused
    """
    _write(connection, before, findings=json.dumps(counted(given, before["size"])))


def listed(connection: Connection, account: Account, most: int) -> Sequence[Row]:
    """Draws that an account sees, the newest first."""
    seen = visible(account, JudicialPermission.SEE, MARKS)
    query = sa.select(DRAW).where(seen).order_by(DRAW.c.id.desc()).limit(most)
    return [dict(row) for row in connection.execute(query).mappings()]


def _today(at_ms: int) -> date:
    return date.fromisoformat(day_of(at_ms))


def _write(connection: Connection, before: Row, **values: object) -> None:
    connection.execute(sa.update(DRAW).where(DRAW.c.id == before["id"]).values(values))
