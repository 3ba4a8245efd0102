"""`qingyuan import`: old records from a file."""

from __future__ import annotations

from pathlib import Path

from qingyuan.arguments import Parser, add_settings, configured
from qingyuan.maintenance.importing import Here
from tabular.options import FILE, Choice, add_columns, shielded


def run(argv: list[str]) -> int:
    """Bring a file in, also while the centre runs. 1: something of it was refused."""
    from qingyuan.maintenance import tasks

    given = _parser().parse_args(shielded(argv))
    report = given.report or given.file.with_name(given.file.name + ".refused.csv")
    options = Here(
        file=str(given.file.absolute()),
        station=given.station,
        columns=Choice.of(given).sent(),
        report=str(report.absolute()),
        cadence=given.cadence,
    )
    return tasks.run("import", options, configured(given))


def _parser() -> Parser:
    parser = Parser("qingyuan import", "old records from a file")
    parser.add_argument("file", type=Path, help=FILE)
    parser.add_argument("--station", required=True, help="whose records they are")
    add_columns(parser, required=True)
    parser.add_argument(
        "--cadence", metavar="1h", help="between two readings; default: the median step"
    )
    parser.add_argument("--report", type=Path, help="of what is refused; default FILE.refused.csv")
    add_settings(parser)
    return parser
