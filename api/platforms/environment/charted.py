"""Indicators of a station that a chart shows."""

from __future__ import annotations

from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.indicators import Indicator


def charted(services: Services, station: Station) -> list[Indicator]:
    """The indicators of a station, those that a rule watches first."""
    watched = [rule.indicator for rule in services.rules if rule.scope.names(station)]
    return sorted(
        services.catalogue.indicators(station.id),
        key=lambda row: watched.index(row.code) if row.code in watched else len(watched),
    )
