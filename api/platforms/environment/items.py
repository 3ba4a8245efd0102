"""Stations, alerts and their events as other platforms may point at them."""

from __future__ import annotations

from alerting.alert import Alert
from alerting.formats import instant
from api.accounts.records import Account
from api.platforms.environment import event_story
from api.platforms.environment.permission import EnvironmentPermission
from api.ports import Item, ItemKind, Json, Said
from api.services import Services
from config.catalogue.words import Words
from config.vocabulary.detection import limit_of
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause


def _station(services: Services, _account: Account, station_id: str) -> Item | None:
    """A station with its newest readings."""
    found = services.catalogue.stations.get(station_id)
    if found is None:
        return None
    newest = {row.series: row for row in services.store.latest()}
    readings = [
        {
            "indicator": code,
            "name": INDICATORS[code].name,
            "value": row.value,
            "unit": INDICATORS[code].unit,
            "quality": row.quality.name.lower(),
            "at_ms": row.t_ms,
        }
        | _below(row.value, row.cause)
        for code in services.catalogue.plans[station_id]
        if (row := newest.get(f"{station_id}/{code}"))
    ]
    content = {
        "name": found.name,
        "measures": found.kind,
        "target_class": found.target,
        "site": services.catalogue.site.name,
        "readings": readings,
    }
    return Item(found.name, f"/stations/{station_id}", content)


def _below(value: float | None, cause: Cause) -> dict[str, str | float | None]:
    """Of a reading below detection its limit: the value is half of it. Nothing of others, whose
    copies are as they were.
    """
    limit = limit_of(value, cause)
    return {} if limit is None else {"below": limit}


def _alert(services: Services, _account: Account, alert_id: str) -> Item | None:
    """An alert with what it says, and what people did with it."""
    kept = services.alerts.get(alert_id)
    if kept is None:
        return None
    alert = kept.alert
    said = services.wording.sentences(alert, now_ms=0)  # every instant with its day and year
    station = services.catalogue.subjects[alert.station].name
    content = {
        "rule": alert.rule_id,
        "rule_name": said.rule_name,
        "rule_version": alert.rule_version,
        "level": alert.level.name.lower(),
        "state": str(alert.state),
        "station": alert.station,
        "station_name": station,
        "indicator": alert.indicator,
        "began_ms": alert.began_ms,
        "resolved_ms": alert.resolved_ms,
        "peak": alert.peak,
        "peak_ms": alert.peak_ms,
        "limit": said.limit,
        "unit": said.unit,
        "summary": said.summary,
        "why": said.why,
        "event": kept.event,
        "taken_by": kept.taken_by,
        "acknowledged_by": kept.acknowledged_by,
        "acknowledged_ms": kept.acknowledged_ms,
        "verdict": kept.review and str(kept.review.verdict),
    }
    if alert.peak == 0 and said.extreme and said.extreme.value.startswith("<"):
        content["peak_said"] = said.extreme.value  # nobody measured the 0 that the rule compared
    return Item(f"{said.rule_name} · {station}", f"/alerts/{alert_id}", content)


def _event(services: Services, _account: Account, event_id: str) -> Item | None:
    """An event with what its gravest alert says, and all of its alerts."""
    seen = event_story.find(services, event_id)
    if seen is None:
        return None
    found = event_story.story(services, seen.event, seen.alerts)
    content = {
        "name": found.name,
        "location": found.location,
        "level": found.level.name.lower(),
        "state": found.state,
        "began_ms": found.began_ms,
        "ended_ms": None if found.stands else seen.event.ended_ms,
        "times": found.times,
        "summary": _summary(services, found.alert) if found.alert else found.name,
        "alerts": [
            {
                "id": of.id,
                "station_name": services.catalogue.subjects[of.station].name,
                "began_ms": of.began_ms,
                "summary": _summary(services, of),
            }
            for of in seen.alerts
        ],
    }
    return Item(f"{found.name} · {found.location}", f"/events/{event_id}", content)


def _summary(services: Services, alert: Alert) -> str:
    return services.wording.sentences(alert, now_ms=0).summary


def _alert_said(words: Words, content: Json) -> Said:
    """Of a copy of an alert: when, how bad, and the limit."""
    found = _times_said(words, content, "resolved_ms")
    if content["peak"] is not None:
        peak = content.get("peak_said", f"{content['peak']} {content['unit']}")
        found.append((words("alert.copy-peak"), peak))
    if content["limit"] is not None:
        found.append((words("alert.copy-limit"), f"{content['limit']}"))
    return found


def _event_said(words: Words, content: Json) -> Said:
    """Of a copy of an event: when, and how many alerts at which stations."""
    names = dict.fromkeys(of["station_name"] for of in content["alerts"])
    return [
        *_times_said(words, content, "ended_ms"),
        (words("alert.copy-alerts"), f"{len(content['alerts'])}"),
        (words("alert.copy-stations"), words.listed(names)),
    ]


def _times_said(words: Words, content: Json, end: str) -> list[tuple[str, str]]:
    ended = content[end]
    return [
        (words("alert.copy-began"), instant(words, content["began_ms"], 0)),
        (words("alert.copy-ended"), instant(words, ended, 0) if ended else "—"),
    ]


ITEMS = (
    ItemKind("station", EnvironmentPermission.SEE_STATIONS, _station),
    ItemKind("alert", EnvironmentPermission.SEE_ALERTS, _alert, "permitted", _alert_said),
    ItemKind("event", EnvironmentPermission.SEE_ALERTS, _event, "permitted", _event_said),
)
