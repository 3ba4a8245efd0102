"""Actions of an officer on rules: see them, try others on the past, and save them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from alerting.backtest.backtest import Outcome, caught, compared, judged
from alerting.evaluation.rule_instance import rule_instances
from alerting.rules import serialising
from alerting.rules.conditions.limit import Limit
from alerting.rules.repository import Version
from alerting.rules.rule import Rule
from api import audit
from api.accounts.records import Account
from api.platforms.environment.tuning.records import (
    MOST_ALERTS,
    Drawn,
    Sighting,
    Trial,
    Wanted,
    bound,
    check_reason,
    drafted,
    shown,
    spanned,
    thinned,
    tried_at,
)
from api.platforms.environment.tuning.repository import Histories
from api.services import Services
from api.web.forms import NotAccepted
from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Fault
from ingest.annotations.cadences import CadenceRecord

Signal = Mapping[str, Any]
"""A kind's own fields as a document writes them; those that are left out stay as they are."""


def rule_of(services: Services, rule_id: str) -> Rule | None:
    """A rule in force; None where there is none of this name."""
    return next((rule for rule in services.rules if rule.id == rule_id), None)


def trial(
    services: Services,
    histories: Histories,
    rule: Rule,
    wanted: Sequence[Wanted],
    signal: Signal,
    *,
    station: str | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
) -> Trial:
    """Try a rule in force and a draft of it on the past.

    Raises:
        NotAccepted: the draft does not hold, or there is too much to try it on.
    """
    begin, end = spanned(from_ms, to_ms, services.now_ms())
    both = [
        _tried(services, each, station, begin) for each in (rule, drafted(rule, wanted, signal))
    ]
    dated = CadenceRecord(services.state).dated(services.catalogue)
    seen = [histories.seen(services, rule_instances(each, dated), begin, end) for each in both]
    if max(map(bound, both, seen)) > MOST_ALERTS:
        what, remedy = f"more than {MOST_ALERTS} alerts", "move the limit or let it last longer"
        raise NotAccepted(Fault("levels", what, remedy), "many", n=MOST_ALERTS)
    now, draft = (
        _judged(services, dated, each, of, end) for each, of in zip(both, seen, strict=True)
    )
    stations = {
        instance.target.station.id for each in both for instance in rule_instances(each, dated)
    }
    reviewed = [
        row for row in services.alerts.reviewed(rule.id, begin, end) if row[0].station in stations
    ]
    rows = {name: n for of in seen for row in of.values() for name, n in row.rows.items()}
    return Trial(
        begin,
        end,
        sum(rows.values()),
        len(frozenset[int]().union(*(row.hours for of in seen for row in of.values()))),
        now,
        draft,
        compared(now, draft),
        caught(now, reviewed),
        caught(draft, reviewed),
    )


def _judged(
    services: Services, dated: Catalogue, rule: Rule, seen: Mapping[str, Sighting], end_ms: int
) -> Outcome:
    return judged(
        rule,
        dated,
        lambda instance: seen[instance.key].readings,
        end_ms,
        services.grouping,
    )


def signal(
    services: Services,
    histories: Histories,
    rule: Rule,
    wanted: Sequence[Wanted],
    signal: Signal,
    *,
    station: str,
    from_ms: int,
    to_ms: int,
    points: int,
) -> tuple[Rule, list[Drawn]]:
    """A draft of a rule in force, and what it sees of the past at each of its places at a station,
    for a chart.

    Raises:
        NotAccepted: the draft does not hold, or there is too much to look at.
    """
    begin, end = spanned(from_ms, to_ms, services.now_ms())
    draft = _tried(services, drafted(rule, wanted, signal), station, begin)
    dated = CadenceRecord(services.state).dated(services.catalogue)
    every = rule_instances(draft, dated)
    seen = histories.seen(services, every, begin, end)
    rows = [
        Drawn(
            instance.target.indicator,
            thinned(shown(instance, seen[instance.key].readings, begin, end), begin, end, points),
            instance.bindings[0].cadences.one(end),
        )
        for instance in every
    ]
    return draft, rows


def _tried(services: Services, rule: Rule, station: str | None, begin_ms: int) -> Rule:
    """The rule as it is tried.

    Raises:
        NotAccepted: it does not fit there.
    """
    fits = {target.station.id for target in rule.targets(services.catalogue)}
    if not fits or (station is not None and station not in fits):
        what = "there is none in scope" if station is None else f"{station!r} is not in scope"
        raise NotAccepted(Fault("station", what, "take one that the rule fits"), "station")
    return tried_at(rule, station, begin_ms)


def save(
    services: Services,
    account: Account,
    rule: Rule,
    wanted: Sequence[Wanted],
    signal: Signal,
    *,
    after: int,
    reason: str,
    valid_from_ms: int | None = None,
) -> Version:
    """Save a draft of a rule in force as the version behind ``after``, from now on or later; the
    audit stands in the same transaction.

    Raises:
        NotAccepted: the draft does not hold, is no other, or would hold for the past.
        SavedMeanwhile: somebody was first.
    """
    check_reason(reason)
    now_ms = services.now_ms()
    begin = now_ms if valid_from_ms is None else valid_from_ms
    versions = services.rule_repository.versions(rule.id)
    known = [version.rule for version in versions]
    draft = replace(drafted(rule, wanted, signal, known), version=after + 1)
    _tried(services, draft, None, begin)
    last = versions[-1].rule
    if (draft.limits, draft.signal) == (last.limits, last.signal):
        fault = Fault("levels", "are those of the last version", "change something first")
        raise NotAccepted(fault, "same")
    if begin < max(now_ms, last.valid_from_ms):
        remedy = "let it hold from now on or later, and behind the version before it"
        raise NotAccepted(Fault("valid_from_ms", "lies too early", remedy), "early")
    with services.state.begin() as connection:
        saved = services.rule_repository.save(
            connection,
            draft,
            author=account.signed,
            account=account.username,
            reason=reason,
            valid_from_ms=begin,
            now_ms=now_ms,
        )
        said = {
            "version": saved.version,
            "valid_from_ms": begin,
            "levels": [_kept(limit) for limit in saved.rule.limits],
            "look": serialising.own(saved.rule),
            "reason": saved.reason,
        }
        audit.record(
            connection,
            by=account.actor,
            action="rule.save",
            subject=rule.id,
            detail=json.dumps(said, ensure_ascii=False),
            at_ms=now_ms,
        )
    return saved


def _kept(limit: Limit) -> dict[str, object]:
    """A level as the audit keeps it."""
    return {
        "level": limit.level.name.lower(),
        "limit": limit.limit,
        "for_ms": limit.for_ms,
        "clear_limit": limit.clear_limit,
        "clear_for_ms": limit.clear_for_ms,
    }
