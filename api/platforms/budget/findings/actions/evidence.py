"""Files that a unit puts to a finding while it explains or rectifies. Whoever sees it sees them;
what went with an explanation or a report stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import UploadFile

from api.accounts.records import Account
from api.files import actions as files
from api.files.repository import Attachment
from api.platforms.budget.findings.procedure import PROCEDURE
from api.platforms.budget.findings.records import ANSWERED_BY
from api.ports import Reference
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.events import standing
from api.procedures.procedure import Row
from api.procedures.refusals import StepRefused, UnknownThing
from api.procedures.taking import Acting
from api.services import Services


def attach(
    services: Services, account: Account, item_id: str, upload: UploadFile, title: str = ""
) -> int:
    """Put a file to a finding; the same content once more is the one that is there.

    Raises:
        UnknownThing, NotFromHere, NotYours, FileRefused
    """
    subject = _reference(_answering(services, account, item_id))
    stored = files.receiver(services).received(upload.filename or "", upload.file)
    for one in files.of_subject(services, subject):
        if one.sha256 == stored.sha256:
            return one.id
    with services.state.begin() as connection:
        made = files.attach_stored(services, connection, account, subject, stored, title)
    if stored.verdict.scan == "infected":
        files.tell_infected(services, made)
    return made


def detach(
    services: Services, account: Account, item_id: str, attachment_id: int, why: str
) -> None:
    """Take out a file that no step went with yet; nothing where there is none such.

    Raises:
        UnknownThing, NotFromHere, NotYours
    """
    row = _answering(services, account, item_id)
    for one in removable(services, account, row):
        if one.id == attachment_id:
            files.remove(services, account, one, why)


def of_finding(services: Services, row: Row) -> list[Attachment]:
    """The files at a finding that somebody sees, in the order in which they came."""
    return files.of_subject(services, _reference(row))


def removable(services: Services, account: Account, row: Row) -> Sequence[Attachment]:
    """Files that somebody may take out again: those that came behind the last step that stands."""
    if not answers(services, account, row):
        return ()
    with services.state.read() as connection:
        events = standing(procedures.events(connection, PROCEDURE, str(row["id"])))
    return [of for of in of_finding(services, row) if of.added_ms >= events[-1].at_ms]


def answers(services: Services, account: Account, row: Row) -> bool:
    """Whether it is somebody's turn to explain or to rectify."""
    try:
        _answering(services, account, str(row["id"]))
    except StepRefused:
        return False
    return True


def _answering(services: Services, account: Account, item_id: str) -> Row:
    """The row of a finding that the account is to answer now."""
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
        if row is None:
            raise UnknownThing(f"unknown finding {item_id[:40]}")
        name = ANSWERED_BY.get(row["state"], next(iter(ANSWERED_BY.values())))
        acting = Acting(services, connection, PROCEDURE, account, services.now_ms())
        taking.check(acting, row, PROCEDURE.by_name[name])
    return row


def _reference(row: Row) -> Reference:
    return procedures.reference(PROCEDURE, str(row["id"]))
