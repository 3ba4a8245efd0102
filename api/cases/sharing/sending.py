"""Share a case with a congress above or below, and enter its receipt."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from sqlalchemy.engine import Connection

from api import items
from api.accounts.records import Account, Secrecy
from api.cases import repository as cases
from api.cases.changing import audited
from api.cases.procedure import PROCEDURE
from api.cases.records import LONGEST_WHY
from api.cases.sharing import archive, repository
from api.cases.sharing.access import (
    HoldsSecrets,
    kept_case,
    known,
    reason_for,
    roster_of,
    share_of,
)
from api.cases.sharing.records import (
    LONGEST_NAME,
    MOST_RECEIPT,
    SCHEMA,
    SHEET,
    VERSION,
    KeptResult,
    Listed,
    Packed,
    Receipt,
    Received,
    Receiver,
    Refused,
    Share,
    SharedCase,
    SharedFile,
    Sheet,
    Signed,
    check_fits,
    hash_of,
    openness_of,
    returned,
    text,
    written,
)
from api.cases.story import actions as story
from api.cases.story import telling, wording
from api.packages import archive as packages
from api.procedures import repository as procedures
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.reports import actions as reports
from api.reports.records import body_of
from api.services import Services
from api.web.declared import Declared
from api.web.forms import NotAccepted
from config.vocabulary.time import day_of

SHARED = "case.share"
SIGNED = "case.share-signed"
MEDIA = "application/zip"


class SignedAlready(Declared):
    """Another receipt of the share was entered before."""

    status = 409
    words = "cases.sharing.refused-signed"


class TooLarge(Declared):
    """The package would be larger than one may be."""

    status = 409
    words = "cases.sharing.refused-large"


@dataclass(frozen=True, slots=True)
class Wish:
    """A case is to be shared: with whom, by id, and why. ``internal_why`` says why internal things
    go along; empty where they may not.
    """

    receiver: int
    reason: str
    internal_why: str = ""


@dataclass(frozen=True, slots=True)
class Sharing:
    """All that was shared of a case with the results that the reader may know, by share, the
    package of which it was opened, and whether the reader may share it.
    """

    row: Row
    shares: Sequence[Share]
    results: Mapping[int, Sequence[KeptResult]]
    received: Received | None
    shareable: bool


def of_case(services: Services, account: Account, item_id: str) -> Sharing:
    """All that was shared of a case on which an account may act.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = kept_case(connection, account, item_id)
        return Sharing(
            row,
            repository.shares(connection, row["id"]),
            repository.results_of_case(connection, account, row["id"]),
            repository.received_of_case(connection, account, row["id"]),
            repository.case_to_share(connection, account, item_id) is not None,
        )


def share(services: Services, account: Account, item_id: str, wish: Wish) -> int:
    """Pack a case for a receiver, and keep the package; the id of the share. ``services`` are
    those of the site.

    Raises:
        UnknownThing: it is no case on which they decide, or it was dropped.
        HoldsSecrets, TooLarge
        Refused: a field does not hold; or internal things would go along, and nobody says why.
        Busy: see :func:`api.reports.actions.as_word`.
    """
    reason = text("reason", wish.reason, LONGEST_WHY)
    with services.state.read() as connection:
        row = repository.case_to_share(connection, account, item_id)
        receiver = repository.receiver(connection, wish.receiver)
    if row is None:
        raise UnknownThing(f"no case {item_id[:40]} that they share")
    if receiver is None:
        raise Refused("receiver", "is none of the list; choose one", "receiver")
    parts, secrecy = known(services, account, row)
    internal_why = reason_for(secrecy, wish.internal_why)
    files = _files(services, parts, secrecy, receiver)
    packed = packages.packed(files)
    if len(packed) > archive.MOST_PACKED - archive.MOST_SHEET:
        raise TooLarge(f"{len(packed)} bytes")
    listed = tuple(SharedFile(name, len(of), hash_of(of)) for name, of in sorted(files.items()))
    with services.state.begin() as connection:
        if cases.secrecy(connection, row["id"]) > secrecy:
            raise HoldsSecrets(0)
        at_ms = services.now_ms()
        sheet = _sheet(services, row, receiver, reason, listed, at_ms, secrecy)
        number = repository.next_number(connection, sheet.day.year)
        sheet = msgspec.structs.replace(sheet, number=number)
        kept = Packed(sheet, hash_of(written(sheet)), packed)
        return _keep(connection, account, row, receiver, kept, internal_why, at_ms)


def package(
    services: Services, account: Account, item_id: str, share_id: int
) -> tuple[str, bytes]:
    """The name and the content of the zip of a share: for whoever decides on the case and may read
    all that is in it.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = repository.case_to_share(connection, account, item_id)
        if row is None:
            raise UnknownThing(f"no case {item_id[:40]} that they share")
        of = share_of(connection, row, share_id)
        joined = cases.joined(connection, row["id"])
        files = repository.files_of_share(connection, of.id)
    sums = {one.sha256 for one in of.sheet.files}
    for one in joined:
        frozen, own = one.kept.frozen, one.kept.who == account.username
        if frozen.hash in sums and not items.readable(
            roster_of(services), services, account, frozen, own=own
        ):
            raise UnknownThing(f"share {of.sheet.number} holds things that they may not read")
    return f"share-{of.sheet.number}.zip", packages.packed({SHEET: written(of.sheet)}, files)


def sign(services: Services, account: Account, item_id: str, share_id: int, body: bytes) -> None:
    """Enter the receipt of a share; the same one again changes nothing.

    Raises:
        UnknownThing
        Refused: the receipt is none, or of another package, with the field.
        SignedAlready
    """
    receipt = returned(body, Receipt, "receipt", MOST_RECEIPT)
    with services.state.begin() as connection:
        row = kept_case(connection, account, item_id)
        of = share_of(connection, row, share_id)
        at_ms = services.now_ms()
        check_fits(of, receipt, at_ms)
        if of.signed is not None:
            if of.signed == Signed(receipt.taken_ms, receipt.taker, receipt.centre):
                return
            raise SignedAlready(f"share {of.sheet.number} was signed for")
        repository.add_receipt(connection, of.id, receipt, who=account.username, at_ms=at_ms)
        detail = {"share": of.sheet.number, "taker": receipt.taker, "centre": receipt.centre}
        audited(connection, account, SIGNED, f"case/{row['id']}", detail, at_ms)


def _files(
    services: Services, parts: telling.Parts, secrecy: Secrecy, receiver: Listed
) -> dict[str, bytes]:
    with services.state.read() as connection:
        events = procedures.events(connection, PROCEDURE, str(parts.row["id"]))
    facts = wording.Facts(parts, telling.story_of(services, parts), events, secrecy)
    paper = wording.paper(services, facts)
    foot = services.words("cases.sharing.foot", receiver=receiver.name)
    try:
        word = reports.as_word(services, story.OFFERED, paper, foot)
    except NotAccepted as refused:
        raise Refused("report", f"{refused}", "template") from refused
    report = {archive.WORD: word, archive.REPORT: body_of(paper).encode()}
    return story.contents(parts.row, parts, report)


def _sheet(
    services: Services,
    row: Row,
    receiver: Listed,
    reason: str,
    files: tuple[SharedFile, ...],
    at_ms: int,
    secrecy: Secrecy,
) -> Sheet:
    """Without its number."""
    return Sheet(
        SCHEMA,
        VERSION,
        uuid.uuid4().hex,
        "",
        services.catalogue.site.name[:LONGEST_NAME],
        Receiver(receiver.name, receiver.level),
        date.fromisoformat(day_of(at_ms)),
        reason,
        openness_of(secrecy),
        SharedCase(row["number"], row["title"], row["matter"]),
        files,
    )


def _keep(
    connection: Connection,
    account: Account,
    row: Row,
    receiver: Listed,
    kept: Packed,
    internal_why: str | None,
    at_ms: int,
) -> int:
    made = repository.add_share(
        connection,
        row["id"],
        receiver.id,
        kept,
        internal_why=internal_why,
        who=account.username,
        at_ms=at_ms,
    )
    detail = {"share": kept.sheet.number, "receiver": receiver.name, "sheet": kept.hash}
    audited(connection, account, SHARED, f"case/{row['id']}", detail, at_ms)
    return made
