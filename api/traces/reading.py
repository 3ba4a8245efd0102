"""Names, laws and topics that a text means, with what the district's own names stand for. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b

from api.accounts.records import Unit
from api.traces.names import Dictionary
from api.traces.records import Mark, Name, reach_of
from api.traces.topics import known, said_of
from config.catalogue.shapes import Catalogue, Station
from documents.citing.names import named
from documents.laws.table import Table, load
from documents.laws.titles import plain

MOST_REMEMBERED = 50_000
"""Texts of which a process remembers the reading."""
_OF_DISTRICT = ("department", "supervision", "court", "procuratorate")
"""Kinds of units that texts name as bodies; towns are read as such."""
_TOWN_ENDS = re.compile(r"(?:镇|乡|街道)$")
_SPOT = re.compile(
    r"[一-龥]{2}(?:社区|小区|花苑|花园|家园|新村|公寓|宿舍|幼儿园|小学|中学|初中|高中|大道|公园|工业园|产业园|"
    r"村(?!民|级|庄|集体|委)|路(?!段|面|灯|口|网|基|况|人|边)|街(?!道|头|巷))"
)
"""Names of spots, of which the last two characters before their kind: nobody can tell from the
text alone where a name begins.
"""
_NO_SPOT = re.compile(r"^.?[的一这条某各同本全区我镇乡道公铁马个农住旧]")
_MAY_CITE = re.compile(r"《|第[^，。；]{1,8}条")


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a text means: names as they stand in it, titles of laws, words by topic, and
    spots such as villages, roads and schools by the ends of their names.
    """

    names: tuple[Name, ...] = ()
    laws: tuple[str, ...] = ()
    topics: Mapping[str, tuple[str, ...]] | None = None
    spots: tuple[str, ...] = ()


class Readings:
    """Reads texts by the names of a district, and remembers what it read."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._dictionary = Dictionary(names)
        self._remembered: dict[object, Reading] = {}

    def of(self, text: str) -> Reading:
        """The reading of a text."""
        digest = blake2b(text.encode(), digest_size=16).digest()
        return self.remembered(digest, lambda: self._read(text))

    def remembered(self, key: object, read: Callable[[], Reading]) -> Reading:
        """The reading of what a key names, which never changes."""
        found = self._remembered.get(key)
        if found is None:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            found = self._remembered[key] = read()
        return found

    def knows(self, key: object) -> bool:
        """Whether the reading of what a key names is at hand."""
        return key in self._remembered

    def _read(self, text: str) -> Reading:
        laws = (law_of(of.law) for of in named(text, {}, ())) if _MAY_CITE.search(text) else ()
        known = self._dictionary.found(text)
        return Reading(known, tuple(dict.fromkeys(laws)), said_of(text), tuple(_spots(text)))


def _spots(text: str) -> Iterator[str]:
    found = (of.group() for of in _SPOT.finditer(text))
    yield from dict.fromkeys(of for of in found if not _NO_SPOT.search(of))


def together(readings: Sequence[Reading], laws: Iterable[str] = ()) -> Reading:
    """Several readings as one."""
    names = {name.text: name for of in readings for name in of.names}
    every = (*laws, *(law for of in readings for law in of.laws))
    topics: dict[str, dict[str, None]] = {}
    for of in readings:
        for topic, words in (of.topics or {}).items():
            topics.setdefault(topic, {}).update(dict.fromkeys(words))
    said = {topic: tuple(words) for topic, words in topics.items()}
    spots = tuple(dict.fromkeys(spot for of in readings for spot in of.spots))
    return Reading(tuple(names.values()), tuple(dict.fromkeys(every)), said, spots)


def law_of(title: str) -> str:
    """The key of a law: its plain title, of one in the table of laws that of the table."""
    found = _table().find(title)
    return plain(found.title if found else title)


@cache
def _table() -> Table:
    return load()


def names_of(catalogue: Catalogue, units: Sequence[Unit]) -> Iterator[Name]:
    """The names of a district's things with what they mean, and those that only look like them."""
    towns = towns_of(units)
    for word in known().namesakes:
        yield Name(word)
    for unit in units:
        if unit.kind == "delegation":
            yield Name(unit.name)
        elif unit.kind == "town":
            marks: tuple[Mark, ...] = (("town", unit.id),)
            yield Name(unit.name, marks)
            yield Name(_TOWN_ENDS.sub("", unit.name), marks)
        elif unit.kind in _OF_DISTRICT:
            for name in _ways(unit.name, catalogue.site.name):
                yield Name(name, (("unit", unit.id),))
    for river in catalogue.rivers.values():
        yield Name(river.name, (("reach", river.id),))
    for station in catalogue.stations.values():
        marks = tuple(marks_of(station, towns))
        yield Name(station.name, marks)
        river_name = catalogue.rivers[station.river].name if station.river else ""
        yield Name(station.name.removeprefix(river_name), marks)


def towns_of(units: Iterable[Unit]) -> Mapping[str, str]:
    """Ids of towns by name."""
    return {of.name: of.id for of in units if of.kind == "town"}


def marks_of(station: Station, towns: Mapping[str, str]) -> Iterator[Mark]:
    """The station, its town, and the reach at it."""
    yield "station", station.id
    if station.area in towns:
        yield "town", towns[station.area]
    if station.river:
        yield "reach", reach_of(station.id)
        yield "reach", station.river


def _ways(name: str, site: str) -> Iterator[str]:
    """A body's name, and how people shorten it."""
    yield name
    district = re.sub(r"^.+市", "", site).removesuffix("区")
    own = [name, *([f"区{name.removeprefix(district)}"] if name.startswith(district) else [])]
    yield from own[1:]
    for full, short in known().short.items():
        for of in own:
            if full in of:
                yield from (of.replace(full, one) for one in short)
