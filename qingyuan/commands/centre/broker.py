"""`qingyuan broker`: the access rule, as mosquitto reads it."""

from __future__ import annotations

import argparse
from pathlib import Path

from qingyuan.arguments import Parser


def run(argv: list[str]) -> int:
    """Print what the broker must know."""
    from broker.access_list import acl
    from config.catalogue import loading
    from config.settings import DISTRICTS

    parser = Parser("qingyuan broker", "who may say and hear what")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    printing = verbs.add_parser("acl", help="the access rule as mosquitto's acl_file")
    printing.add_argument("--catalogue", type=Path, default=DISTRICTS / "tongzhou")
    given = parser.parse_args(argv)
    print(acl(loading.load(given.catalogue)), end="")
    return 0
