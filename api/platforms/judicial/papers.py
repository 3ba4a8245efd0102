"""Papers at things of the platform: put by whoever's turn it is, the same one once, and under a
name that names nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from starlette.datastructures import UploadFile

from api.accounts.permission import Permission
from api.accounts.records import Account
from api.files import actions as files
from api.files.repository import Attachment
from api.procedures import repository
from api.procedures.pages import Attaching
from api.procedures.part import Part, part_of
from api.procedures.procedure import Procedure, Row
from api.procedures.refusals import NotFromHere
from api.services import Services


def at_turn(part: Part) -> bool:
    """Whether it is the reader's turn, who then puts papers to the thing."""
    return any(of.own for of in part.following)


def acting_on(services: Services, account: Account, procedure: Procedure, item_id: str) -> Row:
    """The row of a thing of which it is somebody's turn.

    Raises:
        UnknownThing
        StepRefused: why it is not.
    """
    part = part_of(services, account, procedure, item_id)
    if not at_turn(part):
        against = next((of.against for of in part.following if of.against), None)
        raise against or NotFromHere(procedure, procedure.first, part.row["state"])
    return part.row


@dataclass(frozen=True, slots=True)
class Papers(Attaching):
    """Papers of whoever's turn it is, in whatever state."""

    states: Collection[str] = ()
    permissions: Collection[Permission] = ()

    def at(self, services: Services, row: Row) -> Sequence[Attachment]:
        """The papers at a thing, in the order in which they came."""
        return files.of_subject(services, repository.reference(self.procedure, str(row["id"])))

    def attach(
        self,
        services: Services,
        account: Account,
        item_id: str,
        upload: UploadFile,
        title: str = "",
    ) -> int:
        """Put a paper to a thing; its id. The same content once more is the one that is there.

        Raises:
            UnknownThing, FileRefused
            StepRefused: it is somebody else's turn, or its name or title names somebody.
        """
        row = acting_on(services, account, self.procedure, item_id)
        self.procedure.texts({"file": upload.filename or "", "title": title})
        stored = files.receiver(services).received(upload.filename or "", upload.file)
        for one in self.at(services, row):
            if one.sha256 == stored.sha256:
                return one.id
        subject = repository.reference(self.procedure, str(row["id"]))
        with services.state.begin() as connection:
            made = files.attach_stored(services, connection, account, subject, stored, title)
        if stored.verdict.scan == "infected":
            files.tell_infected(services, made)
        return made
