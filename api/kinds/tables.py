"""Kinds of tables that platforms take in from offices; api/imports loads them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from api.accounts.permission import Permission
from api.services import Services

FieldKind = Literal["text", "code", "money", "number", "integer", "percent", "date", "month"]
"""Of a cell. Money is kept in fen as a whole number, dates and months as ISO text."""


@dataclass(frozen=True, slots=True)
class TableField:
    """A column of a kind: its name in the platform's table, its key of the words, and the headers
    by which offices call it. The ``key`` fields together are the business key of a row.
    """

    name: str
    words: str
    kind: FieldKind
    headers: tuple[str, ...] = ()
    required: bool = False
    key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKind:
    """Declares a kind of table.

    ``table`` is the platform's, with a column for each field, and ``load`` (of the load that
    brought a row), ``row`` (its number in the file), ``key`` and ``digest`` (64 characters each,
    of the business key and of all fields). A row stands where its load is in force and no later
    one in force has another of its key. ``loaded`` hears of a load when it came into force or was
    withdrawn, to keep totals.
    """

    name: str
    words: str
    permission: Permission
    table: sa.Table
    fields: tuple[TableField, ...]
    loaded: Callable[[Services, int], None] = lambda _services, _load: None
