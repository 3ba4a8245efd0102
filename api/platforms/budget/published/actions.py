"""Send the tables that a department publishes, confirm whose they are, and withdraw them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.files import actions as files
from api.files.repository import Attachment, Stored
from api.platforms.budget.books import repository as books
from api.platforms.budget.books.records import numbers, unit_of
from api.platforms.budget.disclosure import repository
from api.platforms.budget.disclosure.records import STAGES, Checked, Kept, Proposed, Whole
from api.platforms.budget.permission import BudgetPermission
from api.platforms.budget.published.records import KIND, OCCASIONS, Listed, dues_of, lines
from api.platforms.budget.rulebook import repository as rulebook
from api.platforms.budget.year import actions as year_actions
from api.ports import Item, Reference
from api.services import Services
from api.web.declared import Declared
from api.web.forms import LONGEST_WHY, NotAccepted
from budget.detection.budgets.disclosed import AGAINST_PAYMENTS
from budget.detection.budgets.matching.coding import calendar
from budget.detection.budgets.matching.comparing import Comparison, compared
from budget.published.checking import checked, sets_of
from budget.published.meaning import meanings_of
from budget.published.origin import origin_of
from budget.published.reading.files import joined, read_sheets
from budget.published.records import Reading, Report
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import day_of
from tabular import sheets
from tabular.files import unpacking

MOST_FILES = 30
MOST_FIGURES = 10_000
"""Of a set: it is written in one transaction, for which others wait."""
FIRST_YEAR, YEARS_AHEAD = 2000, 1
LONGEST_NAME = 200


class UnknownSet(Declared):
    """There is no such set that the account may see."""

    status = 404
    words = "budget.disclosed.unknown"


class ChangedMeanwhile(Declared):
    """Somebody confirmed, dropped or withdrew it first."""

    status = 409
    words = "budget.disclosed.changed"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came."""

    name: str
    file: BinaryIO


def send(services: Services, account: Account, sent: Sequence[Sent]) -> Kept:
    """Keep files of one set and read their tables: a draft, which counts when it is confirmed. A
    content that waits or stands already changes nothing.

    Raises:
        FileRefused
        NotAccepted: no file, too many, one that cannot be read, or no table that is known.
    """
    if not sent:
        raise NotAccepted(Fault("file", "is missing", "choose a file"), "file")
    if len(sent) > MOST_FILES:
        fault = Fault("file", "are too many", f"send {MOST_FILES} at most")
        raise NotAccepted(fault, "many", n=MOST_FILES)
    receiver = files.receiver(services)
    stored = list({of.sha256: of for one in sent
                   for of in (receiver.received(one.name, one.file),)}.values())  # fmt: skip
    digest = hashlib.sha256("".join(sorted(of.sha256 for of in stored)).encode()).hexdigest()
    with services.state.read() as connection:
        known = repository.of_content(connection, digest)
    if known is not None:
        return known
    report = checked(joined([_read(services, of) for of in stored]))
    _check_content(report)
    return _kept(services, account, digest, stored, report)


def _read(services: Services, stored: Stored) -> Reading:
    if stored.verdict.scan == "infected":
        raise NotAccepted(
            Fault(stored.name, "holds a virus", "clean it"), "virus", file=stored.name
        )
    path = files.receiver(services).contents.path(stored.sha256)
    try:
        content = unpacking.content_of(path, stored.name)
        return read_sheets([(stored.name, sheets.sheets_of(content))])
    except FaultyInput as error:
        raise NotAccepted(error.faults[0], "unreadable", file=stored.name) from error


def _check_content(report: Report) -> None:
    if not report.reading.tables:
        raise NotAccepted(Fault("file", "has no known table", "send the tables"), "no-table")
    count = sum(len(table.figures) for table in report.reading.tables)
    if count > MOST_FIGURES:
        fault = Fault("file", "has too many figures", "send the tables of one department")
        raise NotAccepted(fault, "figures", n=MOST_FIGURES)


def _kept(
    services: Services, account: Account, digest: str, stored: Sequence[Stored], report: Report
) -> Kept:
    tables = report.reading.tables
    first = max(sets_of(tables), key=len)
    departments = tuple(sorted({table.department for table in tables} - {""}))
    outcome = Checked(report.breaks, report.deferred, report.reading.unknown, departments)
    meanings = meanings_of(report, first)
    proposed, by, now_ms = _proposed(services, report.reading), account.actor, services.now_ms()
    with services.state.begin() as connection:
        known = repository.of_content(connection, digest)
        if known is not None:
            return known
        number = repository.add(
            connection, digest, proposed, outcome, tables, meanings, (by.who, now_ms)
        )
        for of in stored:
            files.attach_stored(services, connection, account, reference(number), of)
        _audit(connection, account, "budget.send-published", number, "", now_ms)
        kept = repository.one(connection, number)
    assert kept is not None
    return kept


def _proposed(services: Services, reading: Reading) -> Proposed:
    register = Units(services.state).all()
    origin = origin_of(reading, [unit.name for unit in register])
    unit = _unit(services, origin.department)
    name = next((of.name for of in register if of.id == unit), origin.department)
    return Proposed(name[:LONGEST_NAME], unit, origin.year, origin.stage)


def _unit(services: Services, name: str) -> str | None:
    district = numbers(services.district)
    return unit_of(district.units, Units(services.state).all(), name, name) if name else None


def confirm(
    services: Services, account: Account, number: int, department: str, year: str, stage: str
) -> Kept:
    """Say whose tables a draft has, of which year and stage: from now on it stands, and those of
    before do not.

    Raises:
        UnknownSet, ChangedMeanwhile
        NotAccepted: a field is missing or cannot be meant.
    """
    kept = one(services, account, number)
    origin = _origin(services, department, year, stage)
    now_ms = services.now_ms()
    with services.state.begin() as connection:
        if not repository.confirm(connection, kept.id, origin, account.actor.who, now_ms):
            raise ChangedMeanwhile(f"set {number} is no draft")
        said = f"{origin.department} {origin.year} {origin.stage}"
        _audit(connection, account, "budget.confirm-published", number, said, now_ms)
    return one(services, account, number)


def _origin(services: Services, department: str, year: str, stage: str) -> Proposed:
    name = " ".join(department.split())
    if not name or len(name) > LONGEST_NAME:
        fault = Fault("department", "is missing or long", "name the department")
        raise NotAccepted(fault, "department")
    last = int(day_of(services.now_ms())[:4]) + YEARS_AHEAD
    if not (year.isascii() and year.isdigit() and FIRST_YEAR <= int(year) <= last):
        fault = Fault("year", "is none that may be meant", f"give {FIRST_YEAR} to {last}")
        raise NotAccepted(fault, "year", first=FIRST_YEAR, last=last)
    known = next((of for of in STAGES if of == stage), None)
    if known is None:
        raise NotAccepted(Fault("stage", "is missing", "choose one"), "stage")
    unit = _unit(services, name)
    named = next((of.name for of in Units(services.state).all() if of.id == unit), name)
    return Proposed(named, unit, int(year), known)


def withdraw(services: Services, account: Account, number: int, why: str) -> Kept:
    """Take a set out with what rests on it; the one before it stands again.

    Raises:
        UnknownSet, ChangedMeanwhile
        NotAccepted: nobody says why.
    """
    kept, said = one(services, account, number), " ".join(why.split())
    if not said or len(said) > LONGEST_WHY:
        fault = Fault("why", "is missing or long", f"say why in {LONGEST_WHY} signs at most")
        raise NotAccepted(fault, "why", n=LONGEST_WHY)
    now_ms = services.now_ms()
    with services.state.begin() as connection:
        if not repository.withdraw(connection, kept.id, said, account.actor.who, now_ms):
            raise ChangedMeanwhile(f"set {number} is not confirmed, or withdrawn")
        _audit(connection, account, "budget.withdraw-published", number, said, now_ms)
    return one(services, account, number)


def drop(services: Services, account: Account, number: int) -> None:
    """Let go of a draft and its files.

    Raises:
        UnknownSet, ChangedMeanwhile
    """
    kept = one(services, account, number)
    attached = originals(services, kept)
    with services.state.begin() as connection:
        if not repository.drop(connection, kept.id):
            raise ChangedMeanwhile(f"set {number} is no draft")
        _audit(connection, account, "budget.drop-published", number, "", services.now_ms())
    for of in attached:
        files.remove(services, account, of, services.words("budget.disclosed.dropped"))


def one(services: Services, account: Account, number: int) -> Kept:
    """A set; a draft only for those who send.

    Raises:
        UnknownSet
    """
    with services.state.read() as connection:
        kept = repository.one(connection, number)
    if kept is None or not _may_see(account, kept):
        raise UnknownSet(f"there is no set {number}")
    return kept


def _may_see(account: Account, kept: Kept) -> bool:
    return kept.state != "draft" or account.may(BudgetPermission.LOAD)


def whole(services: Services, kept: Kept) -> Whole:
    """A set with its tables and figures."""
    with services.state.read() as connection:
        return repository.whole(connection, kept)


def others(services: Services, kept: Kept) -> Sequence[Kept]:
    """The other sets of the same department, year and stage, the newest first."""
    with services.state.read() as connection:
        return [of for of in repository.of_same_owner(connection, kept) if of.id != kept.id]


def originals(services: Services, kept: Kept) -> Sequence[Attachment]:
    """The files of a set as they came."""
    return files.of_subject(services, reference(kept.id))


def listed(services: Services, account: Account, year: int | None) -> Listed:
    """Departments of a year, the newest with tables where none is asked for."""
    with services.state.read() as connection:
        years = repository.years(connection)
        this_year = int(day_of(services.now_ms())[:4])
        asked = year or next(iter(years), this_year)
        kept = repository.standing(connection, asked)
        drafts = repository.drafts(connection) if account.may(BudgetPermission.LOAD) else []
    dues = {
        stage: dues_of(year_actions.year(services, asked + behind), occasion)
        for stage, (occasion, behind) in OCCASIONS.items()
    }
    units = Units(services.state).all()
    known = sorted({*years, asked, this_year, this_year - 1}, reverse=True)
    return Listed(asked, known, list(lines(kept, units, dues)), drafts)


def comparison(services: Services, kept: Kept) -> Comparison:
    """A set beside the payments of its year and its budget lines, by the rule in force."""
    (of,) = repository.published(services.state, kept.id)
    with services.state.read() as connection:
        needs = rulebook.parameters(connection, AGAINST_PAYMENTS).needs
    known = books.of_year(services.state, of.year)
    return compared(known, of, needs, calendar(known.payments.days))


def read_item(services: Services, account: Account, item: str) -> Item | None:
    """A set as an item."""
    if not item.isascii() or not item.isdigit() or len(item) > len("2147483647"):
        return None
    with services.state.read() as connection:
        kept = repository.one(connection, int(item))
    if kept is None or not _may_see(account, kept):
        return None
    content = {"department": kept.department, "year": kept.year, "stage": kept.stage,
               "tables": kept.tables, "breaks": kept.breaks, "stands": kept.stands}  # fmt: skip
    words = services.words
    stage = words(f"budget.fact.stage.{kept.stage}") if kept.stage else ""
    title = words("budget.disclosed.of", name=kept.department, year=kept.year or "", stage=stage)
    return Item(title, f"/published/{kept.id}", content)


def reference(number: int) -> Reference:
    """A set as others point at it."""
    return Reference("budget", KIND, str(number))


def _audit(
    connection: Connection, account: Account, action: str, number: int, said: str, at_ms: int
) -> None:
    audit.record(
        connection,
        by=account.actor,
        action=action,
        subject=str(number),
        detail=json.dumps({"said": said}, ensure_ascii=False),
        at_ms=at_ms,
    )
