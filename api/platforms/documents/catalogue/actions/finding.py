"""Find what was not filed, and write of each finding what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from sqlalchemy.engine import Connection

from api.accounts.records import Account
from api.platforms.documents.catalogue import repository
from api.platforms.documents.catalogue.actions.lists import centre
from api.platforms.documents.catalogue.procedure.unfiled import PROCEDURE
from api.platforms.documents.catalogue.records import (
    Asked,
    Filed,
    Finding,
    Line,
    UnknownList,
    gaps,
    made_by,
    unlisted,
)
from api.platforms.documents.filings.actions.filings import names
from api.platforms.documents.laws import repository as laws
from api.platforms.documents.texts import repository as texts
from api.platforms.documents.texts.records import Kept, named
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Row
from api.services import Services
from api.shape import CoreServices
from documents.citing.citations import citations

MOST_FOUND = 500
"""Lines of a run; the next one goes on."""
_AT_ONCE, _A_READ = 20, 20


def follow(core: CoreServices) -> None:
    """The job: find what is new, and see what was filed since."""
    find(core.acting)


def find(services: Services) -> tuple[int, int]:
    """Write new findings and close those that were filed since; how many of each."""
    with services.state.read() as connection:
        known, there = repository.known(connection), repository.keys(connection)
        lists = repository.every_line(connection)
        waiting = repository.open_lines(connection)
    numbers = [(of.unit, of.number) for of in known]
    numbers += [(unit, of.number) for unit, _, of in lists]
    index = Filed(known)
    every = chain(unlisted(lists, index), gaps(numbers), _cited(services))
    fresh = {of.key: of for of in every if of.key not in there}
    new = list(islice(fresh.values(), MOST_FOUND))
    filed = [of for of in waiting if index.closes(of)]
    _write(services, new)
    _match(services, filed)
    return len(new), len(filed)


def listed(services: Services, account: Account, asked: Asked) -> tuple[Sequence[Line], int]:
    """A page of lines that an account sees, those that wait first, and how many there are."""
    with services.state.read() as connection:
        return repository.listed(connection, account, asked)


def years(services: Services) -> Sequence[int]:
    """Years in which lines were found, the last one first."""
    with services.state.read() as connection:
        return repository.years(connection)


def every(
    services: Services, account: Account, asked: Asked, most: int
) -> tuple[Sequence[Line], int]:
    """All pages of a question up to a number of rows, and how many there are."""
    with services.state.read() as connection:
        _, count = repository.listed(connection, account, asked)
        return repository.every(connection, account, asked, most), count


def line(services: Services, account: Account, item_id: str) -> Row:
    """A line that an account sees.

    Raises:
        UnknownList
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
    if row is None:
        raise UnknownList(f"unknown line {item_id[:40]}")
    return row


def content(services: Services, row: Row) -> Mapping[str, object]:
    """A line as an item."""
    return {
        "title": row["title"],
        "number": row["number"],
        "maker": names(services).get(row["unit"], row["unit"]),
        "why": services.words(f"documents.catalogue.source-{row['source']}"),
    }


def _cited(services: Services) -> Iterator[Finding]:
    """Texts of makers here that kept texts cite and that are not kept: laws of state and province
    are nobody's here. Each belongs to whoever made it by its title, else to the maker that cites
    it.
    """
    units = names(services)
    district = services.catalogue.site.name.rpartition("市")[2]
    after = 0
    with services.state.read() as connection:
        table = laws.table(connection)
    while True:
        with services.state.read() as connection:
            kept = texts.following(connection, after, _A_READ)
            found = [(of, title) for of in kept for title in _titles(connection, of)]
            known = texts.by_titles(connection, [title for _, title in found])
        if not kept:
            return
        after = kept[-1].id
        for of, title in found:
            maker = made_by(title, units, district)
            own = named(title) == named(of.facts.title)
            if maker is None or title in known or own or table.find(title) is not None:
                continue
            yield Finding("cited", maker or of.facts.maker, None, title[:300], "", of.id)


def _titles(connection: Connection, of: Kept) -> Sequence[str]:
    """Titles that a text rests on or applies; what it ends or names as of before is none."""
    document = texts.document(connection, texts.versions(connection, of.id)[0].id)
    applied = (one.law for one in citations(document) if one.role in ("basis", "cited"))
    return list(dict.fromkeys(law for law in applied if law))


def _write(services: Services, new: Sequence[Finding]) -> None:
    account = centre(services)
    for first in range(0, len(new), _AT_ONCE):
        with taking.acts(services, PROCEDURE, account) as acting:
            there = repository.keys(acting.connection)
            for of in new[first : first + _AT_ONCE]:
                if of.key in there:
                    continue
                values = {"unit": of.unit, "source": of.source, "key": of.key, "year": of.year}
                values |= {"title": of.title[:300], "number": of.number, "about": of.about}
                taking.begin(acting, {}, secrecy=0, **values)


def _match(services: Services, filed: Sequence[Line]) -> None:
    account = centre(services)
    for first in range(0, len(filed), _AT_ONCE):
        with taking.acts(services, PROCEDURE, account) as acting:
            for of in filed[first : first + _AT_ONCE]:
                row = procedures.row(acting.connection, PROCEDURE, str(of.id))
                if row is not None and not PROCEDURE.closed(row["state"]):
                    taking.take(acting, str(of.id), "match", {})
