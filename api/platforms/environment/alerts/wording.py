"""How an alert came and went, and what people did about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from alerting.alert import Level, State
from alerting.formats import written
from alerting.notify.entries import Entry
from alerting.notify.repository import Telling
from alerting.record.repository import Kept
from alerting.record.search import Order
from api.services import Services

COLUMNS = (
    *("station", "rule", "level", "state", "began", "fired", "resolved"),
    *("summary", "acknowledged", "review", "note"),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the history; ``tone`` is a colour of the pages."""

    at_ms: int
    title: str
    note: str = ""
    tone: str = "gray"


Filter = tuple[str, str, list[tuple[str, str]]]


def filters(services: Services) -> list[Filter]:
    """Of the list: name, label, and each value with its words."""
    t = services.words
    stations = [(of.id, of.name) for of in services.catalogue.stations.values()]
    levels = [(of.name.lower(), t(f"level.{of.name.lower()}")) for of in reversed(Level)]
    orders = [(of, t(f"alerts.order-{of}")) for of in get_args(Order)]
    return [
        ("level", t("alerts.level"), [("", t("alerts.any-level")), *levels]),
        ("station", t("alerts.station"), [("", t("alerts.any-station")), *stations]),
        ("order", t("alerts.order"), orders),
    ]


def table(services: Services, rows: Iterable[Kept]) -> Iterator[list[str]]:
    """Alerts with their marks for a spreadsheet, below a line of headings."""
    t = services.words
    yield [t(f"alerts.column-{name}") for name in COLUMNS]
    for kept in rows:
        alert, said = kept.alert, services.wording.sentences(kept.alert, services.now_ms())
        yield [
            services.catalogue.subjects[alert.station].name,
            said.rule_name,
            said.level,
            t(f"state.{alert.state}"),
            *(written(of) for of in (alert.began_ms, alert.fired_ms, alert.resolved_ms)),
            said.summary,
            kept.acknowledged_by or "",
            t(f"verdict.{kept.review.verdict}") if kept.review else "",
            kept.review.note if kept.review else "",
        ]


def history(
    services: Services, kept: Kept, told: Iterable[tuple[Entry, Sequence[Telling]]]
) -> list[Moment]:
    """Everything that happened, by time."""
    t, alert = services.words, kept.alert
    level = t(f"level.{alert.level.name.lower()}")
    found = [
        Moment(alert.began_ms, t("history.began")),
        Moment(alert.fired_ms, t("history.fired", level=level), tone="red"),
        *(_notified(services, entry, tellings) for entry, tellings in told),
    ]
    if alert.resolved_ms:
        ended = "withdrawn" if alert.state is State.WITHDRAWN else "resolved"
        found.append(Moment(alert.resolved_ms, t(f"history.{ended}"), tone="green"))
    if kept.acknowledged_ms:
        title = t("history.acknowledged", who=kept.acknowledged_by)
        found.append(Moment(kept.acknowledged_ms, title, tone="blue"))
    if kept.review:
        verdict = t(f"verdict.{kept.review.verdict}")
        title = t("history.reviewed", who=kept.review.by, verdict=verdict)
        found.append(Moment(kept.review.at_ms, title, kept.review.note, tone="blue"))
    return sorted(found, key=lambda moment: moment.at_ms)


def _notified(services: Services, entry: Entry, tellings: Sequence[Telling]) -> Moment:
    """Who was told something of the alert's event."""
    t = services.words
    told = [of.reader for of in tellings if of.state == "told"]
    held = [of.reader for of in tellings if of.state == "held"]
    title = t("history.message", event=t(f"notice.{entry.kind}"))
    note = t("alert.told-sent", n=len(told)) if told else t("alert.told-nobody")
    if held:
        note += t("alert.told-held", n=len(held))
    return Moment(entry.at_ms, title, note, "orange" if told else "gray")
