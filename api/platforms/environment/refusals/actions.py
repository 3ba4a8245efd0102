"""Actions of an officer on dead letters; the audit says so before and after."""

from __future__ import annotations

import json
from dataclasses import asdict

from api import audit
from api.accounts.records import Account
from api.platforms.environment.refusals.records import View
from api.services import Services
from ingest.journal.refusal import Chosen, Letter, Outcome

AT_ONCE, MOST_EXPORTED = 200, 5000


def listed(services: Services, chosen: Chosen, most: int) -> tuple[list[Letter], int | None]:
    """The newest of those that are meant, and where the next page begins.

    Raises:
        OutOfReach: the core does not answer.
    """
    found = services.deadletters.listed(chosen, most + 1)
    return found[:most], found[most - 1].n if len(found) > most else None


def exported(services: Services, view: View) -> tuple[list[Letter], bool]:
    """The newest of those that are meant, and whether there are more.

    Raises:
        OutOfReach: the core does not answer.
    """
    found: list[Letter] = []
    before: int | None = view.before
    while before is not None and len(found) < MOST_EXPORTED:
        chosen = view.model_copy(update={"before": before}).chosen()
        letters, before = listed(services, chosen, AT_ONCE)
        found += letters
    return found[:MOST_EXPORTED], before is not None


def replay(services: Services, account: Account, chosen: Chosen) -> Outcome:
    """Send letters through the intake once more.

    Raises:
        OutOfReach: the core does not answer.
    """
    _record(services, account, "deadletters.replay", asdict(chosen))
    outcome = services.deadletters.replay(chosen)
    _record(services, account, "deadletters.replayed", asdict(outcome))
    return outcome


def forget(services: Services, account: Account, chosen: Chosen, why: str) -> Outcome:
    """Let go of letters for good.

    Raises:
        OutOfReach: the core does not answer.
    """
    _record(services, account, "deadletters.forget", {**asdict(chosen), "why": why})
    outcome = services.deadletters.forget(chosen)
    _record(services, account, "deadletters.forgotten", asdict(outcome))
    return outcome


def _record(services: Services, account: Account, action: str, detail: dict[str, object]) -> None:
    with services.state.begin() as connection:
        audit.record(
            connection,
            by=account.actor,
            action=action,
            subject=str(detail.get("station") or ""),
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=services.now_ms(),
        )
