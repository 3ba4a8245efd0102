"""The next thing to try when a read of an instrument gave nothing; for `qingyuan probe`."""

from __future__ import annotations

from typing import NamedTuple

from config.catalogue.shapes import Function, Placement
from config.vocabulary.quality import Cause
from edge_agent.modbus.polling import Failed

OTHER: dict[Function, Function] = {
    "coil": "discrete",
    "discrete": "coil",
    "holding": "input",
    "input": "holding",
}
"""The function that manuals mean as often."""
_WIRES = "look at the unit address (qingyuan probe scan), the wires A and B, and the baud rate"
_REFUSALS = {
    1: ("illegal function", "try the other function, {other}"),
    2: ("illegal address", "try {first} as number of the first register, or another address"),
    3: ("illegal value", "the device answers fewer registers at once: oddities.most_registers"),
    4: ("device failure", "look at the instrument's own display"),
    6: ("busy", "try again, and write oddities.pause_ms"),
    10: ("gateway without a path", "look at the unit address and at the gateway's settings"),
    11: ("no answer to the gateway", _WIRES),
}
"""Exception code -> what it means (MODBUS Application Protocol V1.1b3, 7), what to try next."""


class Asked(NamedTuple):
    """The request of a read; ``first`` is the number of the manual's first register."""

    placement: Placement
    function: Function
    first: int


def refusal(code: int) -> str:
    """An exception code in words."""
    return f"exception {code} ({_REFUSALS.get(code, ('of the make',))[0]})"


def advice(failed: Failed, asked: Asked) -> str:
    """One line: what went wrong, and what to try next."""
    placement = asked.placement
    unit = f"unit {placement.unit} on {placement.where}"
    if failed.cause is Cause.LINE_DOWN:
        return _of_a_line(placement)
    if failed.code is not None:
        _, remedy = _REFUSALS.get(failed.code, ("", "look the code up in the manual"))
        remedy = remedy.format(other=OTHER[asked.function], first=1 - asked.first)
        return f"{unit} refuses with {refusal(failed.code)}; {remedy}"
    if failed.garbled:
        return f"what {unit} answers is no whole frame; {_of_frames(placement)}"
    return f"{unit} does not answer; {_WIRES}"


def _of_a_line(placement: Placement) -> str:
    if placement.serial:
        remedy = "look at its name, at who else has it open, and at the group dialout"
        return f"{placement.serial} cannot be opened; {remedy}"
    remedy = "look at host, port and firewall, and at who else is connected"
    return f"no connection to {placement.where}; {remedy}"


def _of_frames(placement: Placement) -> str:
    if placement.serial:
        return "try another baud rate, parity or number of stop bits, and the wires A and B"
    line = "tcp" if placement.rtu else "rtu-over-tcp"
    return f"try --line {line}, or another baud rate and parity in the gateway"
