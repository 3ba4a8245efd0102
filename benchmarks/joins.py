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
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from api import items
from api.cases.joins.actions import proposals
from api.ports import Reference
from api.roster import ROSTER
from api.services import Services
from benchmarks.joins_centre import Known, bring, centre
from qingyuan.demo.hands import HEAD, account
from simulators.connections.records import (
    AXES,
    Advice,
    Affair,
    Alert,
    Connections,
    Document,
    Hearing,
    Matter,
    Project,
    Suggestion,
    Thing,
)
from simulators.connections.simulation import connections

PROPOSED, WRONG = 0.8, 0.4
"""At least, and at most."""
INDIRECT, SAME = "indirect", "same platform"
OTHER, BACKGROUND = "other affair", "background"
PLATFORMS: Mapping[type[Thing], str] = {
    Alert: "environment",
    Suggestion: "duty",
    Project: "budget",
    Hearing: "judicial",
    Matter: "judicial",
    Advice: "judicial",
    Document: "documents",
}
Answers = Mapping[str, Mapping[str, str]]
"""By thing asked about the things proposed, each with the reasons in a line."""
Ask = Callable[[Sequence[str]], Mapping[str, str]]


@dataclass(slots=True)
class Row:
    """Of an axis: connections, those proposed from either end and from both; proposals that are
    right; look-alikes, and proposals of some of them.
    """

    pairs: int = 0
    either: int = 0
    both: int = 0
    right: int = 0
    planted: int = 0
    wrong: int = 0

    def add(self, other: Row) -> None:
        """Those of another seed."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class Score:
    """By axis, and of what is wrong by no axis; things reached of all, and lines to read."""

    rows: dict[str, Row] = field(
        default_factory=lambda: {of: Row() for of in (*AXES, INDIRECT, SAME, OTHER, BACKGROUND)}
    )
    ways: Counter[str] = field(default_factory=Counter)
    reached: int = 0
    things: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Those of another seed."""
        for name, row in other.rows.items():
            self.rows[name].add(row)
        self.ways += other.ways
        self.reached += other.reached
        self.things += other.things

    @property
    def whole(self) -> Row:
        """Everything; what takes a third thing to see, and what is on one platform, is no
        connection that was to be proposed.
        """
        found = Row()
        for name, row in self.rows.items():
            found.add(row if name not in (INDIRECT, SAME) else Row(right=row.right))
        return found


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


def show(score: Score) -> None:
    """A line for each axis, and one for everything."""
    print(
        f"{'':14}{'pairs':>7}{'proposed':>10}{'both ends':>11}"
        f"{'look-alikes':>13}{'right':>7}{'wrong':>7}{'wrong share':>13}"
    )
    for name, row in (*score.rows.items(), ("all", score.whole)):
        said = row.right + row.wrong
        proposed, both, wrong = (
            f"{part / of:.0%}" if of else "-"
            for part, of in ((row.either, row.pairs), (row.both, row.pairs), (row.wrong, said))
        )
        print(
            f"{name:14}{row.pairs:7}{proposed:>10}{both:>11}"
            f"{row.planted:13}{row.right:7}{row.wrong:7}{wrong:>13}"
        )
    print(f"reached {score.reached / score.things:.0%} of the things of affairs")
    print("wrong by way:", ", ".join(f"{of} {n}" for of, n in score.ways.most_common()))


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


def scored(made: Connections, answers: Answers) -> Score:
    """Answers about the things of affairs held against the labels."""
    score = Score()
    affair_of = {name: of.id for of in made.affairs for name in of.things}
    innocent = {of.thing: of for of in made.innocents}
    things = {of.id: of for of in made.things}
    axis_of: dict[frozenset[str], str] = {}
    for affair in made.affairs:
        for pair in affair.pairs:
            ends_of = (things[pair.first], things[pair.second])
            one_platform = len({PLATFORMS[type(of)] for of in ends_of}) == 1
            axis = SAME if one_platform else pair.axis or INDIRECT
            axis_of[frozenset((pair.first, pair.second))] = axis
            ends = (pair.second in answers[pair.first], pair.first in answers[pair.second])
            row = score.rows[axis]
            row.pairs += 1
            row.either += any(ends)
            row.both += all(ends)
            if axis in AXES and not any(ends):
                score.lines.append(f"missed {axis}: {_said(things, pair.first, pair.second)}")
    for one in made.innocents:
        score.rows[one.axis].planted += 1
    for asked, proposed in answers.items():
        for name, why in proposed.items():
            if affair_of.get(name) == affair_of[asked]:
                score.rows[axis_of[frozenset((asked, name))]].right += 1
                continue
            label = innocent.get(name)
            way = label.way if label else OTHER if name in affair_of else BACKGROUND
            score.rows[label.axis if label else way].wrong += 1
            score.ways[way] += 1
            score.lines.append(f"wrong {way}: {_said(things, asked, name)} ({why})")
    return score


def reached(affair: Affair, ask: Ask) -> set[str]:
    """What somebody finds of an affair by joining all that is right, again and again."""
    found: set[str] = {affair.things[0]}
    while True:
        fresh = set(ask(sorted(found))) & set(affair.things)
        if fresh <= found:
            return found
        found |= fresh


def _said(things: Mapping[str, Thing], *names: str) -> str:
    return " ~ ".join(
        f"{name} {title(things[name]) if name in things else ''}".strip() for name in names
    )


def title(thing: Thing) -> str:
    """A thing in a few words."""
    for name in ("title", "name", "rule"):
        if said := getattr(thing, name, ""):
            station = getattr(thing, "station", "")
            return f"{thing.on} {said} {station}".strip()
    return str(thing.on)


if __name__ == "__main__":
    sys.exit(main())
