"""Acts of people on an alert event: acknowledge it, take it, comment on it."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from alerting.alert import Alert
from alerting.events.event import place_of
from alerting.events.repository import Act, ActKind
from alerting.notify.readers import Role
from api import audit
from api.accounts.records import Account
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services


def role_of(account: Account) -> Role:
    """The role in which a person acts: an officer reviews alerts, a deputy does not."""
    return "officer" if account.may(EnvironmentPermission.REVIEW_ALERTS) else "deputy"


def event_of(services: Services, connection: Connection, alert: Alert) -> str:
    """The id of the event of an alert, which begins with it where there is none yet."""
    place = place_of(alert, services.catalogue.subjects[alert.station])
    kind = services.grouping.kind_of(alert)
    return services.events.of_alert(connection, alert, place, kind, services.now_ms())


def acknowledge(
    services: Services, alert: Alert, account: Account, *, note: str = "", taken: bool = False
) -> None:
    """Say that somebody has seen the event of an alert, or takes it; the audit stands in the same
    transaction.

    Raises:
        AlreadyAcknowledged: the person has done so before, or somebody else took it.
    """
    now, kind = services.now_ms(), _kind(taken=taken)
    with services.state.begin() as connection:
        event = event_of(services, connection, alert)
        act = Act(event, kind, now, account.username, account.signed, role_of(account), note)
        services.events.acknowledge(connection, act)
        audit.record(
            connection,
            by=account.actor,
            action="alert.take" if taken else "alert.acknowledge",
            subject=alert.id,
            detail=note,
            at_ms=now,
        )


def _kind(*, taken: bool) -> ActKind:
    return "taken" if taken else "acknowledged"
