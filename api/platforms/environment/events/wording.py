"""The filters of the list of events in words, and its table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from alerting.alert import Level
from api.platforms.environment.event_story import Row, story
from api.services import Services
from api.web.tables import Heads, Sheet, Value

COLUMNS = (
    *("name", "place", "level", "state", "began", "ended", "lasted", "alerts", "stations"),
    *("summary", "acknowledged", "acknowledged-at", "taken", "taken-at"),
)
HEADS = Heads(
    "events.column",
    COLUMNS,
    {
        "began": "instant",
        "ended": "instant",
        "acknowledged-at": "instant",
        "taken-at": "instant",
        "lasted": "duration",
        "alerts": "count",
    },
)
Filter = tuple[str, str, list[tuple[str, str]]]


def filters(services: Services) -> list[Filter]:
    """Of the list: name, label, and each value with its words."""
    t = services.words
    levels = [(of.name.lower(), t(f"level.{of.name.lower()}")) for of in reversed(Level)]
    abouts = [(of, t(f"policies.about-{of}")) for of in ("pollution", "maintenance")]
    return [
        ("level", t("events.level-at-least"), [("", t("alerts.any-level")), *levels]),
        ("about", t("events.about"), [("", t("events.any-about")), *abouts]),
    ]


def table(services: Services, rows: Iterable[Row]) -> Sheet:
    """Events for a spreadsheet."""
    t = services.words
    return HEADS.sheet(t, t("events.title"), _rows(services, rows))


def _rows(services: Services, rows: Iterable[Row]) -> Iterator[list[Value]]:
    services = replace(services, wording=services.wording.steady())
    t, now = services.words, services.now_ms()
    for row in rows:
        of, marks = story(services, row.event, row.alerts), row.marks
        ended_ms = None if of.stands else row.event.ended_ms
        yield [
            of.name,
            of.location,
            t(f"level.{of.level.name.lower()}"),
            t(f"events.state-{of.state}"),
            of.began_ms,
            ended_ms,
            max((ended_ms or now) - of.began_ms, 0),
            len(row.alerts),
            of.reach,
            of.said.summary if of.said else "",
            marks.acknowledged_by,
            marks.acknowledged_ms,
            marks.taken_by,
            marks.taken_ms,
        ]
