"""Stations and alerts as other platforms may point at them."""

from __future__ import annotations

from api.accounts.records import Account
from api.platforms.environment.permission import EnvironmentPermission
from api.ports import Item, ItemKind
from api.services import Services
from config.vocabulary.indicators import INDICATORS


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
    return Item(f"{said.rule_name} · {station}", f"/alerts/{alert_id}", content)


ITEMS = (
    ItemKind("station", EnvironmentPermission.SEE_STATIONS, _station),
    ItemKind("alert", EnvironmentPermission.SEE_ALERTS, _alert),
)
