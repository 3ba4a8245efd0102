"""`qingyuan backtest`: what rules would have done with readings of the past, before they act.

Every reading of a file counts as good; with ``--qc`` those do that quality control does not doubt.
From the store a year is tried unless dates are given, as judged and corrected.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import DAY_MS, FOR_EVER_MS, ZONE

if TYPE_CHECKING:
    from alerting.alert import Alert, Verdict
    from alerting.backtest.backtest import Difference, Outcome, Readings
    from alerting.rules.rule import Rule
    from config.catalogue.shapes import Catalogue
    from qingyuan.runtime.site import SiteResources
    from qingyuan.runtime.tasks import Line


def fault_of(where: str, what: str, remedy: str) -> FaultyInput:
    """One fault of an option."""
    return FaultyInput([Fault(where, what, remedy)])


def _untried(rules: Sequence[Rule], catalogue: Catalogue) -> dict[str, str]:
    """Rules that a file cannot try, with why."""
    from alerting.rules.registry import kind_of

    found = {}
    for rule in rules:
        if kind_of(rule).by_cause:
            found[rule.id] = kind_of(rule).lacks
        elif not rule.targets(catalogue):
            found[rule.id] = _unfit(rule, catalogue)
    return found


def _unfit(rule: Rule, catalogue: Catalogue) -> str:
    """Why a rule has no place at the one station that there is."""
    from alerting.rules.registry import kind_of

    (station,), scope = catalogue.stations.values(), rule.scope
    if scope.kind not in (None, station.kind):
        return f"looks at {scope.kind}, and the file is of {station.kind}"
    if scope.id not in (None, station.id):
        return f"looks at station {scope.id}, and the file is of {station.id}"
    if scope.lake not in (None, station.lake):
        return f"looks at {'lakes' if scope.lake else 'rivers'}, and the file is not of one"
    plan = catalogue.plans[station.id]
    missing = [code for code in kind_of(rule).indicators(rule) if code not in plan]
    if missing:
        return f"looks at {', '.join(missing)}, which no column is mapped to"
    return kind_of(rule).lacks


def tried_rules(
    rules: Sequence[Rule], catalogue: Catalogue, named: Mapping[str, Readings], end_ms: int
) -> Outcome:
    """The alerts that rules would have raised; its progress goes to stderr."""
    from alerting.backtest.backtest import tried
    from ingest.importing.steps import APART_MS

    return tried(rules, catalogue, named.__getitem__, end_ms, _progress, apart_ms=APART_MS)


def _progress(share: float) -> None:
    if sys.stderr.isatty():
        end = "\r\x1b[K" if share >= 1 else ""
        print(f"\r{share:4.0%}{end}", end="", file=sys.stderr, flush=True)


def on_store(resources: SiteResources, options: Mapping[str, Any]) -> Iterator[Line]:
    """The admin task: the store's readings as judged and corrected.

    Raises:
        FaultyInput: an unknown station, or rules that do not hold.
    """
    import numpy as np

    from alerting.backtest.backtest import tried
    from alerting.rules import documents
    from alerting.rules.conditions.signal import ANY
    from ingest.annotations.cadences import CadenceRecord
    from qingyuan.maintenance.export import day_of
    from qingyuan.runtime.site import now_ms
    from qingyuan.runtime.tasks import Line

    shared, station = resources.shared, options["station"]
    catalogue = CadenceRecord(shared.state).dated(shared.catalogue)
    _, engine = shared.repository.engine_snapshot()
    if station and station not in shared.catalogue.stations:
        known = ", ".join(shared.catalogue.stations)
        raise fault_of("--station", f"unknown {station!r}", f"use one of {known}")
    faults: list[Fault] = []
    last = day_of("--to", options["to"], faults) if options["to"] else None
    end = min(now_ms(), FOR_EVER_MS if last is None else last + DAY_MS)
    first = day_of("--from", options["from"], faults) if options["from"] else None
    begin = end - 366 * DAY_MS if first is None else first
    if faults:
        raise FaultyInput(faults)

    def readings(series: str) -> Readings:
        name = series.removesuffix(ANY)
        until = begin if station and name.partition("/")[0] != station else end
        if name == series:
            return shared.store.good(name, begin, until)
        track = shared.store.track(name, begin, until)
        return track.t, track.cause.astype(np.float64)

    outcomes, named = [], set[str]()
    for path in (options["rules"], options["against"]):
        if path:
            rules = documents.load(Path(path), shared.catalogue)
            named.update(rule.id for rule in rules)
            yield Line(f"trying {path}", passing=True)
            outcomes.append(tried(rules, catalogue, readings, end, heard=engine.heard_ms))
    reviewed = [
        row
        for rule_id in sorted(named)
        for row in shared.repository.reviewed(rule_id, begin, end)
        if not station or row[0].station == station
    ]
    zone = ZONE
    for text in report_lines(outcomes, zone, reviewed, as_json=options["json"]):
        yield Line(text)
    yield Line(status=0)


def report_lines(
    outcomes: Sequence[Outcome],
    zone: ZoneInfo,
    reviewed: Sequence[tuple[Alert, Verdict]] | None = None,
    *,
    untried: Sequence[Mapping[str, str]] = ({}, {}),
    as_json: bool,
) -> Iterator[str]:
    """An outcome in lines; with a second one what differs. A file has nothing ``reviewed``; some
    rules of each version may be ``untried``, with why.
    """
    from alerting.backtest.backtest import compared

    first, *second = outcomes
    difference = compared(first, second[0]) if second else None
    if as_json:
        answer = _answer(first, zone, reviewed) | _reasons(untried[0])
        if difference:
            other = _answer(second[0], zone, reviewed) | _reasons(untried[1])
            answer["against"] = other | _parted(difference, zone)
        yield json.dumps(answer, ensure_ascii=False)
        return
    yield from _table(first, zone, reviewed)
    yield from _left_out(untried[0])
    if difference:
        yield ""
        yield "against:"
        yield from _table(second[0], zone, reviewed)
        yield from _left_out(untried[1])
        yield ""
        yield f"in both: {len(difference.both)}"
        for word, alerts in (("only here", difference.only_first),
                             ("only there", difference.only_second)):  # fmt: skip
            yield f"{word}: {len(alerts)}"
            yield from (f"  {_line(alert, zone)}" for alert in alerts)


def _left_out(untried: Mapping[str, str]) -> Iterator[str]:
    for rule, why in untried.items():
        yield f"not tried: {rule} {why}"


def _reasons(untried: Mapping[str, str]) -> dict[str, Any]:
    return {"untried": [{"rule": rule, "why": why} for rule, why in untried.items()]}


def _answer(
    outcome: Outcome, zone: ZoneInfo, reviewed: Sequence[tuple[Alert, Verdict]] | None
) -> dict[str, Any]:
    from alerting.backtest.backtest import caught

    answer: dict[str, Any] = {
        "alerts": [_row(alert, zone) for alert in outcome.alerts],
        "summary": dataclasses.asdict(outcome.counts()),
    }
    if reviewed is not None:
        answer["reviewed"] = dataclasses.asdict(caught(outcome, reviewed))
    return answer


def _parted(difference: Difference, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "only_here": [_row(alert, zone) for alert in difference.only_first],
        "only_there": [_row(alert, zone) for alert in difference.only_second],
        "in_both": len(difference.both),
    }


def _row(alert: Alert, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "rule": alert.rule_id,
        "station": alert.station,
        "level": alert.level.name.lower(),
        "began": _iso(alert.began_ms, zone),
        "fired": _iso(alert.fired_ms, zone),
        "resolved": _iso(alert.resolved_ms, zone),
        "peak": alert.peak,
        "peak_at": _iso(alert.peak_ms, zone),
    }


def _iso(at_ms: int | None, zone: ZoneInfo) -> str | None:
    if at_ms is None:
        return None
    spec = "milliseconds" if at_ms % 1000 else "seconds"
    return datetime.fromtimestamp(at_ms / 1000, zone).isoformat(timespec=spec)


def _table(
    outcome: Outcome, zone: ZoneInfo, reviewed: Sequence[tuple[Alert, Verdict]] | None
) -> Iterator[str]:
    from alerting.backtest.backtest import caught

    for alert in outcome.alerts:
        yield _line(alert, zone)
    counts = outcome.counts()
    levels = ", ".join(f"{n} {name}" for name, n in counts.by_level.items())
    yield f"{counts.alerts} alerts{levels and f' ({levels})'}, {counts.hours:g} hours in alarm"
    for audience, n in counts.messages.items():
        at_night, nights = counts.at_night.get(audience, 0), counts.nights.get(audience, 0)
        yield f"messages to {audience}: {n}, at night {at_night} in {nights} nights"
    if reviewed:
        of = caught(outcome, reviewed)
        true, false = f"{of.true_kept}/{of.true_all}", f"{of.false_kept}/{of.false_all}"
        yield f"reviewed alerts that it keeps: {true} true, {false} false"


def _line(alert: Alert, zone: ZoneInfo) -> str:
    end = _iso(alert.resolved_ms, zone) or "stands"
    peak = "" if alert.peak is None else f"  peak {alert.peak:g}"
    where = f"{alert.station}  {alert.rule_id}  {alert.level.name.lower()}"
    return f"{_iso(alert.began_ms, zone)}  {end}  {where}{peak}"
