"""What a person may do with an alert: read it, acknowledge it."""

from __future__ import annotations

from alerting.repository import Kept
from api import audit
from api.accounts.records import Account
from api.parts import Parts


def find(parts: Parts, alert_id: str) -> Kept | None:
    """One alert."""
    return parts.alerts.get(alert_id)


def acknowledge(parts: Parts, alert_id: str, account: Account) -> None:
    """Say that somebody has seen it and cares; the audit stands in the same transaction.

    Raises:
        AlreadyAcknowledged: somebody was first.
    """
    now = parts.now_ms()
    with parts.state.begin() as connection:
        parts.alerts.acknowledge(connection, alert_id, account.name, now)
        audit.record(
            connection,
            who=account.username,
            action="alert.acknowledge",
            subject=alert_id,
            detail="",
            at_ms=now,
        )
