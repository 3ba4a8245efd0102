"""What an officer may do with rules: see them, try other limits on the past, and save them."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from alerting.backtest import Readings, caught, compared, tried
from alerting.limit import Limit
from alerting.rulebook import Version
from alerting.rules import Rule
from api import audit
from api.accounts.records import Account
from api.parts import Parts
from api.platforms.environment.reviews.records import NotAccepted
from api.platforms.environment.tuning.records import (
    DAY_MS,
    MOST_ALERTS,
    Told,
    Trial,
    Wanted,
    bound,
    drafted,
    spanned,
    tried_at,
)
from config.vocabulary.errors import Fault
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Quality

PART_MS = 62 * DAY_MS
"""Read at once, so that too much is noticed early."""
MOST_READINGS = 6_000_000
"""Of one trial: ten stations of one-minute data of a year; 96 MB."""
KEPT, KEPT_S = 2, 120.0
"""Histories in memory, and how long: a backlog that arrives is seen no later than that."""
_DURATIONS = (("days", DAY_MS), ("hours", 3_600_000), ("minutes", 60_000))


class Histories:
    """Good readings of the spans that were asked for last, so that a line on the move is answered
    from memory. What was corrected since or judged anew is read again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], tuple[float, dict[str, Readings]]]
        self._kept = OrderedDict()

    def of(
        self, parts: Parts, series: Sequence[str], from_ms: int, to_ms: int
    ) -> dict[str, Readings]:
        """Good readings of ``from_ms <= t < to_ms`` by series, as judged and corrected.

        Raises:
            NotAccepted: they are too many.
        """
        with self._lock:  # who waits here finds them read
            # Asked for first: what is decided while we read has a later revision.
            key = (*series, from_ms, to_ms, parts.corrections.revision())
            read_s, found = self._kept.pop(key, (0.0, {}))
            if not found or time.monotonic() - read_s > KEPT_S:
                while len(self._kept) >= KEPT:
                    self._kept.popitem(last=False)
                read_s, found = time.monotonic(), _read(parts, series, from_ms, to_ms)
            self._kept[key] = read_s, found
            return found


def _read(parts: Parts, series: Sequence[str], from_ms: int, to_ms: int) -> dict[str, Readings]:
    found: dict[str, Readings] = {}
    left = MOST_READINGS
    for name in series:
        pieces: list[Readings] = []
        for begin in range(from_ms, to_ms, PART_MS):
            track = parts.store.track(name, begin, min(begin + PART_MS, to_ms))
            good = track.quality == Quality.GOOD
            pieces.append((track.t[good], track.value[good]))
            left -= len(pieces[-1][0])
            if left < 0:
                remedy = "take one station or a shorter span"
                fault = Fault("from_ms", f"more than {MOST_READINGS} readings", remedy)
                raise NotAccepted(fault, "large")
        t, value = (np.concatenate(columns) for columns in zip(*pieces, strict=True))
        found[name] = t, value
    return found


def rule_of(parts: Parts, rule_id: str) -> Rule | None:
    """A rule in force; None where there is none of this name."""
    return next((rule for rule in parts.rules if rule.id == rule_id), None)


def trial(
    parts: Parts,
    histories: Histories,
    rule: Rule,
    wanted: Sequence[Wanted],
    *,
    station: str | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
) -> Trial:
    """Try a rule in force and a draft of it on the past.

    Raises:
        NotAccepted: the draft does not hold, or there is too much to try it on.
    """
    draft = tried_at(drafted(rule, wanted), station)
    begin, end = spanned(from_ms, to_ms, parts.now_ms())
    series = rule.series(parts.catalogue)
    if station is not None:
        series = [name for name in series if name.startswith(f"{station}/")]
    if not series:
        fault = Fault("station", f"{station!r} is not in scope", "take one that the rule names")
        raise NotAccepted(fault, "station")
    readings = histories.of(parts, series, begin, end)
    now = tried_at(rule, station)
    if max(bound(each, list(readings.values())) for each in (now, draft)) > MOST_ALERTS:
        what, remedy = f"more than {MOST_ALERTS} alerts", "move the limit or let it last longer"
        raise NotAccepted(Fault("levels", what, remedy), "many", n=MOST_ALERTS)
    first, second = (
        tried([each], parts.catalogue, readings.__getitem__, end) for each in (now, draft)
    )
    rows = sum(len(t) for t, _ in readings.values())
    stations = {name.partition("/")[0] for name in series}
    reviewed = [
        row for row in parts.alerts.reviewed(rule.id, begin, end) if row[0].station in stations
    ]
    return Trial(
        begin,
        end,
        rows,
        first,
        second,
        compared(first, second),
        caught(first, reviewed),
        caught(second, reviewed),
    )


def save(
    parts: Parts,
    account: Account,
    rule: Rule,
    wanted: Sequence[Wanted],
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
    draft = replace(drafted(rule, wanted, [known.rule for known in versions]), version=after + 1)
    last = versions[-1]
    if draft.limits == last.rule.limits:
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


def told(parts: Parts, rule_id: str) -> list[Told]:
    """Every version of a rule with what it changed, the newest first."""
    versions = parts.rulebook.versions(rule_id)
    now_ms = parts.now_ms()
    rows = []
    for place, version in enumerate(versions):
        before = versions[place - 1].rule if place else None
        lines = tuple(_changes(parts, before, version.rule)) if before else ()
        rule = version.rule
        holds = rule.valid_from_ms <= now_ms < rule.valid_until_ms
        rows.append(Told(version, lines, holds))
    return rows[::-1]


def scope(parts: Parts, rule: Rule) -> str:
    """Which stations a rule names, in words."""
    of, known = rule.scope, parts.catalogue
    found = [parts.words(f"tuning.scope-{of.kind or 'all'}")]
    if of.river:
        name = known.rivers[of.river].name if of.river in known.rivers else of.river
        found.append(parts.words("tuning.scope-river", name=name))
    if of.area:
        found.append(of.area)
    if of.id:
        found.append(known.stations[of.id].name if of.id in known.stations else of.id)
    return "，".join(found)


def looked_at(parts: Parts, rule: Rule) -> str:
    """What a rule looks at, in words: a value, its mean or its change; nothing for an absence."""
    if not rule.indicator:
        return ""
    name = INDICATORS[rule.indicator].name
    if not rule.window_ms:
        return name
    key = "alert.change" if rule.kind == "rate" else "alert.mean"
    return parts.words(key, indicator=name, window=duration(parts, rule.window_ms))


def level(parts: Parts, rule: Rule, limit: Limit) -> str:
    """A level of a rule in words: when it fires, and when it ends."""
    lasting = duration(parts, limit.for_ms)
    if limit.limit is None or limit.clear_limit is None:
        return parts.words("tuning.absent", duration=lasting)
    unit = INDICATORS[rule.indicator].unit
    return parts.words(
        f"tuning.{'above' if limit.sign > 0 else 'below'}",
        limit=f"{limit.limit:g}",
        duration=lasting,
        clear=f"{limit.clear_limit:g}",
        clear_duration=duration(parts, limit.clear_for_ms),
        unit=f" {unit}" if unit else "",
    )


def duration(parts: Parts, span_ms: int) -> str:
    """A duration exactly, in the largest unit in which it is whole, or in seconds."""
    for unit, ms in _DURATIONS:
        if span_ms and span_ms % ms == 0:
            return parts.words(f"duration.{unit}", n=span_ms // ms)
    return parts.words("duration.seconds", n=f"{span_ms / 1000:g}")


def _changes(parts: Parts, before: Rule, after: Rule) -> Iterator[str]:
    """What is different in a version, in words."""
    unit = INDICATORS[after.indicator].unit if after.indicator else ""
    for old, new in zip(before.limits, after.limits, strict=False):
        word = parts.words(f"level.{new.level.name.lower()}")
        for key, was, becomes in zip(_KEYS, _terms(parts, old), _terms(parts, new), strict=True):
            if was != becomes:
                said = f"{becomes} {unit}".rstrip() if "for" not in key else becomes
                yield parts.words(f"tuning.changed-{key}", level=word, old=was, new=said)


_KEYS = ("limit", "for", "clear", "clear-for")


def _terms(parts: Parts, limit: Limit) -> tuple[str, ...]:
    """The four terms of a level in words, without unit."""
    return (
        _plain(limit.limit),
        duration(parts, limit.for_ms),
        _plain(limit.clear_limit),
        duration(parts, limit.clear_for_ms),
    )


def _plain(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"


def _kept(limit: Limit) -> dict[str, object]:
    """A level as the audit keeps it."""
    return {
        "level": limit.level.name.lower(),
        "limit": limit.limit,
        "for_ms": limit.for_ms,
        "clear_limit": limit.clear_limit,
        "clear_for_ms": limit.clear_for_ms,
    }
