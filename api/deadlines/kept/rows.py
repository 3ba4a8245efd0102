"""Rows of deadlines and of their events, and what they stand for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from api import audit
from api.audit import Actor
from api.deadlines.kept.notices import digest
from api.deadlines.kept.rulebook import Held
from api.deadlines.reckoning import Extended, Pause
from api.deadlines.records import (
    Act,
    Basis,
    Deadline,
    Deed,
    Event,
    Responsible,
    Standing,
    UnknownDeadline,
)
from api.deadlines.tables import DEADLINE, EVENT
from api.deadlines.trace import Reckoned
from api.ports import Reference
from config.law import Rule
from config.working_days import WorkingDays

Moved = tuple[Deed, Deadline, Deadline]
"""An act, and a deadline before and after it."""


class ChangedMeanwhile(Exception):
    """Another transaction changed a deadline that was read before this one began."""


def one(connection: Connection, deadline_id: int) -> Deadline:
    """A deadline.

    Raises:
        UnknownDeadline
    """
    row = connection.execute(sa.select(DEADLINE).where(DEADLINE.c.id == deadline_id)).first()
    if row is None:
        raise UnknownDeadline(deadline_id)
    return deadline_of(row)


def deadline_of(row: Row[Any]) -> Deadline:
    """The deadline of a row."""
    basis = Basis(
        msgspec.json.decode(row.rule_text, type=Rule),
        date.fromisoformat(row.start) if "-" in row.start else int(row.start),
        msgspec.json.decode(row.extensions, type=tuple[Extended, ...]),
        msgspec.json.decode(row.pauses, type=tuple[Pause, ...]),
    )
    return Deadline(
        row.id,
        Reference(row.platform, row.kind, row.subject),
        row.title,
        row.path,
        Responsible(row.unit, row.permission, row.username),
        row.rule_version,
        basis,
        row.verified,
        row.started_ms,
        msgspec.json.decode(row.reckoned, type=Reckoned),
        Standing(row.state),
        row.paused_ms,
        row.met_ms,
        row.version,
    )


def event_of(row: Row[Any]) -> Event:
    """The event of a row."""
    by = Actor(row.who, row.on_behalf)
    kind = Act(row.kind)
    return Event(row.id, row.deadline, row.at_ms, kind, by, row.why, row.before_ms, row.after_ms)


def add(
    connection: Connection,
    subject: Reference,
    title: str,
    path: str,
    responsible: Responsible,
    held: Held,
    start: date | int,
    days: WorkingDays,
    at_ms: int,
) -> Deadline:
    """A deadline that begins to run; one that runs back from a day does so from now on."""
    basis = Basis(held.rule, start)
    reckoned = basis.reckoned(days)
    backwards = held.rule.direction == "before"
    row = {
        "platform": subject.platform,
        "kind": subject.kind,
        "subject": subject.id,
        "title": title,
        "path": path,
        **asdict(responsible),
        **of_rule(held),
        "start": str(start),
        "started_ms": at_ms if backwards else reckoned.started_ms,
        "state": Standing.RUNNING,
        "version": 0,
        **of_basis(basis, reckoned, days),
    }
    made = connection.execute(sa.insert(DEADLINE).values(row)).inserted_primary_key
    assert made is not None
    return one(connection, int(made[0]))


def put(connection: Connection, before: Deadline, **values: object) -> Deadline:
    """Write other values of a deadline that is still as it was read; the deadline as it is then.

    Raises:
        ChangedMeanwhile
    """
    write(connection, before, values)
    return one(connection, before.id)


def write(connection: Connection, before: Deadline, values: Mapping[str, object]) -> None:
    """The same, without reading it again.

    Raises:
        ChangedMeanwhile
    """
    same = sa.and_(DEADLINE.c.id == before.id, DEADLINE.c.version == before.version)
    row = {"version": before.version + 1, **values}
    if connection.execute(sa.update(DEADLINE).where(same).values(row)).rowcount != 1:
        raise ChangedMeanwhile


def of_rule(held: Held) -> Mapping[str, object]:
    """The columns of the rule's text that a deadline keeps."""
    return {
        "rule": held.rule.id,
        "rule_version": held.version,
        "rule_text": msgspec.json.encode(held.rule).decode(),
        "verified": held.rule.verified,
    }


def of_basis(basis: Basis, reckoned: Reckoned, days: WorkingDays) -> Mapping[str, object]:
    """The columns of a reckoning."""
    return {
        "extensions": msgspec.json.encode(basis.extensions).decode(),
        "pauses": msgspec.json.encode(basis.pauses).decode(),
        "due_day": reckoned.due.isoformat(),
        "due_ms": reckoned.due_ms,
        "provisional": reckoned.provisional,
        "reckoned": msgspec.json.encode(reckoned).decode(),
        "calendar": digest(days),
    }


def note(
    connection: Connection, deed: Deed, before: Deadline | None, after: Deadline, *, action: str
) -> None:
    """Write that an act was done, as an event of the deadline and in the audit."""
    _add_events(connection, [(deed, before, after)])
    audit.record(
        connection,
        by=deed.by,
        action=action,
        subject=str(after.id),
        detail=_detail(deed, before, after),
        at_ms=deed.at_ms,
    )


def note_moved(connection: Connection, moved: Sequence[Moved], *, by: Actor, at_ms: int) -> None:
    """Write that deadlines were reckoned anew and moved, all at once."""
    if not moved:
        return
    _add_events(connection, moved)
    audit.record_all(
        connection,
        by=by,
        action="deadline.recompute",
        details={str(one[2].id): _detail(*one) for one in moved},
        at_ms=at_ms,
    )


def _add_events(
    connection: Connection, acts: Iterable[tuple[Deed, Deadline | None, Deadline]]
) -> None:
    rows = [
        {
            "deadline": after.id,
            "at_ms": deed.at_ms,
            "kind": deed.kind,
            "who": deed.by.who,
            "on_behalf": deed.by.on_behalf,
            "why": deed.why,
            "before_ms": before.reckoned.due_ms if before else None,
            "after_ms": after.reckoned.due_ms,
        }
        for deed, before, after in acts
    ]
    connection.execute(sa.insert(EVENT), rows)


def _detail(deed: Deed, before: Deadline | None, after: Deadline) -> str:
    detail = {
        "rule": after.rule.id,
        "subject": "/".join(msgspec.structs.astuple(after.subject)),
        "before": before.reckoned.due.isoformat() if before else "",
        "due": after.reckoned.due.isoformat(),
        "why": deed.why,
    }
    return json.dumps(detail, ensure_ascii=False)
