"""`qingyuan import`: old records from a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from config.vocabulary.time import SHANGHAI
from qingyuan.arguments import Parser, add_settings, configured

if TYPE_CHECKING:
    pass
from qingyuan.maintenance.importing import Here


def run(argv: list[str]) -> int:
    """Bring a file in, also while the centre runs. 1: something of it was refused."""
    from qingyuan.maintenance import tasks

    given = _parser().parse_args(argv)
    report = given.report or given.file.with_name(given.file.name + ".refused.csv")
    options = Here(
        file=str(given.file.absolute()),
        station=given.station,
        time=given.time,
        map=given.map,
        zone=given.zone,
        missing=given.missing,
        report=str(report.absolute()),
    )
    return tasks.run("import", options, configured(given))


def _parser() -> Parser:
    parser = Parser("qingyuan import", "old records from a CSV file")
    parser.add_argument("file", type=Path, help="CSV with a header; it may be packed with gzip")
    parser.add_argument("--station", required=True, help="whose records they are")
    parser.add_argument("--time", required=True, metavar="COLUMN", help="when it was measured")
    parser.add_argument(
        "--map",
        required=True,
        nargs="+",
        action="extend",
        metavar="COLUMN=CODE[:UNIT]",
        help="what was measured; a unit that is not the indicator's own is converted",
    )
    parser.add_argument("--zone", default=SHANGHAI, help="of times without offset")
    parser.add_argument(
        "--missing", nargs="+", action="extend", default=[], help="what stands for no value"
    )
    parser.add_argument("--report", type=Path, help="of what is refused; default FILE.refused.csv")
    add_settings(parser)
    return parser
