"""Find suggestions whose lead deputy left, and name a successor for all of one deputy's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.promises.actions import name_leads
from api.platforms.duty.succession import repository
from api.platforms.duty.succession.records import Departed
from api.platforms.duty.suggestions import actions as suggestion_actions
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.procedures import taking
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of


def departed(services: Services, account: Account) -> Sequence[Departed]:
    """Every lead deputy who left while suggestions of theirs are open, of those on which somebody
    may act.
    """
    present = list(deputies(services))
    with services.state.read() as connection:
        rows = repository.orphaned(connection, account, present)
    names = People(services.state).names(sorted({of["lead"] for of in rows}))
    return [
        Departed(lead, names.get(lead, lead), list(found))
        for lead, found in groupby(rows, key=lambda row: str(row["lead"]))
    ]


def deputies(services: Services) -> Mapping[str, str]:
    """The deputies of today by username, with their names."""
    roles = [role.id for role in services.roles.having(DutyPermission.WRITE)]
    with services.state.read() as connection:
        found = repository.deputies(connection, roles, day_of(services.now_ms()))
    return People(services.state).names(found)


def name_successor(
    services: Services, account: Account, lead: str, successor: str, why: str
) -> int:
    """Name another lead deputy for every open suggestion of one who left, in one transaction; how
    many there were. Promises that are open go along.

    Raises:
        NotAccepted: the successor is no deputy, or the deputy did not leave.
        StepRefused: a step is not the account's to take.
    """
    if successor not in deputies(services):
        fault = Fault("successor", f"{successor[:40]!r} is no deputy", "take one of the list")
        raise NotAccepted(fault, "successor")
    found = next((of for of in departed(services, account) if of.username == lead), None)
    if found is None:
        fault = Fault("lead", f"{lead[:40]!r} has no suggestion to hand on", "read it anew")
        raise NotAccepted(fault, "lead")
    given = {"lead": successor, "why": why.strip() or services.words("duty.succession.reason")}
    with taking.acts(services, PROCEDURE, account) as acting:
        for row in found.suggestions:
            taking.take(acting, str(row["id"]), "name-lead", given)
    for row in found.suggestions:
        suggestion_actions.done(services, str(row["id"]))
    name_leads(services)
    return len(found.suggestions)
