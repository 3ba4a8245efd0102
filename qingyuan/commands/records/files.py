"""`qingyuan files`: whether the content of every file is there and as it came."""

from __future__ import annotations

import argparse
from contextlib import closing

from qingyuan.arguments import Parser, add_settings, configured


def run(argv: list[str]) -> int:
    """Check each content by its hash, beside a running centre too; 1 where one is not right."""
    from config.vocabulary.errors import Refused
    from ingest.state.database import open_state
    from qingyuan.maintenance import attachments
    from qingyuan.runtime.site import MIGRATIONS, files_of

    parser = Parser(
        "qingyuan files",
        "the contents of attached files and imported tables",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    add_settings(verbs.add_parser("check", help="each content by its hash; names what is wrong"))
    settings = configured(parser.parse_args(argv))
    if not settings.data_dir.is_dir():
        remedy = "name the core's data directory with --data"
        raise Refused(str(settings.data_dir), "is not there", remedy)
    files = files_of(settings)
    with closing(open_state(settings)) as state:
        state.migrate(MIGRATIONS)
        wrong = 0
        for fault in attachments.unfound(state, files):
            print(fault)
            wrong += 1
        count = sum(map(len, attachments.named(state, files).values()))
    print(f"{count} files, {wrong} not as they came")
    return 1 if wrong else 0
