"""Duty records: read and enter facts, collect those of other rooms, freeze the yearly report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from fastapi import UploadFile

from api.accounts.records import Account, Secrecy
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.files import actions as files
from api.files.repository import Attachment
from api.kinds.reports import Means, Paper, ReportKind
from api.platforms.duty import centre
from api.platforms.duty.deputies import repository as deputies
from api.platforms.duty.duty_records import repository, wording
from api.platforms.duty.duty_records.procedure import PROCEDURE
from api.platforms.duty.duty_records.records import SHOWN, Line, PersonYear, Record, Source
from api.platforms.duty.permission import DutyPermission
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.reports import actions as reports
from api.reports.records import Offered
from api.services import Services
from api.shape import CoreServices
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of

MOST_COLLECTED = 500
"""Facts of a source in one run of the job; the next run goes on."""
_AT_ONCE = 10
"""Facts of one transaction: others wait for it."""


def may_read(account: Account, username: str) -> bool:
    """Whether an account may read a person's record."""
    return account.username == username or account.may(DutyPermission.VERIFY)


def record(services: Services, account: Account, username: str, year: int) -> Record | None:
    """A person's record of a year; None where there is no such person or the account may not read
    it.
    """
    names = People(services.state).names([username])
    if username not in names or not may_read(account, username):
        return None
    with services.state.read() as connection:
        first, last = date(year, 1, 1), date(year, 12, 31)
        rows = repository.of_person(connection, account, username, first, last)
        verifiers = repository.verifiers(connection, [row["id"] for row in rows])
        known = repository.years(connection, account, username)
    years = sorted({*known, year, this_year(services)}, reverse=True)
    lines = [Line(row, verifiers.get(row["id"], "")) for row in rows]
    return Record(username, names[username], year, years, lines)


def this_year(services: Services) -> int:
    """The district's year."""
    return int(day_of(services.now_ms())[:4])


def waiting(services: Services, account: Account) -> Sequence[tuple[Row, str]]:
    """Facts that wait for the office, each with the name of its deputy."""
    with services.state.read() as connection:
        found = repository.waiting(connection, account)
    names = People(services.state).names(sorted({row["username"] for row in found}))
    return [(row, names.get(row["username"], row["username"])) for row in found]


def enter(services: Services, account: Account, username: str, given: Mapping[str, str]) -> str:
    """Write a fact that happened elsewhere; its id. By the office it is verified at once.

    Raises:
        NotAccepted: there is no such person.
        Incomplete, NotYours
    """
    if not People(services.state).exists(username):
        fault = Fault("username", f"{username[:40]!r} is nobody", "choose somebody of the list")
        raise NotAccepted(fault, "person")
    with taking.acts(services, PROCEDURE, account) as acting:
        item_id, _ = taking.begin(
            acting, given, username=username, link="", secrecy=Secrecy.RESTRICTED
        )
        if account.may(DutyPermission.VERIFY) and username != account.username:
            taking.take(acting, item_id, "verify", {})
    return item_id


def attach(
    services: Services, account: Account, item_id: str, upload: UploadFile, title: str
) -> None:
    """Put a file to a fact as evidence, where it stays: by the deputy, or by the office.

    Raises:
        UnknownThing, FileRefused
    """
    with services.state.read() as connection:
        row = procedures.row_for(
            connection, PROCEDURE, item_id, account, DutyPermission.SEE_RECORDS
        )
    if row is None or row["state"] not in SHOWN:
        raise UnknownThing(f"unknown fact {item_id[:40]}")
    subject = procedures.reference(PROCEDURE, str(row["id"]))
    files.attach(services, account, subject, upload, title)


def attached(services: Services, row: Row) -> list[Attachment]:
    """The files at a fact."""
    return files.of_subject(services, procedures.reference(PROCEDURE, str(row["id"])))


def collect(core: CoreServices) -> None:
    """The job: each fact of another room is recorded once; one whose source is no more is void
    until that is there again.
    """
    services = core.acting
    hidden = services.words("duty.records.secret")
    answer = services.words("duty.records.secret-opinion")
    secrets = {"suggestion": hidden, "signature": hidden, "opinion": answer}
    with core.state.read() as connection:
        found = repository.missing(connection, MOST_COLLECTED, secrets)
        lapsed, returned = repository.lapsed(connection), repository.returned(connection)
    for first, end in pairwise([*range(0, len(found), _AT_ONCE), len(found)]):
        _record(services, found[first:end])
    _take_all(services, lapsed, "void")
    _take_all(services, returned, "restore")


def suggested(means: Means, account: Account) -> PersonYear:
    """Of somebody whose record an account may verify, the year before this one."""
    with means.state.read() as connection:
        username = repository.first_person(connection, account)
    return PersonYear(username or "", str(int(day_of(means.now_ms())[:4]) - 1))


def freeze(means: Means, account: Account, of: PersonYear) -> Paper:
    """A person's report of a year: verified facts, and apart those that the deputy contests. It is
    for others who may verify as much: what an account sees by its name alone stays out.

    Raises:
        NotAccepted: there is no such person, or the year has not begun.
    """
    return _paper(means, replace(account, username=""), DutyPermission.VERIFY, of)


def _paper(means: Means, account: Account, by: DutyPermission, of: PersonYear) -> Paper:
    if of.first.isoformat() > day_of(means.now_ms()):
        raise NotAccepted(Fault("year", "has not begun", "choose an earlier one"), "future")
    name = People(means.state).names([of.username]).get(of.username)
    if name is None:
        fault = Fault("username", f"{of.username!r} is nobody", "write a deputy's username")
        raise NotAccepted(fault, "unreadable")
    with means.state.read() as connection:
        rows = repository.standing(connection, account, by, of)
        verifiers = repository.verifiers(connection, [row["id"] for row in rows])
        deputy = deputies.last_of_person(connection, of.username)
    unit = Units(means.state).get(deputy.delegation) if deputy else None
    lines = [Line(row, verifiers.get(row["id"], "")) for row in rows]
    return wording.paper(means, name, of.year, unit.name if unit else "", lines)


def own_report(services: Services, account: Account, of: PersonYear) -> tuple[str, bytes]:
    """The report of a person's year as the facts are now, in Word: its title, and the file. It is
    not kept.

    Raises:
        NotAccepted: there is no such person or year, or the account may not read the record.
        Busy
    """
    if not may_read(account, of.username):
        fault = Fault("username", "is not yours", "ask for your own report")
        raise NotAccepted(fault, "unreadable")
    paper = _paper(services, account, DutyPermission.SEE_RECORDS, of)
    foot = services.words(
        "duty.records.own-foot", name=account.signed, day=day_of(services.now_ms())
    )
    return paper.title, reports.as_word(services, Offered("duty", KIND), paper, foot)


def _record(services: Services, found: Sequence[Source]) -> None:
    with taking.acts(services, PROCEDURE, centre.account(services)) as acting:
        for of in found:
            if repository.has_source(acting.connection, of.key):
                continue
            given = {"kind": of.kind, "day": of.day.isoformat(), "title": of.title}
            item_id, _ = taking.begin(
                acting,
                given,
                username=of.username,
                link=of.link,
                source=of.key,
                secrecy=Secrecy.RESTRICTED,
            )
            taking.take(acting, item_id, "record", {})


def _take_all(services: Services, ids: Sequence[int], step: str) -> None:
    for first, end in pairwise([*range(0, len(ids), _AT_ONCE), len(ids)]):
        with taking.acts(services, PROCEDURE, centre.account(services)) as acting:
            for item_id in ids[first:end]:
                taking.take(acting, str(item_id), step, {})


KIND = ReportKind(
    name="duty-record",
    words="duty.records.report",
    permission=DutyPermission.VERIFY,
    parameters=PersonYear,
    suggested=suggested,
    freeze=freeze,
    template=Path(__file__).parent / "duty-record.docx",
)
