"""`qingyuan backtest`: what rules would have done with readings of the past, before they act.

Of a file every reading counts as good; with ``--qc`` those do that quality control does not doubt.
Of the store a year is tried if nothing else is said, as judged and corrected.
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
from qingyuan.words import Parser, add_settings, configured

if TYPE_CHECKING:
    from alerting.alert import Alert, Verdict
    from alerting.backtest import Difference, Outcome, Readings
    from alerting.rules import Rule
    from config.catalogue.shapes import Catalogue
    from qingyuan.desk import Desk
    from qingyuan.errands import Line
    from qingyuan.table import Table

FOR_EVER_MS = 1 << 62
DAY_MS = 86_400_000


def run(argv: list[str]) -> int:
    """Try rules on a file, or on what the store holds."""
    given = _parser().parse_args(argv)
    if given.csv is None:
        from qingyuan import errands

        if given.time or given.map or given.qc:
            raise _fault("--time", "belongs to a file", "name it with --csv")
        options = {
            "rules": str(given.rules.absolute()),
            "against": given.against and str(given.against.absolute()),
            "from": given.first,
            "to": given.last,
            "station": given.station,
            "json": given.json,
        }
        return errands.run("backtest", options, configured(given))
    for name in ("time", "map", "station"):
        if not getattr(given, name):
            raise _fault(f"--{name}", "is missing", "a file needs --time, --map and --station")
    for text in _on_file(given):
        print(text)
    return 0


def _parser() -> Parser:
    from qingyuan.table import add_columns

    parser = Parser("qingyuan backtest", "what rules would have done with readings of the past")
    parser.add_argument("rules", type=Path, metavar="RULES.toml")
    parser.add_argument("--against", type=Path, metavar="RULES2.toml", help="to be compared with")
    parser.add_argument("--csv", type=Path, help="readings of one station; default: the store's")
    parser.add_argument("--station", help="its name; of the store: only this one")
    add_columns(parser, required=False)
    parser.add_argument("--qc", action="store_true", help="leave out what quality control doubts")
    parser.add_argument(
        "--from", dest="first", metavar="DATE", help="of the store: default a year"
    )
    parser.add_argument("--to", dest="last", metavar="DATE", help="the last day, as a whole")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--plot", type=Path, metavar="FILE.png", help="of a file: a picture too")
    add_settings(parser)
    return parser


def _fault(where: str, what: str, remedy: str) -> FaultyInput:
    return FaultyInput([Fault(where, what, remedy)])


def _on_file(given: Any) -> Iterator[str]:
    from alerting import documents
    from qingyuan.table import looked_up

    table = looked_up(given.csv, given.time, given.map, given.zone)
    readings, cadence_ms, end_ms = _read(table, judge=given.qc)
    catalogue = _place(table, given.station, cadence_ms)
    loaded = [
        documents.load(path, catalogue, elsewhere=True)
        for path in (given.rules, given.against)
        if path
    ]
    untried = [_untried(rules, catalogue) for rules in loaded]
    versions = [
        [rule for rule in rules if rule.id not in left_out]
        for rules, left_out in zip(loaded, untried, strict=True)
    ]
    if not versions[0]:
        what = "has no rule for what the file measures"
        why = "; ".join(f"{rule} {reason}" for rule, reason in untried[0].items())
        raise _fault(str(given.rules), what, f"map the column that a rule names ({why})")
    named = {f"{given.station}/{code}": of for code, of in readings.items()}
    outcomes = [_tried(rules, catalogue, named, end_ms) for rules in versions]
    if given.plot:
        from qingyuan.drawing import drawn

        drawn(given.plot, versions[0], named, outcomes, table.zone)
    yield from told(outcomes, table.zone, untried=untried, as_json=given.json)


def _untried(rules: Sequence[Rule], catalogue: Catalogue) -> dict[str, str]:
    """Rules that a file cannot try, with why."""
    found = {}
    for rule in rules:
        if rule.kind == "state":
            found[rule.id] = "looks at operation states, of which a file does not tell"
        elif not rule.places(catalogue):
            found[rule.id] = _unfit(rule, catalogue)
    return found


def _unfit(rule: Rule, catalogue: Catalogue) -> str:
    """Why a rule has no place at the one station that there is."""
    from alerting.conditions.combined import Combined

    (station,), scope = catalogue.stations.values(), rule.scope
    if scope.kind not in (None, station.kind):
        return f"looks at {scope.kind}, and the file is of {station.kind}"
    if scope.id not in (None, station.id):
        return f"looks at station {scope.id}, and the file is of {station.id}"
    codes = [rule.indicator] if rule.indicator else []
    if isinstance(rule.look, Combined):
        codes = sorted({row.indicator for row in rule.look.conditions})
    missing = [code for code in codes if code not in catalogue.plans[station.id]]
    if missing:
        return f"looks at {', '.join(missing)}, which no column is mapped to"
    if rule.kind == "propagation":
        return "looks at a station upstream, and a file is of one station"
    return "judges nothing that the file measures"


def _read(table: Table, *, judge: bool) -> tuple[dict[str, Readings], int, int]:
    """Good readings by code, the cadence, and where the file ends, ms."""
    import numpy as np

    from config.vocabulary.quality import Quality
    from qingyuan.qc import judged
    from qingyuan.table import cadence_ms, cells_of, readings

    read = cells_of(table)
    t, rows = readings(read)
    if not len(t):
        raise _fault(str(table.file), "has no line with a time", "name its column with --time")
    found = {}
    flagged = judged(table, read) if judge else None
    for place, column in enumerate(table.columns):
        value = read.values[place][rows]
        good = ~np.isnan(value)
        if flagged:
            good &= flagged[place].quality[rows] == Quality.GOOD
        found[column.code] = (t[good], value[good])
    return found, cadence_ms(t), int(t[-1])


def _place(table: Table, name: str, cadence_ms: int) -> Catalogue:
    """A district of one station, which measures what the file holds."""
    from config.catalogue.shapes import Catalogue, Instrument, Placement, Register, Site, Station
    from config.vocabulary.indicators import INDICATORS

    kinds = {INDICATORS[column.code].kind for column in table.columns}
    if len(kinds) > 1:
        what = "names water and air at once"
        raise _fault("--map", what, "try the two one after the other")
    registers = [Register(column.code, 0, "float32") for column in table.columns]
    make = Instrument("file", "file", "file", "holding", 0, "ABCD", registers)
    at = [Placement("file", 1, "localhost", 1)]
    station = Station(name, name, kinds.pop(), (0.0, 0.0), name, cadence_ms, at, target="III")
    return Catalogue(Site("file", "file"), {}, {name: station}, {"file": make})


def _tried(
    rules: Sequence[Rule], catalogue: Catalogue, named: Mapping[str, Readings], end_ms: int
) -> Outcome:
    from alerting.backtest import tried

    return tried(rules, catalogue, named.__getitem__, end_ms, _progress)


def _progress(share: float) -> None:
    if sys.stderr.isatty():
        end = "\r\x1b[K" if share >= 1 else ""
        print(f"\r{share:4.0%}{end}", end="", file=sys.stderr, flush=True)


def on_store(desk: Desk, options: Mapping[str, Any]) -> Iterator[Line]:
    """The errand: the store's readings as judged and corrected."""
    import numpy as np

    from alerting import documents
    from alerting.backtest import tried
    from alerting.conditions.looking import ANY
    from qingyuan.desk import now_ms
    from qingyuan.errands import Line
    from qingyuan.export import day_of

    ground, station = desk.ground, options["station"]
    if station and station not in ground.catalogue.stations:
        known = ", ".join(ground.catalogue.stations)
        raise _fault("--station", f"unknown {station!r}", f"use one of {known}")
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
            return ground.store.good(name, begin, until)
        track = ground.store.track(name, begin, until)
        return track.t, track.cause.astype(np.float64)

    outcomes, named = [], set[str]()
    for path in (options["rules"], options["against"]):
        if path:
            rules = documents.load(Path(path), ground.catalogue)
            named.update(rule.id for rule in rules)
            yield Line(f"trying {path}", passing=True)
            outcomes.append(tried(rules, ground.catalogue, readings, end))
    reviewed = [
        row
        for rule_id in sorted(named)
        for row in ground.repository.reviewed(rule_id, begin, end)
        if not station or row[0].station == station
    ]
    zone = ZoneInfo("Asia/Shanghai")
    for text in told(outcomes, zone, reviewed, as_json=options["json"]):
        yield Line(text)
    yield Line(status=0)


def told(
    outcomes: Sequence[Outcome],
    zone: ZoneInfo,
    reviewed: Sequence[tuple[Alert, Verdict]] | None = None,
    *,
    untried: Sequence[Mapping[str, str]] = ({}, {}),
    as_json: bool,
) -> Iterator[str]:
    """An outcome in lines; with a second one what differs. Of a file nothing is ``reviewed``, and
    of each version some rules may be ``untried``, with why.
    """
    from alerting.backtest import compared

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
    from alerting.backtest import caught

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
    from alerting.backtest import caught

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
