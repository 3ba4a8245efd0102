"""`qingyuan probe`: how an instrument's registers want to be read, who answers, which registers
are read.
"""

from __future__ import annotations

import argparse
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from config.catalogue import checks, loading, rows
from config.catalogue.shapes import SINGLE_BITS, Catalogue, Function, Instrument, Placement
from config.settings import DISTRICTS
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from config.vocabulary.reading import Measured
from qingyuan.arguments import Parser, until_stopped

if TYPE_CHECKING:
    from edge_agent.modbus.decode import Place
    from edge_agent.modbus.line import Failed, Line
    from edge_agent.modbus.polling import Device
    from edge_agent.modbus.probe import Candidate

_NAME = "qingyuan probe"
_LAST = 65535
"""The last address on the wire."""


def run(argv: list[str]) -> int:
    """0 when something was found, 1 when nothing was. Options alone ask for a value."""
    ways: dict[str, tuple[Callable[[list[str]], int], str]] = {
        "value": (_value, "how the figure on a display lies in the registers"),
        "scan": (_scan, "which unit addresses answer on a line"),
        "live": (_live, "what the sensors of a station read, with their raw words"),
    }
    way, *rest = argv or ["--help"]
    if way in ("-h", "--help"):
        print(f"usage: {_NAME} [WAY] [...]\n")
        for name, (_, purpose) in ways.items():
            print(f"  {name:6} {purpose}")
        return 0
    if way.startswith("--"):
        way, rest = "value", argv
    if way not in ways:
        raise FaultyInput([Fault(_NAME, f"knows no {way!r}", f"use one of {', '.join(ways)}")])
    # The probe says by itself what an agent would log.
    logging.getLogger("edge_agent.modbus").addHandler(logging.NullHandler())
    return ways[way][0](rest)


def _value(argv: list[str]) -> int:
    from edge_agent.modbus.probe import candidates

    parser = _line_parser("value", "how the figure on a display lies in the registers", 1000)
    parser.add_argument("--unit", type=int, default=1)
    parser.add_argument("--function", choices=get_args(Function), default="holding")
    parser.add_argument(
        "--first",
        type=int,
        choices=(0, 1),
        default=0,
        help="number of the manual's first register",
    )
    parser.add_argument("--address", type=int, required=True, help="as the manual prints it")
    parser.add_argument("--expect", type=_figure, required=True, help="what the display shows")
    given = parser.parse_args(argv)
    wire = given.address - given.first
    if not 0 <= wire <= _LAST:
        remedy = f"use {given.first} to {_LAST + given.first}"
        raise FaultyInput([Fault("--address", f"{given.address} is no register", remedy)])
    if given.expect == 0 and given.function not in SINGLE_BITS:
        remedy = "wait until the display shows another figure"
        raise FaultyInput([Fault("--expect", "0 looks alike in every type", remedy)])
    placement = _placement(given, given.unit)
    read = _around(placement, given, wire)
    if 0 in read:
        print(f"{given.function} from {given.address} on: {_hex(read[0])}")
    for moved in (False, True):
        found = {
            shift: candidates(words, given.expect, given.function, moved=moved)
            for shift, words in read.items()
        }
        if any(found.values()):
            break
    return _tell(found, given)


def _around(placement: Placement, given: argparse.Namespace, wire: int) -> dict[int, list[int]]:
    """The values at a wire address, and at one before and one behind it; says why nothing does."""
    from edge_agent.modbus.line import Failed, Line
    from qingyuan.commands.station.advice import Asked, advice
    from qingyuan.commands.station.second_tries import next_is_refused, patiently

    read: dict[int, list[int]] = {}
    function, first = given.function, given.first
    with closing(Line(placement)) as line:
        for shift in (0, -1, 1):
            if not 0 <= wire + shift <= _LAST:
                continue
            try:
                read[shift] = patiently(
                    placement, partial(_words, line, function=function, wire=wire + shift)
                )
            except Failed as failed:
                if shift == 0:
                    refused = next_is_refused(line, placement, failed.code, function, wire, first)
                    print(advice(failed, Asked(placement, function, first, refused)))
                if failed.code is None:
                    break
    return read


def _words(line: Line, placement: Placement, *, function: Function, wire: int) -> list[int]:
    """Up to four words; a device may end behind the first of them.

    Raises:
        Failed: there is not even one.
    """
    from edge_agent.modbus.line import Failed

    for count in (4, 2):
        if wire + count > _LAST + 1:
            continue
        try:
            return line.read(function, placement.unit, wire, count, placement.timeout_ms)
        except Failed as failed:
            if failed.code is None:
                raise
    return line.read(function, placement.unit, wire, 1, placement.timeout_ms)


def _tell(found: Mapping[int, Sequence[Candidate]], given: argparse.Namespace) -> int:
    """Print the candidates by how far their address lies from the one that was asked for."""
    from qingyuan.commands.station.advice import OTHER

    here = found.get(0, ())
    for one in here:
        print(f"  {_described(one)}")
    for shift, side in ((-1, "before"), (1, "on")):
        beside = found.get(shift, ())
        if beside and (not here or beside[0].rank < here[0].rank):
            numbered = given.first == (shift > 0)
            remedy = (
                f"--first {1 - given.first}" if numbered else f"--address {given.address + shift}"
            )
            print(f"one register {side}: {_described(beside[0])}")
            print(f"  the address looks one off; try {remedy}")
    if found and not any(found.values()):
        other = OTHER[given.function]
        remedy = f"try --function {other}, look the address up, read the display once more"
        print(f"nothing here reads {given.expect}; {remedy}")
    return 0 if any(found.values()) else 1


def _described(one: Candidate) -> str:
    how = "" if one.kind == "bit" else f'  word_order = "{one.order}"  scale = {one.scale:g}'
    return f'type = "{one.kind}"{how}  reads {one.value:.7g}  of {_hex(one.words)}'


def _scan(argv: list[str]) -> int:
    from qingyuan.commands.station.advice import Asked, advice

    parser = _line_parser("scan", "which unit addresses answer on a line", 300)
    parser.add_argument("--units", type=_units, default=range(1, 248), help="e.g. 1-32")
    given = parser.parse_args(argv)
    placement = _placement(given, given.units[0])
    _placement(given, given.units[-1])
    answered, last = _scanned(placement, given.units)
    if last and not answered:
        units = f"{given.units[0]} to {given.units[-1]}"
        print(f"no unit of {units}: {advice(last, Asked(placement, 'holding', 0))}")
    return 0 if answered else 1


def _scanned(placement: Placement, units: Sequence[int]) -> tuple[int, Failed | None]:
    """Prints the units that answer; how many do, and the last failure of another."""
    from edge_agent.modbus.line import Failed, Line
    from qingyuan.commands.station.advice import refusal

    answered, last, reached = 0, None, False
    with closing(Line(placement)) as line:
        for unit in units:
            try:
                words = line.read("holding", unit, 0, 1, placement.timeout_ms)
                said = f"the first holding register is {_hex(words)}"
            except Failed as failed:
                last = failed
                # Many hang up on a unit that they do not have, and some want a moment after it.
                reached |= failed.cause is not Cause.LINE_DOWN or failed.hung_up
                if failed.cause is Cause.LINE_DOWN and not reached:
                    break
                if failed.cause is not Cause.DEVICE_REFUSED or failed.code is None:
                    continue
                said = refusal(failed.code)
            reached = True
            print(f"unit {unit} answers: {said}", flush=True)
            answered += 1
    return answered, last


def _live(argv: list[str]) -> int:
    from edge_agent.modbus.line import Line

    parser = Parser(f"{_NAME} live", "what the sensors of a station read, with their raw words")
    parser.add_argument("--catalogue", type=Path, default=DISTRICTS / "tongzhou")
    parser.add_argument("--station", required=True)
    parser.add_argument("--once", action="store_true")
    given = parser.parse_args(argv)
    catalogue = loading.load(given.catalogue)
    station = catalogue.stations.get(given.station)
    if station is None or not station.instruments:
        names = ", ".join(row.id for row in catalogue.stations.values() if row.instruments)
        what = "has no instrument on Modbus" if station else "is no station"
        raise FaultyInput([Fault("--station", f"{given.station!r} {what}", f"use one of {names}")])
    stop = threading.Event() if given.once else until_stopped()
    found = False
    with ExitStack() as open_lines:
        lines = {
            placement.where: open_lines.enter_context(closing(Line(placement)))
            for placement in station.instruments
        }
        while True:
            for placement in station.instruments:
                found |= _print_readings(lines[placement.where], placement, catalogue, stop)
            if given.once or stop.wait(station.cadence_ms / 1000):
                return 0 if found else 1


def _print_readings(
    line: Line, placement: Placement, catalogue: Catalogue, stop: threading.Event
) -> bool:
    """Print what one instrument reads now; whether it answers."""
    from edge_agent.modbus.line import Failed
    from edge_agent.modbus.polling import Device
    from qingyuan.commands.station.advice import Asked, advice
    from qingyuan.commands.station.second_tries import next_is_refused, patiently

    make = catalogue.instruments[placement.instrument]
    print(f"{make.id}, unit {placement.unit} on {placement.where}")
    device = Device(line, placement, make, lambda: 0.0)

    def read(there: Placement) -> dict[Place, int]:
        device.placement = there
        return device.words(stop)

    try:
        words = patiently(placement, read)
    except Failed as failed:
        function = device.refusals[0].block.function if device.refusals else make.function
        wire = make.registers[0].address - make.first_address
        refused = next_is_refused(line, placement, failed.code, function, wire, make.first_address)
        asked = Asked(placement, function, make.first_address, refused)
        print(f"  {advice(failed, asked)}", flush=True)
        return False
    found = device.readings(words)
    for span in make.spans:
        held = [words.get((span.function, span.first + n)) for n in range(span.words)]
        raw = "nothing" if None in held else _hex([word for word in held if word is not None])
        said = _said(make, span.key, found)
        print(f"  {said:36} {span.function} {span.first}: {raw}", flush=True)
    _print_refusals(line, device, make)
    return True


def _print_refusals(line: Line, device: Device, make: Instrument) -> None:
    """Refusals beside answers of the instrument, and how its file tells of them."""
    from qingyuan.commands.station.advice import Asked, of_refused
    from qingyuan.commands.station.second_tries import next_is_refused

    placement, first = device.placement, make.first_address
    for one in device.refusals:
        block, code = one.block, None if one.apart else one.code
        wire = block.first - first
        refused = next_is_refused(line, placement, code, block.function, wire, first)
        print(f"  {of_refused(one, Asked(placement, block.function, first, refused))}", flush=True)


def _said(make: Instrument, key: str, read: Mapping[str, Measured]) -> str:
    """The value of a key of the instrument's file, in the indicator's unit."""
    rows_by_key = {f"registers[{n}]": row for n, row in enumerate(make.registers, 1)}
    if key not in rows_by_key:
        return key
    code = rows_by_key[key].indicator
    value, cause = read[code]
    known = INDICATORS[code]
    shown = "" if value is None else f" {value:g} {known.unit}"
    why = "" if cause is Cause.NORMAL else f" ({cause.name.lower().replace('_', ' ')})"
    return f"{code} {known.name}{shown}{why}"


def _line_parser(way: str, purpose: str, timeout_ms: int) -> Parser:
    parser = Parser(f"{_NAME} {way}", purpose)
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--line", help="tcp or rtu-over-tcp")
    parser.add_argument("--serial", help="a device instead of host and port, e.g. /dev/ttyS1")
    parser.add_argument("--baud", type=int)
    parser.add_argument("--parity", help="N, E or O")
    parser.add_argument("--stop-bits", type=int)
    parser.add_argument("--connect-pause", type=int, help="milliseconds after connecting")
    parser.add_argument("--numbers", help="checked or ignored, of answers on Modbus TCP")
    parser.add_argument("--timeout", type=int, default=timeout_ms, help="milliseconds")
    return parser


def _placement(given: argparse.Namespace, unit: int) -> Placement:
    """The line that the options name.

    Raises:
        FaultyInput: an option is missing or beyond its range.
    """
    options = ("host", "port", "line", "serial", "baud", "parity", "stop_bits", "numbers")
    said = {key: getattr(given, key) for key in options if getattr(given, key) is not None}
    if given.connect_pause is not None:
        said["connect_pause_ms"] = given.connect_pause
    if not ("serial" in said or "host" in said):
        remedy = "name the device's host and port, or its --serial device"
        raise FaultyInput([Fault("--host", "is missing", remedy)])
    if "host" in said:
        said.setdefault("port", 502)
    row = {"instrument": "probe", "unit": unit, "timeout_ms": given.timeout, **said}
    faults: list[Fault] = []
    placement = rows.converted(row, Placement, f"{_NAME}:", faults, {"instrument": "", "unit": 1})
    if placement and not faults:
        faults += [fault for fault in checks.of_line(placement, _NAME) if ".unit" in fault.where]
    if faults or placement is None:
        raise FaultyInput(faults)
    return placement


def _figure(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite():
        raise argparse.ArgumentTypeError(f"{text!r} is no figure, e.g. 7.42")
    return found


def _units(text: str) -> range:
    first, _, last = text.partition("-")
    with_last = last or first
    if not (first.isdecimal() and with_last.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r} is no range, e.g. 1-32")
    if not 0 <= int(first) <= int(with_last) <= 255:
        raise argparse.ArgumentTypeError(f"{text!r} does not lie within 0-255")
    return range(int(first), int(with_last) + 1)


def _hex(words: Sequence[int]) -> str:
    return " ".join(f"0x{word:04X}" for word in words)
