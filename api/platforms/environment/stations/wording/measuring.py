"""How a station measures, as the catalogue and the settings of quality control know it."""

from __future__ import annotations

from collections.abc import Sequence

from alerting.formats import duration
from api.platforms.environment.stations.records import MeasuredHow
from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.time import day_of
from ingest.annotations.cadences import CadenceRecord


def measuring(services: Services, station: Station) -> Sequence[MeasuredHow]:
    """Of each indicator the instrument, the cadence with the day since which it holds, and the
    detection limit.
    """
    t = services.words
    unknown = t("station.how-unknown")
    sources = _sources(services, station)
    spans = CadenceRecord(services.state).dated(services.catalogue).cadences.get(station.id, ())
    open_ms = next((of.from_ms for of in spans if of.origin == "catalogue" and not of.to_ms), 0)
    since = day_of(open_ms) if open_ms else unknown
    found = []
    for indicator in services.catalogue.indicators(station.id):
        limit = services.catalogue.checks[station.id][indicator.code].detection
        found.append(
            MeasuredHow(
                indicator,
                sources.get(indicator.code, unknown),
                duration(t, station.cadence_ms),
                f"{limit:g} {indicator.unit}" if limit is not None else unknown,
                since,
            )
        )
    return found


def _sources(services: Services, station: Station) -> dict[str, str]:
    """Make and model by indicator; of a logger's nobody knows what stands behind it."""
    t = services.words
    found = {code: t("station.how-logger") for of in station.loggers for code in of.codes}
    for place in station.instruments:
        instrument = services.catalogue.instruments[place.instrument]
        found |= dict.fromkeys(
            instrument.codes, f"{t.name(instrument.make)} {t.name(instrument.model)}"
        )
    return found
