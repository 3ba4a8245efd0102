"""Stations and alert events in the search, which follows the record; in the site's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from alerting.alert import Alert, State
from alerting.events.event import AlertEvent
from alerting.events.repository import Events
from alerting.wording.sentences import Wording
from api.platforms.environment.permission import EnvironmentPermission
from api.ports import Reference
from api.search.index import Entry, SearchIndex
from api.shape import CoreServices
from config.vocabulary.time import DAY_MS

FOLLOWED_MS = 2 * DAY_MS
"""An event that is not over, or that was joined within this, may get other words at any time."""
A_READ = 200
"""Events of which the alerts are read at once."""
MOST_NAMED, MOST_SAID = 3, 50
"""Stations in a title, and alerts of which the sentences are found."""
SLUG = "environment"


def fill(core: CoreServices) -> None:
    """Every station and every event, also those whose alerts were amended long afterwards."""
    _write(core, since_ms=0)


def follow(core: CoreServices) -> None:
    """Stations, and events that are not over or began lately."""
    _write(core, since_ms=core.now_ms() - FOLLOWED_MS)


def _write(core: CoreServices, since_ms: int) -> None:
    index, events = SearchIndex(core.state), Events(core.state)
    index.put_all(_stations(core))
    with core.state.read() as connection:
        chosen = events.since(connection, since_ms)
    wording, names = core.wording, core.grouping.names
    for at in range(0, len(chosen), A_READ):
        some = chosen[at : at + A_READ]
        with core.state.read() as connection:
            alerts = events.members(connection, [of.id for of in some])
        index.put_all(_event(core, wording, names, of, alerts.get(of.id, ())) for of in some)


def _stations(core: CoreServices) -> Iterator[Entry]:
    catalogue = core.catalogue.in_words(core.words)
    for station in catalogue.stations.values():
        river = catalogue.rivers[station.river].name if station.river else ""
        measured = (of.name for of in catalogue.indicators(station.id))
        yield Entry(
            subject=Reference(SLUG, "station", station.id),
            permission=EnvironmentPermission.SEE_STATIONS,
            words="environment.found-station",
            title=station.name,
            path=f"/{SLUG}/stations/{station.id}",
            paragraphs=[
                core.words.listed(filter(None, (river, station.area, station.id))),
                core.words.listed(measured),
            ],
            public=True,
            at_ms=0,
        )


def _event(
    core: CoreServices,
    wording: Wording,
    names: Mapping[str, str],
    event: AlertEvent,
    alerts: Sequence[Alert],
) -> Entry:
    valid = [of for of in alerts if of.state is not State.WITHDRAWN] or alerts
    subjects = wording.catalogue.subjects
    stations = [subjects[of].name for of in dict.fromkeys(of.station for of in valid)]
    said = {wording.sentences(of, now_ms=0).summary: None for of in valid}
    name = core.words.name(names[event.kind]) if event.kind in names else wording.kind(event.kind)
    return Entry(
        subject=Reference(SLUG, "event", event.id),
        permission=EnvironmentPermission.SEE_ALERTS,
        words="environment.found-event",
        title=" · ".join(filter(None, (name, core.words.listed(stations[:MOST_NAMED])))),
        path=f"/{SLUG}/events/{event.id}",
        paragraphs=[*list(said)[:MOST_SAID], core.words.listed(stations)],
        public=True,
        at_ms=event.began_ms,
    )
