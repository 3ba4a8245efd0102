"""`qingyuan check DIR`: looks a district's files over and names every fault."""

from __future__ import annotations

from pathlib import Path

from qingyuan.words import Parser


def run(argv: list[str]) -> int:
    """Print what was found; every fault is a line of its own."""
    from alerting import rules
    from api.accounts import people
    from config.catalogue import loading
    from config.vocabulary.errors import FaultyInput

    parser = Parser("qingyuan check", "look a district's files over")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(argv).folder
    try:
        catalogue = loading.load(folder)
        found = rules.load(folder / "rules.toml", catalogue)
        persons = people.load(folder / "people.toml")
    except FaultyInput as error:
        if len(error.faults) > 1:
            for fault in error.faults:
                print(fault)
        raise
    print(
        f"ok: {catalogue.site.name}, {len(catalogue.rivers)} rivers,"
        f" {len(catalogue.stations)} stations, {len(catalogue.instruments)} instruments,"
        f" {len(found)} rules, {len(persons)} people"
    )
    return 0
