"""Traces of a thing out of its fields and its texts, each with the clause that tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from api.accounts.records import Unit
from api.traces import topics
from api.traces.names import plain
from api.traces.reading import Reading, Readings, law_of, towns_of
from api.traces.records import Axis, Mark, Name, Part, Role, Trace, reach_of
from config.catalogue.shapes import Catalogue, Station
from config.catalogue.words import Words

WATER = "water-quality"
"""The topic by which a thing of a town is one of the river there."""
MOST_WORDS = 3
"""Of a topic in a sentence."""


@dataclass(frozen=True, slots=True)
class Tracer:
    """Makes traces in the words of one reader; ``catalogue`` has the names of that language."""

    words: Words
    catalogue: Catalogue
    units: Mapping[str, Unit]
    readings: Readings

    def unit(self, role: Role, unit_id: str | None) -> Iterator[Trace]:
        """The unit in a role; a town is a place."""
        unit = self.units.get(unit_id or "")
        if unit is None or unit.kind in ("congress", "committee", "delegation"):
            return
        axis: Axis = "town" if unit.kind == "town" else "unit"
        yield Trace(axis, unit.id, self._field(role, self.words.name(unit.name)))

    def topic(self, code: str | None, role: Role) -> Iterator[Trace]:
        """The topic in a role that a platform's list names."""
        if found := topics.named(code or ""):
            yield Trace("topic", found, self._field(role, self.topic_name(found)))

    def law(self, role: Role, title: str | None) -> Iterator[Trace]:
        """A law in a role, by its title."""
        if title and title.strip():
            yield Trace("law", law_of(title.strip()), self._field(role, f"《{title.strip()}》"))

    def payee(self, name: str | None) -> Iterator[Trace]:
        """An organisation that was paid; nobody hands in a natural person."""
        if name:
            yield Trace("payee", plain(name), self._field("payee", name))

    def project(self, role: Role, name: str | None, code: str = "") -> Iterator[Trace]:
        """A project by its name, and by its code where there is one."""
        if name:
            yield Trace("project", plain(name), self._field(role, name))
        if code:
            yield Trace("project", code, self._field(role, name or code))

    def station(self, role: Role, station: Station) -> Iterator[Trace]:
        """A station in a role, with its town and the reach at it."""
        yield Trace("station", station.id, self._field(role, station.name))
        if town := towns_of(self.units.values()).get(station.area, ""):
            at = self.town_name(town)
            of = self._role(role)
            said = self.words("traces.station-in", role=of, name=station.name, town=at)
            yield Trace("town", town, said)
        if station.river:
            river = self.catalogue.rivers[station.river].name
            of = self._role(role)
            said = self.words("traces.station-on", role=of, name=station.name, river=river)
            yield Trace("reach", reach_of(station.id), said)
            yield Trace("reach", station.river, said)

    def below(self, station: Station) -> Iterator[Trace]:
        """The reaches further down the river, which a rise at a station comes to."""
        if not station.river:
            return
        line = self.catalogue.downstream(station.river)
        for of in line[line.index(station) + 1 :]:
            said = self.words("traces.above", station=station.name, below=of.name)
            yield Trace("reach", reach_of(of.id), said)

    def thing(self, fields: Iterable[Trace], *parts: tuple[Part, str | None]) -> tuple[Trace, ...]:
        """All traces of a thing, each mark once: those of its fields, and those of its texts by
        the name of the part, the title first.
        """
        read = [(part, self.readings.of(text)) for part, text in parts if text]
        return self.of_readings(fields, read)

    def of_readings(
        self, fields: Iterable[Trace], read: Iterable[tuple[Part, Reading]]
    ) -> tuple[Trace, ...]:
        """The same out of texts that were read before."""
        read = list(read)
        found: dict[Mark, Trace] = {}
        for trace in (*fields, *self._named(read), *self._topics(read)):
            found.setdefault(trace.mark, trace)
        for trace in (*self._reaches(found), *_wider(found)):
            found.setdefault(trace.mark, trace)
        return tuple(found.values())

    def town_name(self, town: str) -> str:
        """The name of a town in the reader's language."""
        return self.words.name(self.units[town].name)

    def topic_name(self, topic: str) -> str:
        """The name of a topic."""
        return self.words(f"traces.topic-{topic}")

    def _field(self, role: Role, name: str) -> str:
        return self.words("traces.field", role=self._role(role), name=name)

    def _role(self, role: Role) -> str:
        return self.words(f"traces.role-{role}")

    def _part(self, part: Part) -> str:
        return self.words(f"traces.part-{part}")

    def _named(self, read: Iterable[tuple[Part, Reading]]) -> Iterator[Trace]:
        words = self.words
        for part, reading in read:
            for name in reading.names:
                yield from self._marks(part, name)
            for law in reading.laws:
                said = words("traces.cites", part=self._part(part), law=f"《{law}》")
                yield Trace("law", law, said)
            for spot in reading.spots:
                said = words("traces.writes", part=self._part(part), words=spot)
                yield Trace("spot", spot, said)

    def _marks(self, part: Part, name: Name) -> Iterator[Trace]:
        """A name as it stands; where that of a station stands for its town, that is said too."""
        of_station = any(axis == "station" for axis, _ in name.marks)
        for axis, key in name.marks:
            said = self.words("traces.writes", part=self._part(part), words=name.text)
            if of_station and axis == "town":
                said = self.words("traces.in-town", said=said, town=self.town_name(key))
            yield Trace(axis, key, said)

    def _topics(self, read: list[tuple[Part, Reading]]) -> Iterator[Trace]:
        """A text is of a topic by one word of its title, or by several others."""
        for at, (part, reading) in enumerate(read):
            for topic, said in (reading.topics or {}).items():
                if at == 0 or len(said) >= topics.LEAST_WORDS:
                    quoted = self.words("traces.quoted-between").join(said[:MOST_WORDS])
                    writes = self.words("traces.writes", part=self._part(part), words=quoted)
                    yield Trace("topic", topic, writes)

    def _reaches(self, found: Mapping[Mark, Trace]) -> Iterator[Trace]:
        """The reach at a town: of whatever names river and town, or is of the town's water."""
        towns = towns_of(self.units.values())
        for station in self.catalogue.stations.values():
            town = found.get(("town", towns.get(station.area, "")))
            river = found.get(("reach", station.river or ""))
            if town is None or not station.river:
                continue
            name = self.catalogue.rivers[station.river].name
            if river is not None:
                said = self.words("traces.both-said", first=town.said, second=river.said)
                yield Trace("reach", reach_of(station.id), said)
            elif ("topic", WATER) in found:
                said = self.words("traces.at-river", said=town.said, river=name)
                yield Trace("reach", reach_of(station.id), said)


def _wider(found: Mapping[Mark, Trace]) -> Iterator[Trace]:
    """The wider topics of all topics."""
    for (axis, key), trace in found.items():
        under = key if axis == "topic" else ""
        while under := topics.wider(under):
            yield Trace("topic", under, trace.said)
