"""Enter days from which statutory terms run, move them, and say when a duty was done. Terms begin
and move in the transaction of the entry.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.deadlines.opening import deadlines_of
from api.deadlines.records import (
    Deadline,
    Responsible,
    Standing,
    checked_why,
    earliest_first,
)
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.year import repository, wording
from api.platforms.budget.year.records import (
    DAY,
    FIRST_YEAR,
    LONGEST_NOTE,
    OCCASIONS,
    OF_EACH_YEAR,
    RULES,
    YEAR,
    YEARS_AHEAD,
    Entered,
    Year,
    latest,
)
from api.ports import Item, Reference
from api.services import Services
from api.web.declared import Declared
from api.web.forms import NotAccepted
from api.web.forms import day as day_of_form
from config.vocabulary.errors import Fault
from config.vocabulary.time import begins_ms, day_of

OFFICE = Responsible("", BudgetPermission.SCREEN)


class UnknownEntry(Declared):
    """There is no such day or deadline."""

    status = 404
    words = "budget.year.unknown"


class ChangedMeanwhile(Declared):
    """Somebody moved or withdrew it first."""

    status = 409
    words = "budget.year.changed"


def year(services: Services, asked: int) -> Year:
    """Entries of a year, and its deadlines."""
    deadlines = deadlines_of(services)
    with services.state.read() as connection:
        entries = repository.of_year(connection, asked)
        acts = repository.acts(connection, [of.id for of in entries])
    found = [*deadlines.of_subject(_year(asked))]
    for of in entries:
        found += deadlines.of_subject(_day(of.id))
    return Year(asked, entries, acts, earliest_first(latest(found)))


def years(services: Services) -> list[int]:
    """Years that are followed, with this one, the last one first."""
    with services.state.read() as connection:
        known = repository.years(connection)
    return sorted({*known, _today(services).year}, reverse=True)


def enter(services: Services, account: Account, occasion: str, day: str, note: str) -> Entered:
    """Write a day; its terms begin, and those of the calendar with the first one of a year.

    Raises:
        NotAccepted: it is no day that may be meant, or the note is long.
        NotInForce: a rule is not in force on that day.
    """
    on, said, now = _checked_day(services, day), note.strip(), services.now_ms()
    if len(said) > LONGEST_NOTE:
        raise NotAccepted(Fault("note", "is long", f"give {LONGEST_NOTE} signs at most"), "note")
    known = next((of for of in OCCASIONS if of == occasion), None)
    if known is None:
        remedy = f"give {', '.join(OCCASIONS)}"
        raise NotAccepted(Fault("occasion", "is missing or unknown", remedy), "occasion")
    with services.state.begin() as connection:
        entry = repository.add(connection, known, on, said)
        entered = Entered(entry, known, on, said, withdrawn=False, version=1)
        repository.note(connection, entry, "entered", account.actor, "", (None, on), now)
        _begin_year(services, connection, account, on.year)
        for rule in RULES[known]:
            _start(services, connection, account, entered, rule)
        _audit(connection, account, "budget.enter-day", entered, "", now)
    return entered


def move(
    services: Services, account: Account, entry: int, version: int, day: str, why: str
) -> Entered:
    """Write another day of an entry. Each of its terms is cancelled with the reason and begins
    from the new day; what was done already stays done, what is not to be done stays so.

    Raises:
        UnknownEntry, ChangedMeanwhile, NotInForce
        NotAccepted: it is no day that may be meant, or nobody says why.
    """
    before, on, said = _one(services, entry), _checked_day(services, day), checked_why(why)
    if on == before.day:
        raise NotAccepted(Fault("day", "is the same", "give another day"), "same-day")
    deadlines, now = deadlines_of(services), services.now_ms()
    known = [
        of
        for of in latest(deadlines.of_subject(_day(entry)))
        if of.standing is not Standing.CANCELLED
    ]
    after = Entered(entry, before.occasion, on, before.note, withdrawn=False, version=version + 1)
    with services.state.begin() as connection:
        _change(connection, before, version, on, withdrawn=False)
        repository.note(connection, entry, "moved", account.actor, said, (before.day, on), now)
        _begin_year(services, connection, account, on.year)
        _cancel(services, connection, account, known, said)
        for of in known:
            began = _start(services, connection, account, after, of.rule.id)
            if of.met_ms is not None:
                deadlines.end(connection, began, of.met_ms, actor=account.actor, at_ms=now)
        _audit(connection, account, "budget.move-day", after, said, now)
    return after


def withdraw(services: Services, account: Account, entry: int, version: int, why: str) -> Entered:
    """Take back an entry that was a mistake; its open terms are cancelled.

    Raises:
        UnknownEntry, ChangedMeanwhile
        NotAccepted: nobody says why.
    """
    before, said, now = _one(services, entry), checked_why(why), services.now_ms()
    known = latest(deadlines_of(services).of_subject(_day(entry)))
    with services.state.begin() as connection:
        _change(connection, before, version, before.day, withdrawn=True)
        days = (before.day, before.day)
        repository.note(connection, entry, "withdrawn", account.actor, said, days, now)
        _cancel(services, connection, account, known, said)
        _audit(connection, account, "budget.withdraw-day", before, said, now)
    return before


def meet(services: Services, account: Account, deadline_id: int, day: str) -> Deadline:
    """Write on which day a duty was done.

    Raises:
        UnknownEntry: it is no open deadline of a budget year.
        NotAccepted: the day is none, or lies ahead.
    """
    deadlines, now = deadlines_of(services), services.now_ms()
    found = deadlines.one(deadline_id)
    if (found.subject.platform, found.subject.kind) not in (("budget", YEAR), ("budget", DAY)):
        raise UnknownEntry(f"deadline {deadline_id} is none of a budget year")
    on = date.fromisoformat(day_of_form("day", day, needed=True) or "")
    if on > _today(services):
        raise NotAccepted(Fault("day", "lies ahead", "give the day it was done"), "ahead")
    with services.state.begin() as connection:
        met_ms = begins_ms(on)
        if not deadlines.end(connection, deadline_id, met_ms, actor=account.actor, at_ms=now):
            raise UnknownEntry(f"deadline {deadline_id} does not run")
    return deadlines.one(deadline_id)


def read_year(services: Services, _account: Account, item: str) -> Item | None:
    """A year as an item."""
    with services.state.read() as connection:
        known = repository.years(connection)
    if not item.isascii() or not item.isdigit() or int(item) not in known:
        return None
    title = wording.of_year(services.words, int(item))
    return Item(title, f"/year?year={item}", {"year": int(item)})


def read_day(services: Services, _account: Account, item: str) -> Item | None:
    """A day that was entered as an item."""
    if not item.isascii() or not item.isdigit() or len(item) > len("2147483647"):
        return None
    with services.state.read() as connection:
        of = repository.one(connection, int(item))
    if of is None or of.withdrawn:
        return None
    content = {"occasion": of.occasion, "day": of.day.isoformat(), "note": of.note}
    return Item(wording.of_day(services.words, of), f"/year?year={of.year}", content)


def _begin_year(services: Services, connection: Connection, account: Account, begun: int) -> None:
    if not repository.begin_year(connection, begun):
        return
    for rule in OF_EACH_YEAR:
        deadlines_of(services).start(
            connection,
            rule,
            _year(begun),
            wording.of_year(services.words, begun),
            f"/budget/year?year={begun}",
            OFFICE,
            date(begun, 1, 1),
            actor=account.actor,
            at_ms=services.now_ms(),
        )


def _start(
    services: Services, connection: Connection, account: Account, of: Entered, rule: str
) -> int:
    return deadlines_of(services).start(
        connection,
        rule,
        _day(of.id),
        wording.of_day(services.words, of),
        f"/budget/year?year={of.year}",
        OFFICE,
        of.day,
        actor=account.actor,
        at_ms=services.now_ms(),
    )


def _cancel(
    services: Services,
    connection: Connection,
    account: Account,
    known: Iterable[Deadline],
    why: str,
) -> None:
    for of in known:
        deadlines_of(services).cancel(
            connection, of.id, why, actor=account.actor, at_ms=services.now_ms()
        )


def _change(
    connection: Connection, before: Entered, version: int, day: date, *, withdrawn: bool
) -> None:
    same = before.version == version
    if not same or not repository.change(connection, before, day, withdrawn=withdrawn):
        raise ChangedMeanwhile(f"entry {before.id} has been changed; read it again")


def _one(services: Services, entry: int) -> Entered:
    with services.state.read() as connection:
        found = repository.one(connection, entry)
    if found is None or found.withdrawn:
        raise UnknownEntry(f"there is no entry {entry}")
    return found


def _checked_day(services: Services, given: str) -> date:
    found = date.fromisoformat(day_of_form("day", given, needed=True) or "")
    last = _today(services).year + YEARS_AHEAD
    if not FIRST_YEAR <= found.year <= last:
        fault = Fault("day", "is none that may be meant", f"give one of {FIRST_YEAR} to {last}")
        raise NotAccepted(fault, "far-day", first=FIRST_YEAR, last=last)
    return found


def _today(services: Services) -> date:
    return date.fromisoformat(day_of(services.now_ms()))


def _year(of: int) -> Reference:
    return Reference("budget", YEAR, str(of))


def _day(entry: int) -> Reference:
    return Reference("budget", DAY, str(entry))


def _audit(
    connection: Connection, account: Account, action: str, of: Entered, why: str, at_ms: int
) -> None:
    detail = {"occasion": of.occasion, "day": of.day.isoformat(), "why": why}
    audit.record(
        connection,
        by=account.actor,
        action=action,
        subject=str(of.id),
        detail=json.dumps(detail, ensure_ascii=False),
        at_ms=at_ms,
    )
