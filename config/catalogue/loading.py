"""Strict loading of a catalogue: every fault at once, each with file, key and remedy."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import msgspec

import config
from config.catalogue.shapes import Catalogue, Instrument, River, Site, Station
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause

_MAKES = Path(config.__file__).parent / "data" / "instruments"
_STATIONS = "stations.toml"
_HIGHEST_ADDRESS = 65535

T = TypeVar("T")


def load(folder: Path) -> Catalogue:
    """The catalogue of a district.

    ``folder`` holds stations.toml and may hold instruments/*.toml of its own.

    Raises:
        FaultyInput: with every fault found.
    """
    faults: list[Fault] = []
    instruments: dict[str, Instrument] = {}
    for path in [*sorted(_MAKES.glob("*.toml")), *sorted((folder / "instruments").glob("*.toml"))]:
        make = _row(_toml(path, faults), Instrument, path.name, faults)
        if make:
            instruments[make.id] = make
            _check_instrument(make, path.name, faults)
    text = _toml(folder / _STATIONS, faults)
    if text is None:
        raise FaultyInput(faults)
    faults += [
        Fault(f"{_STATIONS}: {key}", "unknown table", "use site, river or station")
        for key in sorted(text.keys() - {"site", "river", "station"})
    ]
    site = _row(text.get("site"), Site, f"{_STATIONS}: site", faults)
    rivers = _rows(text, "river", River, faults)
    stations = _rows(text, "station", Station, faults)
    for place, station in stations:
        _check_station(station, place, {r.id for _, r in rivers}, instruments, faults)
    _check_unique(rivers, faults)
    _check_unique(stations, faults)
    _check_shared(stations, faults)
    if faults or site is None:
        raise FaultyInput(faults)
    return Catalogue(
        site, {r.id: r for _, r in rivers}, {s.id: s for _, s in stations}, instruments
    )


def _toml(path: Path, faults: list[Fault]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        faults.append(Fault(str(path), "cannot be read", "name a folder with stations.toml"))
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(path.name, f"is not TOML: {error}", "mend that line"))
    return None


def _rows(
    text: dict[str, Any], table: str, shape: type[T], faults: list[Fault]
) -> list[tuple[str, T]]:
    found = []
    rows = text.get(table, [])
    if not isinstance(rows, list):
        faults.append(Fault(f"{_STATIONS}: {table}", "is not a list", f"write [[{table}]]"))
        return []
    for index, row in enumerate(rows, start=1):
        place = f"{_STATIONS}: {table}[{index}]"
        value = _row(row, shape, place, faults)
        if value is not None:
            found.append((place, value))
    return found


def _row(row: object, shape: type[T], place: str, faults: list[Fault]) -> T | None:
    if row is None:
        if not faults:
            faults.append(Fault(place, "is missing", "add it"))
        return None
    try:
        return msgspec.convert(row, shape)
    except msgspec.ValidationError as error:
        what, _, at = str(error).partition(" - at ")
        where = place + at.strip("`").removeprefix("$")
        faults.append(Fault(where, what, f"see {shape.__name__} in config/catalogue/shapes.py"))
        return None


def _check_instrument(make: Instrument, place: str, faults: list[Fault]) -> None:
    taken: dict[int, str] = {}
    spans = [(row.indicator, row.address, row.words) for row in make.registers]
    for name, _, _ in spans:
        if name not in INDICATORS:
            remedy = "use an HJ 524/525 code of config/vocabulary/indicators.py"
            where = f"{place}: register {name}.indicator"
            faults.append(Fault(where, f"unknown indicator {name!r}", remedy))
    if make.state:
        spans.append(("state", make.state.address, 1))
        _check_state_words(make.state.words, place, faults)
    for name, first, words in spans:
        where = f"{place}: register {name}.address"
        last = first + words - 1
        if first < make.first_address or last - make.first_address > _HIGHEST_ADDRESS:
            remedy = f"the manual's first register is {make.first_address}"
            faults.append(Fault(where, f"{first} lies outside the device", remedy))
        if any(first <= high and last >= low for low, high in make.oddities.forbidden):
            remedy = "move the register or the forbidden range"
            faults.append(Fault(where, f"{first} is forbidden", remedy))
        for address in range(first, last + 1):
            if address in taken:
                what = f"{address} belongs to {taken[address]} too"
                faults.append(Fault(where, what, "give each value its own registers"))
            taken[address] = name


def _check_state_words(words: dict[str, str], place: str, faults: list[Fault]) -> None:
    names = {cause.name.lower() for cause in Cause}
    for word in words.values():
        if word not in names:
            what = f"unknown state {word!r}"
            faults.append(Fault(f"{place}: state.words", what, f"use one of {sorted(names)}"))
    if "normal" not in words.values():
        what = "no value means normal"
        faults.append(Fault(f"{place}: state.words", what, 'add it, e.g. 0 = "normal"'))


def _check_station(
    station: Station,
    place: str,
    rivers: set[str],
    instruments: dict[str, Instrument],
    faults: list[Fault],
) -> None:
    for key in ("river", "order", "target"):
        given = getattr(station, key) is not None
        if given != (station.kind == "water"):
            what = "does not belong to an air station" if given else "is missing"
            remedy = "water stations have river, order and target, air stations none of them"
            faults.append(Fault(f"{place}.{key}", what, remedy))
    if station.river is not None and station.river not in rivers:
        remedy = f"use one of {sorted(rivers)}"
        faults.append(Fault(f"{place}.river", f"unknown river {station.river!r}", remedy))
    measured: Counter[str] = Counter()
    for index, placement in enumerate(station.instruments, start=1):
        where = f"{place}.instruments[{index}].instrument"
        make = instruments.get(placement.instrument)
        if make is None:
            what = f"unknown instrument {placement.instrument!r}"
            faults.append(Fault(where, what, f"use one of {sorted(instruments)}"))
            continue
        measured.update(make.codes)
        foreign = [c for c in make.codes if c in INDICATORS and INDICATORS[c].kind != station.kind]
        if foreign:
            what = f"measures {', '.join(foreign)}, which is no {station.kind} indicator"
            faults.append(Fault(where, what, f"place a {station.kind} instrument"))
    for code in (code for code, times in measured.items() if times > 1):
        what = f"{code} is measured by {measured[code]} instruments"
        faults.append(Fault(f"{place}.instruments", what, "keep one of them"))


def _check_unique(rows: Iterable[tuple[str, River | Station]], faults: list[Fault]) -> None:
    seen: dict[str, str] = {}
    for place, row in rows:
        if row.id in seen:
            what = f"{row.id!r} stands at {seen[row.id]} too"
            faults.append(Fault(f"{place}.id", what, "give it an id of its own"))
        seen.setdefault(row.id, place)


def _check_shared(stations: Iterable[tuple[str, Station]], faults: list[Fault]) -> None:
    orders: dict[tuple[str, int], str] = {}
    units: dict[tuple[str, int, int], str] = {}
    for place, station in stations:
        if station.river is not None and station.order is not None:
            key = (station.river, station.order)
            if key in orders:
                what = f"{station.order} is taken by {orders[key]}"
                faults.append(Fault(f"{place}.order", what, "count the stations downstream"))
            orders.setdefault(key, station.id)
        for index, row in enumerate(station.instruments, start=1):
            unit = (row.host, row.port, row.unit)
            if unit in units:
                what = f"{row.unit} on {row.host}:{row.port} is taken by {units[unit]}"
                where = f"{place}.instruments[{index}].unit"
                faults.append(Fault(where, what, "give each instrument a unit address"))
            units.setdefault(unit, station.id)
