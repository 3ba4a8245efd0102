"""Actions on an alert: read it, and review it."""

from __future__ import annotations

import json
from dataclasses import replace

from alerting.alert import Alert, Verdict
from alerting.record.repository import Kept
from alerting.record.search import Found, search
from api import audit
from api.accounts.records import Account
from api.platforms.environment.acts import role_of
from api.platforms.environment.alerts.records import Asked, EventSeen
from api.platforms.environment.timeline import notices_of
from api.services import Services


def searched(
    services: Services, account: Account, asked: Asked, *, first: int, most: int
) -> Found:
    """Alerts that a person asks for, from number ``first`` on."""
    names = {of.id: of.name for of in services.catalogue.stations.values()}
    rules = {rule.id: rule.name for rule in services.rules}
    rivers = {of.id: of.river for of in services.catalogue.stations.values()}
    found = replace(asked.criteria(names, rules, rivers), seen_by=role_of(account))
    return search(services.state, found, first=first, most=most)


def event_seen(services: Services, kept: Kept) -> EventSeen:
    """The event of an alert, as the alert's page shows it."""
    if kept.event is None:
        return EventSeen(None, (), notices_of(services, None))
    with services.state.read() as connection:
        event = services.events.one(connection, kept.event)
        acts = services.events.acts(connection, [kept.event]).get(kept.event, ())
    return EventSeen(event, acts, notices_of(services, kept.event))


def doubting(services: Services) -> list[Alert]:
    """Alerts of maintenance that stand: data may be in doubt for them."""
    with services.state.read() as connection:
        return services.alerts.standing_maintenance(connection)


def find(services: Services, alert_id: str) -> Kept | None:
    """One alert."""
    return services.alerts.get(alert_id)


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
