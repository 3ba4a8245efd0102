"""Units that handle suggestions, before and after some were merged and renamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.files import read_toml
from simulators.congress.localities import DISTRICT, Locality
from simulators.congress.matters import DATA, REMEDY, Matter
from simulators.congress.records import Unit

REFORMED_IN = 3
"""The year from which former units are no more, counted from 1."""
_KINDS = {"department", "town", "court", "procuratorate"}


@dataclass(frozen=True)
class Units:
    """The units of the district's file and those beside them, by id, and the former ones."""

    named: Mapping[str, Unit]
    _former: tuple[Mapping[str, Any], ...]

    def of(self, unit: str, matter: str, year: int) -> str:
        """The unit that stood in a year for one of today, in a matter."""
        if year >= REFORMED_IN:
            return unit
        for row in self._former:
            only, but_not = row.get("only"), row.get("but_not", ())
            if row["became"] == unit and matter not in but_not and (not only or matter in only):
                return str(row["id"])
        return unit

    def today(self, unit: str) -> str:
        """The unit that stands now for one of any year."""
        return self.named[unit].became or unit


def load() -> Units:
    """All of them."""
    ours = read_toml(DATA / "units.toml", REMEDY)
    rows = read_toml(DISTRICT / "units.toml", REMEDY)["unit"]
    units = [Unit(row["id"], row["name"]) for row in rows if row["kind"] in _KINDS]
    units += [Unit(row["id"], row["name"]) for row in ours["unit"]]
    units += [Unit(row["id"], row["name"], row["became"]) for row in ours["former"]]
    return Units({unit.id: unit for unit in units}, tuple(ours["former"]))


def resolved(unit: str, locality: Locality) -> str:
    """A unit of a matter, where ``town`` is that of the locality."""
    return locality.town if unit == "town" else unit


def usual_lead(matter: Matter, locality: Locality) -> str:
    """The unit that leads by the division of duties."""
    return resolved(matter.lead if locality.urban else matter.outside, locality)
