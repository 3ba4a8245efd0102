"""Affairs by the shape of what ties them: who writes of it, when, and how much each knows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from simulators.connections import places, writing
from simulators.connections.companies import Companies
from simulators.connections.kinds import Kind
from simulators.connections.places import Place
from simulators.connections.records import Affair, Axis, Thing
from simulators.connections.sharing import Part, found_in, pairs
from simulators.connections.writing import Brief


@dataclass(frozen=True, slots=True)
class Course:
    """Where, when and of what kind an affair is; ``town`` is empty for the whole district, that
    of the first alert for a rise that runs down a river. Nothing of it comes after ``until``.
    """

    id: str
    kind: Kind
    shape: Axis
    town: str
    around: date
    until: date


class Author:
    """Writes the things of one affair, each under its own name for the place."""

    def __init__(self, course: Course, companies: Companies, drawn: random.Random) -> None:
        self.course, self.companies, self.drawn = course, companies, drawn
        self.parts: list[Part] = []

    def day(self, earliest: int, latest: int) -> date:
        """Some days from the middle of the affair."""
        made = self.course.around + timedelta(days=self.drawn.randint(earliest, latest))
        return min(made, self.course.until)

    def brief(self, place: Place, on: date, company: str = "") -> Brief:
        """For the next thing."""
        at = len(self.parts)
        made = f"{self.course.id}-{at + 1}"
        return Brief(made, self.course.kind, place, place.name(at), on, company)

    def add(self, thing: Thing, brief: Brief, *, upstream: bool = False) -> None:
        """One that was written."""
        found = replace(found_in(thing, brief), upstream=upstream)
        self.parts.append(Part(thing, brief, found))

    def alert(self, place: Place, on: date, station: str, *, upstream: bool = False) -> None:
        """At a station."""
        brief = self.brief(place, on)
        self.add(writing.alert(brief, station, self.drawn), brief, upstream=upstream)

    def suggestion(self, place: Place, on: date, company: str = "") -> None:
        """Of a deputy."""
        brief = self.brief(place, on, company)
        self.add(writing.suggestion(brief, self.drawn), brief)

    def project(self, place: Place, on: date, company: str = "", *, general: bool = False) -> None:
        """With payments."""
        brief = self.brief(place, on, company)
        made = writing.project(brief, self.companies, self.drawn, general=general)
        self.add(made, brief)

    def hearing(self, place: Place, on: date) -> None:
        """Of the procuratorate."""
        brief = self.brief(place, on)
        self.add(writing.hearing(brief, self.drawn), brief)

    def advice(self, place: Place, on: date, company: str = "") -> None:
        """To the unit."""
        brief = self.brief(place, on, company)
        self.add(writing.advice(brief, self.drawn), brief)

    def document(self, place: Place, on: date) -> None:
        """Of the town or the unit."""
        brief = self.brief(place, on)
        self.add(writing.document(brief, self.drawn.randint(1, 40), self.drawn), brief)

    def inspection(self, place: Place, on: date) -> None:
        """Of the law."""
        brief = self.brief(place, on)
        self.add(writing.inspection(brief, self.drawn), brief)


def written(
    course: Course, companies: Companies, drawn: random.Random
) -> tuple[Affair, list[Part]]:
    """An affair with its labels, and its things."""
    author = Author(course, companies, drawn)
    _SHAPES[course.shape](author)
    made = tuple(of.thing.id for of in author.parts)
    labels = pairs(author.parts, days=course.shape == "time")
    town = course.town
    return Affair(course.id, course.kind.id, course.shape, town, made, labels), author.parts


def _station(town: str, *, water: bool) -> str:
    kind = "water" if water else "air"
    return next(of.id for of in places.stations() if of.town == town and of.kind == kind)


def _at_place(author: Author) -> None:
    kind, town, drawn = author.course.kind, author.course.town, author.drawn
    place = places.at_spot(kind, town, drawn)
    if kind.rules:
        station = _station(town, water=kind.at == "section")
        author.alert(place, author.day(0, 0), station)
    author.suggestion(place, author.day(-10, 12))
    author.project(place, author.day(-20, 20))
    if drawn.random() < 0.5:
        author.hearing(place, author.day(8, 30))
    if drawn.random() < 0.6:
        author.advice(place, author.day(4, 35))
    if kind.rules or drawn.random() < 0.4:
        author.document(places.of_town(town), author.day(-120, -10))


def _of_unit(author: Author) -> None:
    place = places.of_district(author.course.kind, author.drawn)
    author.suggestion(place, author.day(-15, 10))
    author.advice(place, author.day(-5, 25))
    author.project(place, author.day(-10, 30), general=True)


def _of_payee(author: Author) -> None:
    kind, drawn = author.course.kind, author.drawn
    place = places.at_spot(kind, author.course.town, drawn)
    wide = places.of_district(kind, drawn)
    company = author.companies.fresh(kind.trade, drawn)
    author.suggestion(place, author.day(-10, 10), company)
    author.project(wide, author.day(-20, 20), company, general=True)
    if drawn.random() < 0.6:
        author.project(place, author.day(-20, 20), company)
    author.advice(wide, author.day(5, 30), company)


def _of_law(author: Author) -> None:
    kind, drawn = author.course.kind, author.drawn
    wide = places.of_district(kind, drawn)
    author.inspection(wide, author.day(-20, 20))
    author.advice(wide, author.day(-20, 20))
    town = drawn.choice(list(places.towns()))
    author.document(wide, author.day(-100, -10))
    author.document(places.of_town(town), author.day(-100, -10))


def _down_the_river(author: Author) -> None:
    course, drawn = author.course, author.drawn
    above = next(of for of in places.stations() if of.town == course.town and of.river)
    below = [of for of in places.stations() if of.river == above.river and of.order > above.order]
    where = drawn.choice(below)
    place = places.at_spot(course.kind, where.town, drawn)
    author.alert(places.of_town(above.town), author.day(0, 0), above.id, upstream=True)
    author.alert(place, author.day(1, 1), where.id)
    author.suggestion(place, author.day(1, 6))
    if drawn.random() < 0.5:
        author.hearing(place, author.day(5, 20))
    else:
        river = places.called(above.river_name, "river")
        author.advice(Place("", "通州区", (river,)), author.day(8, 30))


def _within_days(author: Author) -> None:
    kind, town = author.course.kind, author.course.town
    place = places.of_town(town)
    author.alert(place, author.day(0, 0), _station(town, water=kind.at == "section"))
    author.suggestion(place, author.day(1, 6))
    author.advice(place, author.day(2, 9))


_SHAPES: Mapping[Axis, Callable[[Author], None]] = {
    "place": _at_place,
    "unit": _of_unit,
    "payee": _of_payee,
    "law": _of_law,
    "reach": _down_the_river,
    "time": _within_days,
}
_WIDE: tuple[Axis, ...] = ("unit", "unit", "law", "law")
_OF_PAYEES: tuple[Axis, ...] = ("payee",) * 4
_AT_PLACES = 7
"""Affairs of a seed on land."""
_FIRST, _LAST = 15, 150
"""Days before today within which affairs have their middle."""


def courses(as_of: date, drawn: random.Random, all_kinds: Mapping[str, Kind]) -> Iterator[Course]:
    """The affairs of a seed. What is about the district is the only one of its kind and its law;
    no kind comes twice in a town.
    """
    taken: set[tuple[str, str]] = set()
    planned = (
        *_on_water(as_of, drawn, all_kinds),
        *_in_the_air(as_of, drawn, all_kinds),
        *_on_land(as_of, drawn, all_kinds),
    )
    for number, (shape, kind, town, around) in enumerate(planned, start=1):
        assert (kind.id, town) not in taken
        taken.add((kind.id, town))
        yield Course(f"a{number:02}", kind, shape, town, around, as_of)


Planned = tuple[Axis, Kind, str, date]


def _on_water(as_of: date, drawn: random.Random, known: Mapping[str, Kind]) -> Iterator[Planned]:
    """One river carries two rises down, long apart; at the other each town has an affair."""
    rivers = ["tonglv", "xinjianghai"]
    drawn.shuffle(rivers)
    first, second = (_along(of) for of in rivers)
    late = as_of - timedelta(days=drawn.randint(15, 50))
    early = as_of - timedelta(days=drawn.randint(110, 150))
    kinds = [known["sewage"], known["dyeing"]]
    drawn.shuffle(kinds)
    above = drawn.choice(first[:-1])
    yield "reach", kinds[0], above, late
    yield "reach", kinds[1], above, early
    yield "place", known["sewage"], second[0], early
    yield "time", known["sewage"], second[2], late
    yield "place", known["dyeing"], second[1], as_of - timedelta(days=drawn.randint(60, 85))


def _along(river: str) -> list[str]:
    return [of.town for of in places.stations() if of.river == river]


def _in_the_air(as_of: date, drawn: random.Random, known: Mapping[str, Kind]) -> Iterator[Planned]:
    towns = drawn.sample([of.town for of in places.stations() if of.kind == "air"], 3)
    shapes: tuple[Axis, ...] = ("place", "time", "time")
    for at, (town, shape) in enumerate(zip(towns, shapes, strict=True)):
        around = as_of - timedelta(days=20 + 45 * at + drawn.randint(0, 10))
        yield shape, known["dust"], town, around


def _on_land(as_of: date, drawn: random.Random, known: Mapping[str, Kind]) -> Iterator[Planned]:
    """A kind of which something is said of the whole district has one affair alone, and so has
    its law: nobody could say that another thing of it does not belong.
    """
    rest = [of for of in known.values() if not of.rules]
    drawn.shuffle(rest)
    towns = list(places.towns())
    for shape in (*_WIDE, *_OF_PAYEES):
        kind = next(of for of in rest if of.pays == of.unit)
        rest = [of for of in rest if of.law != kind.law]
        town = "" if shape in _WIDE else drawn.choice(towns)
        yield shape, kind, town, _middle(as_of, drawn)
    where = {of.id: drawn.sample(towns, len(towns)) for of in rest}
    for at in range(_AT_PLACES):
        kind = rest[at % len(rest)]
        yield "place", kind, where[kind.id].pop(), _middle(as_of, drawn)


def _middle(as_of: date, drawn: random.Random) -> date:
    return as_of - timedelta(days=drawn.randint(_FIRST, _LAST))
