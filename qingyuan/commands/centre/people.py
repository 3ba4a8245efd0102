"""`qingyuan people`: accounts out of a spreadsheet."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from qingyuan.arguments import Parser, add_settings, configured


def run(argv: list[str]) -> int:
    """Give an account to each person of a file who has none, beside a running centre too.

    Raises:
        FaultyInput: the file has faults, which are printed; nobody got an account.
        Refused: there is no data directory.
    """
    from api.accounts import actions, people_sheet
    from api.accounts.repository import Accounts
    from config.vocabulary.errors import FaultyInput, Refused
    from ingest.state.database import open_state
    from qingyuan.runtime import passwords
    from qingyuan.runtime.site import MIGRATIONS

    parser = Parser("qingyuan people", "accounts out of a spreadsheet")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    load = verbs.add_parser("import", help="give an account to each person who has none")
    load.add_argument("file", type=Path, help="xlsx, xls or csv: username, name, role, area")
    load.add_argument("--dry-run", action="store_true", help="check the file and say what is new")
    add_settings(load)
    given = parser.parse_args(argv)
    settings = configured(given)
    if not settings.data_dir.is_dir():
        remedy = "name the centre's data directory with --data"
        raise Refused(str(settings.data_dir), "is not there", remedy)
    try:
        people = people_sheet.load(given.file)
    except FaultyInput as error:
        for fault in error.faults:
            print(fault)
        raise
    with closing(open_state(settings)) as state:
        state.migrate(MIGRATIONS)
        accounts = Accounts(state)
        fresh = [one for one in people if accounts.by_username(one.username) is None]
        if not given.dry_run:
            drawn = passwords.drawn([one.username for one in fresh], settings.data_dir)
            actions.enrol(accounts, fresh, drawn)
    said = "would get" if given.dry_run else "got"
    print(f"{len(fresh)} {said} an account: {', '.join(one.username for one in fresh) or '-'}")
    print(f"{len(people) - len(fresh)} have one, which stays as it is")
    if fresh and not given.dry_run:
        print(f"first passwords: {settings.data_dir / passwords.FILE}")
    return 0
