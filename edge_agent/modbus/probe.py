"""The decode assistant: which type, order and scale make a display's figure of raw words. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from config.catalogue.shapes import SINGLE_BITS, Function, RegisterType, WordOrder
from edge_agent.modbus.decode import raw_value

SCALES = (1.0, 0.1, 0.01, 0.001, 10.0)
NEARLY = 0.01
"""Share by which a figure may have changed between a look at the display and the read."""

_WIDTHS: dict[RegisterType, int] = {
    "float32": 2,
    "float64": 4,
    "uint16": 1,
    "int16": 1,
    "uint32": 2,
    "int32": 2,
    "bcd16": 1,
    "bcd32": 2,
    "uint64": 4,
    "int64": 4,
}
"""Words of each type; a type that stands earlier is the better guess where several fit."""
_POSITIONS: dict[RegisterType, int] = {kind: placement for placement, kind in enumerate(_WIDTHS)}
_ORDERS: tuple[WordOrder, ...] = ("ABCD", "CDAB", "BADC", "DCBA")


class Candidate(NamedTuple):
    """One way to read words: value = raw x ``scale``."""

    kind: RegisterType
    order: WordOrder
    """A 64-bit value takes the order that this one means."""
    scale: float
    value: float
    words: tuple[int, ...]

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """Ascending from the best guess: a float hardly fits by chance, and is seldom scaled."""
        scaled = self.kind.startswith("float") and self.scale != 1
        return (
            scaled,
            _POSITIONS.get(self.kind, 0),
            _ORDERS.index(self.order),
            SCALES.index(self.scale),
        )


def candidates(
    words: Sequence[int], shown: Decimal, function: Function, *, moved: bool = False
) -> list[Candidate]:
    """Interpretations of ``words`` that give the figure on a display, best first.

    ``shown`` bears as many digits as the display; a reading may differ by half of the last one,
    or, where the value may have ``moved`` since, by a little more.
    """
    if function in SINGLE_BITS:
        bit = Candidate("bit", "ABCD", 1.0, words[0], (words[0],))
        return [bit] if bit.value == shown else []
    figure, step = float(shown), 10.0 ** int(shown.as_tuple().exponent)
    off = max(step, abs(figure) * NEARLY) if moved else step / 2
    found = (one for one in _readings(words) if abs(one.value - figure) <= off * (1 + 1e-9))
    return sorted(found, key=lambda one: one.rank)


def _readings(words: Sequence[int]) -> Iterator[Candidate]:
    for kind, width in _WIDTHS.items():
        held = tuple(words[:width])
        # One word has two orders, and two where its bytes are alike are one.
        orders = _ORDERS if width > 1 else (_ORDERS[0], _ORDERS[2])
        seen: set[float] = set()
        for order in orders if len(held) == width else ():
            raw = raw_value(held, kind, order)
            if math.isfinite(raw) and raw not in seen:
                seen.add(raw)
                yield from (
                    Candidate(kind, order, k, float(f"{raw * k:.7g}"), held) for k in SCALES
                )
