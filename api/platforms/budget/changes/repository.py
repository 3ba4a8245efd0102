"""Changes and budgets as they stand, and what the office decided of them."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.audit import Actor
from api.deadlines.tables import DEADLINE
from api.imports.standing import standing
from api.platforms.budget.changes.records import (
    TRIGGERS,
    Adjustment,
    Decision,
    Keys,
    Line,
    Term,
    Trigger,
)
from api.platforms.budget.changes.tables import DECISION, KEYS
from api.platforms.budget.ledger.records import item
from api.platforms.budget.tables import ADJUSTMENT, LINE

OF_DRAFTS = "bgt.adjust.draft"
"""The rule of an adjustment's draft (预算法 art. 69)."""


def years(connection: Connection) -> list[int]:
    """Of which there are changes or budgets, the newest first."""
    changed = connection.scalars(sa.select(_year()).where(standing(ADJUSTMENT)).distinct())
    budgeted = connection.scalars(sa.select(LINE.c.year).where(standing(LINE)).distinct())
    return sorted({*map(int, changed), *map(int, budgeted)}, reverse=True)


def adjustments(connection: Connection, year: int) -> list[Adjustment]:
    """Changes of a year."""
    query = sa.select(ADJUSTMENT).where(_year() == year, standing(ADJUSTMENT))
    return [
        Adjustment(
            row.number,
            row.unit_code or "",
            row.project_code or "",
            item(row.economic or ""),
            row.decided,
            row.amount,
            row.change,
            row.document or "",
        )
        for row in connection.execute(query.order_by(ADJUSTMENT.c.id))
    ]


def lines(connection: Connection, year: int) -> list[Line]:
    """The budget of a year; where nothing was changed it is as approved."""
    query = sa.select(LINE).where(LINE.c.year == year, standing(LINE)).order_by(LINE.c.id)
    return [
        Line(
            row.unit_code,
            row.project_code or "",
            item(row.function or ""),
            item(row.economic or ""),
            row.approved,
            row.approved if row.adjusted is None else row.adjusted,
        )
        for row in connection.execute(query)
    ]


def names(connection: Connection, year: int) -> tuple[dict[str, str], dict[str, str]]:
    """Of units and of projects by code, as the budget of a year has them."""
    found = []
    for code, name in ((LINE.c.unit_code, LINE.c.unit), (LINE.c.project_code, LINE.c.project)):
        query = sa.select(code, sa.func.max(name)).where(LINE.c.year == year, standing(LINE))
        rows = connection.execute(query.group_by(code))
        found.append({row[0]: row[1] for row in rows if row[0] and row[1]})
    return found[0], found[1]


def decisions(connection: Connection, year: int) -> dict[str, Decision]:
    """The last of each change of a year."""
    query = sa.select(DECISION).where(DECISION.c.year == year).order_by(DECISION.c.id)
    return {
        row.change: Decision(
            row.id, row.change, _triggers(row.triggers), row.note, row.who, row.at_ms
        )
        for row in connection.execute(query)
    }


def decide(
    connection: Connection,
    year: int,
    change: str,
    triggers: Sequence[Trigger],
    note: str,
    by: Actor,
    at_ms: int,
) -> int:
    """Write a decision; its id."""
    values = {
        "year": year,
        "change": change,
        "triggers": json.dumps(triggers),
        "note": note,
        "who": by.who,
        "on_behalf": by.on_behalf,
        "at_ms": at_ms,
    }
    made = connection.execute(sa.insert(DECISION).values(values))
    (number,) = made.inserted_primary_key or (0,)
    return int(number)


def keys(connection: Connection) -> Keys:
    """Key expenditure as the office said last."""
    row = connection.execute(sa.select(KEYS).order_by(KEYS.c.id.desc()).limit(1)).first()
    return Keys(row.id, tuple(json.loads(row.codes))) if row else Keys(0, ())


def save_keys(connection: Connection, codes: Sequence[str], by: Actor, at_ms: int) -> None:
    """Write the list anew."""
    values = {"codes": json.dumps(codes), "who": by.who, "on_behalf": by.on_behalf}
    connection.execute(sa.insert(KEYS).values(**values, at_ms=at_ms))


def terms(connection: Connection, year: int) -> list[Term]:
    """Terms of drafts before meetings of a year, the first due first."""
    at = DEADLINE.c
    query = sa.select(at.id, at.title, at.due_day, at.state).where(
        at.platform == "budget", at.rule == OF_DRAFTS, at.start.startswith(str(year))
    )
    return [Term(*row) for row in connection.execute(query.order_by(at.due_ms, at.id))]


def _year() -> sa.ColumnElement[int]:
    """Of a change: as its row says, else that of its day."""
    day = sa.cast(sa.func.substr(ADJUSTMENT.c.decided, 1, 4), sa.BigInteger)
    return sa.func.coalesce(ADJUSTMENT.c.year, day)


def _triggers(text: str) -> tuple[Trigger, ...]:
    said = json.loads(text)
    return tuple(of for of in TRIGGERS if of in said)
