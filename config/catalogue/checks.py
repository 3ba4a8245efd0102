"""Rules that a row's shape cannot express: references, overlaps, matching parts. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_network

import msgspec

from config.catalogue.oddities import Oddities
from config.catalogue.quality import checks_of
from config.catalogue.shapes import (
    SINGLE_BITS,
    Function,
    Instrument,
    Logger,
    Placement,
    Register,
    RegisterType,
    River,
    StateRegister,
    Station,
    Town,
    Validity,
)
from config.vocabulary.errors import Fault
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause

UNREAD = "?"
"""Stands for a host that could not be read."""
_HIGHEST_ADDRESS = 65535
_FARTHEST_DEGREES = 2.0
"""A district is tens of kilometres wide; farther apart means a slip of the pen."""
_INTEGERS: dict[RegisterType, tuple[int, int]] = {
    "uint16": (0, 2**16 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "uint32": (0, 2**32 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint64": (0, 2**64 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "bcd16": (0, 10**4 - 1),
    "bcd32": (0, 10**8 - 1),
    "bit": (0, 1),
}


def of_instrument(make: Instrument, location: str) -> list[Fault]:
    """Faults of a make; ``location`` is its file with a colon."""
    faults: list[Fault] = []
    counted = Counter(make.codes)
    for index, row in enumerate(make.registers, start=1):
        where = f"{location} registers[{index}]"
        if row.indicator not in INDICATORS:
            remedy = "use an HJ 524/525 code of config/vocabulary/indicators.py"
            what = f"unknown indicator {row.indicator!r}"
            faults.append(Fault(f"{where}.indicator", what, remedy))
        elif counted[row.indicator] > 1:
            what = f"{row.indicator} stands in {counted[row.indicator]} registers"
            faults.append(Fault(f"{where}.indicator", what, "keep one of them"))
        faults += _of_numbers(row, where)
        faults += _of_bits(row, make.function_of(row), where)
        if row.valid:
            faults += _of_validity(row.valid, make.function_of(row.valid), f"{where}.valid")
    if make.state:
        faults += _of_state(make.state, f"{location} state")
    if make.measured and make.function_of(make.measured) in SINGLE_BITS:
        remedy = 'write function = "holding" or "input"'
        faults.append(Fault(f"{location} measured.function", "a coil holds no time", remedy))
    faults += _of_forbidden(make.oddities, f"{location} oddities.forbidden")
    faults += _of_addresses(make, location)
    return faults


def _of_numbers(row: Register, where: str) -> Iterator[Fault]:
    if row.scale == 0 or not math.isfinite(row.scale):
        yield Fault(f"{where}.scale", f"{row.scale} tells no values apart", "write the factor")
    if not math.isfinite(row.offset):
        yield Fault(f"{where}.offset", f"{row.offset} is no number", "write a number")
    if row.type in _INTEGERS:
        low, high = _INTEGERS[row.type]
        if row.part:
            high = (1 << max(row.part[1] - row.part[0], 0) + 1) - 1
        for sentinel in row.sentinels:
            if not (low <= sentinel <= high and sentinel == int(sentinel)):
                what = f"{sentinel:g} never stands in {row.type}"
                yield Fault(f"{where}.sentinels", what, f"use whole numbers {low} to {high}")


def _of_bits(row: Register, function: Function, where: str) -> Iterator[Fault]:
    coil = function in SINGLE_BITS
    if coil and row.type != "bit":
        yield Fault(f"{where}.type", f"{row.type} never stands in a coil", 'write type = "bit"')
    if row.bit is None and row.type == "bit" and not coil:
        yield Fault(f"{where}.bit", "is missing", "say which bit of the word, 0 is the lowest")
    if row.bit is not None and (coil or row.type != "bit"):
        what = "a coil has no other bits" if coil else f"{row.type} is no single bit"
        yield Fault(f"{where}.bit", what, 'take it out, or write type = "bit" of a register')
    if row.bits and row.type != "uint16":
        yield Fault(f"{where}.bits", f"{row.type} has no parts", 'write type = "uint16"')
    elif row.bits and row.bits[0] > row.bits[1]:
        what = f"{row.bits[0]} to {row.bits[1]} runs backwards"
        yield Fault(f"{where}.bits", what, "write [lowest, highest]")


def _of_validity(valid: Validity, function: Function, where: str) -> Iterator[Fault]:
    if (valid.equals is None) == (valid.bit is None):
        what = "says nothing" if valid.equals is None else "says two things"
        yield Fault(where, what, "write one of equals and bit")
    elif function in SINGLE_BITS and valid.equals not in (0, 1):
        yield Fault(where, "a coil is 0 or 1", "write equals = 1, or 0")


def _of_state(state: StateRegister, where: str) -> Iterator[Fault]:
    names = {cause.name.lower() for cause in Cause}
    for raw, word in state.words.items():
        if not (raw.isascii() and raw.isdigit() and int(raw) <= _INTEGERS["uint16"][1]):
            what, remedy = f"{raw!r} is no register value", "use whole numbers 0 to 65535"
            yield Fault(f"{where}.words", what, remedy)
        if word not in names:
            what = f"unknown state {word!r}"
            yield Fault(f"{where}.words.{raw}", what, f"use one of {', '.join(sorted(names))}")
    if "normal" not in state.words.values():
        yield Fault(f"{where}.words", "no value means normal", 'add it, e.g. 0 = "normal"')


def _of_forbidden(oddities: Oddities, where: str) -> Iterator[Fault]:
    for low, high in oddities.forbidden:
        if low > high:
            yield Fault(where, f"{low} to {high} runs backwards", "write [first, last]")


def _of_addresses(make: Instrument, location: str) -> Iterator[Fault]:
    for span in make.spans:
        where, last = f"{location} {span.key}.address", span.first + span.words - 1
        if span.first < make.first_address or last - make.first_address > _HIGHEST_ADDRESS:
            remedy = f"the manual's first register is {make.first_address}"
            yield Fault(where, f"{span.first} lies outside the device", remedy)
        if span.words > make.oddities.most_registers:
            what = f"{span.words} words are more than the device answers at once"
            yield Fault(where, what, "raise oddities.most_registers")
        if any(span.first <= high and last >= low for low, high in make.oddities.forbidden):
            yield Fault(where, f"{span.first} is forbidden", "move it or the forbidden range")
    yield from _of_overlaps(make, location)


def _of_overlaps(make: Instrument, location: str) -> Iterator[Fault]:
    """Values may share a word by its bits; a bit that says whether one holds may lie anywhere."""
    taken: dict[tuple[str, int], dict[str, int]] = {}
    parts = {f"registers[{n}]": row.part for n, row in enumerate(make.registers, 1)}
    for key, function, first, words in make.spans:
        if key.endswith(".valid"):
            continue
        low, high = parts.get(key) or (0, 15)
        mask = (1 << high + 1) - (1 << low)
        held = [taken.setdefault((function, at), {}) for at in range(first, first + words)]
        others = sorted({other for word in held for other, bits in word.items() if bits & mask})
        if others:
            what = f"{first} overlaps {' and '.join(others)}"
            yield Fault(f"{location} {key}.address", what, "give each value its own registers")
        for word in held:
            word[key] = mask


def of_station(station: Station, location: str, rivers: Collection[str]) -> Iterator[Fault]:
    """Keys that a station of its kind must have, and must not."""
    on_no_river = station.lake and station.river is None and station.order is None
    for key in ("target",) if on_no_river else ("river", "order", "target"):
        given = getattr(station, key) is not None
        if given != (station.kind == "water"):
            what = "does not belong to an air station" if given else "is missing"
            remedy = (
                "water stations have river, order and target (those of a lake or reservoir at "
                "least target), air stations none of them"
            )
            yield Fault(f"{location}.{key}", what, remedy)
    if station.lake and station.kind != "water":
        yield Fault(f"{location}.body", "does not belong to an air station", "leave it out")
    if station.river is not None and station.river not in rivers:
        remedy = f"use one of {', '.join(sorted(rivers))}" if rivers else "add a [[river]]"
        yield Fault(f"{location}.river", f"unknown river {station.river!r}", remedy)


def of_placements(
    station: Station, location: str, makes: Mapping[str, Instrument], named: Collection[str]
) -> Iterator[Fault]:
    """``named`` holds also the makes whose own files are faulty: they are no fault here."""
    if not station.instruments and not station.loggers:
        remedy = "add an instrument or a [[station.logger]]"
        yield Fault(f"{location}.instruments", "nothing measures here", remedy)
    measured: Counter[str] = Counter()
    for index, placement in enumerate(station.instruments, start=1):
        yield from of_line(placement, f"{location}.instruments[{index}]")
        where = f"{location}.instruments[{index}].instrument"
        make = makes.get(placement.instrument)
        if make:
            measured.update({code for code in make.codes if code in INDICATORS})
            yield from _of_kind(station, make, where)
        elif placement.instrument not in named:
            what = f"unknown instrument {placement.instrument!r}"
            yield Fault(where, what, f"use one of {', '.join(sorted(named))}")
    for code, times in measured.items():
        if times > 1:
            what = f"{code} is measured by {times} instruments"
            yield Fault(f"{location}.instruments", what, "keep one of them")
    for index, logger in enumerate(station.loggers, start=1):
        yield from _of_logger(station, logger, f"{location}.logger[{index}]", measured)


def of_line(row: Placement, where: str) -> Iterator[Fault]:
    """Keys of a line that go together, and a unit that there can be on it."""
    if row.rtu and row.unit in (0, *range(248, 256)):
        remedy = "use 1 to 247; 0 and 248 to 255 are units on Modbus TCP alone"
        yield Fault(f"{where}.unit", f"{row.unit} is nobody's on RTU", remedy)
    if row.serial is None:
        for key in ("host", "port"):
            if not getattr(row, key):
                yield Fault(f"{where}.{key}", "is missing", "write host and port, or serial")
    elif row.host not in ("", UNREAD) or row.port > 0:
        remedy = "take out serial, or host and port"
        yield Fault(f"{where}.serial", "stands beside a host", remedy)
    elif row.line != "tcp":
        yield Fault(f"{where}.line", f"a serial line is no {row.line}", "take it out")


def _of_logger(
    station: Station, logger: Logger, where: str, measured: Counter[str]
) -> Iterator[Fault]:
    """``measured`` are the codes that others measure; those of this one are added."""
    for code in logger.codes:
        if code not in INDICATORS:
            remedy = "use an HJ 524/525 code of config/vocabulary/indicators.py"
            yield Fault(f"{where}.codes", f"unknown indicator {code!r}", remedy)
        elif INDICATORS[code].kind != station.kind:
            what = f"{code} is no {station.kind} indicator"
            yield Fault(f"{where}.codes", what, "leave it out")
        elif measured[code]:
            yield Fault(f"{where}.codes", f"{code} is measured twice", "keep one of them")
        measured[code] += 1
    yield from _of_keys(logger, where)
    for network in logger.callers:
        try:
            ip_network(network)
        except ValueError as error:
            remedy = "write addresses or networks, such as 192.168.1.20 or 192.168.1.0/24"
            yield Fault(f"{where}.callers", str(error), remedy)
    for code, factor in logger.scale.items():
        if factor == 0 or not math.isfinite(factor):
            what = f"{factor} tells no values apart"
            yield Fault(f"{where}.scale.{code}", what, "write the factor")
    if logger.key and logger.profile == "2017":
        remedy = 'take it out, or write profile = "2025"'
        yield Fault(f"{where}.key", "HJ 212-2017 knows no encryption", remedy)


def _of_keys(logger: Logger, where: str) -> Iterator[Fault]:
    """Tables by code name codes that are taken."""
    keys = [("scale", code) for code in logger.scale] + [("names", code) for code in logger.names]
    for key, code in keys if logger.codes else ():
        if code not in logger.codes:
            yield Fault(f"{where}.{key}.{code}", "is not among the codes", "take it out")


def of_quality(station: Station, location: str) -> Iterator[Fault]:
    """The checks of readings that a station sets for itself."""
    for code, row in station.quality.items():
        where = f"{location}.quality.{code}"
        if code not in INDICATORS:
            remedy = "use an HJ 524/525 code of config/vocabulary/indicators.py"
            yield Fault(where, f"unknown indicator {code!r}", remedy)
            continue
        try:
            checks_of(code, {code: row})
        except msgspec.ValidationError as error:
            yield Fault(where, str(error), "see docs/quality.md; false leaves a check out")


def _of_kind(station: Station, make: Instrument, where: str) -> Iterator[Fault]:
    foreign = [c for c in make.codes if c in INDICATORS and INDICATORS[c].kind != station.kind]
    if foreign:
        what = f"measures {', '.join(foreign)}, which is no {station.kind} indicator"
        yield Fault(where, what, f"place a {station.kind} instrument")


def of_ids(rows: Iterable[tuple[str, Instrument | River | Station | Town]]) -> Iterator[Fault]:
    """An id stands once."""
    seen: dict[str, str] = {}
    for location, row in rows:
        if row.id in seen:
            where = f"{location} id" if location.endswith(":") else f"{location}.id"
            what = f"{row.id!r} stands at {seen[row.id].rstrip(':')} too"
            yield Fault(where, what, "give it an id of its own")
        seen.setdefault(row.id, location)


def of_neighbours(stations: Sequence[tuple[str, Station]]) -> Iterator[Fault]:
    """Faults between stations: a place on the river, a unit on a line, a device number; and the
    loggers of one station its ports.
    """
    orders: dict[tuple[str, int], Station] = {}
    units: dict[tuple[str, str, int], str] = {}
    devices: dict[str, str] = {}
    for location, station in stations:
        if station.river is not None and station.order is not None:
            first = orders.setdefault((station.river, station.order), station)
            if first is not station:
                what = f"{station.order} is taken by {first.id or 'another station'}"
                yield Fault(f"{location}.order", what, "count the stations downstream")
        yield from _of_units(station, location, units)
        yield from _of_devices(station, location, devices)


def _of_units(
    station: Station, location: str, units: dict[tuple[str, str, int], str]
) -> Iterator[Fault]:
    settings: dict[str, tuple[object, ...]] = {}
    for index, row in enumerate(station.instruments, start=1):
        if row.unit < 0 or row.host == UNREAD or row.port < 0:
            continue  # one of the three could not be read
        where = f"{location}.instruments[{index}]"
        # A serial device is one of the station's own box, a host may serve several stations.
        unit = (station.id if row.serial else "", row.where, row.unit)
        if unit in units:
            what = f"{row.unit} on {row.where} is taken by {units[unit]}"
            yield Fault(f"{where}.unit", what, "give each instrument a unit address of its own")
        units.setdefault(unit, station.id or "another station")
        setting = (
            *(row.line, row.numbers, row.connect_pause_ms),
            *(row.baud, row.parity, row.stop_bits),
        )
        if settings.setdefault(row.where, setting) != setting:
            keys = "line, numbers, connect_pause_ms, baud, parity and stop_bits"
            remedy = f"give {keys} alike to all that share it"
            yield Fault(where, f"sets {row.where} otherwise than one before it", remedy)


def _of_devices(station: Station, location: str, devices: dict[str, str]) -> Iterator[Fault]:
    ports: set[int] = set()
    for index, logger in enumerate(station.loggers, start=1):
        where = f"{location}.logger[{index}]"
        if logger.mn and logger.mn in devices:
            what = f"{logger.mn} stands at {devices[logger.mn]} too"
            yield Fault(f"{where}.mn", what, "give each logger its own device number")
        if logger.port and logger.port in ports:
            what = f"{logger.port} is another logger's"
            yield Fault(f"{where}.port", what, "give each logger a port of its own")
        devices.setdefault(logger.mn, station.id or "another station")
        ports.add(logger.port)


def of_positions(rows: Sequence[tuple[str, Station | Town]]) -> Iterator[Fault]:
    """Against the median, so that one place far off is named and not all the others."""
    placed = [(location, row) for location, row in rows if math.isfinite(row.position[0])]
    if not placed:
        return
    middle = [sorted(row.position[axis] for _, row in placed)[len(placed) // 2] for axis in (0, 1)]
    for location, row in placed:
        off = max(abs(row.position[axis] - middle[axis]) for axis in (0, 1))
        if off > _FARTHEST_DEGREES:
            what = f"lies {off:.1f} degrees from the others"
            yield Fault(f"{location}.position", what, "write [longitude, latitude] in degrees")
