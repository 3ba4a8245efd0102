"""The consequences of a step beside the row: terms that begin and end, and messages."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy.engine import Connection

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from api.audit import Actor
from api.deadlines.kept.answerable import staff
from api.deadlines.opening import deadlines_of
from api.deadlines.records import NotInForce
from api.procedures import repository
from api.procedures.events import Event, Terms
from api.procedures.procedure import Given, Procedure, Row, Starts, Step
from api.procedures.refusals import TermNotInForce
from api.services import Services, into
from api.web.language import language_for
from config.vocabulary.time import begins_ms, day_of

LONGEST_TITLE = 300


def of_step(
    services: Services,
    connection: Connection,
    procedure: Procedure,
    step: Step,
    after: Row,
    given: Given,
    by: Actor,
    at_ms: int,
) -> Terms:
    """Start, meet and cancel the terms of a step. One that happened on a day before counts from
    that day.

    Raises:
        TermNotInForce: a rule of them is not in force on that day.
    """
    deadlines = deadlines_of(services)
    subject = repository.reference(procedure, str(after["id"]))
    told = given.get(step.happened) if step.happened else None
    happened = date.fromisoformat(told or day_of(at_ms))
    ended = repository.open_terms(connection, subject, step.ends)
    for one in ended:
        met_ms = begins_ms(happened) if told and told < day_of(at_ms) else at_ms
        deadlines.end(connection, one, met_ms, actor=by, at_ms=at_ms)
    cancelled = repository.open_terms(connection, subject, step.cancels)
    for one in cancelled:
        why = services.words(f"{procedure.words}.done-{step.name}")
        deadlines.cancel(connection, one, why, actor=by, at_ms=at_ms)

    def started(starts: Starts) -> int:
        of_hours = deadlines.rulebook.one(connection, starts.rule).rule.unit == "hour"
        counted = date.fromisoformat(day_of(at_ms)) if starts.from_entry else happened
        try:
            return deadlines.start(
                connection,
                starts.rule,
                subject,
                procedure.title(after)[:LONGEST_TITLE],
                procedure.path(after),
                starts.responsible(after),
                at_ms if of_hours else starts.start(after) or counted,
                actor=by,
                at_ms=at_ms,
            )
        except NotInForce as refused:
            raise TermNotInForce(procedure, step, refused) from refused

    reopened = repository.met_terms(connection, subject, step.reopens)
    for one in reopened:
        why = services.words(f"{procedure.words}.done-{step.name}")
        deadlines.reopen(connection, one, why, actor=by, at_ms=at_ms)
    begun = tuple(started(of) for of in step.starts if of.where(after))
    return Terms(begun, ended, cancelled, reopened)


def undone(
    services: Services, connection: Connection, last: Event, why: str, by: Actor, at_ms: int
) -> Terms:
    """Terms as before a step that is taken back: those that it started are cancelled, and those
    that it ended run on from their own start.
    """
    deadlines = deadlines_of(services)
    cancelled = tuple(
        one
        for one in last.terms.started
        if deadlines.cancel(connection, one, why, actor=by, at_ms=at_ms)
    )
    reopened = (*last.terms.ended, *last.terms.cancelled)
    for one in reopened:
        deadlines.reopen(connection, one, why, actor=by, at_ms=at_ms)
    return Terms(cancelled=cancelled, reopened=reopened)


def tell(
    services: Services,
    connection: Connection,
    procedure: Procedure,
    step: Step,
    after: Row,
    event: Event,
) -> None:
    """Post a message to everybody who is to hear of a step, in their language."""
    people = step.tells_people(connection, after)
    if not (step.tells or people):
        return
    everybody = staff(connection, services.roles, day_of(event.at_ms))
    readers = {who for of in step.tells for who in everybody.who(of(after))} | set(people)
    for reader in sorted(readers - {event.by.who, event.account}):
        language = language_for(everybody.languages.get(reader, ""), "", services.words.language)
        words = into(services, language).words
        done = words(f"{procedure.words}.done-{step.name}")
        note = Note(
            procedure.title(after)[:LONGEST_TITLE],
            words("procedures.told", who=event.signed, done=done),
            procedure.path(after),
        )
        key = _key(procedure, str(after["id"]), event, reader)
        entry = Entry(key, "note", Level.NOTICE, event.at_ms, note, reader=reader)
        services.messages.post(connection, entry)


def _key(procedure: Procedure, item_id: str, event: Event, reader: str) -> str:
    """Of the outbox: each person hears of each event once."""
    named = f"{procedure.platform}|{procedure.kind}|{item_id}|{event.number}|{reader}"
    return f"procedure-{hashlib.blake2b(named.encode(), digest_size=10).hexdigest()}"
