"""`qingyuan search rebuild`: everything that can be found, written into the index anew."""

from __future__ import annotations

import argparse

from qingyuan.arguments import Parser, add_settings, configured


def run(argv: list[str]) -> int:
    """Write it, also while the centre runs."""
    from qingyuan.maintenance import tasks

    parser = Parser("qingyuan search", "the index of the search")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    rebuild = verbs.add_parser("rebuild", help="write anew all that platforms can tell of")
    add_settings(rebuild)
    return tasks.run("search", {}, configured(parser.parse_args(argv)))
