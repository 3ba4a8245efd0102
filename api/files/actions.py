"""Actions on files, for platforms to call: receive, attach, remove, see what is hidden. The audit
stands in the same transaction.
"""

from __future__ import annotations

from fastapi import Request, UploadFile
from sqlalchemy.engine import Connection

from api import audit, items
from api.accounts.records import Account
from api.authentication.requests import account_of
from api.bodies import MAX_BODY_BYTES
from api.files import indexing
from api.files.contents import Contents
from api.files.notices import Notices
from api.files.receiving import Receiver
from api.files.repository import Attachment, Files, Stored
from api.ports import Reference
from api.search.index import Entry
from api.services import Services
from api.shape import Platform

LONGEST_TITLE = 200


def most_body_bytes(request: Request) -> int:
    """The bound of a form with a file in it, for :func:`api.bodies.larger`. From somebody who has
    not signed in no file is read at all.
    """
    if account_of(request) is None:
        return MAX_BODY_BYTES
    services: Services = request.app.state.services
    return services.attachments.most_bytes + MAX_BODY_BYTES


def files(services: Services) -> Files:
    """Every file of the site."""
    return Files(services.state, Contents(services.files))


def receiver(services: Services) -> Receiver:
    """The parts that receive a file."""
    return Receiver(Contents(services.files), services.attachments, services.now_ms)


def attach(
    services: Services,
    account: Account,
    subject: Reference,
    upload: UploadFile,
    title: str = "",
    found_as: Entry | None = None,
) -> int:
    """Receive a file and attach it to a thing that the account may change, as the caller knows.
    Its text is found with the marks of ``found_as``, the thing's own entry in the search.

    Raises:
        FileRefused
    """
    stored = receiver(services).received(upload.filename or "", upload.file)
    with services.state.begin() as connection:
        attachment_id = attach_stored(services, connection, account, subject, stored, title)
    if stored.verdict.scan == "infected":
        tell_infected(services, attachment_id)
    if found_as:
        index(services, found_as)
    return attachment_id


def attach_stored(
    services: Services,
    connection: Connection,
    account: Account,
    subject: Reference,
    stored: Stored,
    title: str = "",
) -> int:
    """Attach what was received, in the caller's transaction.

    Raises:
        ContentGone
    """
    by, at_ms = account.actor, services.now_ms()
    made = files(services).attach(
        connection, subject, stored, by, at_ms, " ".join(title.split())[:LONGEST_TITLE]
    )
    audit.record(
        connection,
        by=by,
        action="files.attached",
        subject=_named(subject),
        detail=f"{made} {stored.name} {stored.sha256}",
        at_ms=at_ms,
    )
    return made


def index(services: Services, found_as: Entry) -> None:
    """Put all files of a thing into the search, where they are found as the thing is: after files
    came, and after the marks of the thing changed.
    """
    attached = of_subject(services, found_as.subject)
    indexing.put(services.state, indexing.entries(receiver(services), found_as, attached))


def tell_infected(services: Services, attachment_id: int) -> None:
    """A virus was found in what came just now."""
    with services.state.read() as connection:
        attachment = files(services).one(connection, attachment_id)
    if attachment is None:
        return
    notices = Notices(services.state, services.roles, services.words, services.now_ms)
    readers = notices.readers(attachment)
    with services.state.begin() as connection:
        notices.infected(connection, attachment, readers)


def of_subject(services: Services, subject: Reference) -> list[Attachment]:
    """The files at a thing that the account sees, as the caller knows."""
    with services.state.read() as connection:
        return files(services).of_subject(connection, subject)


def visible(
    roster: tuple[Platform, ...], services: Services, account: Account, attachment_id: int
) -> Attachment | None:
    """An attachment of a thing that an account sees; None where there is none such."""
    with services.state.read() as connection:
        found = files(services).one(connection, attachment_id)
    if found is None or found.removed_ms is not None:
        return None
    return found if items.read(roster, services, account, found.subject) else None


def is_served(services: Services, attachment: Attachment) -> bool:
    """Whether its content is handed out: no virus is known, and where somebody scans, none was
    found.
    """
    settings = services.attachments
    waits = attachment.scan == "unscanned" and settings.clamd and not settings.serve_unscanned
    return attachment.scan != "infected" and not waits


def remove(services: Services, account: Account, attachment: Attachment, why: str) -> None:
    """Take a file from a thing that the account may change, as the caller knows."""
    by, at_ms = account.actor, services.now_ms()
    found = indexing.count(receiver(services), attachment)
    with services.state.begin() as connection:
        indexing.remove(connection, services.state, attachment, found)
        if files(services).remove(connection, attachment.id, by, at_ms, why):
            audit.record(
                connection,
                by=by,
                action="files.removed",
                subject=_named(attachment.subject),
                detail=f"{attachment.id} {attachment.name}: {why}",
                at_ms=at_ms,
            )


def see_hidden(services: Services, account: Account, attachment: Attachment) -> None:
    """Somebody has seen what a file hides."""
    by, at_ms = account.actor, services.now_ms()
    with services.state.begin() as connection:
        if files(services).see_hidden(connection, attachment.id, by, at_ms):
            audit.record(
                connection,
                by=by,
                action="files.hidden-seen",
                subject=_named(attachment.subject),
                detail=f"{attachment.id} {attachment.name}",
                at_ms=at_ms,
            )


def _named(subject: Reference) -> str:
    return f"{subject.platform}/{subject.kind}/{subject.id}"
