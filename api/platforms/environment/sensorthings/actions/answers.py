"""Answers: resources behind an address, their pages, and what is shown of each entity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

from api.platforms.environment.sensorthings.actions.entities import Entities
from api.platforms.environment.sensorthings.actions.observations import Observations, by_time
from api.platforms.environment.sensorthings.records.addresses import Address
from api.platforms.environment.sensorthings.records.expressions import value_of
from api.platforms.environment.sensorthings.records.kinds import (
    DATASTREAM,
    KINDS,
    OBSERVATION,
    SETS,
    Entity,
    Kind,
)
from api.platforms.environment.sensorthings.records.options import Options
from api.platforms.environment.sensorthings.records.ordering import key_of
from api.platforms.environment.sensorthings.records.refusals import BadOption, UnknownResource
from api.services import Services

MOST_WEIGHT = 20_000
"""Entities of an answer, those that are expanded with them."""
SERIES_WEIGHT = 100
"""Of each series that is read for an expanded collection of Observations."""
MOST_DATASTREAMS = 100
"""Of a page: the span of each is looked for in the store."""
_SPAN = ("phenomenonTime", "resultTime")


@dataclass(frozen=True, slots=True)
class Collection:
    """Entities of a kind: all, or those to which an entity leads."""

    kind: Kind
    of: Entity | None
    address: str


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an entity."""

    name: str
    value: Any


Resource = Entity | Collection | Property
Shown = dict[str, object]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a collection, and the control information that stands before it."""

    head: dict[str, object]
    rows: Sequence[Entity]


class Answers:
    """Of a request to the service at an address."""

    def __init__(self, services: Services, base: str) -> None:
        self._base = base
        self._entities = Entities(services, base)
        self._observations = Observations(services, self._entities)

    def resource(self, address: Address) -> Resource:
        """The resource of an address.

        Raises:
            UnknownResource
        """
        first, key = address.steps[0]
        if first not in SETS:
            raise UnknownResource(f"there is no {first}; use one of {', '.join(SETS)}")
        every = Collection(SETS[first], None, f"{self._base}/{first}")
        found: Resource = every if key is None else self._member(every, first, key)
        for name, key in address.steps[1:]:
            if not isinstance(found, Entity):
                raise UnknownResource(f"{name} stands behind no entity; choose one by its id")
            found = self._behind(found, name, key)
        return found

    def page(self, of: Collection, options: Options) -> Page:
        """The part of a collection that is asked for.

        Raises:
            BadOption, NotOffered
        """
        rows, more = self._rows(of, options)
        chosen: list[Entity] = []
        left = MOST_WEIGHT
        for one in rows if options.expand else ():
            left -= self._weight(one, options, left)
            if left < 0:
                break
            chosen.append(one)
        if options.expand:
            if rows and not chosen:
                _too_much()
            more, rows = more or len(chosen) < len(rows), chosen
        head: dict[str, object] = {}
        if options.count:
            head["@iot.count"] = self._count(of, options)
        if more:
            head["@iot.nextLink"] = self._next(of, options, rows)
        return Page(head, rows)

    def single(self, entity: Entity, options: Options) -> Shown:
        """An entity as it is answered.

        Raises:
            BadOption, NotOffered
        """
        if self._weight(entity, options, MOST_WEIGHT) > MOST_WEIGHT:
            _too_much()
        return self.shown(entity, options)

    def shown(self, entity: Entity, options: Options, *, within: bool = False) -> Shown:
        """An entity, with whatever is expanded. ``within`` another one the span of a Datastream
        stands only where it is selected: it is looked for in the store.
        """
        select, link, found = options.select, self.link(entity), dict[str, object]()
        if not select or "id" in select:
            found["@iot.id"] = entity.id
        if not select:
            found["@iot.selfLink"] = link
        for name in entity.kind.properties:
            if name in entity.properties and (not select or name in select):
                found[name] = entity.properties[name]
        if entity.kind is DATASTREAM:
            spans = [name for name in _SPAN if name in select or not (select or within)]
            if spans and (span := self._observations.span(entity)):
                found |= dict.fromkeys(spans, span)
        for name in entity.kind.related:
            if name in options.expand:
                found |= self._expanded(entity, name, options.expand[name])
            elif not select or name in select:
                found[f"{name}@iot.navigationLink"] = f"{link}/{name}"
        return found

    def link(self, entity: Entity) -> str:
        """The address of an entity."""
        return f"{self._base}/{entity.kind.set}('{entity.id}')"

    def _behind(
        self, entity: Entity, name: str, key: str | None
    ) -> Entity | Collection | Property:
        kind = entity.kind
        if name in kind.one and key is None:
            return next(iter(self._entities.related(entity, name)))
        if name in kind.many:
            found = Collection(KINDS[kind.many[name]], entity, f"{self.link(entity)}/{name}")
            return found if key is None else self._member(found, name, key)
        value = entity.properties.get(name)
        if name in _SPAN and kind is DATASTREAM:
            value = self._observations.span(entity) or None
        if name not in kind.properties or key is not None:
            known = ", ".join([*kind.properties, *kind.related])
            raise UnknownResource(f"a {kind.name} has no {name}; use one of {known}")
        return Property(name, value)

    def _member(self, of: Collection, name: str, key: str) -> Entity:
        if of.kind is OBSERVATION:
            found = self._observations.one(key)
            streams = self._entities.datastreams(of.of)
            inside = found and any(one.id == key.rpartition(":")[0] for one in streams)
        else:
            found = self._entities.found(of.kind, key)
            inside = of.of is None or found in self._entities.related(of.of, name)
        if found is None or not inside:
            raise UnknownResource(f"there is no {key!r} among {of.address}")
        return found

    def _members(self, of: Collection) -> Sequence[Entity]:
        """Entities of a collection; of Observations their Datastreams."""
        if of.kind is OBSERVATION:
            return self._entities.datastreams(of.of)
        if of.of is None:
            return self._entities.all(of.kind)
        return self._entities.related(of.of, of.address.rpartition("/")[2])

    def _chosen(self, of: Collection, options: Options) -> list[Entity]:
        """Those of the catalogue that a filter lets through, in order."""
        reach, filtered = self._entities.related, options.filter
        found = [
            one
            for one in self._members(of)
            if filtered is None or value_of(filtered, one, reach) is True
        ]
        return sorted(found, key=key_of(options.orderby, reach)) if options.orderby else found

    def _rows(self, of: Collection, options: Options) -> tuple[Sequence[Entity], bool]:
        if of.kind is OBSERVATION:
            rows, more = self._observations.page(self._members(of), options)
        else:
            top = min(options.top, MOST_DATASTREAMS) if of.kind is DATASTREAM else options.top
            found = self._chosen(of, options)
            rows = found[options.skip : options.skip + top]
            more = options.skip + top < len(found)
        return rows, more and options.top > 0

    def _count(self, of: Collection, options: Options) -> int:
        if of.kind is OBSERVATION:
            return self._observations.count(self._members(of), options)
        return len(self._chosen(of, options))

    def _next(self, of: Collection, options: Options, rows: Sequence[Entity]) -> str:
        asked = {n: v for n, v in options.written.items() if n not in ("$skip", "$count")}
        if of.kind is OBSERVATION and by_time(options):
            asked["$skiptoken"] = rows[-1].id
        else:
            asked["$skip"] = str(options.skip + len(rows))
        return of.address + "?" + urlencode(asked, quote_via=quote, safe="$(),/:;='")

    def _expanded(
        self, entity: Entity, name: str, options: Options
    ) -> Iterator[tuple[str, object]]:
        if name in entity.kind.one:
            for one in self._entities.related(entity, name):
                yield name, self.shown(one, options, within=True)
            return
        of = Collection(KINDS[entity.kind.many[name]], entity, f"{self.link(entity)}/{name}")
        rows, more = self._rows(of, options)
        yield name, [self.shown(one, options, within=True) for one in rows]
        if options.count:
            yield f"{name}@iot.count", self._count(of, options)
        if more:
            yield f"{name}@iot.nextLink", self._next(of, options, rows)

    def _weight(self, entity: Entity, options: Options, left: int) -> int:
        """The entities that are shown with one, reckoned until there are more than ``left``."""
        weight = 1
        for name, inner in options.expand.items():
            kind = KINDS[entity.kind.related[name]]
            of = Collection(kind, entity, f"/{name}")
            if kind is OBSERVATION:
                weight += SERIES_WEIGHT + inner.top
                continue
            for one in self._rows(of, inner)[0]:
                weight += self._weight(one, inner, left - weight)
                if weight > left:
                    return weight
        return weight


def _too_much() -> NoReturn:
    said = f"it asks for more than {MOST_WEIGHT} entities; ask for fewer with $top"
    raise BadOption("$expand", said)
