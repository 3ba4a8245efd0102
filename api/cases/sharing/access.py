"""On which cases, shares and packages somebody acts, and how far a case may be known elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy.engine import Connection

from api.accounts.records import Account, Secrecy
from api.cases import repository as cases
from api.cases.permission import CasePermission
from api.cases.records import LONGEST_WHY
from api.cases.sharing import repository
from api.cases.sharing.records import Received, Refused, Share, text
from api.cases.story import telling
from api.cases.tables import OPENNESS
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.services import Services
from api.shape import Platform
from api.web.declared import Declared
from config.catalogue.words import Words


class HoldsSecrets(Declared):
    """Things of the case are restricted, or not seen by whoever would share it: ``hidden`` says
    how many; 0 where the case itself is restricted.
    """

    status = 409

    def __init__(self, hidden: int) -> None:
        super().__init__(f"{hidden} things are restricted or hidden", hidden=hidden)
        self.hidden = hidden

    def said(self, words: Words) -> str:
        """With how many, and the remedy."""
        if not self.hidden:
            return words("cases.sharing.refused-restricted")
        return words("cases.sharing.refused-hidden", n=self.hidden)


def kept_case(connection: Connection, account: Account, item_id: str) -> Row:
    """The row of a case on which an account may act.

    Raises:
        UnknownThing
    """
    row = cases.case_to_keep(connection, account, item_id)
    if row is None:
        raise UnknownThing(f"no case {item_id[:40]} that they keep")
    return row


def share_of(connection: Connection, row: Row, share_id: int) -> Share:
    """One of the shares of a case.

    Raises:
        UnknownThing
    """
    shares = repository.shares(connection, row["id"])
    found = next((of for of in shares if of.id == share_id), None)
    if found is None:
        raise UnknownThing(f"no share {share_id} of case {row['number']}")
    return found


def received_of(connection: Connection, account: Account, received: int) -> Received:
    """A package that came and that an account may see.

    Raises:
        UnknownThing
    """
    found = repository.one_received(connection, account, received)
    if found is None:
        raise UnknownThing(f"no package {received}")
    return found


def known(services: Services, account: Account, row: Row) -> tuple[telling.Parts, Secrecy]:
    """All of a case that its receiver may know, and how far. Things that were taken out, and other
    shares, are left out. A thing that is gone may have become a secret: it counts as hidden.

    Raises:
        HoldsSecrets
    """
    reaches = tuple(of for of in account.reaches if CasePermission.DECIDE in of.permissions)
    roster = roster_of(services)
    own = telling.parts(roster, services, replace(account, reaches=reaches), row)
    whole = telling.parts(roster, services, account, row)
    secrecy, hidden = OPENNESS[row["openness"]], whole.hidden
    for of, shown in whole.belonging:
        now = shown.copy.now
        strictest = max(of.kept.frozen.secrecy, now.secrecy if now else Secrecy.RESTRICTED)
        hidden += strictest == Secrecy.RESTRICTED
        secrecy = max(secrecy, strictest)
    if hidden or secrecy == Secrecy.RESTRICTED:
        raise HoldsSecrets(hidden)
    return replace(own, things=whole.belonging, hidden=0, shares=()), secrecy


def reason_for(secrecy: Secrecy, why: str) -> str | None:
    """The reason why internal things leave this centre; None where nothing is internal.

    Raises:
        Refused: nobody says why, or at too great length.
    """
    if secrecy == Secrecy.OPEN:
        return None
    if not why.strip():
        raise Refused("internal_why", "internal things need a reason; say why", "internal")
    return text("internal_why", why, LONGEST_WHY)


def roster_of(services: Services) -> Sequence[Platform]:
    """All platforms."""
    return cast(Sequence[Platform], services.roster)
