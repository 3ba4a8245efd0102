"""The monthly term of each body, who hears of its tables, and what waits for whom."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.engine import Connection

from alerting.alert import Level
from alerting.notify.entries import Entry, Note
from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.audit import CENTRE, Actor
from api.deadlines.kept.answerable import staff
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Basis, Deadline, Responsible, Standing
from api.platforms.judicial.figures import repository
from api.platforms.judicial.figures.actions import reading
from api.platforms.judicial.figures.actions.reading import Row
from api.platforms.judicial.figures.records.series import following
from api.platforms.judicial.figures.records.templates import month_before
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Summary, Todo
from api.services import Services, into
from api.shape import CoreServices
from api.web.language import language_for
from config.vocabulary.time import day_of

RULE = "judicial.figures.month"
FOLLOWED = 13
"""Months back that are watched, so that the same month of last year is among them."""
Behind = Literal["late", "missing"]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A month of one body that came late, or has not come though it was due; its due day."""

    month: str
    kind: Behind
    due: str


def follow(core: CoreServices) -> None:
    """The job: a term for the month that ended of each body that is a unit; it is met by a table
    that stands, also one out of a file, and runs again where that was withdrawn.
    """
    services = core.acting
    for body, name in reading.bodies(services):
        month = month_before(reading.this_month(services))
        if not _of(services, body, month):
            with services.state.begin() as connection:
                _start(connection, services, body, name, month)
        _settle(services, body)


def _settle(services: Services, body: str) -> None:
    with services.state.read() as connection:
        standing = repository.standing_months(connection, body)
        beyond = {month: repository.last(connection, body, month) for month in _watched(services)}
    for month, row in beyond.items():
        for of in _of(services, body, month):
            met, withdrawn = of.standing is Standing.ENDED, row and row["state"] == "withdrawn"
            if of.open and month in standing:
                with services.state.begin() as connection:
                    meet(connection, services, None, body, month, standing[month])
            elif withdrawn and met and month not in standing:
                why = services.words("judicial.figures.withdrawn")
                with services.state.begin() as connection:
                    deadlines_of(services).reopen(
                        connection, of.id, why, actor=CENTRE, at_ms=services.now_ms()
                    )


def _watched(services: Services) -> Sequence[str]:
    found = [month_before(reading.this_month(services))]
    while len(found) < FOLLOWED:
        found.append(month_before(found[-1]))
    return found


def _of(services: Services, body: str, month: str) -> Sequence[Deadline]:
    return deadlines_of(services).of_subject(reading.reference(body, month))


def _start(connection: Connection, services: Services, body: str, name: str, month: str) -> None:
    deadlines_of(services).start(
        connection,
        RULE,
        reading.reference(body, month),
        reading.title(services, name, month),
        f"/judicial/figures/{body}?month={month}",
        Responsible(body, JudicialPermission.SUBMIT),
        reading.last_day(month),
        actor=CENTRE,
        at_ms=services.now_ms(),
    )


def meet(
    connection: Connection,
    services: Services,
    account: Account | None,
    body: str,
    month: str,
    met_ms: int,
) -> None:
    """A table of the month was sent: its term is met."""
    which = (reading.reference(body, month), RULE)
    by = account.actor if account else CENTRE
    deadlines_of(services).end(connection, which, met_ms, actor=by, at_ms=services.now_ms())


def reopen(
    connection: Connection, services: Services, account: Account, body: str, month: str, why: str
) -> None:
    """The table was returned: the term runs on from its own start."""
    for of in _of(services, body, month):
        if of.standing is Standing.ENDED and of.rule.id == RULE:
            deadlines_of(services).reopen(
                connection, of.id, why, actor=account.actor, at_ms=services.now_ms()
            )


def lacking(services: Services, body: str) -> Sequence[Lacking]:
    """Months of one body that came late or are missing, the newest first, from its first table
    on and of the last year.
    """
    with services.state.read() as connection:
        standing = repository.standing_months(connection, body)
    watched = _watched(services)
    first = max(min(standing, default=watched[0]), watched[-1])
    found = []
    for month in following(first, reading.this_month(services))[::-1]:
        due_ms = _due_ms(services, body, month)
        sent_ms = standing.get(month)
        if (services.now_ms() if sent_ms is None else sent_ms) > due_ms:
            kind: Behind = "missing" if sent_ms is None else "late"
            found.append(Lacking(month, kind, day_of(due_ms)))
    return found if standing or _of(services, body, watched[0]) else []


def _due_ms(services: Services, body: str, month: str) -> int:
    known = _of(services, body, month)
    if known:
        return known[0].reckoned.due_ms
    deadlines = deadlines_of(services)
    with services.state.read() as connection:
        held = deadlines.rulebook.one(connection, RULE)
        days = deadlines.calendar.known(connection)
    return Basis(held.rule, reading.last_day(month)).reckoned(days).due_ms


def tell_office(connection: Connection, services: Services, account: Account, row: Row) -> None:
    """The office hears that a table waits."""
    office = Responsible(row["body"], JudicialPermission.CHECK)
    readers = staff(connection, services.roles, day_of(services.now_ms())).who(office)
    _tell(connection, services, account.actor, row, "sent", readers)


def tell_sender(
    connection: Connection, services: Services, account: Account, row: Row, *, accept: bool,
    reason: str,
) -> None:  # fmt: skip
    """Whoever sent a table hears what became of it."""
    occasion = "accepted" if accept else "returned"
    _tell(connection, services, account.actor, row, occasion, [row["sent_by"]], reason=reason)


def _tell(
    connection: Connection,
    services: Services,
    by: Actor,
    row: Row,
    occasion: str,
    readers: Collection[str],
    **values: str,
) -> None:
    at_ms = services.now_ms()
    everybody = staff(connection, services.roles, day_of(at_ms))
    unit = Units(services.state).get(row["body"])
    for reader in sorted(set(readers) - {by.who}):
        language = language_for(everybody.languages.get(reader, ""), "", services.words.language)
        words = into(services, language).words
        title = words("judicial.figures.of", name=unit.name if unit else "", month=row["month"])
        text = words(f"judicial.figures.message-{occasion}", n=row["version"], **values)
        note = Note(title, text, f"/judicial/figures/{row['body']}?month={row['month']}")
        named = f"{occasion}|{row['id']}|{reader}"
        key = f"judicial-{hashlib.blake2b(named.encode(), digest_size=10).hexdigest()}"
        entry = Entry(key, "note", Level.NOTICE, at_ms, note, reader=reader)
        services.messages.post(connection, entry)


def todos(services: Services, account: Account) -> Sequence[Todo]:
    """Tables that wait for the office, and returned ones that wait for their body. A month that
    is owed is there by its term.
    """
    names = dict(reading.bodies(services))
    with services.state.read() as connection:
        waiting = repository.waiting(connection, account)
        returned = repository.returned(connection, account)
    return [
        Todo(
            reading.title(services, names.get(row["body"], row["body"]), row["month"]),
            f"/judicial/figures/{row['body']}?month={row['month']}",
            row["sent_ms"],
            note=services.words(f"judicial.figures.state-{row['state']}"),
        )
        for row in (*waiting, *returned)
    ]


def summaries(services: Services, account: Account) -> Sequence[Summary]:
    """How many tables wait for the office, without whose; nothing for others."""
    if not account.may(JudicialPermission.CHECK):
        return ()
    with services.state.read() as connection:
        waiting = repository.waiting(connection, account)
    if not waiting:
        return ()
    text = services.words("judicial.figures.summary", n=len(waiting))
    return [Summary(text, "/judicial/figures", "calm")]
