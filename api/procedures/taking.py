"""Begin a thing, take a step, take one back: row, event, audit, terms and messages in one
transaction of the caller.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.deadlines.opening import deadlines_of
from api.procedures import consequences, needs, repository
from api.procedures.events import Event, Terms, of_image, standing
from api.procedures.procedure import WITHDRAW, Given, Procedure, Row, Step
from api.procedures.refusals import (
    ChangedMeanwhile,
    NotAllowed,
    NotByHand,
    NotFromHere,
    NotThePerson,
    NotTheSamePerson,
    NotWithdrawn,
    NotYours,
    UnknownStep,
    UnknownThing,
)
from api.services import Services, into
from api.web.forms import LONGEST_WHY
from config.catalogue.words import LANGUAGES

_TAKEN = "procedure.step"
_TAKEN_BACK = "procedure.withdraw"


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody acts on things of a procedure at an instant, in a transaction."""

    services: Services
    connection: Connection
    procedure: Procedure
    account: Account
    at_ms: int


@contextmanager
def acts(services: Services, procedure: Procedure, account: Account) -> Iterator[Acting]:
    """A transaction in which somebody acts now. Words and rules are read from files before it: all
    others who write wait for it.
    """
    for language in LANGUAGES:
        into(services, language)
    deadlines_of(services)
    with services.state.begin() as connection:
        yield Acting(services, connection, procedure, account, services.now_ms())


def begin(acting: Acting, given: Given, **values: object) -> tuple[str, Event]:
    """Begin a thing by the first step; its id, and the event.

    Args:
        acting: who, when, and the caller's transaction.
        given: by need of the first step.
        values: further columns of the new row.

    Raises:
        Incomplete: needs are not met.
        NotYours, NotThePerson, NotTheSamePerson: the thing as it would be is not theirs to begin.
        NotAllowed
    """
    procedure, step = acting.procedure, acting.procedure.first
    said = needs.checked(acting.services, procedure, step, given, acting.at_ms)
    procedure.texts(said)
    row = {**values, **procedure.changed(step, said), "version": 1}
    item_id = repository.insert(acting.connection, procedure, row)
    made = repository.row(acting.connection, procedure, item_id)
    assert made is not None
    _check_hands(acting, item_id, made, step)
    _check_allowed(acting, made, step)
    return item_id, _done(acting, made, step, said, "")


def take(
    acting: Acting, item_id: str, name: str, given: Given, version: int | None = None
) -> Event:
    """Take a step; the event.

    Args:
        acting: who, when, and the caller's transaction.
        item_id: of the thing.
        name: of the step.
        given: by need.
        version: of the row that the person saw; None where nobody saw one.

    Raises:
        UnknownThing, UnknownStep
        ChangedMeanwhile, NotFromHere, NotYours, NotThePerson, NotAllowed, Incomplete
    """
    row = _seen(acting, item_id, version)
    step = acting.procedure.by_name.get(name)
    if step is None or not step.sources:
        raise UnknownStep(acting.procedure, name)
    check(acting, row, step)
    subject = repository.reference(acting.procedure, str(row["id"]))
    said = needs.checked(acting.services, acting.procedure, step, given, acting.at_ms, subject)
    acting.procedure.texts(said)
    values = acting.procedure.changed(step, said)
    if step.signs:
        values[step.signs] = acting.account.actor.who
    repository.update(acting.connection, acting.procedure, row, values)
    return _done(acting, row, step, said, row["state"])


def check(acting: Acting, row: Row, step: Step) -> None:
    """Whether somebody may take a step now, but for its needs.

    Raises:
        NotFromHere, NotYours, NotThePerson, NotTheSamePerson, NotAllowed
    """
    if row["state"] not in step.sources:
        raise NotFromHere(acting.procedure, step, row["state"])
    _check_hands(acting, str(row["id"]), row, step)
    _check_allowed(acting, row, step)


def withdraw(acting: Acting, item_id: str, why: str, version: int | None = None) -> Event:
    """Take the last step back: the row is as it was before it, and so are its terms.

    Args:
        acting: who, when, and the caller's transaction.
        item_id: of the thing.
        why: 1 to 500 signs.
        version: of the row that the person saw; None where nobody saw one.

    Raises:
        UnknownThing, ChangedMeanwhile
        NotWithdrawn: the step is the first or final, is somebody else's, or nobody says why.
    """
    row, said = _seen(acting, item_id, version), why.strip()
    last, before = withdrawable(acting, row)
    if not said or len(said) > LONGEST_WHY or "\0" in said:
        raise NotWithdrawn("why", f"why: is missing or long; give 1 to {LONGEST_WHY} signs")
    acting.procedure.texts({"why": said})
    connection, procedure = acting.connection, acting.procedure
    image = of_image(procedure.table, before.after)
    values = {name: of for name, of in image.items() if name not in ("id", "version")}
    repository.update(connection, procedure, row, values)
    also = procedure.by_name[last.step].also
    if also is not None and also.undo is not None:
        also.undo(connection, image, last.given)
    terms = consequences.undone(acting.services, connection, last, said, _by(acting), acting.at_ms)
    given = {"why": said}
    return _kept(acting, row, WITHDRAW, row["state"], given, terms, takes_back=last.number)


def withdrawable(acting: Acting, row: Row) -> tuple[Event, Event]:
    """The last step that stands, if somebody may take it back, and the one before it.

    Raises:
        NotWithdrawn
    """
    connection, procedure, account = acting.connection, acting.procedure, acting.account
    item_id = str(row["id"])
    *earlier, last = standing(repository.events(connection, procedure, item_id))
    step = procedure.by_name.get(last.step)
    if not earlier or step is None or not step.reversible:
        raise NotWithdrawn("final", f"step {last.step} is never taken back")
    if not procedure.whole_runs(connection, row):
        raise NotWithdrawn("over", f"what {procedure.kind} {item_id} is part of does not run")
    permission = step.permission if last.account == account.username else procedure.mends
    may = permission is not None and repository.in_hands(
        connection, procedure, item_id, account, permission
    )
    if not may:
        raise NotWithdrawn("others", f"step {last.step} was taken by {last.signed}")
    return last, earlier[-1]


def _seen(acting: Acting, item_id: str, version: int | None) -> Row:
    connection, procedure = acting.connection, acting.procedure
    row = repository.row_for(connection, procedure, item_id, acting.account, procedure.see)
    if row is None:
        raise UnknownThing(f"unknown {procedure.kind} {item_id[:40]}")
    if version is not None and version != row["version"]:
        last = repository.events(connection, procedure, str(row["id"]))[-1]
        raise ChangedMeanwhile(procedure, last)
    return row


def _check_hands(acting: Acting, item_id: str, row: Row, step: Step) -> None:
    connection, procedure, account = acting.connection, acting.procedure, acting.account
    if step.automatic and account.actor != audit.CENTRE:
        raise NotByHand(procedure, step)
    if step.person and row[step.person] != account.username:
        person = row[step.person] or ""
        names = People(acting.services.state).names([person])
        raise NotThePerson(procedure, step, names.get(person, person))
    if not repository.in_hands(connection, procedure, item_id, account, step.permission):
        roles = acting.services.roles.having(step.permission)
        raise NotYours(procedure, step, roles, has=account.may(step.permission))
    hands = (account.username, account.actor.who)
    if step.another_than and row[step.another_than] in hands:
        raise NotTheSamePerson(procedure, step)


def _check_allowed(acting: Acting, row: Row, step: Step) -> None:
    if against := step.allowed(acting.connection, row, acting.at_ms):
        raise NotAllowed(acting.procedure, step, against)


def _done(acting: Acting, before: Row, step: Step, given: Given, from_state: str) -> Event:
    if step.also is not None:
        step.also.do(acting.connection, before, given)
    after = _row(acting, before)
    terms = consequences.of_step(
        acting.services,
        acting.connection,
        acting.procedure,
        step,
        after,
        given,
        _by(acting),
        acting.at_ms,
    )
    event = _kept(acting, before, step.name, from_state, given, terms)
    step.carries(acting.services, acting.connection, after, given, acting.at_ms)
    consequences.tell(acting.services, acting.connection, acting.procedure, step, after, event)
    return event


def _kept(
    acting: Acting,
    before: Row,
    name: str,
    from_state: str,
    given: Given,
    terms: Terms,
    *,
    takes_back: int | None = None,
) -> Event:
    """The event with the row as it is now, and its row of the audit."""
    event = repository.add(
        acting.connection,
        acting.procedure,
        _row(acting, before),
        step=name,
        from_state=from_state,
        by=_by(acting),
        signed=acting.account.signed,
        at_ms=acting.at_ms,
        given=given,
        terms=terms,
        takes_back=takes_back,
    )
    where = f"{acting.procedure.platform}/{acting.procedure.kind}/{before['id']}"
    audit.record(
        acting.connection,
        by=_by(acting),
        action=_TAKEN_BACK if takes_back else _TAKEN,
        subject=where,
        detail=json.dumps(_detail(event), ensure_ascii=False),
        at_ms=acting.at_ms,
    )
    return event


def _detail(event: Event) -> Mapping[str, Any]:
    """Who gave what stays with the event: the audit names it by number and hash."""
    return {
        "step": event.step,
        "from": event.from_state,
        "to": event.to_state,
        "number": event.number,
        "hash": event.after_hash,
        **({"takes_back": event.takes_back} if event.takes_back else {}),
    }


def _row(acting: Acting, before: Row) -> Row:
    found = repository.row(acting.connection, acting.procedure, str(before["id"]))
    assert found is not None
    return found


def _by(acting: Acting) -> audit.Actor:
    return acting.account.actor
