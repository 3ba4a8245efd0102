"""The next thing to try when a read of an instrument gave nothing; for `qingyuan probe`."""

from __future__ import annotations

from typing import NamedTuple

from config.catalogue.shapes import Function, Placement
from config.vocabulary.quality import Cause
from edge_agent.modbus.line import Failed
from edge_agent.modbus.requests import Refused

OTHER: dict[Function, Function] = {
    "coil": "discrete",
    "discrete": "coil",
    "holding": "input",
    "input": "holding",
}
"""The function that manuals mean as often."""
_ADDRESS = "look at the unit address (qingyuan probe scan)"
_WIRES = f"{_ADDRESS}, the wires A and B, and the baud rate"
_REFUSALS = {
    1: ("illegal function", "try the other function, {other}"),
    2: ("illegal address", "try {first} as number of the first register, or another address"),
    3: ("illegal value", "the device answers fewer registers at once: oddities.most_registers"),
    4: ("device failure", "look at the instrument's own display"),
    5: ("not yet", "try again, and write oddities.pause_ms"),
    6: ("busy", "try again, and write oddities.pause_ms"),
    10: ("gateway without a path", "look at the unit address and at the gateway's settings"),
    11: ("no answer to the gateway", f"{_WIRES} behind it"),
}
"""Exception code -> what it means (MODBUS Application Protocol V1.1b3, 7), what to try next."""
_ELSEWHERE = {1: "look its function up in the manual", 2: "look its address up in the manual"}
"""To be tried where the usual next thing is refused as well."""
_MOST_SHOWN = 40


class Asked(NamedTuple):
    """The request of a read; ``first`` is the number of the manual's first register, ``refused``
    says that what would be tried next is refused too.
    """

    placement: Placement
    function: Function
    first: int
    refused: bool = False


def refusal(code: int) -> str:
    """An exception code in words."""
    return f"exception {code} ({_REFUSALS.get(code, ('of the make',))[0]})"


def advice(failed: Failed, asked: Asked) -> str:
    """One line: what went wrong, and what to try next."""
    placement = asked.placement
    unit = f"unit {placement.unit} on {placement.where}"
    if failed.cause is Cause.LINE_DOWN:
        return _of_a_hang_up(unit) if failed.hung_up else _of_a_line(placement)
    if failed.code is not None:
        _, remedy = _REFUSALS.get(failed.code, ("", "look the code up in the manual"))
        if asked.refused:
            remedy = _ELSEWHERE.get(failed.code, remedy)
        remedy = remedy.format(other=OTHER[asked.function], first=1 - asked.first)
        return f"{unit} refuses with {refusal(failed.code)}; {remedy}"
    if failed.garbled:
        came = failed.came[:_MOST_SHOWN].hex(" ")
        if failed.cause is Cause.DEVICE_REFUSED:
            said = f"{unit} answers something else than it was asked; {_of_answers(placement)}"
        else:
            said = f"what {unit} answers is no whole frame; {_of_frames(placement)}"
        return f"{said}; it was {came}"
    return f"{unit} does not answer within {placement.timeout_ms} ms; {_of_silence(placement)}"


def of_refused(one: Refused, asked: Asked) -> str:
    """One line on what an instrument refuses beside what it answers."""
    unit = f"unit {asked.placement.unit} on {asked.placement.where}"
    if one.apart:
        return f"{unit} refuses {one.span} together and answers the values apart; {one.remedy}"
    said = f"{unit} refuses {one.span} with {refusal(one.code)}"
    remedy = _REFUSALS.get(one.code, ("", "look the code up in the manual"))[1]
    if one.code == 2 or asked.refused:
        # Other registers of the instrument are answered: its numbers begin where they should.
        remedy = _ELSEWHERE.get(one.code, remedy)
    return f"{said}; {remedy.format(other=OTHER[asked.function], first=1 - asked.first)}"


def of_patience(placement: Placement, took_ms: int) -> str:
    """One line on an instrument that answered only when it was asked again, more patiently."""
    unit = f"unit {placement.unit} on {placement.where}"
    if took_ms > placement.timeout_ms:
        least_ms = -(-2 * took_ms // 500) * 500
        return f"{unit} answers after {took_ms} ms; write timeout_ms = {least_ms}"
    remedy = "write connect_pause_ms = 2000, as it may be deaf after connecting"
    return f"{unit} answers only the second question; {remedy}"


def _of_silence(placement: Placement) -> str:
    where = _WIRES if placement.rtu else _ADDRESS
    return (
        f"{where}; raise timeout_ms where it is slow, connect_pause_ms where it is deaf at first"
    )


def _of_answers(placement: Placement) -> str:
    if placement.rtu:
        return "look at who else has this unit address, and at other masters on the line"
    return 'look at the unit address; write numbers = "ignored" where it counts answers by itself'


def _of_a_hang_up(unit: str) -> str:
    return f"{unit} hangs up instead of answering; {_ADDRESS}, and at who else is connected"


def _of_a_line(placement: Placement) -> str:
    if placement.serial:
        remedy = "look at its name, at who else has it open, and at the group dialout"
        return f"{placement.serial} cannot be opened; {remedy}"
    remedy = "look at host, port and firewall, and at who else is connected"
    return f"no connection to {placement.where}; {remedy}"


def _of_frames(placement: Placement) -> str:
    if placement.serial:
        return "try another baud rate, parity or number of stop bits, and the wires A and B"
    if placement.rtu:
        return "try --line tcp, or another baud rate and parity in the converter"
    return "try --line rtu-over-tcp"
