"""`qingyuan audit`: whether the audit is as it was written, and how it goes on where it is not."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING

from qingyuan.arguments import Parser, add_settings, configured

if TYPE_CHECKING:
    from api.audit_chain.links import Checked, Head
    from config.settings import Settings
    from ingest.state.database import State


def run(argv: list[str]) -> int:
    """Follow the chain, beside a running centre too; 1 where it is broken."""
    from config import site_key
    from config.vocabulary.errors import Refused
    from ingest.state.database import open_state
    from qingyuan.runtime.site import MIGRATIONS

    given = _parser().parse_args(argv)
    settings = configured(given)
    if not (file := site_key.key_path(settings)).is_file():
        remedy = "name the core's data directory with --data, or its key with key_file"
        raise Refused(str(file), "is not there", remedy)
    key = site_key.load(settings).of("audit")
    with closing(open_state(settings)) as state:
        state.migrate(MIGRATIONS)
        if given.verb == "accept":
            return _accept(state, settings, key, given.why)
        return _verify(state, settings, key, given.head)


def _parser() -> Parser:
    parser = Parser("qingyuan audit", "whether the audit is as it was written")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    verify = verbs.add_parser("verify", help="follow the chain from its first row to its last")
    verify.add_argument(
        "--head", type=_head, help="a head printed before, POSITION:HASH; else the core's own"
    )
    accept = verbs.add_parser(
        "accept", help="go on behind a fault that was cleared up; the audit itself says so"
    )
    accept.add_argument("--why", required=True, help="what was found out; stands in the audit")
    for verb in (verify, accept):
        add_settings(verb)
    return parser


def _verify(state: State, settings: Settings, key: bytes, head: Head | None) -> int:
    from api.audit import OPERATOR
    from api.audit_chain import heads, links
    from qingyuan.maintenance.auditing import leave

    waiting, accepted = links.unchained(state), heads.accepted(settings.data_dir)
    found = links.check(state, key, head or heads.kept(settings.data_dir), accepted)
    if found.fault:
        leave(state, OPERATOR.who, "audit.broken", str(found.head), found.fault)
    if accepted:
        print(f"rows up to position {accepted.position} were accepted as they were found")
    return _said(found, waiting)


def _said(found: Checked, waiting: int) -> int:
    """Print it; the exit status."""
    if found.fault:
        print(f"broken: {found.fault}; all before it is whole: {found.head.position} rows")
        return 1
    if not found.sealed:
        print(
            "not covered: no row has the site's key yet; start the core, which adds one that has"
        )
        return 1
    print(f"whole: {found.head.position} rows; {waiting} newer ones wait to be chained")
    if found.plain:
        print(f"{found.plain} rows are of before there was a key, which covers them together")
    print(f"head {found.head}")
    return 0


def _accept(state: State, settings: Settings, key: bytes, why: str) -> int:
    from api.audit_chain import heads, links
    from qingyuan.runtime.site import now_ms

    folder = settings.data_dir
    found = links.check(state, key, heads.kept(folder), heads.accepted(folder))
    if not found.fault:
        print("nothing is broken")
        return 0
    with state.begin() as connection:
        head = heads.accept(connection, folder, fault=found.fault, why=why, at_ms=now_ms())
    print(f"accepted: {found.fault}; the check begins behind head {head}")
    return 0


def _head(text: str) -> Head:
    from api.audit_chain.links import Head

    position, _, chain = text.partition(":")
    try:
        return Head(int(position), chain)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not POSITION:HASH") from None
