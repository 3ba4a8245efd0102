"""The people whom an alert concerns: roles, by what it speaks of and how grave it is."""

from __future__ import annotations

from alerting.alert import Alert, Level

STAFF = ("officer",)
EVERYBODY = ("deputy", "officer")


def audiences(alert: Alert) -> tuple[str, ...]:
    """Roles that hear of it. A sensor's or a link's fault never goes to deputies, and a notice is
    for those who look after the stations; pollution from a warning on is for all.
    """
    grave = alert.about == "pollution" and alert.level > Level.NOTICE
    return EVERYBODY if grave else STAFF
