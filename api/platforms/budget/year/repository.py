"""Days that were entered, in the state database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.audit import Actor
from api.platforms.budget.year.records import Act, Entered, Kind, Occasion
from api.platforms.budget.year.tables import ACT, ENTRY, YEAR


def begin_year(connection: Connection, year: int) -> bool:
    """Note that a year has begun to be followed; whether nobody did before."""
    if connection.execute(sa.select(YEAR.c.year).where(YEAR.c.year == year)).first():
        return False
    connection.execute(sa.insert(YEAR).values(year=year))
    return True


def years(connection: Connection) -> list[int]:
    """Years that are followed, the last one first."""
    return list(connection.scalars(sa.select(YEAR.c.year).order_by(YEAR.c.year.desc())))


def add(connection: Connection, occasion: Occasion, day: date, note: str) -> int:
    """Write an entry; its id."""
    values = {"occasion": occasion, "day": day.isoformat(), "note": note}
    made = connection.execute(sa.insert(ENTRY).values(**values, withdrawn=False, version=1))
    (entry,) = made.inserted_primary_key or (0,)
    return int(entry)


def change(connection: Connection, before: Entered, day: date, *, withdrawn: bool) -> bool:
    """Write another day of an entry, or that it was a mistake; whether it is still as it was."""
    same = ENTRY.c.id == before.id, ENTRY.c.version == before.version
    values = {"day": day.isoformat(), "withdrawn": withdrawn, "version": before.version + 1}
    return bool(connection.execute(sa.update(ENTRY).where(*same).values(values)).rowcount)


def note(
    connection: Connection,
    entry: int,
    kind: Kind,
    by: Actor,
    why: str,
    days: tuple[date | None, date],
    at_ms: int,
) -> None:
    """Write an act."""
    before, after = days
    values = {
        "entry": entry,
        "at_ms": at_ms,
        "kind": kind,
        "who": by.who,
        "on_behalf": by.on_behalf,
        "why": why,
        "before": before.isoformat() if before else None,
        "after": after.isoformat(),
    }
    connection.execute(sa.insert(ACT).values(values))


def one(connection: Connection, entry: int) -> Entered | None:
    """An entry."""
    row = connection.execute(sa.select(ENTRY).where(ENTRY.c.id == entry)).first()
    return _entered(row) if row else None


def of_year(connection: Connection, year: int) -> list[Entered]:
    """Entries of a year by day, without those that were a mistake."""
    within = ENTRY.c.day >= f"{year}-01-01", ENTRY.c.day <= f"{year}-12-31"
    query = sa.select(ENTRY).where(*within, ENTRY.c.withdrawn.is_(sa.false()))
    query = query.order_by(ENTRY.c.day, ENTRY.c.id)
    return [_entered(row) for row in connection.execute(query)]


def acts(connection: Connection, entries: Collection[int]) -> Mapping[int, Sequence[Act]]:
    """Acts on entries, the first one first."""
    found: dict[int, list[Act]] = defaultdict(list)
    query = sa.select(ACT).where(ACT.c.entry.in_(entries)).order_by(ACT.c.id)
    for row in connection.execute(query):
        found[row.entry].append(_act(row))
    return found


def _entered(row: Row[Any]) -> Entered:
    day = date.fromisoformat(row.day)
    return Entered(row.id, row.occasion, day, row.note, row.withdrawn, row.version)


def _act(row: Row[Any]) -> Act:
    before = date.fromisoformat(row.before) if row.before else None
    after = date.fromisoformat(row.after)
    return Act(row.entry, row.at_ms, row.kind, row.who, row.on_behalf, row.why, before, after)
