"""Messages of CAP 1.2: elements in the order of its schema, instants with the district's offset.

XML is written here and read nowhere: there is no parser to be afraid of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from urllib.parse import urlsplit

from alerting.alert import Alert, Level, State
from alerting.record.repository import Kept
from alerting.wording.sentences import Sentences
from api.services import Services
from config.vocabulary.time import ZONE

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
Element = tuple[str, "str | list[Element]"]
_SEVERITY = {
    Level.NOTICE: "Minor",
    Level.WARNING: "Moderate",
    Level.ALARM: "Severe",
    Level.CRITICAL: "Extreme",
}
_TYPE: Mapping[State, str] = {
    State.FIRING: "Alert",
    State.RESOLVED: "Update",
    State.WITHDRAWN: "Cancel",
}
_RESPONSE: Mapping[State, str] = {
    State.FIRING: "Assess",
    State.RESOLVED: "AllClear",
    State.WITHDRAWN: "None",
}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def message(services: Services, kept: Kept) -> str:
    """An alert as it stands, in the reader's language."""
    alert = kept.alert
    sender = urlsplit(services.public.url).hostname or services.catalogue.site.id
    first = (_id(alert, State.FIRING), _at(alert.fired_ms))
    sent = first[1] if alert.state is State.FIRING else _at(alert.resolved_ms or alert.fired_ms)
    head: list[Element] = [
        ("identifier", _id(alert, alert.state)),
        ("sender", sender),
        ("sent", sent),
        # Who is offered visitors to be is in a demonstration.
        ("status", "Test" if services.visitors else "Actual"),
        ("msgType", _TYPE[alert.state]),
        ("scope", "Restricted"),
        ("restriction", services.words("alert.cap-restriction")),
    ]
    if alert.state is not State.FIRING:
        head.append(("references", ",".join((sender, *first))))
    if kept.event:
        head.append(("incidents", kept.event))
    body = "".join(_written([*head, ("info", _info(services, alert))]))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="{NAMESPACE}">{body}</alert>\n'


def _info(services: Services, alert: Alert) -> list[Element]:
    said = services.wording.sentences(alert, services.now_ms())
    urgent = alert.level >= Level.ALARM
    now = "Immediate" if urgent else "Expected"
    found: list[Element] = [
        ("language", services.words.language),
        ("category", "Env" if alert.about == "pollution" else "Infra"),
        ("event", said.rule_name),
        ("responseType", _RESPONSE[alert.state]),
        ("urgency", now if alert.state is State.FIRING else "Past"),
        ("severity", _SEVERITY[alert.level]),
        ("certainty", "Unlikely" if alert.state is State.WITHDRAWN else "Observed"),
        ("onset", _at(alert.began_ms)),
        ("senderName", services.catalogue.site.name),
        ("headline", said.summary),
        ("description", " ".join(filter(None, [said.trend, said.why, said.ends]))),
    ]
    if services.public.url:
        found.append(("web", f"{services.public.url}/environment/alerts/{alert.id}"))
    found += [
        ("parameter", [("valueName", name), ("value", value)])
        for name, value in _parameters(alert, said)
    ]
    return [*found, ("area", _area(services, alert))]


def _parameters(alert: Alert, said: Sentences) -> Iterator[tuple[str, str]]:
    yield "rule", alert.rule_id
    yield "level", alert.level.name.lower()
    if alert.station:
        yield "station", alert.station
    if alert.indicator:
        yield "indicator", alert.indicator
    for name, value in (("limit", said.limit), ("peak", alert.peak), ("last", alert.last_value)):
        if value is not None:
            yield name, f"{value:.15g}"
    if said.unit:
        yield "unit", said.unit


def _area(services: Services, alert: Alert) -> list[Element]:
    station = services.catalogue.subjects[alert.station]
    if not alert.station:
        return [("areaDesc", station.name)]
    longitude, latitude = station.position
    # A circle without a radius is a point; CAP writes latitude first.
    point = f"{latitude},{longitude} 0"
    return [("areaDesc", f"{station.name} · {station.area}"), ("circle", point)]


def _id(alert: Alert, state: State) -> str:
    return f"{alert.id}.{state}"


def _at(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms // 1000, ZONE):%Y-%m-%dT%H:%M:%S}+08:00"


def _written(elements: list[Element]) -> Iterator[str]:
    for name, value in elements:
        inner = (
            escape(_NO_XML.sub("", value), quote=False)
            if isinstance(value, str)
            else "".join(_written(value))
        )
        yield f"<{name}>{inner}</{name}>"
