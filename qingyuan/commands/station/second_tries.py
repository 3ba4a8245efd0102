"""Tries of `qingyuan probe` before it advises: with more patience, and of its own proposals."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from msgspec.structs import replace

from config.catalogue.shapes import Function, Placement
from config.vocabulary.quality import Cause
from edge_agent.modbus.line import Failed, Line
from qingyuan.commands.station.advice import OTHER, of_patience

LAST = 65535
"""The last address on the wire."""
PATIENCE = 5
"""Time-outs that an instrument gets where it did not answer within one."""
T = TypeVar("T")


def patiently(placement: Placement, read: Callable[[Placement], T]) -> T:
    """The words of a read; where nothing is answered, that of a second or a third, more patient
    one, and what its patience teaches.

    Raises:
        Failed: the first time for what no patience mends, or the second time too.
    """
    begun_s = time.monotonic()
    try:
        return read(placement)
    except Failed as failed:
        if failed.cause is Cause.LINE_DOWN or failed.code is not None:
            raise
        first = failed
    # A device that is deaf after connecting may swallow the second question as well, and one that
    # is slow has the first still before it.
    for times in (PATIENCE, 1):
        if not placement.rtu:  # there a late answer may be the first question's
            begun_s = time.monotonic()
        try:
            found = read(replace(placement, timeout_ms=times * placement.timeout_ms))
        except Failed:
            continue
        if not first.garbled:
            print(of_patience(placement, round(1000 * (time.monotonic() - begun_s))))
        return found
    raise first


def next_is_refused(
    line: Line, placement: Placement, code: int | None, function: Function, wire: int, first: int
) -> bool:
    """Whether the proposal after a refusal is refused too: the other function, or the
    register that the address means where the first has the other number.
    """
    if code == 1:
        function = OTHER[function]
    elif code == 2:
        wire += 1 if first else -1
    else:
        return False
    if not 0 <= wire <= LAST:
        return True
    try:
        line.read(function, placement.unit, wire, 1, placement.timeout_ms)
    except Failed as failed:
        return failed.code == 1 or (code == 2 and failed.code is not None)
    return False
