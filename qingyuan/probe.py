"""`qingyuan probe`: what an instrument's registers hold, and how they want to be read."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from config.catalogue import loading, rows
from config.catalogue.shapes import SINGLE_BITS, Catalogue, Function, Instrument, Placement, Station
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause
from qingyuan.words import Parser, until_told

if TYPE_CHECKING:
    from edge_agent.modbus import Line
    from edge_agent.probe import Candidate

_NAME = "qingyuan probe"
_FUNCTIONS: tuple[Function, ...] = ("coil", "discrete", "holding", "input")
_MOST_WORDS = 4


def run(argv: list[str]) -> int:
    """0 when something was found, 1 when nothing was."""
    ways: dict[str, Callable[[list[str]], int]] = {"value": _value, "scan": _scan, "live": _live}
    way, *rest = argv or ["--help"]
    if way in ("-h", "--help"):
        print(f"usage: {_NAME} {{value,scan,live}} [...]\n")
        print("  value  how the figure that a display shows lies in the registers")
        print("  scan   which unit addresses answer on a line")
        print("  live   what the sensors of a station read, with their raw words")
        return 0
    if way not in ways:
        fault = Fault(_NAME, f"knows no {way!r}", f"use one of {', '.join(ways)}")
        raise FaultyInput([fault])
    return ways[way](rest)


def _value(argv: list[str]) -> int:
    from edge_agent.modbus import Line
    from edge_agent.probe import candidates

    parser = _line_parser("value", "how the figure that a display shows lies in the registers")
    parser.add_argument("--unit", type=int, default=1)
    parser.add_argument("--function", choices=_FUNCTIONS, default="holding")
    parser.add_argument(
        "--first", type=int, choices=(0, 1), default=0, help="number of the manual's first register"
    )
    parser.add_argument("--address", type=int, required=True, help="as the manual prints it")
    parser.add_argument("--expect", type=_figure, required=True, help="the figure on the display")
    given = parser.parse_args(argv)
    if not given.first <= given.address <= 65535 + given.first:
        remedy = f"use {given.first} to {65535 + given.first}"
        raise FaultyInput([Fault("--address", f"{given.address} is no register", remedy)])
    place = _placement(given, given.unit)
    line = Line(place)
    try:
        near = {n: _words_at(line, place, given, n) for n in (0, -1, 1)}
    finally:
        line.close()
    words = near[0]
    if isinstance(words, list):
        print(f"{given.function} from {given.address} on: {_hex(words)}")
    else:
        print(words)
    # A coil is its own value: all that can be wrong of it is where it lies.
    found = {
        n: [held[0]] if given.function in SINGLE_BITS and held[0] == given.expect
        else candidates(held, given.expect)
        for n, held in near.items()
        if isinstance(held, list)
    }
    return 0
