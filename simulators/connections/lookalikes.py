"""Innocent things that seem near to one of an affair: one for each pair that belongs together."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from simulators.connections import places, writing
from simulators.connections.companies import Companies
from simulators.connections.kinds import Kind
from simulators.connections.places import Place
from simulators.connections.records import (
    Advice,
    Affair,
    Alert,
    Axis,
    Document,
    Hearing,
    Innocent,
    Matter,
    Project,
    Thing,
    Way,
)
from simulators.connections.sharing import Part
from simulators.connections.writing import Brief

_WAYS: Mapping[Axis, tuple[Way, ...]] = {
    "place": ("other-topic", "other-town", "long-before", "other-place"),
    "unit": ("other-topic", "long-before"),
    "payee": ("other-job", "other-job", "other-town", "long-before", "other-topic"),
    "law": ("in-passing", "long-before"),
    "reach": ("upstream", "other-town", "long-before"),
    "time": ("long-before", "other-topic", "other-town"),
}
_APART = (690, 790)
"""Days by which something was long before."""
_NEAR = 18
"""Days around the other within which the rest comes."""


@dataclass(frozen=True, slots=True)
class Occupied:
    """What affairs are about: kinds by town, and the kinds of which something is said of the whole
    district, with their laws.
    """

    by_town: frozenset[tuple[str, str]]
    wide: frozenset[str]
    laws: frozenset[str]

    def takes(self, kind: Kind, town: str) -> bool:
        """Whether a thing of the kind in the town would belong to an affair."""
        return (kind.id, town) in self.by_town or kind.id in self.wide or kind.law in self.laws


def occupied(affairs: Collection[Affair], known: Mapping[str, Kind]) -> Occupied:
    """By the affairs of a seed. A rise that runs down a river is in all its towns; affairs on
    water are near to each other.
    """
    by_town = {(of.kind, of.town) for of in affairs if of.town}
    for affair in affairs:
        if affair.shape == "reach":
            above = next(of for of in places.stations() if of.river and of.town == affair.town)
            along = [of for of in places.stations() if of.river == above.river]
            by_town |= {(affair.kind, of.town) for of in along if of.order > above.order}
    water = [of.id for of in known.values() if of.at == "section"]
    by_town |= {(kind, town) for of, town in by_town if of in water for kind in water}
    wide = {of.kind for of in affairs if not of.town or of.shape == "payee"}
    laws = {known[of].law for of in wide}
    return Occupied(frozenset(by_town), frozenset(wide), frozenset(laws))


class Mimic:
    """Writes look-alikes of the parts of affairs."""

    def __init__(
        self,
        known: Mapping[str, Kind],
        taken: Occupied,
        companies: Companies,
        as_of: date,
        drawn: random.Random,
    ) -> None:
        self.as_of = as_of
        self.known, self.taken = list(known.values()), taken
        self.companies, self.drawn = companies, drawn

    def of_affair(self, affair: Affair, parts: Sequence[Part]) -> list[tuple[Thing, Innocent]]:
        """One for each pair of the affair that a reader sees."""
        by_id = {of.thing.id: of for of in parts}
        found = []
        for at, pair in enumerate(of for of in affair.pairs if of.axis):
            assert pair.axis
            ends = [by_id[pair.first], by_id[pair.second]]
            near = ends[at % 2]
            ways = _WAYS[pair.axis]
            order = self.drawn.sample(ways, len(ways))
            made = next(
                (of for way in order if (of := self._made(f"{affair.id}-i{at + 1}", near, way))),
                None,
            )
            if made:
                thing, way = made
                found.append((thing, Innocent(thing.id, near.thing.id, pair.axis, way)))
        return found

    def _made(self, made: str, near: Part, way: Way) -> tuple[Thing, Way] | None:
        brief = replace(near.brief, id=made, on=self._day(near))
        if way == "long-before":
            if isinstance(near.thing, Document):  # in force still, it would belong
                return None
            apart = timedelta(days=self.drawn.randint(*_APART))
            again = replace(near.brief, id=made, on=near.brief.on - apart, company="")
            return self._like(near.thing, again), way
        if way == "in-passing":
            return self._citing(brief), way
        if way == "upstream":
            return self._upstream(near, brief)
        if way == "other-job":
            return self._other_job(brief)
        elsewhere = self._elsewhere(brief, way)
        return (self._like(near.thing, elsewhere), way) if elsewhere else None

    def _day(self, near: Part) -> date:
        made = near.brief.on + timedelta(days=self.drawn.randint(-_NEAR, _NEAR))
        return min(made, self.as_of)

    def _elsewhere(self, brief: Brief, way: Way) -> Brief | None:
        """The same with another topic, or in another town; None where every choice would belong
        to an affair.
        """
        town, kind = brief.place.town, brief.kind
        others = [of for of in self.known if of.id != kind.id and of.law != kind.law]
        towns = self.drawn.sample(list(places.towns()), len(places.towns()))
        if way == "other-topic" and not town:
            pairs = [(of, "") for of in others if of.unit == kind.unit]
        elif way == "other-topic":
            pairs = [(of, town or towns[0]) for of in others]
        elif way == "other-place":
            same = [of for of in others if of.unit == kind.unit]
            pairs = [(of, one) for of in same for one in towns if one != town]
        else:
            pairs = [(kind, one) for one in towns if one != town]
        fitting = [of for of in pairs if self._free(*of)]
        if not fitting:
            return None
        chosen, where = self.drawn.choice(fitting)
        place = self._place(chosen, where)
        return replace(brief, kind=chosen, place=place, name=place.name(0), company="")

    def _other_job(self, brief: Brief) -> tuple[Thing, Way] | None:
        """A project in another town for which the payee did what its trade does."""
        kind, here = brief.kind, brief.place.town
        jobs = [of for of in self.known if of.trade == kind.trade and of.id != kind.id]
        towns = [of for of in places.towns() if of != here]
        fitting = [(of, town) for of in jobs for town in towns if self._free(of, town)]
        if not brief.company or not fitting:
            return None
        job, town = self.drawn.choice(fitting)
        place = self._place(job, town)
        about = replace(brief, kind=job, place=place, name=place.name(0))
        made = writing.project(about, self.companies, self.drawn, general=False)
        return made, "other-job"

    def _free(self, kind: Kind, town: str) -> bool:
        on_water = not town or kind.at != "section" or town in _on_rivers()
        wide = bool(town) or not (any(kind.id == of for of, _ in self.taken.by_town) or kind.rules)
        return on_water and wide and not self.taken.takes(kind, town)

    def _place(self, kind: Kind, town: str) -> Place:
        if town:
            return places.at_spot(kind, town, self.drawn)
        return places.of_district(kind, self.drawn)

    def _citing(self, brief: Brief) -> Thing:
        """A document on another topic that mentions the law."""
        others = [of for of in self.known if of.law != brief.kind.law]
        towns = [(of, town) for of in others for town in places.towns() if self._free(of, town)]
        kind, town = self.drawn.choice(towns)
        place = places.of_town(town)
        about = replace(brief, kind=kind, place=place, name=place.name(0), company="")
        number = self.drawn.randint(1, 40)
        return writing.document(about, number, self.drawn, passing=brief.kind.law)

    def _upstream(self, near: Part, brief: Brief) -> tuple[Thing, Way] | None:
        """In a town above the alerts of a rise, at the same time."""
        here = [of for of in places.stations() if of.river and of.town == near.found.town]
        above = [
            of.town
            for one in here
            for of in places.stations()
            if of.river == one.river and of.order < one.order
        ]
        above = [of for of in above if not self.taken.takes(brief.kind, of)]
        if not above:
            return None
        place = places.at_spot(brief.kind, above[0], self.drawn)
        about = replace(brief, place=place, name=place.name(0))
        return writing.suggestion(about, self.drawn), "upstream"

    def _like(self, thing: Thing, brief: Brief) -> Thing:
        """In the form of a thing; an alert only where the kind has rules and a station."""
        drawn = self.drawn
        made: Thing
        match thing:
            case Alert() if brief.kind.rules and (station := _station_of(brief)):
                made = writing.alert(brief, station, drawn)
            case Project():
                general = thing.name in brief.kind.general or not brief.place.town
                made = writing.project(brief, self.companies, drawn, general=general)
            case Hearing():
                made = writing.hearing(brief, drawn)
            case Advice():
                made = writing.advice(brief, drawn)
            case Document():
                made = writing.document(brief, drawn.randint(1, 40), drawn)
            case Matter():
                made = writing.inspection(brief, drawn)
            case _:
                made = writing.suggestion(brief, drawn)
        return made


def _on_rivers() -> set[str]:
    return {of.town for of in places.stations() if of.river}


def _station_of(brief: Brief) -> str:
    kind = "water" if brief.kind.at == "section" else "air"
    found = (of for of in places.stations() if of.kind == kind and of.town == brief.place.town)
    return next((of.id for of in found), "")
