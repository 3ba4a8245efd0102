"""Hand registered documents out to committees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from api.accounts.records import Account
from api.platforms.documents.filings import repository
from api.platforms.documents.filings.actions import filings
from api.platforms.documents.filings.actions.checklists import committees
from api.platforms.documents.filings.procedure.filing import PROCEDURE
from api.platforms.documents.filings.procedure.handout import PROCEDURE as HANDOUT
from api.platforms.documents.filings.records.facts import REGISTERED
from api.procedures import taking
from api.procedures.procedure import Row
from api.procedures.refusals import NotFromHere
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault


def distribute(
    services: Services, account: Account, item_id: str, units: Sequence[str], version: int | None
) -> Sequence[str]:
    """Hand a registered document out to committees that do not have it; the ids of the hand-outs.

    Raises:
        UnknownFiling, NotFromHere, NotYours, ChangedMeanwhile
        NotAccepted: nobody was chosen, or a unit is no committee.
    """
    row = filings.filing(services, account, item_id)
    known = {of.unit for of in committees(services, row["kind"])}
    chosen = list(dict.fromkeys(units))
    if not chosen or not set(chosen) <= known:
        fault = Fault("units", "names no committee", f"give some of {sorted(known)}")
        raise NotAccepted(fault, "units")
    step = PROCEDURE.by_name["distribute"]
    with taking.acts(services, PROCEDURE, account) as acting:
        if row["state"] not in REGISTERED:
            raise NotFromHere(PROCEDURE, step, row["state"])
        there = repository.handouts(acting.connection, row["id"])
        has = {of["unit"] for of in there if of["state"] != "recalled"}
        handing = replace(acting, procedure=HANDOUT)
        values = {"filing": row["id"], "title": row["title"], "secrecy": row["secrecy"]}
        made = [
            taking.begin(handing, {"unit": unit}, **values)[0]
            for unit in chosen
            if unit not in has
        ]
        if row["state"] == "registered":
            taking.take(acting, item_id, "distribute", {}, version or row["version"])
    return made


def seen(services: Services, account: Account) -> Sequence[Row]:
    """Hand-outs that an account sees, those that wait first."""
    with services.state.read() as connection:
        return repository.seen_handouts(connection, account)


def content(services: Services, row: Row) -> Mapping[str, object]:
    """A hand-out as an item."""
    names = filings.names(services)
    return {
        "title": row["title"],
        "committee": names.get(row["unit"], row["unit"]),
        "opinion": row["opinion"] or "",
    }
