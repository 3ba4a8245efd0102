"""`qingyuan check DIR`: looks a district's files over and names every fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from config.vocabulary.errors import Fault, FaultyInput
from qingyuan.arguments import Parser

if TYPE_CHECKING:
    from alerting.rules.rule import Rule
    from api.accounts.enrolment.people import Newcomer
    from config.catalogue.shapes import Catalogue

T = TypeVar("T")


def run(argv: list[str]) -> int:
    """Print what was found; every fault is a line of its own.

    Rules name stations, so they are looked at only when the catalogue holds.
    """
    from alerting.rules import documents
    from api.accounts.enrolment import people, units
    from api.roster import ROSTER, roles_of
    from config import law, working_days
    from config.catalogue import loading
    from qingyuan.commands.centre import reachability

    parser = Parser("qingyuan check", "look a district's files over")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--settings", type=Path, help="of the centre, whose channels it looks at")
    given = parser.parse_args(argv)
    folder = given.folder
    faults: list[Fault] = []
    catalogue = _tried(lambda: loading.load(folder), faults)
    written, known = folder / "rules.toml", folder / "people.toml"
    counts, remarked = list[str](), list[str]()
    persons: Sequence[Newcomer] = ()
    if catalogue and written.exists():
        rules = _tried(lambda: documents.load(written, catalogue), faults) or ()
        counts.append(f"{len(rules)} rules")
        remarked += _remarked(rules, catalogue)
    roles = _tried(lambda: roles_of(ROSTER, folder), faults)
    places = _tried(lambda: units.load(folder / "units.toml"), faults)
    if known.exists() and roles and places is not None:
        named = [unit.id for unit in places]
        persons = _tried(lambda: people.load(known, roles.by_id, named), faults) or ()
        counts.append(f"{len(persons)} people")
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
    for note in (*remarked, *(notes or ())):
        print(f"note: {note}")
    return 0


def _tried(load: Callable[[], T], faults: list[Fault]) -> T | None:
    try:
        return load()
    except FaultyInput as error:
        faults += error.faults
        return None


def _remarked(rules: Sequence[Rule], catalogue: Catalogue) -> Iterator[str]:
    """Rules that are blind at a station, or see there all the time, with the remedy."""
    from alerting.wording.fitness import remarks
    from config.catalogue.words import Words

    words = Words.load("en")
    for rule in rules:
        yield from (f"rule {rule.id} at {said}" for said in remarks(rule, catalogue, words))
