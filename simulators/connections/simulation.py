"""Everything of a seed: affairs, look-alikes and background."""

from __future__ import annotations

import random
from datetime import date

from simulators.connections.affairs import courses, written
from simulators.connections.background import background
from simulators.connections.companies import Companies
from simulators.connections.kinds import kinds
from simulators.connections.lookalikes import Mimic, occupied
from simulators.connections.records import Connections, Thing

AS_OF = date(2026, 11, 24)


def connections(seed: int, as_of: date = AS_OF) -> Connections:
    """Things that belong together on all platforms, with their labels apart.

    Args:
        seed: anything it is the same for, on every machine.
        as_of: the day from which everybody looks back.
    """

    def chance(of: str) -> random.Random:
        return random.Random(f"connections/{seed}/{of}")

    known, companies = kinds(), Companies(chance("companies"))
    planned = list(courses(as_of, chance("courses"), known))
    made = [written(of, companies, chance(of.id)) for of in planned]
    taken = occupied([affair for affair, _ in made], known)
    mimic = Mimic(known, taken, companies, as_of, chance("look-alikes"))
    copies = [one for affair, parts in made for one in mimic.of_affair(affair, parts)]
    things: list[Thing] = [part.thing for _, parts in made for part in parts]
    things += [thing for thing, _ in copies]
    things += background(seed, as_of, taken, companies, chance("background"))
    return Connections(
        seed,
        as_of,
        tuple(sorted(things, key=lambda of: (of.on, of.id))),
        tuple(affair for affair, _ in made),
        tuple(innocent for _, innocent in copies),
    )
