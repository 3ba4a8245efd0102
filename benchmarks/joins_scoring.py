"""Answers of a centre about planted connections, held against their labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.connections.records import (
    AXES,
    Advice,
    Alert,
    Connections,
    Document,
    Hearing,
    Matter,
    Project,
    Suggestion,
    Thing,
)

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
