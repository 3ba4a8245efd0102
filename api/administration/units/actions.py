"""Actions on units: the tree of them, made, changed, ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.accounts.records import Account, Unit
from api.accounts.repositories.directory import Chosen
from api.accounts.repositories.units import Units
from api.accounts.staffing import units as staffing
from api.accounts.staffing.authority import Authority, below
from api.administration.authority import directory_of
from api.administration.permission import AdministrationPermission
from api.administration.units.records import Changed, Ended, Made
from api.services import Services


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit of the tree, how deep it lies, and how many people belong to it and those below."""

    unit: Unit
    depth: int
    people: int


def tree(services: Services, account: Account) -> list[Branch]:
    """The units that an account sees, each before those below it, in the official order."""
    units = seen(services, account)
    counts = directory_of(services, account).facets(Chosen()).unit
    return [
        Branch(unit, depth, counts.get(unit.id, 0))
        for unit, depth in _in_order(list(units.values()))
    ]


def seen(services: Services, account: Account) -> Mapping[str, Unit]:
    """The units whose people an account sees, by id."""
    every = Units(services.state).all()
    permission = AdministrationPermission.SEE_PEOPLE
    tops = [of.unit for of in account.reaches if permission in of.permissions]
    if "" in tops:
        return {unit.id: unit for unit in every}
    ids = {unit_id for top in tops for unit_id in below(every, top)}
    return {unit.id: unit for unit in every if unit.id in ids}


def names(services: Services) -> Mapping[str, str]:
    """The name of every unit, by id."""
    return {of.id: services.words.name(of.name) for of in Units(services.state).all()}


def make(authority: Authority, given: Made) -> None:
    """Write a unit.

    Raises:
        NotAccepted
    """
    staffing.create(authority, given.made())


def change(authority: Authority, unit: Unit, given: Changed) -> None:
    """Write other values of a unit.

    Raises:
        NotAccepted
    """
    staffing.change(authority, given.unit(unit.id, unit.span, unit.successor))


def end(authority: Authority, unit: Unit, given: Ended) -> None:
    """Let a unit be up to a day, and name the one that takes over.

    Raises:
        NotAccepted
    """
    staffing.end(authority, unit, given.last_day(), given.successor or None)


def _in_order(units: Sequence[Unit]) -> Iterator[tuple[Unit, int]]:
    ids = {unit.id for unit in units}
    children: dict[str | None, list[Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent if unit.parent in ids else None, []).append(unit)
    waiting = [(unit, 0) for unit in reversed(children.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        yield unit, depth
        waiting += [(of, depth + 1) for of in reversed(children.get(unit.id, []))]
