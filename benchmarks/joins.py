"""How many planted connections are proposed, and how many proposals are wrong.

    python -m benchmarks.joins [--seeds 1 2 3] [--rows]

Brings the things of a seed (`simulators/connections`) into a centre by the product's own actions,
asks what belongs to each thing of an affair, and holds the answers against the labels. A
connection joins two platforms; it is proposed where either of its ends proposes the other. A
proposal is right where both are of one affair, also where it takes a third thing to see why.
`reached` is how much of an affair somebody finds who begins with its first thing and joins what is
right of each answer. Fails where less than 80 % of the connections are proposed, or more than two
proposals of five are wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from api import items
from api.cases.joins.actions import proposals
from api.ports import Reference
from api.roster import ROSTER
from api.services import Services
from benchmarks.joins_centre import Known, bring, centre
from benchmarks.joins_scoring import Score, scored, show
from qingyuan.demo.hands import HEAD, account
from simulators.connections.records import Affair, Connections
from simulators.connections.simulation import connections

PROPOSED, WRONG = 0.8, 0.4
"""At least, and at most."""
Ask = Callable[[Sequence[str]], Mapping[str, str]]


def main() -> int:
    """1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--rows", action="store_true", help="list misses and wrong proposals")
    given = parser.parse_args()
    whole = Score()
    for seed in given.seeds:
        begun = time.process_time()
        score = measured(connections(seed))
        print(f"seed {seed}, {time.process_time() - begun:.0f} s of processor time")
        show(score)
        if given.rows:
            print("\n".join(score.lines))
        whole.add(score)
    print("all seeds")
    show(whole)
    row = whole.whole
    good = row.either >= PROPOSED * row.pairs and row.wrong <= WRONG * (row.right + row.wrong)
    return 0 if good else 1


def measured(made: Connections) -> Score:
    """The score of a seed in a centre of its own."""
    with centre(made.as_of) as services:
        known = bring(services, made)
        ask = asking(services, known)
        of_affairs = [name for affair in made.affairs for name in affair.things]
        _check_visible(services, known, of_affairs)
        answers = {name: ask([name]) for name in of_affairs}
        score = scored(made, answers)
        for affair in made.affairs:
            score.reached += len(reached(affair, ask))
            score.things += len(affair.things)
    return score


def asking(services: Services, known: Known) -> Ask:
    """Asks the centre for what belongs to some things, as somebody does who decides on
    cases: the office's clerks see no alerts.
    """
    by_name = {name: key for key, name in known.items() if key[1] != "event"}
    head = account(services, HEAD)

    def ask(names: Sequence[str]) -> Mapping[str, str]:
        references = [Reference(*by_name[of]) for of in names]
        found: dict[str, str] = {}
        for one in proposals(services, ROSTER, head, references):
            key = (one.reference.platform, one.reference.kind, one.reference.id)
            reasons = "; ".join(map(str, one.reasons))
            found.setdefault(known.get(key, "/".join(key)), f"{one.strength} {reasons}")
        return {name: why for name, why in found.items() if name not in names}

    return ask


def _check_visible(services: Services, known: Known, names: Iterable[str]) -> None:
    """Whoever asks sees every thing of the affairs: nothing is missed for want of a right."""
    by_name = {name: key for key, name in known.items()}
    head = account(services, HEAD)
    hidden = [
        name
        for name in names
        if items.read(ROSTER, services, head, Reference(*by_name[name])) is None
    ]
    assert not hidden, hidden


def reached(affair: Affair, ask: Ask) -> set[str]:
    """What somebody finds of an affair by joining all that is right, again and again."""
    found: set[str] = {affair.things[0]}
    while True:
        fresh = set(ask(sorted(found))) & set(affair.things)
        if fresh <= found:
            return found
        found |= fresh


if __name__ == "__main__":
    sys.exit(main())
