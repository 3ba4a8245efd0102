"""Register a filing: text kept, number given and receipt frozen in one transaction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from api.accounts.records import Account, Secrecy
from api.accounts.repositories.units import Units
from api.files.repository import Stored
from api.kinds.reports import Means, Paper, ReportKind
from api.platforms.documents.filings import repository, wording
from api.platforms.documents.filings.actions import filings
from api.platforms.documents.filings.procedure.filing import PROCEDURE
from api.platforms.documents.filings.records.checking import TEXT
from api.platforms.documents.filings.records.facts import (
    ReceiptOf,
    Registered,
    facts_of,
    number_of_id,
)
from api.platforms.documents.filings.repository import KeptPaper
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts import actions as texts
from api.platforms.documents.texts import repository as kept_texts
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Row
from api.procedures.taking import Acting
from api.reports import actions as reports
from api.reports.records import Draft, Extent, Offered
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of


def register(
    services: Services, account: Account, item_id: str, note: str, version: int | None
) -> Registered:
    """Register a filing; its entry. What the check names is for the clerk to weigh.

    Raises:
        UnknownFiling, NotFromHere, NotYours, ChangedMeanwhile, Incomplete, FileRefused
        NotAccepted: the text cannot be read, or its facts contradict each other.
    """
    row = filings.filing(services, account, item_id)
    with services.state.read() as connection:
        taking.check(
            Acting(services, connection, PROCEDURE, account, services.now_ms()),
            row,
            PROCEDURE.by_name["register"],
        )
        found = repository.papers(connection, row["id"])
    original = _original(services, next((of for of in found if of.code == TEXT), None))
    with taking.acts(services, PROCEDURE, account) as acting:
        entry = _entered(acting, row, original)
        number = repository.enter(acting.connection, entry, acting.at_ms)
        given = {"entry": str(number), "note": note}
        taking.take(acting, item_id, "register", given, version or row["version"])
    return entry


def _entered(acting: Acting, row: Row, original: texts.Original) -> Registered:
    connection, services, day = acting.connection, acting.services, day_of(acting.at_ms)
    text, version = _kept(acting, row, original)
    year = int(day[:4])
    number = repository.next_number(connection, year)
    account = acting.account
    entry = Registered(row["id"], year, number, text, version, 0, day, account.actor.who)
    paper = _paper(services, row, entry)
    asked = msgspec.json.encode(ReceiptOf(str(row["id"])), order="sorted").decode()
    # The receipt is the maker's, however far the clerk sees.
    extents = frozenset({Extent(row["unit"], Secrecy.OPEN)})
    draft = Draft(Offered("documents", KIND), asked, paper, extents)
    receipt = reports.keep(services, connection, draft, account.actor, account.signed)
    return replace(entry, receipt=receipt)


def _kept(acting: Acting, row: Row, original: texts.Original) -> tuple[int, int]:
    """The text of a filing with its version: a new one of what it amends, the one that is this
    very file, or the first of a new text.
    """
    connection, amends = acting.connection, number_of_id(row["amends"] or "")
    before = kept_texts.one(connection, amends) if amends is not None else None
    known = kept_texts.of_content(connection, original.stored.sha256)
    if known is not None and (before is None or known[0] == before.id):
        return known
    of = (before.id, before.version) if before else None
    text = texts.keep(connection, acting.services, acting.account, facts_of(row), original, of)
    return text, before.version + 1 if before else 1


def _original(services: Services, paper: KeptPaper | None) -> texts.Original:
    """The official text, read once more.

    Raises:
        NotAccepted: it is gone, holds a virus, is too long, or cannot be read.
    """
    if paper is None or paper.virus:
        fault = Fault("file", "is missing or holds a virus", "have it completed")
        raise NotAccepted(fault, "no-text")
    stored = Stored(paper.sha256, paper.size, paper.content_kind, paper.name)
    return texts.original(services, stored)


def _paper(means: Means, row: Row, entry: Registered) -> Paper:
    unit = Units(means.state).get(row["unit"])
    maker = unit.name if unit else row["unit"]
    issuer = means.catalogue.site.name
    return wording.receipt(means.words, issuer, maker, facts_of(row), entry)


def freeze(means: Means, account: Account, of: ReceiptOf) -> Paper:
    """The receipt of a registered filing that an account sees: the same each time.

    Raises:
        NotAccepted: there is no such filing, or it is not registered.
    """
    with means.state.read() as connection:
        row = procedures.row_for(
            connection, PROCEDURE, of.filing, account, DocumentsPermission.SEE
        )
        entry = repository.entry(connection, row["id"]) if row else None
    if row is None or entry is None:
        fault = Fault("filing", f"{of.filing[:20]!r} is not registered", "give the id of one")
        raise NotAccepted(fault, "unreadable")
    return _paper(means, row, entry)


def suggested(_means: Means, _account: Account) -> ReceiptOf:
    """No filing in particular: receipts are made with the registration."""
    return ReceiptOf()


KIND = ReportKind(
    name="filing-receipt",
    words="documents.receipt",
    permission=DocumentsPermission.SEE,
    parameters=ReceiptOf,
    suggested=suggested,
    freeze=freeze,
    template=Path(__file__).parent.parent / "filing-receipt.docx",
    empty=lambda means: wording.receipt(means.words, "", "", None, None),
)
