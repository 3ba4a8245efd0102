"""Actions on an alert: read it, acknowledge it, and review it."""

from __future__ import annotations

import json

from alerting.alert import Verdict
from alerting.record.repository import Kept
from alerting.record.search import Found, search
from api import audit
from api.accounts.records import Account
from api.platforms.environment.alerts.records import Asked
from api.services import Services


def searched(services: Services, asked: Asked, *, first: int, most: int) -> Found:
    """Alerts that a person asks for, from number ``first`` on."""
    names = {of.id: of.name for of in services.catalogue.stations.values()}
    rules = {rule.id: rule.name for rule in services.rules}
    found = asked.criteria(names, rules)
    return search(services.state, found, first=first, most=most)


def find(services: Services, alert_id: str) -> Kept | None:
    """One alert."""
    return services.alerts.get(alert_id)


def acknowledge(services: Services, alert_id: str, account: Account) -> None:
    """Say that somebody has seen it and cares; the audit stands in the same transaction.

    Raises:
        AlreadyAcknowledged: somebody was first.
    """
    now = services.now_ms()
    with services.state.begin() as connection:
        services.alerts.acknowledge(connection, alert_id, account.signed, account.username, now)
        audit.record(
            connection,
            by=account.actor,
            action="alert.acknowledge",
            subject=alert_id,
            detail="",
            at_ms=now,
        )


def review(
    services: Services, alert_id: str, account: Account, verdict: Verdict, note: str
) -> None:
    """Say what an alert was found to be, in place of what was said before; the audit, which
    keeps both, stands in the same transaction.
    """
    now = services.now_ms()
    with services.state.begin() as connection:
        by = account.signed, account.username
        services.alerts.review(connection, alert_id, verdict, *by, now, note)
        audit.record(
            connection,
            by=account.actor,
            action="alert.review",
            subject=alert_id,
            detail=json.dumps({"verdict": verdict, "note": note}, ensure_ascii=False),
            at_ms=now,
        )
