"""The tracer of a district, with the names that platforms know beside the district's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, cast

from api.accounts.repositories.units import Units
from api.services import Services
from api.traces.reading import Readings, names_of
from api.traces.records import Name
from api.traces.tracing import Tracer


class Naming(Protocol):
    """A platform, as far as it knows names."""

    @property
    def named(self) -> Callable[[Services], Iterable[Name]]:
        """Names that stand in texts of other platforms."""
        ...


def tracer_of(services: Services) -> Tracer:
    """The tracer in the words of some services. Texts are read by the names as the district has
    them, in whichever language: a process remembers what it read until a name changes.
    """
    units = Units(services.state).all()
    names = tuple(_names(services))
    given = services.wording.into("zh-CN").catalogue

    def reckon() -> Readings:
        return Readings([*names_of(given, units), *names])

    readings = services.shared.get("traces.readings", (units, names), reckon)
    return Tracer(services.words, services.catalogue, {of.id: of for of in units}, readings)


def _names(services: Services) -> Iterator[Name]:
    for platform in cast(Sequence[Naming], services.roster):
        yield from platform.named(services)
