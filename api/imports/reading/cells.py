"""One cell as the value of a field, or why it is none. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from api.imports.reading.matching import FRACTION
from api.imports.records import FaultKey, Mapping
from api.kinds.tables import FieldKind, TableField
from tabular import figures
from tabular.figures import Dated, Order, Wrong
from tabular.sheets import Cell

LONGEST = 4000
"""Characters of a text."""
MOST_FEN = 10**17
"""A thousand million million yuan: more is a slip."""
_MOST_WHOLE = 2**63
_REMEMBERED = 8192
"""Cells of a column: of days, units and payees there are few."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell does not hold."""

    key: FaultKey


Value = str | int | float | None
Reader = Callable[[Cell], Value | Bad]


def reader_of(field: TableField, mapping: Mapping) -> Reader:
    """Reads the cells of a field's column."""
    unit = mapping.units.get(field.name, "")
    order = Order(mapping.orders.get(field.name) or Order.UNKNOWN.value)
    scale = Decimal(100 if unit == FRACTION else 1)
    readers: dict[FieldKind, Reader] = {
        "money": lambda cell: fen(figures.money(cell, unit or "元")),
        "percent": lambda cell: _decimal(figures.share(cell, scale)),
        "number": lambda cell: _decimal(figures.number(cell)),
        "integer": lambda cell: _whole(figures.integer(cell)),
        "date": lambda cell: _day(figures.day(cell, order)),
        "month": lambda cell: _month(figures.day(cell, order)),
        "code": lambda cell: _text(figures.code(cell)),
        "text": lambda cell: _text(_as_written(cell)),
    }
    return lru_cache(_REMEMBERED)(readers[field.kind])


def fen(yuan: Decimal | Wrong | None) -> int | Bad | None:
    """A sum in whole fen; nothing is rounded."""
    if isinstance(yuan, Wrong):
        return _bad(yuan)
    if yuan is None:
        return None
    value = yuan * 100
    if value != value.to_integral_value():
        return Bad("fen")
    return int(value) if abs(value) < MOST_FEN else Bad("size")


def _decimal(value: Decimal | Wrong | None) -> float | Bad | None:
    if isinstance(value, Wrong):
        return _bad(value)
    return None if value is None else float(value)


def _whole(value: int | Wrong | None) -> int | Bad | None:
    if isinstance(value, Wrong):
        return _bad(value)
    return Bad("size") if value is not None and abs(value) >= _MOST_WHOLE else value


def _day(value: Dated | Wrong | None) -> str | Bad | None:
    if isinstance(value, Wrong):
        return _bad(value)
    if value is None:
        return None
    return Bad("no-day") if value.day is None else str(value)


def _month(value: Dated | Wrong | None) -> str | Bad | None:
    if isinstance(value, Wrong):
        return _bad(value)
    return None if value is None else str(value)[:7]


def _text(value: str | Wrong | None) -> str | Bad | None:
    if isinstance(value, Wrong):
        return _bad(value)
    if not value:
        return None
    return Bad("long") if len(value) > LONGEST else value.replace("\0", "")


def _as_written(cell: Cell) -> str | None:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


def _bad(wrong: Wrong) -> Bad:
    return Bad(wrong.value)
