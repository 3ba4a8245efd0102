"""`qingyuan migrate`: the tables of the state database, by the role whose they are."""

from __future__ import annotations

from contextlib import closing

from qingyuan.arguments import Parser, add_settings, configured


def run(argv: list[str]) -> int:
    """Bring them up to date, and let the role of ``state_url`` do no more than it needs."""
    from ingest.state.database import open_state
    from qingyuan.runtime.site import MIGRATIONS

    parser = Parser("qingyuan migrate", "the state database's tables up to date, as its owner")
    add_settings(parser)
    with closing(open_state(configured(parser.parse_args(argv)))) as state:
        state.migrate(MIGRATIONS)
    print("the state database is up to date")
    return 0
