"""Open cases, join things to them, take things out, and see how a case stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy.engine import Connection

from api import items
from api.accounts.records import Account, Secrecy
from api.cases import repository
from api.cases.changing import (
    BelongsAlready,
    NothingToJoin,
    TooMany,
    audited,
    changeable,
    named,
    reason_of,
)
from api.cases.permission import CasePermission
from api.cases.procedure import PROCEDURE
from api.cases.records import KIND, LONGEST_TITLE, MOST_JOINED, RUNNING
from api.cases.register import repository as lists
from api.cases.register.records import Asked, Belonging, Listed
from api.cases.tables import OPENNESS
from api.copies.records import Shown
from api.ports import Frozen, Item, Json, Reference, Summary
from api.procedures import taking
from api.procedures.procedure import Given, Row
from api.procedures.refusals import UnknownThing
from api.services import Services
from api.shape import Platform
from config.vocabulary.time import ZONE

JOINED = "case.join"
REMOVED = "case.remove"
MOST_OFFERED = 100
"""Cases of a form."""


def listed(services: Services, account: Account, asked: Asked) -> Listed:
    """A page of the cases that an account sees."""
    with services.state.read() as connection:
        return lists.listed(connection, account, asked)


def every(services: Services, account: Account, asked: Asked, most: int) -> Sequence[Row]:
    """All pages of a question, ``most`` rows at most."""
    with services.state.read() as connection:
        return lists.every(connection, account, asked, most)


def row_for(services: Services, account: Account, item_id: str) -> Row:
    """The row of a case that an account sees.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = repository.case_to_see(connection, account, item_id)
    if row is None:
        raise UnknownThing(f"unknown case {item_id[:40]}")
    return row


def open_case(
    services: Services,
    account: Account,
    given: Given,
    copies: Sequence[Frozen] = (),
    why: str = "",
) -> str:
    """Open a case, with what it begins with and why that belongs; its id.

    Raises:
        Incomplete, NotYours
        WhyMissing
    """
    year = datetime.fromtimestamp(services.now_ms() / 1000, ZONE).year
    said = reason_of(why) if copies else ""
    with taking.acts(services, PROCEDURE, account) as acting:
        number = repository.next_number(acting.connection, year)
        item_id, _ = taking.begin(acting, given, number=number, opened_ms=acting.at_ms)
        row = repository.any_case(acting.connection, int(item_id))
        for copy in copies:
            _keep(acting.connection, account, row, copy, said, acting.at_ms)
    return item_id


def read(said: str) -> Reference:
    """A reference as addresses write it, platform/kind/id; what is none points at nothing."""
    platform, _, rest = said.partition("/")
    kind, _, item_id = rest.partition("/")
    return Reference(platform, kind, item_id)


def join(
    roster: Sequence[Platform],
    services: Services,
    account: Account,
    item_id: str,
    reference: Reference,
    why: str,
) -> int:
    """Keep a copy of a thing at a case; the id of the copy. ``services`` are those of the site, so
    that a copy does not depend on the language of whoever makes it.

    Raises:
        UnknownThing: it is no case on which they may act.
        NothingToJoin, BelongsAlready, NotRunning, TooMany
        WhyMissing
    """
    said = reason_of(why)
    copy = copied(roster, services, account, reference)
    with services.state.begin() as connection:
        row = changeable(connection, account, item_id)
        there = [of for of in repository.joined(connection, row["id"]) if of.removed is None]
        if any(of.kept.frozen.reference == reference for of in there):
            raise BelongsAlready(f"{named(reference)} belongs to case {row['number']}")
        if len(there) >= MOST_JOINED:
            raise TooMany(f"case {row['number']} has {len(there)} things")
        return _keep(connection, account, row, copy, said, services.now_ms())


def thing(
    roster: Sequence[Platform], services: Services, account: Account, reference: Reference
) -> Item:
    """A thing that may be joined to a case, as it is now.

    Raises:
        NothingToJoin
    """
    copied(roster, services, account, reference)
    found = items.read(roster, services, account, reference)
    assert found is not None
    return found


def running(services: Services, account: Account) -> Sequence[Row]:
    """Cases to which somebody may join a thing, the newest first."""
    with services.state.read() as connection:
        return repository.running(connection, account, MOST_OFFERED)


def copied(
    roster: Sequence[Platform], services: Services, account: Account, reference: Reference
) -> Frozen:
    """A copy of a thing for a case; ``services`` are those of the site.

    Raises:
        NothingToJoin
    """
    copy = items.copied(roster, services, account, reference)
    if copy is None:
        raise NothingToJoin(f"nothing that may be kept: {named(reference)}")
    return copy


def remove(services: Services, account: Account, item_id: str, copy_id: int, why: str) -> None:
    """Take a thing out of a case; its copy stays on record with the reason.

    Raises:
        UnknownThing: it is no thing of a case on which they may act.
        NotRunning
        WhyMissing
    """
    said = reason_of(why)
    with services.state.begin() as connection:
        row = changeable(connection, account, item_id)
        joined = repository.joined(connection, row["id"])
        found = next((of for of in joined if of.id == copy_id and of.removed is None), None)
        if found is None:
            raise UnknownThing(f"no thing {copy_id} of case {item_id[:40]}")
        at_ms = services.now_ms()
        repository.remove(connection, copy_id, why=said, who=account.username, at_ms=at_ms)
        _record(connection, account, REMOVED, row, found.kept.frozen, at_ms)


def belonging(
    roster: Sequence[Platform], services: Services, account: Account, row: Row
) -> list[Belonging]:
    """All that belongs to a case, as a reader may see it, the first joined first."""
    with services.state.read() as connection:
        kept = [of for of in repository.joined(connection, row["id"]) if of.removed is None]
    found = []
    for of in kept:
        own = of.kept.who == account.username
        copy = items.readable(roster, services, account, of.kept.frozen, own=own)
        found.append(Belonging(of, Shown(of.kept, copy) if copy else None))
    return found


def secrecy(services: Services, row: Row) -> Secrecy:
    """The strictest secrecy of a case and of all that belongs to it."""
    with services.state.read() as connection:
        return repository.secrecy(connection, row["id"])


def summaries(services: Services, account: Account) -> Sequence[Summary]:
    """How many cases run that an account sees."""
    if not account.may(CasePermission.SEE):
        return []
    with services.state.read() as connection:
        running = sum(lists.listed(connection, account, Asked(state=of)).total for of in RUNNING)
    if not running:
        return []
    return [Summary(services.words("cases.register.running", n=running), "/cases/", "calm")]


def newest(services: Services, account: Account, most: Secrecy) -> tuple[Row | None, int]:
    """Of the cases that run and that an account sees the newest that is no more secret than
    ``most``; and how many are more secret.
    """
    with services.state.read() as connection:
        return lists.newest(connection, account, most)


def keeps(services: Services, account: Account, row: Row) -> bool:
    """Whether somebody may join things to a case."""
    with services.state.read() as connection:
        may = repository.case_to_keep(connection, account, str(row["id"])) is not None
    return may and row["state"] in RUNNING


def begin(services: Services, account: Account, copies: Sequence[Frozen]) -> Reference:
    """A case of things of other platforms, named after the first one: so it is as secret by
    itself as they are, also once they are taken out.

    Raises:
        Incomplete, NotYours
    """
    title = str(msgspec.json.decode(copies[0].body)["title"])
    strictest = max(Secrecy.INTERNAL, *(of.secrecy for of in copies))
    openness = next(name for name, of in OPENNESS.items() if of == strictest)
    given = {"title": title[:LONGEST_TITLE], "matter": title, "openness": openness}
    why = services.words("cases.register.begun")
    return Reference("cases", KIND, open_case(services, account, given, copies, why))


def content(services: Services, row: Row) -> Json:
    """A case as an item for other platforms: what it is about, and nothing of what it joins."""
    words = services.words
    return {
        "number": row["number"],
        "title": row["title"],
        "matter": row["matter"],
        "means": words(f"cases.case.means-{row['means']}") if row["means"] else None,
        "outcome": row["outcome"],
    }


def may_open(account: Account) -> bool:
    """Whether somebody opens cases."""
    return account.may(CasePermission.KEEP)


def _keep(
    connection: Connection, account: Account, row: Row, copy: Frozen, why: str, at_ms: int
) -> int:
    made = repository.join(connection, row["id"], copy, why=why, who=account.username, at_ms=at_ms)
    _record(connection, account, JOINED, row, copy, at_ms)
    return made


def _record(
    connection: Connection,
    account: Account,
    action: str,
    row: Row,
    copy: Frozen,
    at_ms: int,
) -> None:
    detail = {"item": named(copy.reference), "hash": copy.hash}
    audited(connection, account, action, f"case/{row['id']}", detail, at_ms)
