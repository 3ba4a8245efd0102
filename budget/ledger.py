"""Payments as columns: packed to be kept, joined of several loads, chosen and added up.

A joined ledger has its newest payments first. Sums are exact below 2^53 fen, 90 trillion yuan:
they are added as floats, which hold every whole number up to that.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from budget.detection.books import MISSING, Texts

Mask = NDArray[np.bool_]
_LEVEL = 1
"""Of compression: these bytes are read far more often than the disk is short."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """n payments: their ids, fen, days since 1970-01-01, and columns of texts by name."""

    ids: NDArray[np.int64]
    cents: NDArray[np.int64]
    days: NDArray[np.int32]
    texts: Mapping[str, Texts] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


class Coding:
    """A column that grows by slices: a number for each text, :data:`MISSING` for none."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._codes = array("i")

    def add(self, values: Iterable[str | None]) -> None:
        """Add the texts of further rows."""
        known = self._known
        self._codes.extend(
            known.setdefault(value, len(known)) if value else MISSING for value in values
        )

    def texts(self) -> Texts:
        """All that was added."""
        return Texts(np.array(self._codes, dtype=np.int32), tuple(self._known))


def packed(values: NDArray[np.int64] | NDArray[np.int32]) -> bytes:
    """Whole numbers as bytes."""
    return zlib.compress(values.astype(values.dtype.newbyteorder("<")).tobytes(), _LEVEL)


def unpacked64(body: bytes) -> NDArray[np.int64]:
    """Whole numbers of 64 bits from their bytes."""
    return np.frombuffer(zlib.decompress(body), dtype="<i8").astype(np.int64)


def unpacked32(body: bytes) -> NDArray[np.int32]:
    """Whole numbers of 32 bits from their bytes."""
    return np.frombuffer(zlib.decompress(body), dtype="<i4").astype(np.int32)


def packed_values(values: Sequence[str]) -> bytes:
    """Texts as bytes."""
    return zlib.compress(msgspec.json.encode(values), _LEVEL)


def unpacked_values(body: bytes) -> tuple[str, ...]:
    """Texts from their bytes."""
    return msgspec.json.decode(zlib.decompress(body), type=tuple[str, ...])


def joined(ledgers: Sequence[Ledger], names: Sequence[str]) -> Ledger:
    """One ledger of several, the newest payments first."""
    days = np.concatenate([of.days for of in ledgers] or [np.zeros(0, np.int32)])
    ids = np.concatenate([of.ids for of in ledgers] or [np.zeros(0, np.int64)])
    cents = np.concatenate([of.cents for of in ledgers] or [np.zeros(0, np.int64)])
    order = np.lexsort((ids, days))[::-1]
    texts = {name: _joined([of.texts[name] for of in ledgers], order) for name in names}
    return Ledger(ids[order], cents[order], days[order], texts)


def _joined(columns: Sequence[Texts], order: NDArray[np.intp]) -> Texts:
    known: dict[str, int] = {}
    codes = []
    for column in columns:
        new = [known.setdefault(value, len(known)) for value in column.values]
        # The last number stands for MISSING, which is -1.
        codes.append(np.array([*new, MISSING], dtype=np.int32)[column.codes])
    whole = np.concatenate(codes or [np.zeros(0, np.int32)])
    return Texts(whole[order], tuple(known))


def equal(column: Texts, value: str) -> Mask:
    """The rows with a text; an empty one: those without."""
    if not value:
        return np.equal(column.codes, MISSING)
    code = column.values.index(value) if value in column.values else -2
    return np.equal(column.codes, code)


def holding(column: Texts, suits: Callable[[str], bool]) -> Mask:
    """The rows with a text that suits."""
    hits = [suits(value) for value in column.values]
    found: Mask = np.array([*hits, False])[column.codes]
    return found


def added_up(
    ledger: Ledger, mask: Mask, codes: NDArray[np.int32], groups: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Fen and number of the chosen rows by code; those without one are the last group."""
    chosen = codes[mask]
    chosen = np.where(chosen == MISSING, groups, chosen)
    sums = np.bincount(chosen, weights=ledger.cents[mask], minlength=groups + 1)
    return sums.astype(np.int64), np.bincount(chosen, minlength=groups + 1)
