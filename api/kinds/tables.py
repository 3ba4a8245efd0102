"""Kinds of tables that platforms take in from offices; api/imports loads them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from api.accounts.permission import Permission
from config.catalogue.words import Words
from ingest.state.database import State

FieldKind = Literal["text", "code", "money", "number", "integer", "percent", "date", "month"]
"""Of a cell. Money is kept in fen as a whole number, a percentage in percent points, dates and
months as ISO text.
"""
LOADED_COLUMNS = ("load", "row", "key", "digest")


@dataclass(frozen=True, slots=True)
class TableField:
    """A column of a kind: its name in the platform's table, its key of the words, and the headers
    by which offices call it. The ``key`` fields together are the business key of a row, and
    required unless they ``may_be_empty``.
    """

    name: str
    words: str
    kind: FieldKind
    headers: tuple[str, ...] = ()
    required: bool = False
    key: bool = False
    may_be_empty: bool = False
    above: bool = False
    """Said above the header and not in a column, see `TableKind.above`."""
    label: str = ""
    """Its name where somebody described the field; else the words have it."""
    known: Callable[[str, str], bool] | None = None
    """Whether a value is one of the field's classification on a day (ISO text, or its beginning).
    """

    def named(self, words: Words) -> str:
        """Its name for people."""
        return self.label or words(self.words)

    @property
    def needed(self) -> bool:
        """Whether a row without it is refused."""
        return self.required or (self.key and not self.may_be_empty)


@dataclass(frozen=True, slots=True)
class Control:
    """A line of a control sheet, of the rows of a unit (its code or its name) in a month: how many
    there are and their sum in fen; None: the sheet does not say.
    """

    month: str
    unit: str
    rows: int | None
    amount: int | None


@dataclass(frozen=True, slots=True)
class WholeRow:
    """A row of a table that is judged as a whole: its number in the file, the label of a line of
    sums (empty: a row of data), and values by field.
    """

    number: int
    label: str
    values: Mapping[str, Any]


WholeKey = Literal[
    "balance", "parts", "sum", "carry", "row-unknown", "row-lacks",
    "unit-unknown", "twice", "beyond", "below",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unsound:
    """One thing that does not hold in a table as a whole: the row in the file (0: none), the
    field, what stands there and what should.
    """

    row: int
    field: str
    key: WholeKey
    found: str = ""
    should: str = ""


Describing: TypeAlias = "Callable[[State, int], TableKind]"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKind:
    """Declares a kind of table.

    ``name`` begins with the slug of the platform (``budget.payments``). ``table`` is the
    platform's, made by :func:`loaded_table`: a row stands where ``api.imports.standing`` says so.
    ``period`` names the field of a date or month by which totals are told month by month.
    ``loaded`` hears of a load that came into force or was withdrawn, to keep totals; after a kill
    it may hear of one twice.
    """

    name: str
    words: str
    permission: Permission
    table: sa.Table
    fields: tuple[TableField, ...]
    period: str = ""
    loaded: Callable[[State, int], None] = lambda _state, _load: None
    dated: str = ""
    """The field of a day, a month or a year on which codes must be valid, where that is another
    one than ``period``.
    """
    units: tuple[str, ...] = ()
    """Fields of the unit's code and name, by which a control sheet counts."""
    controls: Callable[[State, Collection[str]], Sequence[Control]] | None = None
    """Lines of the control sheets in force of some months, which the first field of money is held
    against.
    """
    due: Callable[[str], date] | None = None
    """The last day on which the table of a month is in time."""
    described: Describing | None = None
    """The kind by a version of its description in the state, 0: the one in force; None: its fields
    are always the same.
    """
    version: int = 0
    """Of the description."""
    label: str = ""
    """Its name where somebody described it; else the words have it."""
    packed: Callable[[Sequence[Any]], Mapping[str, Any]] | None = None
    """Makes the columns of a row out of its values; None: each value has its own."""
    keyed_by: str = ""
    """Before the business key, where several kinds share a table."""
    above: Callable[[Sequence[str]], Mapping[str, Any]] | None = None
    """Values of the fields that are said above the header, out of the texts that stand there."""
    whole: Callable[[State, Sequence[WholeRow]], Sequence[Unsound]] | None = None
    """Judges a table of which every cell holds; with a fault none of it is loaded."""

    def named(self, words: Words) -> str:
        """Its name for people."""
        return self.label or words(self.words)

    @property
    def key(self) -> tuple[TableField, ...]:
        """The fields of the business key."""
        return tuple(field for field in self.fields if field.key)

    @property
    def money(self) -> tuple[TableField, ...]:
        """The fields of which totals are kept."""
        return tuple(field for field in self.fields if field.kind == "money")


def column_type(kind: FieldKind) -> sa.types.TypeEngine[Any]:
    """The type in the database of a field."""
    match kind:
        case "money" | "integer":
            return sa.BigInteger()
        case "number" | "percent":
            return sa.Float()
        case "date" | "month":
            return sa.String(10)
        case "text" | "code":
            return sa.Text()


def loaded_table(
    name: str,
    metadata: sa.MetaData,
    fields: Iterable[TableField],
    *more: sa.Column[Any] | sa.Index,
) -> sa.Table:
    """A platform's table of a kind: a column for each field, and ``load`` (of the load that
    brought a row), ``row`` (its number in the file), ``key`` (the business key as JSON, or its
    beginning and hash) and ``digest`` (SHA-256 of all fields as hex).
    """
    return sa.Table(name, metadata, *loaded_columns(fields), *more, *_indexes(name))


def loaded_columns(fields: Iterable[TableField]) -> Sequence[sa.Column[Any]]:
    """The columns of such a table, also for the migration that makes it."""
    return [
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("load", sa.Integer, nullable=False),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        *(
            sa.Column(field.name, column_type(field.kind), nullable=not field.needed)
            for field in fields
        ),
    ]


def _indexes(name: str) -> Sequence[sa.Index]:
    return [sa.Index(f"{name}_by_key", "key", "load"), sa.Index(f"{name}_by_load", "load")]
