"""Trials in the state database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api.platforms.documents.checks.records.trials import Change, Line, Trial
from api.platforms.documents.checks.tables import LINE, TRIAL
from api.platforms.documents.rulebook import repository as rulebook
from documents.checks.documents import serialised
from documents.checks.records import CheckDocument, Hit

MOST_LINES = 5_000
"""Of a trial that are kept; all are counted."""
MOST_TRIALS = 100
"""The newest ones are kept."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A trial as it begins: by which version and stamps, and who wants it."""

    check: str
    base: int
    draft: CheckDocument
    draft_hash: str
    stamps: tuple[str, str]
    reason: str
    author: str
    account: str
    made_ms: int


def add(connection: Connection, of: Begun) -> int:
    """Write a trial that has examined no text yet; its id. The oldest ones go."""
    now, draft = of.stamps
    made = connection.execute(
        sa.insert(TRIAL).values(
            check_id=of.check,
            base=of.base,
            draft=serialised(of.draft).decode(),
            draft_hash=of.draft_hash,
            stamp_now=now,
            stamp_draft=draft,
            position=0,
            texts=0,
            counts="{}",
            asked_now=0,
            asked_draft=0,
            reason=of.reason,
            author=of.author,
            account=of.account,
            made_ms=of.made_ms,
        )
    )
    (number,) = made.inserted_primary_key or (0,)
    old = sa.select(TRIAL.c.id).where(TRIAL.c.id <= int(number) - MOST_TRIALS)
    connection.execute(sa.delete(LINE).where(LINE.c.trial.in_(old)))
    connection.execute(sa.delete(TRIAL).where(TRIAL.c.id <= int(number) - MOST_TRIALS))
    return int(number)


def one(connection: Connection, trial: int) -> Trial | None:
    """A trial as far as it went."""
    row = connection.execute(sa.select(TRIAL).where(TRIAL.c.id == trial)).first()
    return _trial(connection, row) if row else None


def unfinished(connection: Connection) -> Sequence[Trial]:
    """Trials that have texts before them, the oldest first."""
    rows = connection.execute(sa.select(TRIAL).order_by(TRIAL.c.id)).all()
    return [of for row in rows if not (of := _trial(connection, row)).done]


def advance(
    connection: Connection,
    trial: Trial,
    cursor: int,
    texts: int,
    lines: Sequence[Line],
    figures: tuple[Mapping[str, int], int, int],
) -> bool:
    """Write what some further texts gave; False where somebody else wrote it meanwhile.

    ``figures`` are changes by kind, and how much is asked about by the check in force and by the
    draft, of all texts so far.
    """  # fmt: skip
    counts, now, then = figures
    mine = sa.and_(TRIAL.c.id == trial.id, TRIAL.c.position == trial.cursor)
    values = {
        "position": cursor,
        "texts": texts,
        "counts": json.dumps(dict(counts)),
        "asked_now": now,
        "asked_draft": then,
    }
    if connection.execute(sa.update(TRIAL).where(mine).values(values)).rowcount != 1:
        return False
    begin = min(trial.changed, MOST_LINES)
    rows = [
        {
            "trial": trial.id,
            "position": at,
            "change": of.change,
            "text": of.text,
            "title": of.title,
            "hit": msgspec.json.encode(of.hit).decode(),
        }
        for at, of in enumerate(lines[: MOST_LINES - begin], begin + 1)
    ]
    if rows:
        connection.execute(sa.insert(LINE), rows)
    return True


def lines(
    connection: Connection, trial: int, change: Change | None = None, most: int = MOST_LINES
) -> Sequence[Line]:
    """Lines of a trial in the order of its texts, all or of one change."""
    query = sa.select(LINE).where(LINE.c.trial == trial)
    if change is not None:
        query = query.where(LINE.c.change == change)
    rows = connection.execute(query.order_by(LINE.c.position).limit(most))
    return [
        Line(row.change, row.text, row.title, msgspec.json.decode(row.hit, type=Hit), row.position)
        for row in rows
    ]


def _trial(connection: Connection, row: Row[Any]) -> Trial:
    return Trial(
        id=row.id,
        check=row.check_id,
        base=row.base,
        draft=msgspec.json.decode(row.draft, type=CheckDocument),
        draft_hash=row.draft_hash,
        stamps=(row.stamp_now, row.stamp_draft),
        cursor=row.position,
        texts=row.texts,
        remaining=rulebook.count(connection, row.position),
        counts=json.loads(row.counts),
        now=row.asked_now,
        then=row.asked_draft,
        author=row.author,
        account=row.account,
        reason=row.reason,
        made_ms=row.made_ms,
    )
