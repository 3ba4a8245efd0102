"""`qingyuan export`: readings to a Parquet or CSV file, one a row."""

from __future__ import annotations

from pathlib import Path

from qingyuan.arguments import Parser, add_settings, configured


def run(argv: list[str]) -> int:
    """Write a file, also while the centre runs."""
    from qingyuan.maintenance import tasks

    given = _parser().parse_args(argv)
    options = {
        "file": str(given.file.absolute()),
        "stations": given.station,
        "codes": given.code,
        "from": given.first,
        "to": given.last,
        "format": given.format or ("parquet" if given.file.suffix == ".parquet" else "csv"),
        "raw": given.raw,
    }
    return tasks.run("export", options, configured(given))


def _parser() -> Parser:
    parser = Parser("qingyuan export", "readings to a Parquet or CSV file")
    parser.add_argument("file", type=Path, help="is written anew once all of it is there")
    parser.add_argument("--station", required=True, nargs="+", action="extend", metavar="ID")
    parser.add_argument(
        "--code", nargs="+", action="extend", default=[], help="of indicators; default all"
    )
    parser.add_argument("--from", dest="first", metavar="DATE", help="of Asia/Shanghai")
    parser.add_argument("--to", dest="last", metavar="DATE", help="the last day, as a whole")
    parser.add_argument("--format", choices=["csv", "parquet"], help="default: by the file's name")
    parser.add_argument("--raw", action="store_true", help="as measured, without corrections")
    add_settings(parser)
    return parser
