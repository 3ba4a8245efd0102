"""`qingyuan people`: accounts out of a spreadsheet, and first aid where nobody can sign in."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from qingyuan.arguments import Parser, add_settings, configured

if TYPE_CHECKING:
    from config.settings import Settings
    from ingest.state.database import State


def run(argv: list[str]) -> int:
    """Work on people, beside a running centre too.

    Raises:
        FaultyInput: a file has faults, which are printed; nobody got an account.
        Refused: there is no data directory, person or role of that name.
    """
    from config.vocabulary.errors import Refused

    parser = Parser("qingyuan people", "accounts out of a spreadsheet, and first aid")
    verbs = parser.add_subparsers(dest="verb", required=True, parser_class=argparse.ArgumentParser)
    load = verbs.add_parser("import", help="give an account to each person who has none")
    load.add_argument("file", type=Path, help="xlsx, xls or csv: username, name, role, unit")
    load.add_argument("--dry-run", action="store_true", help="check the file and say what is new")
    grant = verbs.add_parser("grant", help="give somebody a role on all platforms")
    grant.add_argument("username")
    grant.add_argument("role")
    reset = verbs.add_parser("reset", help="give somebody a first password and no second factor")
    reset.add_argument("username")
    reset.add_argument(
        "--keep-factor", action="store_true", help="leave the second factor as it is"
    )
    for verb in (load, grant, reset):
        add_settings(verb)
    given = parser.parse_args(argv)
    settings = configured(given)
    if not settings.data_dir.is_dir():
        remedy = "name the centre's data directory with --data"
        raise Refused(str(settings.data_dir), "is not there", remedy)
    with _state(settings) as state:
        if given.verb == "import":
            _import(settings, state, given.file, dry_run=given.dry_run)
        elif given.verb == "grant":
            _grant(settings, state, given.username, given.role)
        else:
            _reset(state, given.username, keeps_factor=given.keep_factor)
    return 0


@contextmanager
def _state(settings: Settings) -> Iterator[State]:
    from ingest.state.database import open_state
    from qingyuan.runtime.site import MIGRATIONS

    state = open_state(settings)
    try:
        state.migrate(MIGRATIONS)
        yield state
    finally:
        state.close()


def _import(settings: Settings, state: State, file: Path, *, dry_run: bool) -> None:
    from api.accounts.enrolment import people_sheet
    from api.accounts.enrolment.enrolling import enrol
    from api.accounts.repositories.people import People
    from api.accounts.repositories.units import Units
    from api.audit import OPERATOR
    from api.roster import ROSTER, roles_of
    from config.vocabulary.errors import FaultyInput
    from qingyuan.runtime import passwords
    from qingyuan.runtime.site import now_ms

    roles = roles_of(ROSTER, settings.catalogue)
    try:
        people = people_sheet.load(file, people_sheet.Known.of(roles, Units(state).all()))
    except FaultyInput as error:
        for fault in error.faults:
            print(fault)
        raise
    fresh = [one for one in people if not People(state).exists(one.username)]
    if not dry_run:
        drawn = passwords.drawn([one.username for one in fresh], settings.data_dir)
        enrol(state, fresh, drawn, now_ms(), by=OPERATOR)
    said = "would get" if dry_run else "got"
    print(f"{len(fresh)} {said} an account: {', '.join(one.username for one in fresh) or '-'}")
    print(f"{len(people) - len(fresh)} have one, which stays as it is")
    if fresh and not dry_run:
        print(f"first passwords: {settings.data_dir / passwords.FILE}")


def _grant(settings: Settings, state: State, username: str, role: str) -> None:
    from api.accounts import changes
    from api.audit import OPERATOR
    from api.roster import ROSTER, roles_of
    from config.vocabulary.errors import Refused
    from qingyuan.runtime.site import now_ms

    roles = roles_of(ROSTER, settings.catalogue)
    if role not in roles.by_id:
        raise Refused(f"role {role}", "is unknown", f"name one of {', '.join(roles.by_id)}")
    _known(state, username)
    changes.grant(state, OPERATOR, username, role, now_ms())
    print(f"{username} is {role} from now on; open sessions of theirs have ended")


def _reset(state: State, username: str, *, keeps_factor: bool) -> None:
    from api.accounts import changes
    from api.audit import OPERATOR
    from qingyuan.runtime.site import now_ms

    _known(state, username)
    password = changes.reset(state, OPERATOR, username, now_ms(), keeps_factor=keeps_factor)
    print(f"first password of {username}, good for one sign-in within 14 days: {password}")


def _known(state: State, username: str) -> None:
    from api.accounts.repositories.people import People
    from config.vocabulary.errors import Refused

    if not People(state).exists(username):
        raise Refused(f"username {username}", "has no account", "look for it in the people file")
