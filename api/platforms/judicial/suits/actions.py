"""Take the court's table of suits in, and read the suits of one unit.

The office loads what the court handed over, and so accepts it. Withdrawing a load takes its rows
away; what stood before stands again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.repositories.units import Units
from api.kinds.tables import TableKind, Unsound, WholeRow
from api.platforms.judicial import unit_names
from api.platforms.judicial.permission import JudicialPermission
from api.platforms.judicial.suits import repository
from api.platforms.judicial.suits.records import Month, faults, unit_of
from api.platforms.judicial.suits.tables import FIELDS, SUIT
from api.services import Services
from api.web.declared import Declared
from ingest.state.database import State

_FIRST, _LAST = "0000", "9999"


class UnknownUnit(Declared):
    """There is no such unit, or no row of it."""

    status = 404
    words = "judicial.suits.unknown"


@dataclass(frozen=True, slots=True)
class OfUnit:
    """Suits against one unit, the newest month first."""

    id: str
    name: str
    months: Sequence[Month]


def listed(services: Services) -> Sequence[tuple[str, str]]:
    """Ids and names of units of which there are rows, in the official order."""
    with services.state.read() as connection:
        there = repository.units(connection)
    return [(of, name) for of, name in unit_names.every(services).items() if of in there]


def of_unit(services: Services, unit: str) -> OfUnit:
    """The months of one unit.

    Raises:
        UnknownUnit
    """
    name = unit_names.every(services).get(unit)
    with services.state.read() as connection:
        rows = repository.months(connection, _FIRST, _LAST, unit) if name else ()
    if name is None or not rows:
        raise UnknownUnit(f"there are no suits of unit {unit[:40]!r}")
    return OfUnit(unit, name, [month for _, month in rows])


def between(services: Services, first: str, last: str) -> Sequence[tuple[str, Month]]:
    """Units with their months from one month to another."""
    with services.state.read() as connection:
        return repository.months(connection, first, last)


def _whole(state: State, rows: Sequence[WholeRow]) -> Sequence[Unsound]:
    return faults(Units(state).all(), rows)


def _loaded(state: State, load_id: int) -> None:
    """A load came into force: its rows get the ids of their units."""
    register = Units(state).all()
    with state.begin() as connection:
        for name in repository.names(connection, load_id):
            if unit := unit_of(register, name):
                repository.match(connection, load_id, name, unit)


KIND = TableKind(
    name="judicial.suits",
    words="judicial.suits.title",
    permission=JudicialPermission.CHECK,
    table=SUIT,
    fields=FIELDS,
    period="month",
    loaded=_loaded,
    whole=_whole,
)
