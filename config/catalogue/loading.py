"""Strict loading of a catalogue: every fault at once, each with file, key and remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

import config
from config.catalogue import checks, rows
from config.catalogue.shapes import Catalogue, Instrument, River, Site, Station
from config.vocabulary.errors import Fault, FaultyInput

_MAKES = Path(config.__file__).parent / "data" / "instruments"
_STATIONS = "stations.toml"

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
        Fault(f"{_STATIONS}: {key}", "unknown table", "use site, river or station")
        for key in sorted(text.keys() - {"site", "river", "station"})
    ]
    site = _site(text, faults)
    rivers = _rows(text, "river", River, faults)
    stations = _rows(text, "station", Station, faults)
    if not text.get("station"):
        faults.append(Fault(f"{_STATIONS}: station", "is missing", "add a [[station]]"))
    # A row with a fault of its own is still a name that others may use.
    streams = _ids(text.get("river"))
    for place, station in stations:
        faults += checks.of_station(station, place, streams)
        faults += checks.of_placements(station, place, makes, named)
    faults += checks.of_ids(rivers)
    faults += checks.of_ids(stations)
    faults += checks.of_neighbours(stations)
    if faults or site is None:
        raise FaultyInput(faults)
    return Catalogue(
        site, {row.id: row for _, row in rivers}, {row.id: row for _, row in stations}, makes
    )


def _instruments(folder: Path, faults: list[Fault]) -> tuple[dict[str, Instrument], set[str]]:
    """The makes that hold, and every name a file gives itself, faulty or not."""
    found: list[tuple[str, Instrument]] = []
    named: set[str] = set()
    own = folder / "instruments"
    for path in [*sorted(_MAKES.glob("*.toml")), *sorted(own.glob("*.toml"))]:
        text = _toml(path, faults)
        if text is None:
            named.add(path.stem)
            continue
        named |= _ids([text])
        make = rows.converted(text, Instrument, f"{path.name}:", faults)
        if make:
            found.append((f"{path.name}:", make))
            faults += checks.of_instrument(make, f"{path.name}:")
    faults += checks.of_ids(found)
    return {make.id: make for _, make in found}, named


def _toml(path: Path, faults: list[Fault]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        faults.append(Fault(str(path), what, "name a folder with stations.toml"))
    except UnicodeDecodeError:
        faults.append(Fault(path.name, "is not UTF-8", "save it as UTF-8"))
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(path.name, f"is not TOML: {error}", "mend that line"))
    return None


def _site(text: dict[str, Any], faults: list[Fault]) -> Site | None:
    if "site" not in text:
        remedy = "add [site] with id and name"
        faults.append(Fault(f"{_STATIONS}: site", "is missing", remedy))
        return None
    return rows.converted(text["site"], Site, f"{_STATIONS}: site", faults)


def _rows(
    text: dict[str, Any], table: str, shape: type[T], faults: list[Fault]
) -> list[tuple[str, T]]:
    given = text.get(table, [])
    if not isinstance(given, list):
        faults.append(Fault(f"{_STATIONS}: {table}", "is not a list", f"write [[{table}]]"))
        return []
    places = [f"{_STATIONS}: {table}[{index}]" for index in range(1, len(given) + 1)]
    found = [
        (place, rows.converted(row, shape, place, faults))
        for place, row in zip(places, given, strict=True)
    ]
    return [(place, row) for place, row in found if row is not None]


def _ids(given: object) -> set[str]:
    """What rows as written call themselves."""
    written = given if isinstance(given, list) else [given]
    found = (row.get("id") for row in written if isinstance(row, dict))
    return {name for name in found if isinstance(name, str)}
