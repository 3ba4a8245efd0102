"""Packages for the province's platform, where filing is done officially, and its receipts."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from typing import BinaryIO, Literal

from fastapi import Request
from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.authentication.requests import account_of
from api.bodies import MAX_BODY_BYTES
from api.files import actions as files
from api.files.contents import Contents
from api.files.receiving import FileRefused
from api.packages.archive import NotAPackage
from api.platforms.documents.filings import repository, wording
from api.platforms.documents.filings.actions import filings
from api.platforms.documents.filings.actions.checklists import checklists
from api.platforms.documents.filings.actions.filings import Came
from api.platforms.documents.filings.procedure.filing import PROCEDURE
from api.platforms.documents.filings.records import archive
from api.platforms.documents.filings.records.archive import (
    Manifest,
    Packed,
    PackedFacts,
    PackedFile,
    PackedReceipt,
)
from api.platforms.documents.filings.records.checking import TEXT
from api.platforms.documents.filings.records.facts import (
    LONGEST_LINK,
    LONGEST_OFFICIAL,
    PRIVATE,
    NotOpen,
    Official,
)
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts.records import KINDS
from api.procedures import taking
from api.procedures.procedure import Row
from api.services import Services
from api.web.forms import NotAccepted, day
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of

_IN_MEMORY = 4_000_000
_FACTS = ("kind", "title", "number", "passed", "published", "in_force", "valid_until", "basis")


Source = Literal["typed", "package"]


class PackageRefused(NotAccepted):
    """A package that is not taken in; ``values`` name the file in it."""

    def __init__(self, refused: NotAPackage, detail: str = "") -> None:
        what = f"{refused}" + (f": {detail}" if detail else "")
        fault = Fault("package", what, "have it made anew where it comes from")
        super().__init__(fault, f"package-{refused.why}", file=refused.file, said=detail)


def pack(services: Services, account: Account, item_id: str) -> BinaryIO:
    """A filing as a package, at its beginning: for its maker and the office.

    Raises:
        UnknownFiling, NotOpen
    """
    found = filings.shown(services, account, item_id)
    if not (found.of_maker or found.checks):
        raise NotOpen("packages are for the maker and the office")
    contents, row = Contents(services.files), found.row
    packed = []
    for at, of in enumerate((of for of in found.papers if not of.virus), 1):
        end = of.name.rpartition(".")[2].lower()
        known = end if end.isascii() and end.isalnum() and len(end) <= 5 else "bin"
        path = f"papers/{at:02}-{of.code}.{known}"
        file = PackedFile(path, of.code, of.name, of.size, of.sha256)
        packed.append(Packed(file, contents.path(of.sha256)))
    official = found.official
    registered = wording.register_number(services.words, found.entry) if found.entry else ""
    manifest = Manifest(
        archive.SCHEMA,
        archive.VERSION,
        _facts(services, row),
        tuple(of.file for of in packed),
        PackedReceipt(official.number, official.day, official.link) if official else None,
        registered,
    )
    target = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller reads it
    archive.write(target, manifest, packed)  # type: ignore[arg-type]
    target.seek(0)
    return target  # type: ignore[return-value]


def take_in(services: Services, account: Account, unit: str, file: BinaryIO) -> str:
    """Begin a filing out of a package, with its papers and its official receipt; its id.

    Raises:
        PackageRefused: with the file that does not hold.
        NotAccepted: the unit is none of the account's, or the facts do not hold.
        Incomplete, TermNotInForce
    """
    filings.check_maker(services, account, unit)
    try:
        with archive.opened(file) as package:
            facts, official = package.manifest.filing, package.manifest.official
            _check_kind(facts)
            came = [_came(services, package, of) for of in package.manifest.files]
    except NotAPackage as refused:
        raise PackageRefused(refused) from refused
    given = {name: getattr(facts, name) for name in _FACTS}
    receipt = _checked(services, account, official, "package") if official else None
    with taking.acts(services, PROCEDURE, account) as acting:
        way = filings.way_of(services, account, unit)
        item_id, _ = taking.begin(acting, given, unit=unit, secrecy=0, way=way)
        made = [
            (filings.attach_came(services, acting.connection, account, item_id, one), one)
            for one in came
        ]
        if receipt:
            _keep(acting.connection, account, int(item_id), receipt)
    for attachment, one in made:
        if one.infected:
            files.tell_infected(services, attachment)
    return item_id


def official(services: Services, account: Account, item_id: str, given: Mapping[str, str]) -> None:
    """Write the receipt of the province's platform: ``number``, ``day`` and ``link``.

    Raises:
        UnknownFiling, NotOpen
        NotAccepted: a field does not hold.
    """
    said = {name: given.get(name, "").strip() for name in ("number", "day", "link")}
    row = _ours(services, account, item_id)
    packed = PackedReceipt(said["number"], said["day"], said["link"])
    receipt = _checked(services, account, packed, "typed")
    with services.state.begin() as connection:
        _keep(connection, account, row["id"], receipt)


def official_of(services: Services, account: Account, item_id: str, file: BinaryIO) -> None:
    """Read the receipt of the province's platform from a package of this very document.

    Raises:
        UnknownFiling, NotOpen
        PackageRefused
        NotAccepted: the package has no receipt, or is of another document.
    """
    row = _ours(services, account, item_id)
    with services.state.read() as connection:
        own = {of.sha256 for of in repository.papers(connection, row["id"]) if of.code == TEXT}
    try:
        with archive.opened(file) as package:
            manifest = package.manifest
    except NotAPackage as refused:
        raise PackageRefused(refused) from refused
    if not own & {of.sha256 for of in manifest.files if of.paper == TEXT}:
        fault = Fault("package", "is of another document", "send that of this one")
        raise NotAccepted(fault, "package-other")
    if manifest.official is None:
        fault = Fault("package", "has no official receipt", "type its number")
        raise NotAccepted(fault, "package-none")
    receipt = _checked(services, account, manifest.official, "package")
    with services.state.begin() as connection:
        _keep(connection, account, row["id"], receipt)


def _facts(services: Services, row: Row) -> PackedFacts:
    days = {name: row[name].isoformat() if row[name] else "" for name in _FACTS[3:7]}
    return PackedFacts(
        row["unit"],
        filings.names(services).get(row["unit"], ""),
        row["kind"],
        row["title"],
        row["number"] or "",
        basis=row["basis"] or "",
        **days,
    )


def _check_kind(facts: PackedFacts) -> None:
    if facts.kind not in KINDS:
        raise NotAPackage("manifest", archive.MANIFEST)


def _came(services: Services, package: archive.Package, of: PackedFile) -> Came:
    """A paper of a package as any other is received: known by its content, scanned and read."""
    if of.paper not in checklists(services.district).papers:
        raise NotAPackage("manifest", of.path)
    try:
        with package.content(of) as content:
            return filings.received(services, of.paper, of.name, content)
    except FileRefused as refused:
        said = refused.said(services.words)
        raise PackageRefused(NotAPackage("file", of.name[:100]), said) from refused


def _ours(services: Services, account: Account, item_id: str) -> Row:
    row = filings.filing(services, account, item_id)
    with services.state.read() as connection:
        ours = any(
            filings.in_hands(connection, row, account, of)
            for of in (DocumentsPermission.FILE, DocumentsPermission.CHECK)
        )
    if not ours or row["state"] in PRIVATE:
        raise NotOpen("the receipt is for the maker and the office, once the filing was sent")
    return row


def _checked(
    services: Services, account: Account, given: PackedReceipt, source: Source
) -> Official:
    if not given.number or len(given.number) > LONGEST_OFFICIAL:
        fault = Fault("number", "is missing or long", f"give {LONGEST_OFFICIAL} signs at most")
        raise NotAccepted(fault, "official-number", n=LONGEST_OFFICIAL)
    if given.link and (len(given.link) > LONGEST_LINK or not archive.is_link(given.link)):
        fault = Fault("link", "is no https address", "copy it from the province's platform")
        raise NotAccepted(fault, "link")
    at_ms = services.now_ms()
    on = day("day", given.day) or day_of(at_ms)
    if on > day_of(at_ms):
        raise NotAccepted(Fault("day", "lies ahead", "give the day of the receipt"), "day-ahead")
    return Official(given.number, given.link, on, source, account.actor.who, at_ms)


def _keep(connection: Connection, account: Account, filing: int, of: Official) -> None:
    repository.add_official(connection, filing, of)
    audit.record(
        connection,
        by=account.actor,
        action="documents.official-receipt",
        subject=f"documents/filing/{filing}",
        detail=f"{of.source} {of.number} {of.link}".strip(),
        at_ms=of.at_ms,
    )


def most_body_bytes(request: Request) -> int:
    """The bound of a form with a package in it; of somebody who has not signed in none is read."""
    if account_of(request) is None:
        return MAX_BODY_BYTES
    services: Services = request.app.state.services
    most = min(archive.MOST_UNPACKED, 6 * services.attachments.most_bytes)
    return most + MAX_BODY_BYTES
