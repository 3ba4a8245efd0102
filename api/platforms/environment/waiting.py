"""Events that wait for a person, and how the stations stand that the person wishes to hear of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alerting.alert import Alert, State
from alerting.escalation.policy import LEVELS
from alerting.events.event import AlertEvent
from alerting.events.repository import Wanted
from alerting.notify.wishes import Wishes
from api.accounts.records import Account
from api.platforms.environment import event_story
from api.platforms.environment.acts import role_of
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.stations.actions import heard, overview
from api.platforms.environment.stations.records import Overview
from api.ports import Figure, Summary, Todo, Tone
from api.services import Services
from config.catalogue.shapes import Station
from config.vocabulary.time import MINUTE_MS

FIRING = "/environment/alerts?show=firing"
MOST = 20
"""Events that are listed; the page of events has the rest."""
MOST_READ = 500
"""Events that are read, where those of other places and kinds may lie between the wished ones."""


def todos(services: Services, account: Account) -> list[Todo]:
    """Events that stand and of which nobody of the person's role has said anything, in the places,
    of the kinds and from the level on that the person wishes to hear of.
    """
    if not account.may(EnvironmentPermission.ACKNOWLEDGE_ALERTS):
        return []
    wishes = services.messages.wishes_of(account.username)
    level = LEVELS[wishes.least] if wishes.least else None
    wanted = Wanted(role_of(account), "waiting", level=level)
    narrowed = wishes.rivers or wishes.areas or wishes.stations or wishes.kinds
    most = MOST_READ if narrowed else MOST
    with services.state.read() as connection:
        found, _ = services.events.listing(connection, wanted, first=0, most=most)
        alerts = services.events.members(connection, [of.event.id for of in found])
    subjects, waiting = services.catalogue.subjects, []
    for of in found:
        members = alerts.get(of.event.id, [])
        stations = [subjects[alert.station] for alert in members]
        if wishes.of_kind(of.event.kind) and _wished(wishes, stations):
            waiting.append(_todo(services, of.event, members))
        if len(waiting) == MOST:
            break
    return waiting


def _todo(services: Services, event: AlertEvent, alerts: Sequence[Alert]) -> Todo:
    story = event_story.story(services, event, alerts)
    title = services.words("events.name", name=story.name, place=story.location)
    note = story.said.summary if story.said else ""
    return Todo(title, f"/environment/events/{story.id}", story.began_ms, note=note)


def summaries(services: Services, account: Account) -> list[Summary]:
    """Of the stations that the person wishes to hear of: pollution first, then what is unknown."""
    if not account.may(EnvironmentPermission.SEE_STATIONS):
        return []
    wishes = services.messages.wishes_of(account.username)
    rows = [row for row in overview(services) if _wished(wishes, [row.station])]
    if not rows:
        return []
    text, path, bad = _said(services, rows)
    if len(rows) < len(services.catalogue.stations):
        text = services.words("environment.wished", n=len(rows), text=text)
    return [Summary(text, path, "bad" if bad else _tone(rows))]


def figures(services: Services, account: Account) -> list[Figure]:
    """The stations that are heard, those that miss their target, and the alerts that stand."""
    if not account.may(EnvironmentPermission.SEE_STATIONS):
        return []
    now_heard = sum(heard(services).values())
    worse = services.shared.get(
        ("stations worse",), services.now_ms() // MINUTE_MS, lambda: _worse(services)
    )
    found = [
        Figure("environment.wall.heard", now_heard, "wall.unit-station", "/environment/"),
        Figure("environment.wall.worse", worse, "wall.unit-station", "/environment/"),
    ]
    if account.may(EnvironmentPermission.SEE_ALERTS):
        firing, path = len(services.alerts.listing(state=State.FIRING)), FIRING
        found.append(Figure("environment.wall.firing", firing, "wall.unit-alert", path))
    return found


def _worse(services: Services) -> int:
    """Judgements rest on means of hours, and to judge costs much: a minute old is new enough."""
    rows = (row for row in overview(services) if not row.late and row.valid)
    return sum(row.judged.misses_target for row in rows)


def _said(services: Services, rows: list[Overview]) -> tuple[str, str, bool]:
    t, heard = services.words, [row for row in rows if not row.late and row.valid]
    unknown = len(rows) - len(heard)
    polluted = sum(row.pollution for row in rows)
    worse = sum(row.judged.misses_target and not row.pollution for row in heard)
    said = [
        t("overview.polluted", n=polluted) if polluted else "",
        t("overview.worse", n=worse) if worse else "",
        t("environment.unknown", n=unknown) if unknown else "",
    ]
    text = t("list.sentence").join(part for part in said if part)
    path = FIRING if polluted else "/environment/"
    return text or t("environment.calm"), path, bool(polluted)


def _tone(rows: list[Overview]) -> Tone:
    if any(row.judged.misses_target for row in rows if not row.late and row.valid):
        return "worse"
    return "unknown" if any(row.late or not row.valid for row in rows) else "calm"


def _wished(wishes: Wishes, stations: Iterable[Station]) -> bool:
    listed = list(stations)
    rivers = [of.river for of in listed if of.river]
    return wishes.of_location(rivers, [of.area for of in listed], [of.id for of in listed])
