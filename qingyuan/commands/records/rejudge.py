"""`qingyuan rejudge`: quality control of the past, by the settings of now."""

from __future__ import annotations

from qingyuan.arguments import Parser, add_settings, configured


def run(argv: list[str]) -> int:
    """Say what would change, or change it, also while the centre runs."""
    from qingyuan.maintenance import tasks

    given = _parser().parse_args(argv)
    options = {
        "station": given.station,
        "codes": given.code,
        "from": given.first,
        "to": given.last,
        "apply": given.apply,
    }
    return tasks.run("rejudge", options, configured(given))


def _parser() -> Parser:
    parser = Parser("qingyuan rejudge", "quality control of the past, by the settings of now")
    parser.add_argument("station", metavar="STATION")
    parser.add_argument(
        "--from", dest="first", required=True, metavar="DATE", help="of Asia/Shanghai"
    )
    parser.add_argument("--to", dest="last", metavar="DATE", help="the last day, as a whole")
    parser.add_argument(
        "--code", nargs="+", action="extend", default=[], help="of indicators; default all"
    )
    parser.add_argument("--apply", action="store_true", help="change it, and not only say so")
    add_settings(parser)
    return parser
