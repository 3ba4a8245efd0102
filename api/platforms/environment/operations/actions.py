"""What a person may see of the centre's own state."""

from __future__ import annotations

from api.platforms.environment.operations.records import Running
from api.services import Services
from config.vocabulary.reports import Pulse

_SILENT = Pulse(v=1, t=0, journal=0, stored=0, judged=0)


def running(services: Services) -> Running:
    """By the core's own last word, with every station of the catalogue."""
    centre = services.centre
    pulse = centre.pulse or _SILENT
    reasons = sorted(pulse.reasons.items(), key=lambda row: -row[1])
    return Running(
        present=centre.present,
        at_ms=centre.pulse.t if centre.pulse else None,
        unstored=max(pulse.journal - pulse.stored, 0),
        unjudged=max(pulse.journal - pulse.judged, 0),
        store_away=pulse.store_away,
        turned_away=pulse.turned_away,
        deadletters=pulse.deadletters,
        reasons=tuple((kind.replace(" ", "-"), n) for kind, n in reasons),
        stations=tuple(
            (station, centre.station(name))
            for name, station in services.catalogue.stations.items()
        ),
        attempts=tuple(reversed(pulse.attempts)),
    )
