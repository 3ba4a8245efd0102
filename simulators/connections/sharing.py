"""What a reader finds in a thing alone, and by what two of them are seen to belong together."""

from __future__ import annotations

from dataclasses import dataclass

from simulators.connections.places import stations
from simulators.connections.records import (
    Advice,
    Alert,
    Axis,
    Document,
    Hearing,
    Matter,
    Pair,
    Project,
    Suggestion,
    Thing,
)
from simulators.connections.writing import Brief


@dataclass(frozen=True, slots=True)
class Found:
    """In one thing; empty where it does not say so. ``upstream``: an alert from which a rise went
    down the river.
    """

    town: str = ""
    river: str = ""
    unit: str = ""
    law: str = ""
    company: str = ""
    station: str = ""
    upstream: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A thing of an affair, with what it was written after and what is found in it."""

    thing: Thing
    brief: Brief
    found: Found


def found_in(thing: Thing, brief: Brief) -> Found:
    """What a reader finds."""
    kind = brief.kind
    match thing:
        case Alert():
            station = next(of for of in stations() if of.id == thing.station)
            found = Found(town=station.town, river=station.river_name, station=station.id)
        case Suggestion():
            found = Found(thing.town, unit=thing.unit, company=brief.company)
        case Project():
            town = "" if thing.name in kind.general else brief.place.town
            unit = kind.unit if kind.pays == kind.unit else ""
            found = Found(town, unit=unit, company=brief.company)
        case Hearing():
            found = Found(brief.place.town, law=_law(thing.matter, kind.law))
        case Advice():
            law = _law(thing.text, kind.law)
            river = brief.name.name if brief.name.kind == "river" else ""
            unit, company = thing.addressee, brief.company
            found = Found(brief.place.town, river, unit, law=law, company=company)
        case Document():
            unit = "" if thing.kind == "town" else thing.maker
            found = Found(brief.place.town, unit=unit, law=_law(thing.text, kind.law))
        case Matter():
            found = Found(unit=thing.unit, law=thing.law)
    return found


def _law(text: str, law: str) -> str:
    return law if law in text else ""


def axis(one: Part, other: Part, *, days: bool) -> Axis | None:
    """By what two things of one affair are seen to belong together; ``days``: an affair whose
    things give no more than a town and came within days.
    """
    first, second = one.found, other.found

    def same(name: str) -> bool:
        return bool(getattr(first, name)) and getattr(first, name) == getattr(second, name)

    if same("company"):
        return "payee"
    if first.upstream != second.upstream and first.town and second.town:
        return "reach"
    if same("town"):
        return "time" if days and (first.station or second.station) else "place"
    if same("river"):
        return "place"
    if same("law"):
        return "law"
    return "unit" if same("unit") else None


def pairs(parts: list[Part], *, days: bool) -> tuple[Pair, ...]:
    """All pairs of an affair."""
    return tuple(
        Pair(one.thing.id, other.thing.id, axis(one, other, days=days))
        for at, one in enumerate(parts)
        for other in parts[at + 1 :]
    )
