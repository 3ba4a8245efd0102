"""The five combined views, a question to one, and the table that answers it. Pure.

A view says nothing of causes: it counts rows of several series by one kind of line. Whether a
figure is that of its rows is no question, for a cell is its rows and is counted out of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args
from urllib.parse import urlencode

from pydantic import BaseModel, Field, StringConstraints

from api.ports import Fact
from api.web.declared import Declared
from config.catalogue.words import Words
from config.files import read_toml

Kind = Literal["count", "money", "share"]
Lines = Literal["quarter", "topic", "town", "unit"]
Filter = Literal["quarter", "station", "topic", "town", "unit", "words"]
FILTERS: tuple[Filter, ...] = get_args(Filter)
QUARTERS = ("1", "2", "3", "4")
A_PAGE = 50
YEARS_BACK = 4
"""So many before this one may be chosen, and the one to come, for which units promise already."""
OTHER = ""
"""The line of rows that belong to no other."""
TOTAL = "total"
STAGES = ("before", "between", "behind")
"""Before the first payment, from it to the last one, and behind that."""
Short = Annotated[str, StringConstraints(max_length=40)]


@dataclass(frozen=True, slots=True)
class Column:
    """A column counts rows of a series, ``platform/name``: those in one of the ``states`` where
    any are given. A share is its rows in percent of those of the column ``of``. What is not
    ``drawn`` stands in the table alone.
    """

    name: str
    series: str
    kind: Kind = "count"
    states: frozenset[str] = frozenset()
    of: str = ""
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class View:
    """A view by its name, the kind of its lines, and by which values it may be narrowed. It is of
    a year and so many ``earlier`` ones, or of one quarter where that is among the ``filters``.
    """

    name: str
    lines: Lines
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    earlier: int = 0

    @property
    def series(self) -> Sequence[str]:
        """All that it counts, each once."""
        return tuple(dict.fromkeys(of.series for of in self.columns))


class UnknownView(Declared):
    """There is none of this name, or no such line or column of it."""

    status = 404
    words = "cases.views.unknown"


class YearOutOfRange(Declared):
    """A view is of a few years alone: reckoning days of water is work that the centre keeps."""

    status = 422
    words = "cases.views.year-wrong"

    def __init__(self, year: str, first: str, last: str) -> None:
        super().__init__(f"year {year!r} cannot be asked for; give {first} to {last}")
        self.first, self.last = first, last

    def said(self, words: Words) -> str:
        """With the years that may be chosen."""
        return words(self.words, first=self.first, last=self.last)


class Asked(BaseModel):
    """A question as its form and the addresses of its answers write it; ``line`` and ``column``
    choose a cell whose rows are asked for.
    """

    year: Annotated[str, StringConstraints(pattern=r"^(|(19|20|21)\d\d)$")] = ""
    quarter: Literal["", "1", "2", "3", "4"] = ""
    unit: Short = ""
    town: Short = ""
    topic: Short = ""
    station: Short = ""
    words: Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)] = ""
    line: Short = ""
    column: Short = ""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen in the form."""
        return bool(self.model_dump(exclude={"page", "line", "column"}, exclude_defaults=True))

    def query(self, **changes: str) -> str:
        """As part of an address, from the first page on."""
        return urlencode(self.model_dump(exclude={"page"}, exclude_defaults=True) | changes)

    def of_table(self) -> str:
        """The same without a cell."""
        left_out = {"page", "line", "column"}
        return urlencode(self.model_dump(exclude=left_out, exclude_defaults=True))


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: rows, fen or percent. None is not known: no such row may be seen at all, or the
    count is ``hidden`` as a low one. ``rows`` is how many it is counted of.
    """

    value: int | None
    rows: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line by its key."""

    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The lines in their order, and below them the sums: of all, or of the stages of money."""

    lines: tuple[Line, ...]
    sums: tuple[Line, ...]


Lack = Literal["not-permitted", "empty"]


@dataclass(frozen=True, slots=True)
class Lacking:
    """A series that a view does without: the reader may see none of it, or it has no rows of these
    days. ``path`` is the page on which such rows come in, empty where the reader may not open it.
    """

    series: str
    why: Lack
    path: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of each series, by ``platform/name``, as one reader may see them from a day to
    another. A series that is not in ``facts`` is lacking.
    """

    first: date
    last: date
    facts: Mapping[str, Sequence[Fact]]
    lacking: Sequence[Lacking]


_OVER = frozenset({"over"})
_DAYS, _PAYMENTS = "environment/water-days", "budget/payments"
_SUITS, _PROMISES = "judicial/suits", "duty/promises"


def _promised(name: str) -> Column:
    return Column(name, _PROMISES, states=frozenset({name}))


VIEWS: Mapping[str, View] = {
    of.name: of
    for of in (
        View(
            "water",
            "quarter",
            (
                Column("payments", _PAYMENTS, drawn=False),
                Column("paid", _PAYMENTS, "money"),
                Column("days", _DAYS, drawn=False),
                Column("over", _DAYS, states=_OVER, drawn=False),
                Column("share", _DAYS, "share", states=_OVER, of="days"),
            ),
            ("station", "unit", "words"),
            earlier=1,
        ),
        View(
            "topics",
            "topic",
            (
                Column("suggestions", "duty/suggestions"),
                Column("answered", "duty/suggestions", states=frozenset({"answered"})),
                Column("lines", "budget/lines", drawn=False),
                Column("budget", "budget/lines", "money"),
            ),
            ("topic", "unit"),
        ),
        View(
            "documents",
            "unit",
            (
                Column("concluded", _SUITS, states=frozenset({"concluded"})),
                Column("lost", _SUITS, states=frozenset({"lost"})),
                Column("force", "documents/in-force"),
                Column("texts", "documents/texts"),
                Column("points", "documents/points"),
            ),
            ("unit",),
        ),
        View(
            "towns",
            "town",
            (
                Column("petitions", "judicial/petitions"),
                Column("alerts", "environment/alerts"),
            ),
            ("quarter", "town"),
        ),
        View(
            "promises",
            "unit",
            (
                Column("made", _PROMISES, drawn=False),
                *map(_promised, ("data", "word", "reported", "open", "overdue", "not")),
            ),
            ("unit", "topic"),
        ),
    )
}
"""In their order."""


@cache
def topics() -> Mapping[str, Sequence[str]]:
    """Topics in their order, with the codes of functions of the budget that belong to them."""
    found = read_toml(Path(__file__).parent / "data" / "topics.toml", "mend the file")
    return {name: tuple(codes) for name, codes in found["topics"].items()}
