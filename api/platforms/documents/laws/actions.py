"""See the table of laws, and enter laws and what became of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from api import audit
from api.accounts.records import Account
from api.platforms.documents.laws import repository
from api.platforms.documents.laws.records import Asked, Entry, chosen, key_of
from api.services import Services
from api.web.declared import Declared
from api.web.forms import LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of
from documents.laws.records import Law
from documents.laws.table import Table
from documents.laws.titles import plain

LONGEST_TITLE, LONGEST_SOURCE = 200, 300


class UnknownLaw(Declared):
    """There is none of this key."""

    status = 404
    words = "documents.laws.unknown"


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry in force with its versions, the oldest first."""

    entry: Entry
    versions: Sequence[Entry]


def listed(services: Services, asked: Asked) -> Sequence[Entry]:
    """Every entry that a question means, in the order of the table."""
    with services.state.read() as connection:
        found = repository.all_versions(connection)
    return chosen([of[-1] for of in found.values()], asked, today(services))


def find(services: Services, key: str) -> Kept:
    """An entry by its key.

    Raises:
        UnknownLaw
    """
    with services.state.read() as connection:
        found = repository.all_versions(connection)
    if key not in found:
        raise UnknownLaw(f"there is no law {key!r}; see /api/v1/documents/laws")
    return Kept(found[key][-1], found[key])


def titled(services: Services, title: str) -> Entry | None:
    """The entry that a title means, be it full, short, or of before."""
    with services.state.read() as connection:
        found = repository.all_versions(connection)
    law = Table(of[-1].law for of in found.values()).find(title)
    return found[key_of(law.title)][-1] if law else None


def save(services: Services, account: Account, law: Law, *, after: int, reason: str) -> Entry:
    """Keep an entry as the version behind ``after``, 0 of a law that is not there yet; citations
    and checks use it from now on.

    Raises:
        NotAccepted: a value does not hold, a title means another law, nothing is other than
            before, or somebody was first.
    """
    why = reason.strip()
    if not 0 < len(why) <= LONGEST_WHY or "\0" in why:
        fault = Fault("reason", "is missing or long", f"write up to {LONGEST_WHY} characters")
        raise NotAccepted(fault, "reason", n=LONGEST_WHY)
    law = checked(law)
    now_ms = services.now_ms()
    entry = Entry(law, after + 1, account.signed, account.username, why, now_ms)
    with services.state.begin() as connection:
        found = repository.all_versions(connection)
        before = found.get(entry.key)
        if before is None and after:
            raise UnknownLaw(f"there is no law {law.title!r}")
        if before is not None and before[-1].version != after:
            _raise_first(before[-1], after)
        if before is not None and before[-1].law == law:
            fault = Fault("title", "is as it is already", "change something first")
            raise NotAccepted(fault, "same")
        _check_titles(law, [of[-1].law for key, of in found.items() if key != entry.key])
        repository.save(connection, entry)
        detail = {"title": law.title, "version": entry.version, "reason": why}
        audit.record(
            connection,
            by=account.actor,
            action="documents.save-law",
            subject=entry.key,
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=now_ms,
        )
    return entry


def checked(law: Law) -> Law:
    """The law with its versions in the order of their days.

    Raises:
        NotAccepted: title or source is missing or long, two versions begin on one day, one begins
            after its law ended, or a successor is named without the day.
    """
    if not plain(law.title) or len(law.title) > LONGEST_TITLE:
        fault = Fault("title", "is missing or long", f"write {LONGEST_TITLE} signs at most")
        raise NotAccepted(fault, "title", n=LONGEST_TITLE)
    if not law.source or len(law.source) > LONGEST_SOURCE:
        fault = Fault("source", "is missing or long", f"write {LONGEST_SOURCE} signs at most")
        raise NotAccepted(fault, "source", n=LONGEST_SOURCE)
    days = [of.since for of in law.versions]
    if len(set(days)) < len(days):
        raise NotAccepted(Fault("versions", "begin on one day", "give each its day"), "twice")
    if law.repealed_by and law.repealed is None:
        fault = Fault("repealed", "is missing", "give the day since which it holds no more")
        raise NotAccepted(fault, "repealed")
    if law.repealed and days and law.repealed <= max(days):
        fault = Fault("repealed", "lies before a version began", "compare the days")
        raise NotAccepted(fault, "order")
    return replace(law, versions=tuple(sorted(law.versions, key=lambda of: of.since)))


def today(services: Services) -> date:
    """The district's day."""
    return date.fromisoformat(day_of(services.now_ms()))


def _raise_first(last: Entry, after: int) -> None:
    if after == 0:
        fault = Fault("title", "is in the table already", "change that entry")
        raise NotAccepted(fault, "known", title=last.law.title)
    fault = Fault("version", f"{after} is not the newest", "read the entry again")
    raise NotAccepted(fault, "first", who=last.author)


def _check_titles(law: Law, others: Sequence[Law]) -> None:
    """No title means two laws."""
    taken: Mapping[str, str] = {
        plain(name): of.title for of in others for name in (of.title, *of.short)
    }
    for where, names in (("title", (law.title,)), ("short", law.short)):
        for name in names:
            if plain(name) in taken:
                other = taken[plain(name)]
                fault = Fault(where, f"{name!r} means {other!r}", "leave it out")
                raise NotAccepted(fault, "taken", name=name, other=other)
