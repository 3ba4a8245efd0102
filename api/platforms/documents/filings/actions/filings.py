"""Write filings, put papers to them, show and list them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import BinaryIO

from sqlalchemy.engine import Connection

from api.accounts.permission import Permission
from api.accounts.records import Account, Reach, Unit
from api.accounts.repositories.units import Units
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Deadline
from api.files import actions as files
from api.files.repository import Stored
from api.platforms.documents.filings import repository, wording
from api.platforms.documents.filings.actions.checklists import Checklists, checklists
from api.platforms.documents.filings.procedure.filing import FILE, PROCEDURE
from api.platforms.documents.filings.records.checking import (
    TEXT,
    Lack,
    Reading,
    check,
    needed,
    reading_of,
)
from api.platforms.documents.filings.records.facts import (
    MOST_PAPERS,
    OF_MAKER,
    Asked,
    AskedReturns,
    Line,
    NotOpen,
    Official,
    Registered,
    Returned,
    UnknownFiling,
    Way,
    of_office,
)
from api.platforms.documents.filings.repository import KeptPaper
from api.platforms.documents.permission import DocumentsPermission
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Given, Row
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import day_of
from documents.checks import documents as check_documents
from documents.checks.engine import run
from documents.checks.records import CheckDocument
from documents.laws.table import Table
from documents.text.records import Document

MANY = "other"
"""The code of papers of which a filing may have several."""


@dataclass(frozen=True, slots=True)
class Came:
    """A file that was received for a filing, and what it says where it is the official text."""

    code: str
    stored: Stored
    reading: Reading | None
    unreadable: str

    @property
    def infected(self) -> bool:
        """Whether a virus was found in it."""
        return self.stored.verdict.scan == "infected"


@dataclass(frozen=True, slots=True)
class Shown:
    """A filing with its papers, what is asked for, and what stands against it. ``term`` is that of
    filing, ``hands`` whether the account may change it now, ``checks`` whether it is the office.
    """

    row: Row
    papers: Sequence[KeptPaper]
    checklists: Checklists
    needed: Sequence[str]
    offered: Sequence[str]
    lacks: Sequence[Lack]
    entry: Registered | None
    official: Official | None
    handouts: Sequence[Row]
    term: Deadline | None
    hands: bool
    of_maker: bool
    checks: bool

    @property
    def text(self) -> KeptPaper | None:
        """The official text."""
        return next((of for of in self.papers if of.code == TEXT), None)


def makers(services: Services, account: Account) -> Sequence[Unit]:
    """The units for which an account files, in the official order."""
    covered = _covered(services, [of for of in account.reaches if _files(of)])
    today = day_of(services.now_ms())
    return [of for of in covered if of.span.holds(today)]


def way_of(services: Services, account: Account, unit: str) -> Way:
    """How a filing of a unit comes by an account: a maker's own, or on paper by the office."""
    own = [of for of in account.reaches if _files(of) and not of_office(of)]
    return "own" if unit in {of.id for of in _covered(services, own)} else "paper"


def on_paper(account: Account) -> bool:
    """Whether an account files on paper alone."""
    return all(of_office(of) for of in account.reaches if _files(of))


def begin(services: Services, account: Account, unit: str, given: Given) -> str:
    """Begin a filing; its id.

    Raises:
        NotAccepted: the unit is none of the account's.
        Incomplete, TermNotInForce
    """
    check_maker(services, account, unit)
    with taking.acts(services, PROCEDURE, account) as acting:
        way = way_of(services, account, unit)
        item_id, _ = taking.begin(acting, given, unit=unit, secrecy=0, way=way)
    return item_id


def check_maker(services: Services, account: Account, unit: str) -> None:
    """Whether an account files for a unit.

    Raises:
        NotAccepted
    """
    if unit not in {of.id for of in makers(services, account)}:
        raise NotAccepted(Fault("maker", "is no unit of yours", "choose your own"), "maker")


def edit(
    services: Services, account: Account, item_id: str, given: Given, version: int | None
) -> None:
    """Give a filing other facts, as long as it is the maker's to change.

    Raises:
        UnknownThing, Incomplete, NotFromHere, NotYours, ChangedMeanwhile, TermNotInForce
    """
    row = filing(services, account, item_id)
    step = "correct" if row["state"] in ("returned", "completing") else "edit"
    with taking.acts(services, PROCEDURE, account) as acting:
        taking.take(acting, item_id, step, given, version)


def filing(services: Services, account: Account, item_id: str) -> Row:
    """The row of a filing that an account sees.

    Raises:
        UnknownFiling
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
    if row is None:
        raise UnknownFiling(f"unknown filing {item_id[:40]}")
    return row


def shown(services: Services, account: Account, item_id: str) -> Shown:
    """A filing with everything that stands against it.

    Raises:
        UnknownFiling
    """
    row, lists = filing(services, account, item_id), checklists(services.district)
    checklist = lists.of(row["kind"])
    with services.state.read() as connection:
        given = repository.given(connection, row, services.now_ms())
        of_maker = in_hands(connection, row, account, DocumentsPermission.FILE)
        checks = in_hands(connection, row, account, DocumentsPermission.CHECK)
        asked = needed(checklist, given)
        found = deadlines_of(services).of_subject(procedures.reference(PROCEDURE, str(row["id"])))
        return Shown(
            row,
            repository.papers(connection, row["id"]),
            lists,
            asked,
            tuple(of for of in checklist.offered if of not in asked),
            check(checklist, given),
            repository.entry(connection, row["id"]),
            repository.official(connection, row["id"]),
            repository.handouts(connection, row["id"], account),
            next((of for of in reversed(found) if of.rule.id == FILE), None),
            of_maker and row["state"] in OF_MAKER,
            of_maker,
            checks,
        )


def in_hands(connection: Connection, row: Row, account: Account, permission: Permission) -> bool:
    """Whether an account may act on a filing by a permission."""
    return procedures.in_hands(connection, PROCEDURE, str(row["id"]), account, permission)


def received(services: Services, code: str, name: str, file: BinaryIO) -> Came:
    """Receive a paper before any transaction, and read it where it is the official text.

    Raises:
        FileRefused
    """
    receiver = files.receiver(services)
    stored = receiver.received(name, file)
    if code != TEXT or stored.verdict.scan == "infected":
        return Came(code, stored, None, "")
    try:
        document = receiver.document(stored)
    except FaultyInput as error:
        fault = error.faults[0]
        return Came(code, stored, None, f"{fault.what}; {fault.remedy}")
    on = date.fromisoformat(day_of(services.now_ms()))
    return Came(code, stored, reading_of(document, market=_market(document, on)), "")


def attach(
    services: Services, account: Account, item_id: str, code: str, name: str, file: BinaryIO
) -> int:
    """Put a paper to a filing; the attachment's id. It takes the place of the one of its code.

    Raises:
        UnknownFiling, NotOpen, FileRefused
        NotAccepted: there is no such paper, or there are too many.
    """
    row = _open(services, account, item_id)
    if code not in checklists(services.district).papers:
        fault = Fault("paper", f"{code[:20]!r} is none", "choose one of the checklist")
        raise NotAccepted(fault, "paper")
    came = received(services, code, name, file)
    with services.state.begin() as connection:
        _check_open(connection, account, item_id)
        before = repository.papers(connection, row["id"])
        if len(before) >= MOST_PAPERS:
            fault = Fault("file", f"is more than {MOST_PAPERS}", "remove others first")
            raise NotAccepted(fault, "many", n=MOST_PAPERS)
        made = attach_came(services, connection, account, item_id, came)
    if came.infected:
        files.tell_infected(services, made)
    replaced = {of.attachment for of in before if of.code == code != MANY}
    _remove(services, account, item_id, replaced, services.words("documents.filings.replaced"))
    return made


def attach_came(
    services: Services, connection: Connection, account: Account, item_id: str, came: Came
) -> int:
    """Put a paper that was received to a filing, in the caller's transaction."""
    lists, subject = checklists(services.district), procedures.reference(PROCEDURE, item_id)
    title = lists.said(came.code, services.words.language)
    made = files.attach_stored(services, connection, account, subject, came.stored, title)
    repository.add_paper(connection, int(item_id), came.code, made, came.reading, came.unreadable)
    return made


def remove(services: Services, account: Account, item_id: str, attachment: int) -> None:
    """Take a paper from a filing.

    Raises:
        UnknownFiling, NotOpen
    """
    _open(services, account, item_id)
    why = services.words("documents.filings.removed")
    _remove(services, account, item_id, {attachment}, why)


def listed(services: Services, account: Account, asked: Asked) -> tuple[Sequence[Line], int]:
    """A page of the register, the last entered first, and how many there are."""
    with services.state.read() as connection:
        return repository.listed(connection, account, asked)


def every(
    services: Services, account: Account, asked: Asked, most: int
) -> tuple[Sequence[Line], int]:
    """All pages of a question up to a number of rows, and how many there are."""
    with services.state.read() as connection:
        _, count = repository.listed(connection, account, asked)
        return repository.every(connection, account, asked, most), count


def returns(services: Services, account: Account, asked: AskedReturns) -> Sequence[Returned]:
    """Each return that an account sees, the last first."""
    with services.state.read() as connection:
        return repository.returns(connection, account, asked)


def years(services: Services) -> Sequence[int]:
    """Years of the register and that of today, the last one first."""
    with services.state.read() as connection:
        known = repository.years(connection)
    return sorted({*known, int(day_of(services.now_ms())[:4])}, reverse=True)


def amendable(services: Services, unit: str) -> Mapping[str, str]:
    """Titles of a maker's kept texts that hold, by id."""
    with services.state.read() as connection:
        return repository.own_texts(connection, unit)


def names(services: Services) -> Mapping[str, str]:
    """Names of units by id, in the official order."""
    return {of.id: of.name for of in Units(services.state).all()}


def content(services: Services, row: Row) -> Mapping[str, object]:
    """A filing as an item."""
    with services.state.read() as connection:
        entry = repository.entry(connection, row["id"])
    unit = Units(services.state).get(row["unit"])
    number = wording.register_number(services.words, entry)
    days = {of: row[of].isoformat() if row[of] else None for of in ("published", "in_force")}
    return {
        "title": row["title"],
        "number": row["number"] or "",
        "maker": unit.name if unit else row["unit"],
        "registered": number,
        **days,
    }


def _files(reach: Reach) -> bool:
    return DocumentsPermission.FILE in reach.permissions


def _covered(services: Services, reaches: Sequence[Reach]) -> Sequence[Unit]:
    """The units that reaches cover, in the official order."""
    every, roots = Units(services.state).all(), {of.unit for of in reaches}
    parents = {of.id: of.parent for of in every}

    def covered(unit: str | None) -> bool:
        while unit is not None:
            if unit in roots:
                return True
            unit = parents.get(unit)
        return "" in roots

    return [of for of in every if covered(of.id)]


def _open(services: Services, account: Account, item_id: str) -> Row:
    with services.state.read() as connection:
        return _check_open(connection, account, item_id)


def _check_open(connection: Connection, account: Account, item_id: str) -> Row:
    row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
    if row is None:
        raise UnknownFiling(f"unknown filing {item_id[:40]}")
    mine = in_hands(connection, row, account, DocumentsPermission.FILE)
    if not mine or row["state"] not in OF_MAKER:
        raise NotOpen("the filing is not yours to change now")
    return row


def _remove(
    services: Services, account: Account, item_id: str, attachments: set[int], why: str
) -> None:
    subject = procedures.reference(PROCEDURE, item_id)
    for of in files.of_subject(services, subject):
        if of.id in attachments:
            files.remove(services, account, of, why)


@cache
def _market_check() -> CheckDocument:
    path = check_documents.FOLDER / "market.toml"
    return check_documents.parse(path.read_text(encoding="utf-8"), path.name)


def _market(document: Document, on: date) -> bool:
    """Whether words stand in it by which the product asks for a fair competition review."""
    found = run(document, (_market_check(),), Table(()), on)
    return any(of.excluded is None for of in found)
