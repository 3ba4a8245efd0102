"""Yearly lists: opened by the centre in January, sent by makers as a form or a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from api.accounts.records import Account, Reach, Secrecy
from api.accounts.repositories.units import Units
from api.files import actions as files
from api.platforms.documents.catalogue import repository
from api.platforms.documents.catalogue.procedure.lists import PROCEDURE
from api.platforms.documents.catalogue.records import (
    LONGEST_TEXT,
    Listed,
    UnknownList,
    Wrong,
    read,
)
from api.platforms.documents.filings.actions.filings import check_maker, names
from api.platforms.documents.permission import DocumentsPermission
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Row
from api.services import Services
from api.shape import CoreServices
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of

_MAY = frozenset({DocumentsPermission.SEE, DocumentsPermission.FILE, DocumentsPermission.CHECK})
LAST_MONTH = 3
"""Until the end of March the list of last year is opened: later it is no list of last year."""


class NotATable(NotAccepted):
    """A table that is not taken; ``wrong`` are its lines that do not hold."""

    def __init__(self, wrong: Sequence[Wrong]) -> None:
        fault = Fault("lines", f"does not hold: {wrong[:3]}", "mend these lines")
        super().__init__(fault, "table")
        self.wrong = wrong


def centre(services: Services) -> Account:
    """The centre, which opens lists and finds what is missing; no person did it."""
    reach = Reach(_MAY, secrecy=Secrecy.RESTRICTED)
    return Account("", services.words("documents.catalogue.centre"), reaches=(reach,))


def open_lists(core: CoreServices) -> None:
    """The job: in the first months of a year each maker that is still there owes the list of the
    year before.
    """
    services, today = core.acting, day_of(core.now_ms())
    year, month = int(today[:4]), int(today[5:7])
    if month > LAST_MONTH:
        return
    with core.state.read() as connection:
        makers = set(repository.makers(connection))
    for unit in Units(core.state).all():
        if unit.id in makers and unit.span.holds(today):
            _open(services, centre(services), unit.id, year - 1)


def open_list(services: Services, account: Account, unit: str, year: int) -> str:
    """Open the list of a year by hand, for a maker that the centre does not know yet; its id.

    Raises:
        NotAccepted: the unit is none of the account's, or the year is not over.
    """
    check_maker(services, account, unit)
    if not 2000 <= year < int(day_of(services.now_ms())[:4]):
        raise NotAccepted(Fault("year", "is not over", "choose an earlier one"), "year")
    return _open(services, account, unit, year)


def _open(services: Services, account: Account, unit: str, year: int) -> str:
    name = names(services).get(unit, unit)
    title = services.words("documents.catalogue.list-title", maker=name, year=year)
    with taking.acts(services, PROCEDURE, account) as acting:
        there = repository.list_of(acting.connection, unit, year)
        if there is not None:
            return str(there)
        item_id, _ = taking.begin(acting, {}, unit=unit, year=year, title=title, secrecy=0)
    return item_id


def yearly_list(
    services: Services, account: Account, item_id: str
) -> tuple[Row, Sequence[Listed]]:
    """A list that an account sees, with the lines that hold.

    Raises:
        UnknownList
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
        if row is None:
            raise UnknownList(f"unknown list {item_id[:40]}")
        return row, repository.lines(connection, row)


def seen(services: Services, account: Account) -> Sequence[Row]:
    """Lists that an account sees, of the last year first."""
    with services.state.read() as connection:
        return repository.seen_lists(connection, account)


def text_of(services: Services, name: str, file: BinaryIO) -> str:
    """The rows of a file that came, cells apart by tabs. The child process reads it as it reads
    every file, and it is not kept.

    Raises:
        FileRefused
        NotAccepted: there is nothing in it that could be read.
    """
    receiver = files.receiver(services)
    stored = receiver.received(name, file)
    said = "\n".join(receiver.inspection(stored.sha256, stored.kind).text)
    if stored.kind not in ("xlsx", "xls", "csv", "txt") or not said.strip():
        fault = Fault("file", "holds no table", "send xlsx, csv or text")
        raise NotAccepted(fault, "no-table")
    return said[: LONGEST_TEXT + 1]


def send(
    services: Services,
    account: Account,
    item_id: str,
    text: str,
    *,
    nothing: bool,
    version: int | None,
) -> int:
    """Send a list, or another instead of it; how many documents it has.

    Raises:
        UnknownList, NotYours, ChangedMeanwhile
        NotATable: with every line that does not hold.
        NotAccepted: it is empty, and nobody says that there was nothing; or the other way round.
    """
    row, _ = yearly_list(services, account, item_id)
    found, wrong = read(text)
    if wrong:
        raise NotATable(wrong)
    if nothing == bool(found):
        what = "has lines, and says that there is nothing" if found else "is empty"
        key = "nothing" if found else "empty"
        raise NotAccepted(Fault("lines", what, "give lines, or say there were none"), key)
    step = "send" if row["state"] == "due" else "revise"
    with taking.acts(services, PROCEDURE, account) as acting:
        sending = row["version"] + 1
        repository.add_lines(acting.connection, row["id"], sending, found)
        given = {"sending": f"{sending}-{'lines' if found else 'none'}"}
        taking.take(acting, item_id, step, given, version or row["version"])
    return len(found)


def content(services: Services, row: Row) -> Mapping[str, object]:
    """A list as an item."""
    maker = names(services).get(row["unit"], row["unit"])
    return {"title": row["title"], "maker": maker, "year": row["year"]}
