"""Whether earlier suggestions of the same matter are found, and the right lead unit proposed.

    python -m benchmarks.congress [--seeds FIRST-LAST] [--years N]

Plays congresses that are not there (``simulators.congress``), on seeds that nobody tuned on (101
to 110; those to tune on are 1 to 20). Each suggestion from the second year on is asked about
against those of earlier months and the units to which they had been assigned by then: of one that
raises a matter again, whether an earlier one of the same matter and locality is among the first
three; of every one, whether the first unit proposed is the right one, asked as the deputy wrote it
and once more *with topic*, as it is when the office assigns. Units that were merged have their
successors in the register, as an office enters them. Beside the product a plain peer, the cosine
of pairs of characters by TF-IDF, and two that know labels: *located* ranks as the peer does but
only suggestions on the same locality, *division* knows matter, locality and the division of duties
and errs where practice wavers. Prints all by field, and fails where the product finds fewer than
90 % or proposes fewer than 80 % as the deputy wrote it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Protocol

import numpy as np
from scipy import sparse

from api.accounts.records import ALWAYS, Span, Unit, successors
from api.platforms.duty.similarity.records import Corpus, Counted, Written, counted
from benchmarks.figures import report
from simulators.congress import localities, matters, units
from simulators.congress.days import FIRST_YEAR
from simulators.congress.records import Congress, Suggestion
from simulators.congress.simulation import simulate

FOUND_GOAL, PROPOSED_GOAL = 0.90, 0.80
FIRST = 3
MOST_UNITS = 5


class Finder(Protocol):
    """Finds among the suggestions that it was made of."""

    def similar(self, asked: Written) -> Sequence[int]:
        """Ids of the closest, the closest first."""

    def units(self, asked: Written, known: Sequence[str]) -> Sequence[str]:
        """Units, the most likely first."""


class Product:
    """The product's own."""

    def __init__(self, given: Sequence[Counted]) -> None:
        self._corpus = Corpus(given)

    def similar(self, asked: Written) -> Sequence[int]:
        """Ids of the closest, the closest first."""
        return [match.id for match in self._corpus.similar(asked, FIRST)]

    def units(self, asked: Written, known: Sequence[str]) -> Sequence[str]:
        """Units, the most likely first."""
        return [of.unit for of in self._corpus.units(asked, known, MOST_UNITS)]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A text as pairs of characters, for the peer."""

    written: Written
    counts: Counter[str]


class Peer:
    """The cosine of pairs of characters by TF-IDF; for units the sum of the ten closest."""

    NEAREST = 10

    @staticmethod
    def cut(written: Written) -> Pairs:
        """Pairs of title and body together."""
        text = f"{written.title}\n{written.body}"
        return Pairs(written, Counter(map("".join, pairwise(text))))

    def __init__(self, given: Sequence[Pairs]) -> None:
        self._written = [of.written for of in given]
        having = Counter(pair for of in given for pair in of.counts)
        self._columns = {pair: at for at, pair in enumerate(having)}
        shares = np.array([having[pair] for pair in self._columns], float)
        self._rarity = np.log(len(given) / shares) + 1 if given else shares
        self._rows = self._matrix(given)

    def _matrix(self, given: Iterable[Pairs]) -> sparse.csr_matrix:
        data, columns, starts = list[float](), list[int](), [0]
        for of in given:
            row = {self._columns[p]: n for p, n in of.counts.items() if p in self._columns}
            weights = np.array([(1 + np.log(n)) * self._rarity[at] for at, n in row.items()])
            length = float(np.linalg.norm(weights)) or 1.0
            data += (weights / length).tolist()
            columns += row
            starts.append(len(columns))
        shape = (len(starts) - 1, len(self._columns))
        return sparse.csr_matrix((data, columns, starts), shape=shape)

    def _scores(self, asked: Written) -> np.typing.NDArray[np.float64]:
        row = self._matrix([self.cut(asked)])
        return np.asarray((self._rows @ row.T).todense()).ravel()

    def similar(self, asked: Written) -> Sequence[int]:
        """Ids of the closest, the closest first."""
        order = np.argsort(-self._scores(asked), kind="stable")
        return [self._written[at].id for at in order[:FIRST]]

    def units(self, asked: Written, known: Sequence[str]) -> Sequence[str]:
        """Units, the most likely first."""
        scores = self._scores(asked)
        order = np.argsort(-scores, kind="stable")
        nearest = [at for at in order if self._written[at].unit in known][: self.NEAREST]
        sums = dict.fromkeys((str(self._written[at].unit) for at in nearest), 0.0)
        for at in nearest:
            sums[str(self._written[at].unit)] += float(scores[at])
        return sorted(sums, key=lambda unit: -sums[unit])


@dataclass
class Tally:
    """Hits and questions by name."""

    hits: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)

    def add(self, names: Iterable[str], hit: bool) -> None:  # noqa: FBT001
        """One question, under each of some names."""
        for name in names:
            self.asked[name] += 1
            self.hits[name] += hit

    def share(self, name: str) -> float:
        """Hits of a question asked."""
        return self.hits[name] / max(self.asked[name], 1)


class Play:
    """A congress played to product and peer, whose hits are added to tallies by name."""

    def __init__(
        self, congress: Congress, found: dict[str, Tally], right: dict[str, Tally]
    ) -> None:
        self._suggestions = congress.suggestions
        self._register = units.load()
        became = (unit.became for unit in self._register.named.values() if unit.became)
        self._merged = Counter(became)
        self._offices = tuple(self._entered())
        self._found, self._right = found, right
        self._matters = {matter.id: matter for matter in matters.load()}
        self._localities = {one.id: one for one in localities.load()}
        self._ids = {one.id: at for at, one in enumerate(self._suggestions)}
        self._pairs = [Peer.cut(self._written(one, date.max)) for one in self._suggestions]
        self._counted = [counted(self._written(one, date.max)) for one in self._suggestions]

    def run(self) -> None:
        """Month by month, from the second year on."""
        for month, group in groupby(
            self._suggestions, lambda one: one.submitted_on.replace(day=1)
        ):
            asked = [one for one in group if one.year > 1]
            if asked:
                self._month(month, asked)

    def _month(self, day: date, asked: Sequence[Suggestion]) -> None:
        written = [self._written(one, day) for one in self._suggestions if one.submitted_on < day]
        heirs = successors(self._offices, day.isoformat())
        rows = [replace(self._counted[of.id], written=of).succeeded(heirs) for of in written]
        pairs = [replace(self._pairs[of.written.id], written=of.written) for of in rows]
        known = [of.id for of in self._offices if of.span.holds(day.isoformat())]
        for name, finder in (("product", Product(rows)), ("peer", Peer(pairs))):
            for one in asked:
                self._ask(name, finder, one, known)
        for one in asked:
            self._ask_located(pairs, one)
            usual = units.usual_lead(self._matters[one.matter], self._localities[one.locality])
            unit = self._register.of(usual, one.matter, one.year)
            self._right["division"].add(_names(one), unit == one.lead)

    def _ask_located(self, pairs: Sequence[Pairs], one: Suggestion) -> None:
        """The peer, among those on the same locality."""
        known = self._suggestions
        here = [of for of in pairs if known[of.written.id].locality == one.locality]
        if one.same_matter_as:
            found = Peer(here).similar(self._asked(one)) if here else ()
            hit = any(known[at].id in one.same_matter_as for at in found)
            self._found["located"].add([*_names(one), one.wording], hit)

    def _ask(self, name: str, finder: Finder, one: Suggestion, known: Sequence[str]) -> None:
        asked = self._asked(one)
        if one.same_matter_as:
            same = {self._ids[earlier] for earlier in one.same_matter_as}
            hit = bool(same & set(finder.similar(asked)[:FIRST]))
            self._found[name].add([*_names(one), one.wording], hit)
        right = self._registered(one.lead)
        proposed = finder.units(asked, known)
        self._right[name].add(_names(one), proposed[:1] == [right])
        self._right[name].add(["within three"], right in proposed[:3])
        if name == "product":
            proposed = finder.units(replace(asked, topic=one.field), known)
            self._right[name].add(["with topic"], proposed[:1] == [right])
            self._right[name].add(["with topic within three"], right in proposed[:3])

    def _written(self, one: Suggestion, day: date) -> Written:
        """As it stands in the morning of a day: the unit is known once the right one has it."""
        right = one.assignments[-1]
        unit = self._registered(right.unit) if right.assigned_on < day else None
        return replace(self._asked(one), topic=one.field, unit=unit)

    def _asked(self, one: Suggestion) -> Written:
        """As its deputy writes it: the form asks for the town."""
        return Written(self._ids[one.id], one.title, one.body, one.town)

    def _registered(self, unit: str) -> str:
        """As the register of units has it: a renamed one stays itself, a merged one ends."""
        became = self._register.named[unit].became
        return unit if self._merged[became] > 1 or not became else became

    def _entered(self) -> Iterator[Unit]:
        """The register of units as an office keeps it: a merged unit has its last day and its
        successor, which begins on the day after.
        """
        begins = date(FIRST_YEAR + units.REFORMED_IN - 1, 1, 1)
        last_day = (begins - timedelta(days=1)).isoformat()
        for unit in self._register.named.values():
            if self._merged[unit.id] > 1:
                span, successor = Span(begins.isoformat()), None
            elif self._merged[unit.became] > 1:
                span, successor = Span(until_day=last_day), unit.became
            else:
                span, successor = ALWAYS, None
            if self._registered(unit.id) == unit.id:
                yield Unit(unit.id, unit.name, "other", span=span, successor=successor)


def _names(one: Suggestion) -> list[str]:
    return ["all", one.field, f"year {one.year}"]


def main() -> int:
    """Print the figures; 1 where the product misses a goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="101-110", help="first and last, such as 101-110")
    parser.add_argument("--years", type=int, default=4)
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    found = {name: Tally() for name in ("product", "peer", "located")}
    right = {name: Tally() for name in ("product", "peer", "division")}
    for seed in range(int(first), int(last or first) + 1):
        Play(simulate(seed, given.years), found, right).run()
        print(
            f"up to seed {seed}: {_line(found, 'all')} found, {_line(right, 'all')} right",
            flush=True,
        )
    for title, tallies in (("found among the first three", found), ("right unit first", right)):
        print(f"\n{title}: {', '.join(tallies)}, of how many")
        for name in sorted(tallies["product"].asked):
            print(f"  {name:14} {_line(tallies, name)} of {tallies['product'].asked[name]}")
    figures = {
        "found_at_3": found["product"].share("all"),
        "found_at_3_far": found["product"].share("far"),
        "peer_found_at_3": found["peer"].share("all"),
        "located_found_at_3": found["located"].share("all"),
        "right_unit": right["product"].share("all"),
        "right_unit_with_topic": right["product"].share("with topic"),
        "peer_right_unit": right["peer"].share("all"),
        "division_right_unit": right["division"].share("all"),
    }
    report(figures)
    missed = figures["found_at_3"] < FOUND_GOAL or figures["right_unit"] < PROPOSED_GOAL
    return int(missed)


def _line(tallies: dict[str, Tally], name: str) -> str:
    shares = (tally.share(name) for tally in tallies.values() if tally.asked[name])
    return " ".join(f"{share:.3f}" for share in shares)


if __name__ == "__main__":
    sys.exit(main())
