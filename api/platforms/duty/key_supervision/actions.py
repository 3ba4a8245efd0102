"""Propose a suggestion for key supervision, and list those that are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.platforms.duty import repository as suggestions
from api.platforms.duty.key_supervision import repository, wording
from api.platforms.duty.key_supervision.procedure import PROCEDURE
from api.platforms.duty.key_supervision.records import SUGGESTION_STATES, Show
from api.platforms.duty.key_supervision.wording import SupervisionLine
from api.platforms.duty.permission import DutyPermission
from api.procedures import taking
from api.procedures.procedure import Row
from api.services import Services
from api.web.declared import Declared


class NotToPropose(Declared):
    """The suggestion is not accepted yet, is no suggestion any more, or is proposed already."""

    status = 409
    words = "duty.supervision.not-to-propose"


def parts(services: Services, account: Account, row: Row) -> Mapping[str, Any]:
    """Values of ``duty/_key_supervision.html``."""
    with services.state.read() as connection:
        found = repository.of_suggestion(connection, account, row["id"])
        runs = repository.runs(connection, row["id"])
    open_to = row["state"] in SUGGESTION_STATES and not runs
    return {
        "supervisions": _lines(services, found),
        "may_propose": open_to and account.may(DutyPermission.DECIDE),
    }


def listed(services: Services, account: Account, show: Show) -> Sequence[SupervisionLine]:
    """Those that an account sees, the newest first."""
    with services.state.read() as connection:
        found = repository.listed(connection, account, show)
    return _lines(services, found)


def propose(
    services: Services, account: Account, item_id: str, given: Mapping[str, str]
) -> str | None:
    """Propose a suggestion; the id of the key supervision, None where the account sees none such.

    Raises:
        NotToPropose
        StepRefused: see :func:`api.procedures.taking.begin`.
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        row = suggestions.suggestion(acting.connection, account, item_id)
        if row is None:
            return None
        runs = repository.runs(acting.connection, row["id"])
        if row["state"] not in SUGGESTION_STATES or runs:
            raise NotToPropose(f"suggestion {item_id[:40]} cannot be proposed now")
        made, _ = taking.begin(
            acting,
            given,
            suggestion=row["id"],
            title=row["title"],
            unit=row["unit"],
            secrecy=row["secrecy"],
        )
    return made


def line_of(services: Services, row: Row) -> SupervisionLine:
    """One as it stands."""
    (found,) = _lines(services, [row])
    return found


def committees(services: Services) -> Mapping[str, str]:
    """The committees of the congress by id."""
    every = Units(services.state).all()
    return {of.id: services.words.name(of.name) for of in every if of.kind == "committee"}


def _lines(services: Services, rows: Sequence[Row]) -> Sequence[SupervisionLine]:
    units = {of.id: services.words.name(of.name) for of in Units(services.state).all()}
    return [wording.line(services.words, units, row) for row in rows]
