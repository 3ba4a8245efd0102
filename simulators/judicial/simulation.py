"""Three years of judicial figures from a seed."""

from __future__ import annotations

import random

from simulators.judicial.events import hearings, letters, trials
from simulators.judicial.faults import Faults
from simulators.judicial.flows import bodies, sheets
from simulators.judicial.records import Judicial, Sheet


def judicial(seed: int) -> Judicial:
    """The same for a seed on every machine."""

    def chance(of: str) -> random.Random:
        return random.Random(f"{seed}/{of}")

    made = [sheet for body in bodies() for sheet in sheets(body, chance(body.id))]
    faults = Faults(made, chance("faults"))
    faults.plant()
    held, of_hearings = hearings(chance("hearings"))
    came, of_letters = letters(chance("letters"))
    return Judicial(
        sheets=(*made, *faults.revisions),
        hearings=tuple(held),
        trials=tuple(trials(chance("trials"))),
        letters=tuple(came),
        labels=(*faults.labels, *of_hearings, *of_letters),
    )


def faultless(seed: int, body: str) -> list[Sheet]:
    """All months of one body, nothing wrong in them."""
    of = next(one for one in bodies() if one.id == body)
    return sheets(of, random.Random(f"{seed}/{body}"))
