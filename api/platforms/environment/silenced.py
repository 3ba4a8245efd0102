"""Whether an alert is silenced, and which maintenance it fell into."""

from __future__ import annotations

from collections.abc import Sequence

from alerting.alert import Alert, State
from alerting.silences.silence import Silence, silencing
from api.services import Services


def in_force(services: Services) -> Sequence[Silence]:
    """The silences of now."""
    with services.state.read() as connection:
        return services.silences.standing(connection, services.now_ms())


def silence_of(services: Services, silences: Sequence[Silence], alert: Alert) -> Silence | None:
    """The one because of which nobody is told of an alert that stands; None: people are told."""
    if alert.state is not State.FIRING:
        return None
    station = services.catalogue.subjects[alert.station]
    return silencing(silences, alert, station, services.now_ms())


def windows_over(services: Services, alert: Alert) -> list[Silence]:
    """Maintenance windows during which an alert stood, whatever its level."""
    station = services.catalogue.subjects[alert.station]
    until = services.now_ms() if alert.resolved_ms is None else alert.resolved_ms
    with services.state.read() as connection:
        found = services.silences.within(connection, alert.began_ms, until)
    return [of for of in found if of.kind == "maintenance" and of.scope.covers(alert, station)]
