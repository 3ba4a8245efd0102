"""How an alert came and went, and what people did about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from alerting.alert import Alert, Level, State
from alerting.events.event import doubted
from alerting.notify.readers import Role
from alerting.record.repository import Kept
from alerting.record.search import Order
from api.platforms.environment import timeline
from api.platforms.environment.alerts.records import EventSeen, Hours
from api.platforms.environment.timeline import Moment
from api.services import Services
from api.web.tables import Heads, Sheet, Value
from config.vocabulary.time import DAY_MS

COLUMNS = (
    *("station", "rule", "level", "state", "began", "fired", "resolved"),
    *("summary", "acknowledged", "taken", "review", "note"),
)
HEADS = Heads("alerts.column", COLUMNS, dict.fromkeys(("began", "fired", "resolved"), "instant"))
Filter = tuple[str, str, list[tuple[str, str]]]


def filters(services: Services) -> list[Filter]:
    """Of the list: name, label, and each value with its words."""
    t = services.words
    stations = [(of.id, of.name) for of in services.catalogue.stations.values()]
    levels = [(of.name.lower(), t(f"level.{of.name.lower()}")) for of in reversed(Level)]
    rivers = [(of.id, of.name) for of in services.catalogue.rivers.values()]
    rules = [(rule.id, t.name(rule.name)) for rule in services.rules]
    abouts = [(of, t(f"policies.about-{of}")) for of in ("pollution", "maintenance")]
    hours = [(of, t(f"alerts.hours-{of or 'any'}")) for of in get_args(Hours)]
    orders = [(of, t(f"alerts.order-{of}")) for of in get_args(Order)]
    return [
        ("level", t("alerts.level"), [("", t("alerts.any-level")), *levels]),
        ("station", t("alerts.station"), [("", t("alerts.any-station")), *stations]),
        ("river", t("alerts.river"), [("", t("alerts.any-river")), *rivers]),
        ("rule", t("alerts.rule"), [("", t("alerts.any-rule")), *rules]),
        ("about", t("events.about"), [("", t("events.any-about")), *abouts]),
        ("hours", t("alerts.hours"), hours),
        ("order", t("alerts.order"), orders),
    ]


def table(services: Services, rows: Iterable[Kept]) -> Sheet:
    """Alerts with their marks for a spreadsheet."""
    t = services.words
    return HEADS.sheet(t, t("alerts.title"), _rows(services, rows))


def _rows(services: Services, rows: Iterable[Kept]) -> Iterator[list[Value]]:
    t, wording, now = services.words, services.wording.steady(), services.now_ms()
    for kept in rows:
        alert, said = kept.alert, wording.sentences(kept.alert, now)
        yield [
            services.catalogue.subjects[alert.station].name,
            said.rule_name,
            said.level,
            t(f"state.{alert.state}"),
            *(alert.began_ms, alert.fired_ms, alert.resolved_ms),
            said.summary,
            kept.acknowledged_by or "",
            kept.taken_by or "",
            t(f"verdict.{kept.review.verdict}") if kept.review else "",
            kept.review.note if kept.review else "",
        ]


def history(services: Services, kept: Kept, seen: EventSeen, role: Role) -> list[Moment]:
    """Everything that happened, by time: of the alert itself, and of the event that it is part
    of.
    """
    t, alert = services.words, kept.alert
    level = t(f"level.{alert.level.name.lower()}")
    found = [
        Moment(alert.began_ms, t("history.began")),
        Moment(alert.fired_ms, t("history.fired", level=level), tone="red"),
        *timeline.of_notices(services, seen.notices, named=role == "officer"),
        *timeline.of_acts(services, seen.acts, seen.notices),
    ]
    if alert.resolved_ms:
        ended = "withdrawn" if alert.state is State.WITHDRAWN else "resolved"
        found.append(Moment(alert.resolved_ms, t(f"history.{ended}"), tone="green"))
    if kept.review:
        verdict = t(f"verdict.{kept.review.verdict}")
        title = t("history.reviewed", who=kept.review.by, verdict=verdict)
        found.append(Moment(kept.review.at_ms, title, kept.review.note, tone="blue"))
    return sorted(found, key=lambda moment: moment.at_ms)


def untold(services: Services, alert: Alert, doubting: Sequence[Alert]) -> str:
    """Why an alert belongs to no event, of which people would be told; ``doubting`` are alerts of
    maintenance that stand.
    """
    now, read_ms = services.now_ms(), alert.fired_ms if alert.last_ms is None else alert.last_ms
    if alert.retrospective:
        reason = "retrospective"
    elif alert.state is not State.FIRING:
        reason = "over"
    elif doubted(alert, doubting):
        reason = "doubted"
    else:
        reason = "old" if now - read_ms > DAY_MS else "soon"
    return services.words(f"alert.untold-{reason}")
