"""Strict loading of a catalogue: every fault at once, each with file, key and remedy."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import config
from config.catalogue import checks, rows
from config.catalogue.shapes import (
    Catalogue,
    Instrument,
    Logger,
    Placement,
    Register,
    River,
    Site,
    Station,
    Town,
)
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput

_MAKES = Path(config.__file__).parent / "data" / "instruments"
_STATIONS = "stations.toml"

_STAND_INS: dict[type, dict[str, object]] = {
    Site: {"id": "", "name": ""},
    River: {"id": "", "name": "", "line": []},
    Town: {"id": "", "name": "", "position": (math.nan, math.nan)},
    Station: {
        "id": "",
        "name": "",
        "area": "",
        "position": (math.nan, math.nan),
        "cadence_ms": 1,
        "instruments": [],
    },
    Instrument: {
        "id": "",
        "make": "",
        "model": "",
        "function": "holding",
        "first_address": 0,
        "word_order": "ABCD",
        "registers": [],
    },
}
_MEMBERS: dict[type, dict[str, object]] = {
    Placement: {"instrument": "", "unit": -1, "host": checks.UNREAD, "port": -1},
    Logger: {
        "mn": "",
        "password": "",
        "profile": "2025",
        "port": 0,
        "host": checks.UNREAD,
        "codes": [],
    },
    # Far from every other register; one word wide, and without ends that a sentinel could pass.
    Register: {"indicator": "", "address": -10, "type": "?16"},
}
"""They raise no fault of their own while the rest of a faulty row is checked."""

T = TypeVar("T")


def load(folder: Path) -> Catalogue:
    """The catalogue of a district.

    ``folder`` holds stations.toml and may hold instruments/*.toml of its own.

    Raises:
        FaultyInput: with every fault found.
    """
    faults: list[Fault] = []
    makes, named = _instruments(folder, faults)
    text = _toml(folder / _STATIONS, faults)
    if text is None:
        raise FaultyInput(faults)
    faults += [
        Fault(f"{_STATIONS}: {key}", "unknown table", "use site, river, town or station")
        for key in sorted(text.keys() - {"site", "river", "town", "station"})
    ]
    site = _site(text, faults)
    rivers = _rows(text, "river", River, faults)
    towns = _rows(text, "town", Town, faults)
    stations = _rows(text, "station", Station, faults)
    if not text.get("station"):
        faults.append(Fault(f"{_STATIONS}: station", "is missing", "add a [[station]]"))
    streams = _ids(text.get("river"))
    found = [*checks.of_ids(rivers), *checks.of_ids(towns)]
    found += [*checks.of_ids(stations), *checks.of_neighbours(stations)]
    found += checks.of_positions([*stations, *towns])
    for place, station in stations:
        found += checks.of_station(station, place, streams)
        found += checks.of_placements(station, place, makes, named)
        found += checks.of_quality(station, place)
    _add(found, faults)
    if faults or site is None:
        raise FaultyInput(faults)
    return Catalogue(
        site,
        {row.id: row for _, row in rivers},
        {row.id: row for _, row in stations},
        makes,
        towns={row.id: row for _, row in towns},
    )


def _add(found: Iterable[Fault], faults: list[Fault]) -> None:
    """A key whose value has no shape is not also missing."""
    said = {fault.where for fault in faults}
    faults += sorted(
        (fault for fault in found if fault.where not in said), key=lambda fault: fault.where
    )


def _instruments(folder: Path, faults: list[Fault]) -> tuple[dict[str, Instrument], set[str]]:
    """The makes, and the names that others may use: every id, and the files without one."""
    found: list[tuple[str, Instrument]] = []
    named: set[str] = set()
    own = folder / "instruments"
    for path in [*sorted(_MAKES.glob("*.toml")), *sorted(own.glob("*.toml"))]:
        text, place = _toml(path, faults), f"{path.name}:"
        named |= _ids(text) or {path.stem}
        make = text and rows.converted(
            text, Instrument, place, faults, _STAND_INS[Instrument], _MEMBERS
        )
        if make:
            found.append((place, make))
            _add(checks.of_instrument(make, place), faults)
    _add(checks.of_ids(found), faults)
    return {make.id: make for _, make in found if make.id}, named


def _toml(path: Path, faults: list[Fault]) -> dict[str, Any] | None:
    named = path.name == _STATIONS
    try:
        remedy = f"name a folder with {_STATIONS}" if named else "make it a readable file"
        return read_toml(path, remedy)
    except FaultyInput as faulty:
        faults += faulty.faults
        return None


def _site(text: dict[str, Any], faults: list[Fault]) -> Site | None:
    if "site" not in text:
        remedy = "add [site] with id and name"
        faults.append(Fault(f"{_STATIONS}: site", "is missing", remedy))
        return None
    place = f"{_STATIONS}: site"
    return rows.converted(text["site"], Site, place, faults, _STAND_INS[Site])


def _rows(
    text: dict[str, Any], table: str, shape: type[T], faults: list[Fault]
) -> list[tuple[str, T]]:
    given = text.get(table, [])
    if not isinstance(given, list):
        faults.append(Fault(f"{_STATIONS}: {table}", "is not a list", f"write [[{table}]]"))
        return []
    found = []
    for index, row in enumerate(given, start=1):
        place = f"{_STATIONS}: {table}[{index}]"
        value = rows.converted(row, shape, place, faults, _stand_ins(shape, row), _MEMBERS)
        if value is not None:
            found.append((place, value))
    return found


def _stand_ins(shape: type, row: object) -> dict[str, object]:
    """A station whose kind cannot be read is what it looks like; and it has the logger that it
    speaks of.
    """
    if shape is not Station or not isinstance(row, dict):
        return _STAND_INS[shape]
    logger = [Logger(**_MEMBERS[Logger])] if "logger" in row else []  # type: ignore[arg-type]
    guess = {"kind": "water" if "river" in row else "air", "loggers": logger}
    return _STAND_INS[shape] | guess


def _ids(given: object) -> set[str]:
    """The ids of rows as written."""
    written = given if isinstance(given, list) else [given]
    found = (row.get("id") for row in written if isinstance(row, dict))
    return {name for name in found if isinstance(name, str)}
