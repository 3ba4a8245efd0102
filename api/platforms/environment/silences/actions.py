"""Actions on silences; the audit stands in the same transaction, and open pages hear of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy.engine import Connection

from alerting.alert import Alert, Level, State
from alerting.escalation.policy import LEVELS
from alerting.silences.silence import Silence
from alerting.wording.sentences import NOTICES
from api import audit
from api.accounts.records import Account
from api.live import LiveEvent
from api.platforms.environment.silences.records import (
    Draft,
    Written,
    local,
    spanned,
)
from api.services import Services
from config.vocabulary.time import HOUR_MS

CHANGED = LiveEvent("environment.silence")
A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """Those in force, those to come, and a page of those that are over."""

    in_force: list[Silence]
    to_come: list[Silence]
    over: list[Silence]
    following: int | None


def listed(services: Services, before: int = 0, most: int = A_PAGE) -> Listed:
    """All of them; of the past those of ids below ``before``, 0: the newest."""
    now = services.now_ms()
    with services.state.read() as connection:
        over, following = services.silences.over(connection, now, before=before, most=most)
        return Listed(
            services.silences.standing(connection, now),
            services.silences.to_come(connection, now),
            over,
            following,
        )


def find(services: Services, silence_id: int) -> Silence | None:
    """One of them."""
    with services.state.read() as connection:
        return services.silences.one(connection, silence_id)


def choices(services: Services) -> dict[str, dict[str, str]]:
    """The values that a scope may name, by field, with their names."""
    t, catalogue = services.words, services.catalogue
    codes = dict.fromkeys(code for plan in catalogue.plans.values() for code in plan)
    rules = {rule.id: t.name(rule.name) for rule in services.rules}
    areas = dict.fromkeys(of.area for of in catalogue.stations.values())
    return {
        "stations": {of.id: of.name for of in catalogue.stations.values()},
        "indicators": {code: t.indicators[code].name for code in codes},
        "rules": rules | {of: t(f"alert.{of}-name") for of in NOTICES},
        "rivers": {of.id: of.name for of in catalogue.rivers.values()},
        "areas": {of: t.name(of) for of in areas},
    }


def of_event(services: Services, event_id: str) -> Written | None:
    """The form of a silence of an event: its stations, rules and river, up to its level."""
    with services.state.read() as connection:
        event = services.events.one(connection, event_id)
        members = services.events.members(connection, [event_id]).get(event_id, [])
    if event is None or not members:
        return None
    gravest = max(event.gravest, *(of.level for of in members))
    stations = dict.fromkeys(of.station for of in members if of.station)
    rivers = {services.catalogue.subjects[of].river for of in stations} - {None}
    return Written(
        stations=list(stations),
        rules=list(dict.fromkeys(of.rule_id for of in members)),
        rivers=sorted(of for of in rivers if of) if len(rivers) == 1 else [],
        level=next(name for name, level in LEVELS.items() if level == gravest),
        event=event_id,
    )


def of_window(services: Services) -> Written:
    """The form of a maintenance window: it begins now and silences all levels."""
    now = services.now_ms()
    begin, until = local(now), local(now + 4 * HOUR_MS)
    return Written(kind="maintenance", level="critical", begin=begin, ends="at", until=until)


def covered(services: Services, draft: Draft) -> list[Alert]:
    """The alerts that stand now of which nobody is told any more."""
    found = services.alerts.listing(state=State.FIRING, most=1000)
    subjects = services.catalogue.subjects
    return [
        kept.alert
        for kept in found
        if kept.alert.level <= draft.level
        and draft.scope.covers(kept.alert, subjects[kept.alert.station])
    ]


def create(services: Services, account: Account, draft: Draft) -> Silence:
    """Keep a new one."""
    with services.state.begin() as connection:
        silence = _added(services, connection, account, draft)
        _record(services, connection, account, "silence.create", silence)
    CHANGED.tell(services.publish, {})
    return silence


def end(services: Services, account: Account, silence: Silence) -> bool:
    """End one early; False where it is over already."""
    now = services.now_ms()
    with services.state.begin() as connection:
        done = services.silences.end(connection, silence.id, account.signed, now)
        if done:
            _record(services, connection, account, "silence.end", silence)
    if done:
        CHANGED.tell(services.publish, {})
    return done


def renew(services: Services, account: Account, silence: Silence, until_ms: int) -> Silence:
    """Let one go on until then, as a new one in its place, which begins at once or, where it is to
    come, when that would have begun.

    Raises:
        NotAccepted: the end does not hold.
    """
    now = services.now_ms()
    span = spanned(silence.kind, silence.from_ms, until_ms, now)
    draft = Draft(silence.kind, silence.scope, silence.level, silence.reason, silence.crew, *span)
    with services.state.begin() as connection:
        services.silences.end(connection, silence.id, account.signed, now)
        following = _added(services, connection, account, draft)
        _record(services, connection, account, "silence.renew", following)
    CHANGED.tell(services.publish, {})
    return following


def _added(services: Services, connection: Connection, account: Account, draft: Draft) -> Silence:
    silence = Silence(
        id=0,
        kind=draft.kind,
        scope=draft.scope,
        level=draft.level,
        reason=draft.reason,
        author=account.signed,
        author_account=account.username,
        saved_ms=services.now_ms(),
        from_ms=draft.from_ms,
        until_ms=draft.until_ms,
        crew=draft.crew,
    )
    return replace(silence, id=services.silences.add(connection, silence))


def _record(
    services: Services, connection: Connection, account: Account, action: str, silence: Silence
) -> None:
    audit.record(
        connection,
        by=account.actor,
        action=action,
        subject=str(silence.id),
        detail=json.dumps(_detail(silence), ensure_ascii=False),
        at_ms=services.now_ms(),
    )


def _detail(silence: Silence) -> Mapping[str, object]:
    scope = {name: of for name, of in msgspec.to_builtins(silence.scope).items() if of}
    return {
        "kind": silence.kind,
        "scope": scope,
        "level": Level(silence.level).name.lower(),
        "reason": silence.reason,
        "crew": silence.crew,
        "from_ms": silence.from_ms,
        "until_ms": silence.until_ms,
    }
