"""`qingyuan audit`: whether the audit is as it was written."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from qingyuan.arguments import Parser, add_settings, configured

if TYPE_CHECKING:
    from api.audit import Head


def run(argv: list[str]) -> int:
    """Follow the chain, beside a running centre too; 1 where it is broken."""
    from api import audit
    from config.vocabulary.errors import Refused
    from ingest.state.database import open_state
    from qingyuan.runtime.site import MIGRATIONS

    parser = Parser("qingyuan audit", "whether the audit is as it was written")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    verify = verbs.add_parser("verify", help="follow the chain from its first row to its last")
    verify.add_argument(
        "--head", type=_head, help="a head printed before, POSITION:HASH; else the core's own"
    )
    add_settings(verify)
    given = parser.parse_args(argv)
    settings = configured(given)
    if not settings.data_dir.is_dir():
        remedy = "name the centre's data directory with --data"
        raise Refused(str(settings.data_dir), "is not there", remedy)
    with closing(open_state(settings)) as state:
        state.migrate(MIGRATIONS)
        waiting = audit.unchained(state)
        found = audit.check(state, given.head or audit.kept_head(settings.data_dir))
    if found.fault:
        print(f"broken: {found.fault}; all before it is whole: {found.head.position} rows")
        return 1
    print(f"whole: {found.head.position} rows; {waiting} newer ones wait to be chained")
    print(f"head {found.head.position}:{found.head.chain}")
    return 0


def _head(text: str) -> Head:
    from api.audit import Head

    position, _, chain = text.partition(":")
    try:
        return Head(int(position), chain)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not POSITION:HASH") from None
