"""Actions on an alert: read it, and review it."""

from __future__ import annotations

import json
from dataclasses import replace

from alerting.alert import Alert, Verdict
from alerting.record.repository import Kept
from alerting.record.search import (
    Criteria,
    Found,
    Grouped,
    grouped,
    search,
    state_of_all,
    unreviewed,
)
from api import audit
from api.accounts.records import Account
from api.platforms.environment import event_story
from api.platforms.environment.acts import review_all, role_of
from api.platforms.environment.alerts.records import Asked, Card, Chosen, EventSeen
from api.platforms.environment.timeline import notices_of
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault

MOST_REVIEWED = 500
"""At once: whoever writes keeps all others waiting."""


def searched(
    services: Services, account: Account, asked: Asked, *, first: int, most: int
) -> Found:
    """Alerts that a person asks for, from number ``first`` on."""
    return search(services.state, _criteria(services, account, asked), first=first, most=most)


def cards(
    services: Services, account: Account, asked: Asked, *, first: int, most: int
) -> tuple[Grouped, list[Card]]:
    """The same by their events, each with the story of its event."""
    criteria = _criteria(services, account, asked)
    found = grouped(services.state, criteria, first=first, most=most)
    with services.state.read() as connection:
        events = services.events.several(connection, [of.key for of in found.rows])
    shown = []
    for of in found.rows:
        event, alerts = events.get(of.key), [row.alert for row in of.rows]
        story = event_story.story(services, event, alerts) if event else None
        shown.append(Card(of, story))
    return found, shown


def review_many(services: Services, account: Account, asked: Asked, written: Chosen) -> int:
    """Review those of the alerts that were chosen, or of all that a person asks for, that nobody
    has reviewed, all or none; how many that are.

    Raises:
        NotAccepted: none was chosen, they are too many, others than these were seen, or the
            verdict or note does not hold.
    """
    criteria, keys = _criteria(services, account, asked), None
    if written.which == "chosen":
        keys = list(written.states)
        if not keys:
            raise NotAccepted(Fault("which", "names none", "choose some"), "none")
    found, states = unreviewed(services.state, criteria, keys, MOST_REVIEWED)
    alerts = [alert for of in found.values() for alert in of]
    if len(alerts) > MOST_REVIEWED:
        raise NotAccepted(Fault("which", "names too many", "narrow the search"), "many")
    seen = states == written.states if keys else state_of_all(states.values()) == written.state
    if not seen:
        raise NotAccepted(Fault("which", "is not what was seen", "look again"), "changed")
    return review_all(services, account, alerts, written.found(), written.optional())


def _criteria(services: Services, account: Account, asked: Asked) -> Criteria:
    names = {of.id: of.name for of in services.catalogue.stations.values()}
    rules = {rule.id: rule.name for rule in services.rules}
    rivers = {of.id: of.river for of in services.catalogue.stations.values()}
    found = asked.criteria(names, rules, rivers, services.now_ms())
    return replace(found, seen_by=role_of(account))


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
