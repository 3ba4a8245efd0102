"""Kinds of published tables, and the checks on them, as data (``data/*.toml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from config.files import read_toml
from tabular import figures
from tabular.sheets import Cell

_FOLDER = Path(__file__).parent / "data"
_QUOTES = re.compile(r"[\s“”\"‘’'《》「」]")


class Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of table; see ``data/kinds.toml`` for each field."""

    id: str
    title: tuple[str, ...]
    header: tuple[str, ...]
    without: tuple[str, ...] = ()
    least: int = 1
    unit: str = "元"
    apart: tuple[str, ...] = ()
    optional: bool = False

    def is_named_by(self, title: str) -> bool:
        """Whether a title in narrow signs has its words."""
        wanted = any(re.search(one, title) for one in self.title)
        return wanted and not any(re.search(one, title) for one in self.without)

    def is_headed_by(self, names: Sequence[str]) -> bool:
        """Whether enough of its words stand in a header."""
        found = sum(any(re.search(one, name) for name in names) for one in self.header)
        return found >= self.least


class Crossing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure of one table that another one repeats or limits."""

    id: str
    figure: str
    equal: tuple[str, ...] = ()
    most: str = ""


class Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lines that two tables have alike where their totals do."""

    id: str
    of: str
    against: tuple[str, ...]


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of a sentence before a sum, and the figure of a table that it repeats."""

    words: str
    figure: str


class Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role that is the sum of other roles."""

    whole: str
    of: tuple[str, ...]


class Checks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that is checked; see ``data/checks.toml``."""

    roles: Mapping[str, str]
    parts: tuple[Parts, ...]
    inside: Mapping[str, tuple[str, ...]]
    crossings: tuple[Crossing, ...]
    lines: tuple[Lines, ...]
    statements: tuple[Statement, ...]

    def is_role(self, role: str, name: str) -> bool:
        """Whether a name in narrow signs stands for a role."""
        return bool(re.search(self.roles[role], name))


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind, in the order in which they are tried.

    Raises:
        FaultyInput: the product's own file is damaged.
    """
    return msgspec.convert(_read("kinds.toml")["kinds"], tuple[Kind, ...])


@cache
def checks() -> Checks:
    """Every check.

    Raises:
        FaultyInput: the product's own file is damaged.
    """
    return msgspec.convert(_read("checks.toml"), Checks)


def kind_of(titles: Sequence[str], names: Sequence[str]) -> Kind | None:
    """The kind of a table by its titles, the nearest first, and the names in its header; None
    where none fits.
    """
    for title in titles:
        for kind in kinds():
            if kind.is_named_by(title) and kind.is_headed_by(names):
                return kind
    unnamed = (kind for kind in kinds() if not kind.title)
    return next((kind for kind in unnamed if kind.is_headed_by(names)), None)


def narrow(cell: Cell) -> str:
    """A text in narrow signs without blanks and quotation marks, as expressions meet it."""
    return "" if cell is None else _QUOTES.sub("", figures.plain(str(cell)))


def _read(name: str) -> dict[str, Any]:
    return read_toml(_FOLDER / name, "install Qingyuan anew")
