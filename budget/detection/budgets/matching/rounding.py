"""The last decimal that a table shows: below half of it, a difference may be rounding."""

from __future__ import annotations

from collections.abc import Iterable
from math import gcd

TEN_THOUSANDS = 10_000
"""Fen of a hundredth of 万元, the last decimal of budgets and final accounts in 万元."""


def last_decimal(cents: Iterable[int], most: int) -> int:
    """The greatest power of ten in fen, at most ``most``, of which all sums are multiples: 1
    where a sum is exact to the fen.
    """
    shared = gcd(*cents, most)
    step = 1
    while shared % (10 * step) == 0:
        step *= 10
    return step
