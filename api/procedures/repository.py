"""Rows of things that have a procedure, and the events of what was done with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from api.accounts.permission import Permission
from api.accounts.records import Account
from api.accounts.visibility import in_charge, visible
from api.audit import Actor
from api.deadlines.records import OPEN, Standing
from api.deadlines.tables import DEADLINE
from api.ports import Reference
from api.procedures.events import Event, Terms, image
from api.procedures.procedure import Procedure, Row, Step
from api.procedures.tables import EVENT
from api.web.forms import MOST_ID


def reference(procedure: Procedure, item_id: str) -> Reference:
    """Points at a thing."""
    return Reference(procedure.platform, procedure.kind, item_id)


def row(connection: Connection, procedure: Procedure, item_id: str) -> Row | None:
    """The row of a thing, whoever asks."""
    return _one(connection, procedure, item_id, sa.true())


def row_for(
    connection: Connection,
    procedure: Procedure,
    item_id: str,
    account: Account,
    permission: Permission,
) -> Row | None:
    """The row of a thing that an account sees by a permission."""
    return _one(connection, procedure, item_id, visible(account, permission, procedure.marks))


def in_hands(
    connection: Connection,
    procedure: Procedure,
    item_id: str,
    account: Account,
    permission: Permission,
) -> bool:
    """Whether an account may act on a thing by a permission."""
    condition = in_charge(account, permission, procedure.marks)
    return _one(connection, procedure, item_id, condition) is not None


def insert(connection: Connection, procedure: Procedure, values: Mapping[str, Any]) -> str:
    """Write the row of a new thing; its id."""
    made = connection.execute(sa.insert(procedure.table).values(values))
    (item_id,) = made.inserted_primary_key or (0,)
    return str(item_id)


def update(
    connection: Connection, procedure: Procedure, before: Row, values: Mapping[str, Any]
) -> None:
    """Change the row of a thing to its next version. The caller holds the one writer's turn since
    it read the row.
    """
    table = procedure.table
    same = sa.and_(table.c.id == before["id"], table.c.version == before["version"])
    next_version = {"version": before["version"] + 1}
    done = connection.execute(sa.update(table).where(same).values(dict(values) | next_version))
    assert done.rowcount == 1, "the row was changed in the same transaction"


def add(
    connection: Connection,
    procedure: Procedure,
    after: Row,
    *,
    step: str,
    from_state: str,
    by: Actor,
    signed: str,
    at_ms: int,
    given: Mapping[str, str],
    terms: Terms,
    takes_back: int | None = None,
) -> Event:
    """Write an event with the row as it is after it."""
    body = image(after)
    event = Event(
        number=after["version"],
        step=step,
        from_state=from_state,
        to_state=after["state"],
        by=by,
        signed=signed,
        at_ms=at_ms,
        given=given,
        terms=terms,
        takes_back=takes_back,
        after=body,
        after_hash=hashlib.sha256(body).hexdigest(),
    )
    subject = msgspec.structs.asdict(reference(procedure, str(after["id"])))
    subject["item"] = subject.pop("id")
    values = {
        name: getattr(event, name)
        for name in ("number", "step", "from_state", "to_state", "signed", "at_ms", "takes_back")
    }
    values |= {
        "who": by.who,
        "on_behalf": by.on_behalf,
        "given": json.dumps(dict(given), ensure_ascii=False, sort_keys=True),
        "terms": msgspec.json.encode(terms).decode(),
        "after": body.decode(),
        "after_hash": event.after_hash,
    }
    connection.execute(sa.insert(EVENT).values(subject | values))
    return event


def events(connection: Connection, procedure: Procedure, item_id: str) -> list[Event]:
    """All that was done with a thing, the first one first."""
    at = EVENT.c
    query = sa.select(EVENT).where(
        at.platform == procedure.platform, at.kind == procedure.kind, at.item == item_id
    )
    return [_event(one) for one in connection.execute(query.order_by(at.number))]


def events_for(
    connection: Connection, procedure: Procedure, item_id: str, account: Account | None
) -> list[Event]:
    """The same for an account that sees the thing: without values that only others may read. Of
    None: for everybody who sees it alike.
    """
    hidden = {
        step.name: {
            of.name for of in step.needs if of.reader and not (account and account.may(of.reader))
        }
        for step in procedure.steps
    }
    return [
        replace(event, given={name: of for name, of in event.given.items()
                              if name not in hidden.get(event.step, ())})
        for event in events(connection, procedure, item_id)
    ]  # fmt: skip


def waiting(
    connection: Connection, procedure: Procedure, step: Step, account: Account, most: int
) -> list[tuple[Row, int]]:
    """Things that wait for a step by an account and have no term that runs, with the instant of
    their last event; those that were begun first come first.
    """
    at, item = procedure.table.c, sa.cast(procedure.table.c.id, sa.String(100))
    mine = [at.state.in_(step.sources), in_charge(account, step.permission, procedure.marks)]
    if step.person:
        mine.append(at[step.person] == account.username)
    running = sa.select(DEADLINE.c.id).where(
        DEADLINE.c.platform == procedure.platform,
        DEADLINE.c.kind == procedure.kind,
        DEADLINE.c.subject == item,
        DEADLINE.c.state.in_(OPEN),
    )
    last = sa.and_(
        EVENT.c.platform == procedure.platform,
        EVENT.c.kind == procedure.kind,
        EVENT.c.item == item,
        EVENT.c.number == at.version,
    )
    first = sa.select(at.id).where(*mine, ~running.exists()).order_by(at.id).limit(most)
    query = sa.select(procedure.table, EVENT.c.at_ms.label("event_at_ms")).join(EVENT, last)
    query = query.where(at.id.in_(first)).order_by(at.id)
    found = [dict(one) for one in connection.execute(query).mappings()]
    return [(one, one.pop("event_at_ms")) for one in found]


def count(
    connection: Connection, procedure: Procedure, account: Account, states: Collection[str]
) -> int:
    """How many things in some states an account sees."""
    seen = visible(account, procedure.see, procedure.marks)
    query = sa.select(sa.func.count()).select_from(procedure.table)
    found = connection.scalar(query.where(seen, procedure.table.c.state.in_(states)))
    return found or 0


def open_terms(
    connection: Connection, subject: Reference, rules: Collection[str]
) -> tuple[int, ...]:
    """The deadlines of a thing by some rules that wait for somebody, by id."""
    at = DEADLINE.c
    query = sa.select(at.id).where(
        at.platform == subject.platform,
        at.kind == subject.kind,
        at.subject == subject.id,
        at.rule.in_(rules),
        at.state.in_(OPEN),
    )
    return tuple(connection.execute(query.order_by(at.id)).scalars())


def met_terms(
    connection: Connection, subject: Reference, rules: Collection[str]
) -> tuple[int, ...]:
    """The last deadline of a thing by each of some rules that was met, by id."""
    at = DEADLINE.c
    query = sa.select(sa.func.max(at.id)).where(
        at.platform == subject.platform,
        at.kind == subject.kind,
        at.subject == subject.id,
        at.rule.in_(rules),
        at.state == Standing.ENDED,
    )
    return tuple(connection.execute(query.group_by(at.rule)).scalars())


def _one(
    connection: Connection, procedure: Procedure, item_id: str, condition: sa.ColumnElement[bool]
) -> Row | None:
    key: int | str = item_id
    if procedure.table.c.id.type.python_type is int:
        if not (item_id.isascii() and item_id.isdecimal() and int(item_id[:11]) <= MOST_ID):
            return None
        key = int(item_id[:11])
    query = sa.select(procedure.table).where(procedure.table.c.id == key, condition)
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None


def _event(found: sa.Row[Any]) -> Event:
    return Event(
        number=found.number,
        step=found.step,
        from_state=found.from_state,
        to_state=found.to_state,
        by=Actor(found.who, found.on_behalf),
        signed=found.signed,
        at_ms=found.at_ms,
        given=json.loads(found.given),
        terms=msgspec.json.decode(found.terms, type=Terms),
        takes_back=found.takes_back,
        after=found.after.encode(),
        after_hash=found.after_hash,
    )
