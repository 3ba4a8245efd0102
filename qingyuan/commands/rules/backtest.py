"""`qingyuan backtest`: what rules would have done with readings of the past, before they act."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qingyuan.arguments import Parser, add_settings, configured

if TYPE_CHECKING:
    from alerting.backtest.backtest import Readings
    from config.catalogue.cadences import CadenceSpan
    from config.catalogue.shapes import Catalogue
    from tabular.columns import Table
from qingyuan.maintenance.backtest import _untried, fault_of, report_lines, tried_rules
from tabular.options import Choice, add_columns, shielded


def run(argv: list[str]) -> int:
    """Try rules on a file, or on what the store holds."""
    given = _parser().parse_args(shielded(argv))
    if given.csv is None:
        from qingyuan.maintenance import tasks

        if given.time or given.map or given.qc:
            raise fault_of("--time", "belongs to a file", "name it with --csv")
        options = {
            "rules": str(given.rules.absolute()),
            "against": given.against and str(given.against.absolute()),
            "from": given.first,
            "to": given.last,
            "station": given.station,
            "json": given.json,
        }
        return tasks.run("backtest", options, configured(given))
    for name in ("time", "map", "station"):
        if not getattr(given, name):
            raise fault_of(f"--{name}", "is missing", "a file needs --time, --map and --station")
    for text in _on_file(given):
        print(text)
    return 0


def _parser() -> Parser:
    parser = Parser("qingyuan backtest", "what rules would have done with readings of the past")
    parser.add_argument("rules", type=Path, metavar="RULES.toml")
    parser.add_argument("--against", type=Path, metavar="RULES2.toml", help="to be compared with")
    parser.add_argument("--csv", type=Path, help="readings of one station; default: the store's")
    parser.add_argument("--station", help="its name; of the store: only this one")
    add_columns(parser, required=False)
    parser.add_argument("--lake", action="store_true", help="the file is of a lake or reservoir")
    parser.add_argument("--qc", action="store_true", help="leave out what quality control doubts")
    parser.add_argument(
        "--from", dest="first", metavar="DATE", help="of the store: default a year"
    )
    parser.add_argument("--to", dest="last", metavar="DATE", help="the last day, as a whole")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--plot", type=Path, metavar="FILE.png", help="of a file: a picture too")
    add_settings(parser)
    return parser


def _on_file(given: Any) -> Iterator[str]:
    from alerting.rules import documents
    from tabular.columns import table_of

    table = table_of(given.csv, Choice.of(given))
    readings, cadences, end_ms = _read(table, judge=given.qc)
    catalogue = _district(table, given, cadences)
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
        raise fault_of(str(given.rules), what, f"map the column that a rule names ({why})")
    named = {f"{given.station}/{code}": of for code, of in readings.items()}
    outcomes = [tried_rules(rules, catalogue, named, end_ms) for rules in versions]
    if given.plot:
        from qingyuan.plots import drawn

        drawn(given.plot, versions[0], named, outcomes, table.zone)
    yield from report_lines(outcomes, table.zone, untried=untried, as_json=given.json)


def _read(table: Table, *, judge: bool) -> tuple[dict[str, Readings], list[CadenceSpan], int]:
    """Good readings by code, the cadences as an import records them, and where the file ends."""
    import numpy as np

    from config.vocabulary.quality import Quality
    from ingest.importing.steps import spans_of
    from ingest.journal.columns import compared
    from qingyuan.commands.records.qc import judged, warn_of_times
    from tabular.readings import cells_of, readings

    read = cells_of(table)
    t = np.unique(read.t[read.timely])
    if not len(t):
        remedy = "name its column with --time; see qingyuan qc"
        raise fault_of(str(table.file), "has no line with a time", remedy)
    warn_of_times(table, read)
    found, there = {}, {}
    flagged = judged(table, read) if judge else None
    for place, column in enumerate(table.columns):
        at, rows = readings(read, place)
        value = compared(read.values[place], read.causes[place])[rows]
        good = ~np.isnan(value)
        there[column.code] = at[good]
        if flagged:
            good &= flagged[place].quality[rows] == Quality.GOOD
        found[column.code] = (at[good], value[good])
    return found, spans_of(there), int(t[-1])


def _district(table: Table, given: Any, cadences: Sequence[CadenceSpan]) -> Catalogue:
    """A district of one station, which measures what the file holds."""
    from msgspec.structs import replace

    from config.catalogue.shapes import Catalogue, Instrument, Placement, Register, Site, Station
    from config.vocabulary.indicators import INDICATORS
    from config.vocabulary.time import MINUTE_MS

    kinds = {INDICATORS[column.code].kind for column in table.columns}
    if len(kinds) > 1:
        what = "names water and air at once"
        raise fault_of("--map", what, "try the two one after the other")
    registers = [Register(column.code, 0, "float32") for column in table.columns]
    make = Instrument("file", "file", "file", "holding", 0, "ABCD", registers)
    at = [Placement("file", 1, "localhost", 1)]
    name, kind = given.station, kinds.pop()
    if given.lake and kind != "water":
        raise fault_of("--lake", "does not belong to a file of air", "leave it out")
    usual_ms = min((span.cadence_ms for span in cadences), default=MINUTE_MS)
    of = Station(name, name, kind, (0.0, 0.0), name, usual_ms, at, target="III")
    station = replace(of, body="lake" if given.lake else "river")
    site, dated = Site("file", "file"), {name: tuple(cadences)}
    return Catalogue(site, {}, {name: station}, {"file": make}, cadences=dated)
