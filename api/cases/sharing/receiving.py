"""Take in packages of other centres, give receipts, and open cases of what came."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from fastapi import Request

from api.accounts.records import Account
from api.authentication.requests import account_of
from api.bodies import MAX_BODY_BYTES
from api.cases import repository as cases
from api.cases.changing import audited
from api.cases.procedure import PROCEDURE
from api.cases.records import LONGEST_TEXT
from api.cases.sharing import archive, repository
from api.cases.sharing.access import received_of
from api.cases.sharing.archive import Package
from api.cases.sharing.records import (
    LONGEST_NAME,
    RECEIPT_SCHEMA,
    VERSION,
    Packed,
    Receipt,
    Received,
    Refused,
    hash_of,
    written,
)
from api.packages.archive import NotAPackage
from api.procedures import taking
from api.services import Services
from config.vocabulary.time import ZONE

TAKEN = "case.received"
OPENED = "case.of-received"


class PackageRefused(Refused):
    """A package that is not taken in, with the file in it."""

    def __init__(self, refused: NotAPackage) -> None:
        why = f"{refused}; ask its sender for another"
        super().__init__("package", why, f"package-{refused.why}", file=refused.file)


@dataclass(frozen=True, slots=True)
class Opened:
    """A package that came, with all that is in it."""

    received: Received
    package: Package


def listed(services: Services, account: Account, page: int) -> tuple[Sequence[Received], int]:
    """A page of the packages that came, the newest first, and how many there are."""
    with services.state.read() as connection:
        return repository.received(connection, account, page)


def every(services: Services, account: Account, most: int) -> Sequence[Received]:
    """Packages that came, ``most`` at most."""
    with services.state.read() as connection:
        return repository.received(connection, account, 1, most)[0]


def take_in(services: Services, account: Account, source: BinaryIO) -> int:
    """Keep a package, after everything in it was checked; its id. The same package again is the
    same row.

    Raises:
        PackageRefused: with the file that does not hold.
        Refused: another package has its id.
    """
    content = source.read(archive.MOST_PACKED + 1)
    if len(content) > archive.MOST_PACKED:
        raise PackageRefused(NotAPackage("large"))
    try:
        package = archive.opened(io.BytesIO(content))
    except NotAPackage as refused:
        raise PackageRefused(refused) from refused
    kept = Packed(package.sheet, hash_of(package.body), content)
    with services.state.begin() as connection:
        known = repository.hash_of_key(connection, package.sheet.id)
        if known is not None:
            if known[1] != kept.hash:
                raise Refused("id", "is that of another package; ask its sender", "key")
            return known[0]
        at_ms, who = services.now_ms(), account.username
        taker = account.signed[:LONGEST_NAME]
        made = repository.add_received(connection, kept, taker=taker, who=who, at_ms=at_ms)
        detail = {"sender": kept.sheet.sender, "share": kept.sheet.number, "sheet": kept.hash}
        audited(connection, account, TAKEN, f"received/{made}", detail, at_ms)
    return made


def one(services: Services, account: Account, received: int) -> Opened:
    """A package that came, opened.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        found = received_of(connection, account, received)
        files = repository.files_of_received(connection, received)
    return Opened(found, archive.opened(io.BytesIO(files)))


def receipt(services: Services, account: Account, received: int) -> bytes:
    """receipt.json of a package that came; ``services`` are those of the site.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        of = received_of(connection, account, received)
    centre = services.catalogue.site.name[:LONGEST_NAME]
    return written(
        Receipt(RECEIPT_SCHEMA, VERSION, of.sheet.id, of.hash, of.at_ms, of.taker, centre)
    )


def open_case(services: Services, account: Account, received: int) -> int:
    """Open a case of a package that came; its id, also where somebody opened it before. The case
    is internal: the office opens it wider if it may be. ``services`` are those of the site.

    Raises:
        UnknownThing
        Incomplete, NotYours
    """
    year = datetime.fromtimestamp(services.now_ms() / 1000, ZONE).year
    with taking.acts(services, PROCEDURE, account) as acting:
        of = received_of(acting.connection, account, received)
        if of.case_id is not None:
            return of.case_id
        came = services.words(
            "cases.sharing.matter",
            sender=of.sheet.sender,
            number=of.sheet.case.number,
            day=f"{of.sheet.day}",
            reason=of.sheet.reason,
            matter=of.sheet.case.matter,
        )
        matter = came[:LONGEST_TEXT]
        given = {"title": of.sheet.case.title, "matter": matter, "openness": "internal"}
        number = cases.next_number(acting.connection, year)
        item_id, _ = taking.begin(acting, given, number=number, opened_ms=acting.at_ms)
        case_id, who = int(item_id), account.username
        repository.add_case(acting.connection, received, case_id, who=who, at_ms=acting.at_ms)
        detail = {"case": number}
        subject = f"received/{received}"
        audited(acting.connection, account, OPENED, subject, detail, acting.at_ms)
    return case_id


def most_body_bytes(request: Request) -> int:
    """The bound of a form with a package in it; of somebody who has not signed in none is read."""
    return MAX_BODY_BYTES + (archive.MOST_PACKED if account_of(request) else 0)
