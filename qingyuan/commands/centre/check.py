"""`qingyuan check DIR`: looks a district's files over and names every fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from config.vocabulary.errors import Fault, FaultyInput
from qingyuan.arguments import Parser

if TYPE_CHECKING:
    from alerting.rules.rule import Rule
    from api.accounts.enrolment.people import Newcomer
    from api.accounts.roles import Roles
    from config.catalogue.shapes import Catalogue

T = TypeVar("T")


def run(argv: list[str]) -> int:
    """Print what was found; every fault is a line of its own.

    Rules name stations, so they are looked at only when the catalogue holds.
    """
    from alerting.events import kinds
    from api.roster import ROSTER, roles_of
    from config import law, working_days
    from config.catalogue import loading
    from qingyuan.commands.centre import reachability
    from qingyuan.runtime.site import missing_files

    given = _parser().parse_args(argv)
    folder: Path = given.folder
    faults: list[Fault] = []
    catalogue = _tried(lambda: loading.load(folder), faults)
    faults += [] if given.edge else missing_files(folder)
    counts: list[str] = []
    if catalogue and (folder / "rules.toml").exists():
        rules = _rules(folder, catalogue, faults)
        counts.append(f"{len(rules or ())} rules")
        if rules is not None:
            ids = {rule.id for rule in rules}
            _tried(lambda: kinds.load(folder / "events.toml", ids), faults)
    roles = _tried(lambda: roles_of(ROSTER, folder), faults)
    persons = _persons(folder, roles, counts, faults)
    notes = None
    if catalogue and given.settings:
        notes = _tried(lambda: reachability.notes(given.settings, catalogue, persons), faults)
    _tried(lambda: law.load(folder / "law"), faults)
    days = _tried(lambda: working_days.load(folder / "calendar"), faults)
    if catalogue is None or days is None or faults:
        for fault in faults:
            print(fault)
        raise FaultyInput(faults)
    heads = (
        f"{len(catalogue.rivers)} rivers",
        f"{len(catalogue.stations)} stations",
        f"{len(catalogue.instruments)} instruments",
    )
    print(f"ok: {', '.join((catalogue.site.name, *heads, *counts))}")
    years = ", ".join(f"{year} ({days.notices[year].mark})" for year in sorted(days.notices))
    print(f"working days: notices of {years}; days of other years are provisional")
    for note in notes or ():
        print(f"note: {note}")
    return 0


def _parser() -> Parser:
    parser = Parser("qingyuan check", "look a district's files over")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--settings", type=Path, help="of the centre, whose channels it looks at")
    parser.add_argument(
        "--edge", action="store_true", help="a station's box: no rules and no people are asked for"
    )
    return parser


def _rules(folder: Path, catalogue: Catalogue, faults: list[Fault]) -> tuple[Rule, ...] | None:
    from alerting.rules import documents

    return _tried(lambda: documents.load(folder / "rules.toml", catalogue), faults)


def _persons(
    folder: Path, roles: Roles | None, counts: list[str], faults: list[Fault]
) -> Sequence[Newcomer]:
    """Those of people.toml, where there is one and what they name holds."""
    from api.accounts.enrolment import people, units

    places, file = (
        _tried(lambda: units.load(folder / "units.toml"), faults),
        folder / "people.toml",
    )
    if not file.exists() or not roles or places is None:
        return ()
    named = [unit.id for unit in places]
    found = _tried(lambda: people.load(file, roles.by_id, named), faults) or ()
    counts.append(f"{len(found)} people")
    return found


def _tried(load: Callable[[], T], faults: list[Fault]) -> T | None:
    try:
        return load()
    except FaultyInput as error:
        faults += error.faults
        return None
