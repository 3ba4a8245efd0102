"""Alerts as CAP 1.2: held against the elements of the standard (OASIS, chapter 3.2)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import replace

import httpx
import pytest
from msgspec.structs import replace as changed

from alerting.alert import Alert, Change, Level, State
from api.platforms.environment.common_alerting.wording import message
from api.services import Visitor
from tests.api.conftest import NOW_MS, RunningCentre, spill

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ONE, MAY, ANY, SOME = (1, 1), (0, 1), (0, 999), (1, 999)
Shape = Mapping[str, tuple[int, int]]
ALERT: Shape = {
    "identifier": ONE, "sender": ONE, "sent": ONE, "status": ONE, "msgType": ONE, "source": MAY,
    "scope": ONE, "restriction": MAY, "addresses": MAY, "code": ANY, "note": MAY,
    "references": MAY, "incidents": MAY, "info": ANY,
}  # fmt: skip
INFO: Shape = {
    "language": MAY, "category": SOME, "event": ONE, "responseType": ANY, "urgency": ONE,
    "severity": ONE, "certainty": ONE, "audience": MAY, "eventCode": ANY, "effective": MAY,
    "onset": MAY, "expires": MAY, "senderName": MAY, "headline": MAY, "description": MAY,
    "instruction": MAY, "web": MAY, "contact": MAY, "parameter": ANY, "resource": ANY,
    "area": ANY,
}  # fmt: skip
AREA: Shape = {
    "areaDesc": ONE, "polygon": ANY, "circle": ANY, "geocode": ANY, "altitude": MAY, "ceiling": MAY,
}  # fmt: skip
PAIR: Shape = {"valueName": ONE, "value": ONE}
"""Elements in their order, each with how often it may stand."""
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
NAME = r"[^\s,<&]+"
VALUES: Mapping[str, str] = {
    "identifier": NAME,
    "sender": NAME,
    "sent": INSTANT,
    "onset": INSTANT,
    "status": "Actual|Exercise|System|Test|Draft",
    "msgType": "Alert|Update|Cancel|Ack|Error",
    "scope": "Public|Restricted|Private",
    "references": rf"{NAME},{NAME},{INSTANT}",
    "language": "zh-CN|en",
    "category": "Geo|Met|Safety|Security|Rescue|Fire|Health|Env|Transport|Infra|CBRNE|Other",
    "responseType": "Shelter|Evacuate|Prepare|Execute|Avoid|Monitor|Assess|AllClear|None",
    "urgency": "Immediate|Expected|Future|Past|Unknown",
    "severity": "Extreme|Severe|Moderate|Minor|Unknown",
    "certainty": "Observed|Likely|Possible|Unlikely|Unknown",
    "circle": r"-?\d+(\.\d+)?,-?\d+(\.\d+)? \d+(\.\d+)?",
    "web": r"https?://\S+",
}


def holds(element: ET.Element, shape: Shape) -> None:
    """Whether an element has the parts that the standard gives it, in order, with its values."""
    names = [part.tag.removeprefix(CAP) for part in element]
    assert names == sorted(names, key=list(shape).index)
    for name, (least, most) in shape.items():
        assert least <= names.count(name) <= most, name
    for name, part in zip(names, element, strict=True):
        inner = {"info": INFO, "area": AREA, "parameter": PAIR}.get(name)
        if inner:
            holds(part, inner)
        else:
            assert part.text
            assert re.fullmatch(VALUES.get(name, r"(?s).+"), part.text), (name, part.text)


def read(client: httpx.Client, alert: Alert) -> ET.Element:
    """The message of an alert, which must hold."""
    answer = client.get(f"/api/v1/alerts/{alert.id}/cap")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/cap+xml")
    found = ET.fromstring(answer.content)
    assert found.tag == f"{CAP}alert"
    holds(found, ALERT)
    scope, restricted = text(found, "scope"), found.find(f"{CAP}restriction")
    assert (scope == "Restricted") is (restricted is not None)
    return found


def text(element: ET.Element, *path: str) -> str:
    """Of an element below."""
    found = element.findtext("/".join(CAP + name for name in path))
    assert found is not None, path
    return found


def parameters(message: ET.Element) -> dict[str, str]:
    """By name."""
    found: Sequence[ET.Element] = message.findall(f"{CAP}info/{CAP}parameter")
    return {text(of, "valueName"): text(of, "value") for of in found}


def test_an_alert_that_stands_is_an_alert_at_its_station(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """With the words of its page."""
    alert = centre.put(spill())
    found = read(deputy, alert)
    said = deputy.get(f"/api/v1/alerts/{alert.id}").json()
    station = centre.services.catalogue.stations[alert.station]
    longitude, latitude = station.position
    assert text(found, "msgType") == "Alert"
    assert text(found, "sent") == "2026-11-24T11:58:33+08:00"
    assert text(found, "info", "onset") == "2026-11-24T11:58:30+08:00"
    assert text(found, "info", "headline") == said["summary"]
    assert said["why"] in text(found, "info", "description")
    assert text(found, "info", "area", "circle") == f"{latitude},{longitude} 0"
    assert text(found, "info", "severity") == "Severe"
    assert parameters(found)["peak"] == "2.5"
    assert parameters(found)["limit"] == f"{said['limit']:.15g}"


@pytest.mark.parametrize(
    ("state", "kind", "urgency"),
    [(State.RESOLVED, "Update", "Past"), (State.WITHDRAWN, "Cancel", "Past")],
)
def test_its_end_refers_to_the_message_before(
    centre: RunningCentre, deputy: httpx.Client, state: State, kind: str, urgency: str
) -> None:
    """So that who took that one knows which is over."""
    alert = centre.put(spill())
    first = read(deputy, alert)
    over = alert.resolve(NOW_MS) if state is State.RESOLVED else alert.withdraw()
    centre.put(over, Change.RESOLVED if state is State.RESOLVED else Change.WITHDRAWN)
    found = read(deputy, over)
    assert (text(found, "msgType"), text(found, "info", "urgency")) == (kind, urgency)
    named = [text(first, name) for name in ("sender", "identifier", "sent")]
    assert text(found, "references").split(",") == named
    assert text(found, "identifier") != named[1]


@pytest.mark.parametrize("level", list(Level))
def test_each_level_has_a_severity(
    centre: RunningCentre, deputy: httpx.Client, level: Level
) -> None:
    """Also where the centre itself is the subject, which stands nowhere."""
    alert = spill(level=level, rule_id="disk-full", about="maintenance", station="", indicator="")
    found = read(deputy, centre.put(alert))
    assert text(found, "info", "category") == "Infra"
    assert found.find(f"{CAP}info/{CAP}area/{CAP}circle") is None


def test_no_name_breaks_out_of_its_element(centre: RunningCentre, deputy: httpx.Client) -> None:
    """Names are people's."""
    name = "</headline><x>&\x01"
    stations = centre.services.wording.catalogue.stations
    stations["tonglv-pingchao"] = changed(stations["tonglv-pingchao"], name=name)
    found = read(deputy, centre.put(spill()))
    assert name[:-1] in text(found, "info", "area", "areaDesc")


def test_a_demonstration_says_that_it_is_one(centre: RunningCentre) -> None:
    """Nobody must act on it."""
    alert = centre.put(spill())
    kept = centre.services.alerts.get(alert.id)
    assert kept is not None
    offered = (Visitor("daibiao", "", "陈明", "deputy", ""),)
    for visitors, status in (((), "Actual"), (offered, "Test")):
        found = ET.fromstring(message(replace(centre.services, visitors=visitors), kept))
        assert text(found, "status") == status


def test_an_unknown_alert_has_no_message(deputy: httpx.Client) -> None:
    """In words."""
    answer = deputy.get("/api/v1/alerts/none/cap")
    assert answer.status_code == 404
    assert "/api/v1/alerts" in answer.json()["detail"]
