"""What an officer may do with rules: see them, try others on the past, and save them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from alerting import spelling
from alerting.backtest import Outcome, caught, compared, judged
from alerting.limit import Limit
from alerting.rulebook import Version
from alerting.rules import Rule
from alerting.sight import sights
from api import audit
from api.accounts.records import Account
from api.parts import Parts
from api.platforms.environment.reviews.records import NotAccepted
from api.platforms.environment.tuning.records import (
    MOST_ALERTS,
    Drawn,
    Sighting,
    Trial,
    Wanted,
    bound,
    drafted,
    shown,
    spanned,
    thinned,
    tried_at,
)
from api.platforms.environment.tuning.repository import Histories
from config.vocabulary.errors import Fault

Look = Mapping[str, Any]
"""A kind's own fields as a document writes them; those that are left out stay as they are."""


def rule_of(parts: Parts, rule_id: str) -> Rule | None:
    """A rule in force; None where there is none of this name."""
    return next((rule for rule in parts.rules if rule.id == rule_id), None)


def trial(
    parts: Parts,
    histories: Histories,
    rule: Rule,
    wanted: Sequence[Wanted],
    look: Look,
    *,
    station: str | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
) -> Trial:
    """Try a rule in force and a draft of it on the past.

    Raises:
        NotAccepted: the draft does not hold, or there is too much to try it on.
    """
    begin, end = spanned(from_ms, to_ms, parts.now_ms())
    both = [_tried(parts, each, station, begin) for each in (rule, drafted(rule, wanted, look))]
    seen = [histories.seen(parts, sights(each, parts.catalogue), begin, end) for each in both]
    if max(map(bound, both, seen)) > MOST_ALERTS:
        what, remedy = f"more than {MOST_ALERTS} alerts", "move the limit or let it last longer"
        raise NotAccepted(Fault("levels", what, remedy), "many", n=MOST_ALERTS)
    now, draft = (_judged(parts, each, of, end) for each, of in zip(both, seen, strict=True))
    stations = {sight.place.station.id for each in both for sight in sights(each, parts.catalogue)}
    reviewed = [
        row for row in parts.alerts.reviewed(rule.id, begin, end) if row[0].station in stations
    ]
    rows = {name: n for of in seen for row in of.values() for name, n in row.rows.items()}
    return Trial(
        begin,
        end,
        sum(rows.values()),
        now,
        draft,
        compared(now, draft),
        caught(now, reviewed),
        caught(draft, reviewed),
    )


def _judged(parts: Parts, rule: Rule, seen: Mapping[str, Sighting], end_ms: int) -> Outcome:
    return judged(rule, parts.catalogue, lambda sight: seen[sight.key].readings, end_ms)


def signal(
    parts: Parts,
    histories: Histories,
    rule: Rule,
    wanted: Sequence[Wanted],
    look: Look,
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
    begin, end = spanned(from_ms, to_ms, parts.now_ms())
    draft = _tried(parts, drafted(rule, wanted, look), station, begin)
    every = sights(draft, parts.catalogue)
    seen = histories.seen(parts, every, begin, end)
    rows = [
        Drawn(
            sight.place.indicator,
            thinned(shown(sight, seen[sight.key].readings, begin, end), begin, end, points),
            sight.bindings[0].cadence_ms,
        )
        for sight in every
    ]
    return draft, rows


def _tried(parts: Parts, rule: Rule, station: str | None, begin_ms: int) -> Rule:
    """The rule as it is tried.

    Raises:
        NotAccepted: it does not fit there.
    """
    fits = {place.station.id for place in rule.places(parts.catalogue)}
    if not fits or (station is not None and station not in fits):
        what = "there is none in scope" if station is None else f"{station!r} is not in scope"
        raise NotAccepted(Fault("station", what, "take one that the rule fits"), "station")
    return tried_at(rule, station, begin_ms)


def save(
    parts: Parts,
    account: Account,
    rule: Rule,
    wanted: Sequence[Wanted],
    look: Look,
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
    now_ms = parts.now_ms()
    begin = now_ms if valid_from_ms is None else valid_from_ms
    versions = parts.rulebook.versions(rule.id)
    known = [version.rule for version in versions]
    draft = replace(drafted(rule, wanted, look, known), version=after + 1)
    _tried(parts, draft, None, begin)
    last = versions[-1].rule
    if (draft.limits, draft.look) == (last.limits, last.look):
        fault = Fault("levels", "are those of the last version", "change something first")
        raise NotAccepted(fault, "same")
    if begin < max(now_ms, last.valid_from_ms):
        remedy = "let it hold from now on or later, and behind the version before it"
        raise NotAccepted(Fault("valid_from_ms", "lies too early", remedy), "early")
    with parts.state.begin() as connection:
        saved = parts.rulebook.save(
            connection,
            draft,
            author=account.name,
            reason=reason,
            valid_from_ms=begin,
            now_ms=now_ms,
        )
        said = {
            "version": saved.version,
            "valid_from_ms": begin,
            "levels": [_kept(limit) for limit in saved.rule.limits],
            "look": spelling.own(saved.rule),
            "reason": saved.reason,
        }
        audit.record(
            connection,
            who=account.username,
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
