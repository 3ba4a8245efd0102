"""Faults of a table, each by row and column, with what is wrong and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tabular.figures import Wrong

_NUMBER, _DATE = "write it in digits, or leave the cell empty", "write it as 2025-03-31"
_TEXT = "make the column text, and enter it again"
_SUMS = "mend the sum, or the rows that make it"
WORDS: Mapping[str, tuple[str, str]] = {
    Wrong.NUMBER.value: ("{said} is no number", _NUMBER),
    Wrong.WHOLE.value: ("{said} is no whole number", _NUMBER),
    Wrong.ROUNDED.value: ("{said} is rounded to what a narrow column shows", "widen the column"),
    Wrong.DATE.value: ("{said} is no date", _DATE),
    Wrong.CALENDAR.value: ("{said} is in no calendar", _DATE),
    Wrong.YEAR.value: ("{said} is a date without its whole year", _DATE),
    Wrong.ORDER.value: ("{said} may have the day or the month first", _DATE),
    Wrong.DIGITS.value: ("{said} lost digits when a spreadsheet kept it as a number", _TEXT),
    "formula": ("is a formula that was never computed", "open it in a spreadsheet, and save it"),
    "error": ("shows {said}", "mend its formula"),
    "wide": ("has {count} cells, and the header {width}", "put quotes around texts with a comma"),
    "nameless": ("has cells under no name", "name it in the header"),
    "total": ("says {says}, but the rows make {should}", _SUMS),
    "class": ("says {says}, but its parts make {should}", _SUMS),
    "more": ("{count} more cells have the fault {what}", "mend the whole column"),
}
"""By kind what is wrong, and the remedy; a page has its own words by the same kinds."""
MOST_OF_A_KIND = 100
"""Faults of one kind that are listed of a column."""


@dataclass(frozen=True, slots=True)
class TableFault:
    """A fault by row (from 1, as in the file) and column; ``values`` fill the words."""

    row: int
    column: str
    kind: str
    values: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""

    @property
    def what(self) -> str:
        """The fault in English."""
        return WORDS[self.kind][0].format(**self.values)

    @property
    def remedy(self) -> str:
        """The way out in English."""
        return WORDS[self.kind][1].format(**self.values)


class Faults:
    """Faults in the order of rows, of which there may be millions: of each kind and column the
    first are kept, the rest counted.
    """

    def __init__(self, sheet: str = "") -> None:
        self._sheet = sheet
        self._counts: dict[tuple[str, str], int] = {}
        self._listed: list[TableFault] = []
        self._last: dict[tuple[str, str], int] = {}

    def add(self, row: int, column: str, kind: str, **values: str) -> None:
        """Take one."""
        count = self._counts.get((kind, column), 0) + 1
        self._counts[kind, column] = count
        if count <= MOST_OF_A_KIND:
            self._listed.append(TableFault(row, column, kind, values, self._sheet))
        elif count == MOST_OF_A_KIND + 1:
            self._last[kind, column] = row

    def forget(self, column: str) -> None:
        """Drop those of a column that turns out to be of another kind."""
        self._listed = [one for one in self._listed if one.column != column]
        for counts in (self._counts, self._last):
            for key in [key for key in counts if key[1] == column]:
                del counts[key]

    @property
    def count(self) -> int:
        """All that were taken."""
        return sum(self._counts.values())

    def listed(self) -> tuple[TableFault, ...]:
        """The first of each kind and column, and a line for those that are counted alone."""
        more = [
            TableFault(
                row,
                column,
                "more",
                {"count": str(self._counts[kind, column] - MOST_OF_A_KIND), "what": kind},
                self._sheet,
            )
            for (kind, column), row in self._last.items()
        ]
        return tuple(sorted([*self._listed, *more], key=lambda one: one.row))


def shortened(text: object) -> str:
    """A cell as a fault cites it."""
    said = repr(str(text))
    return said if len(said) <= 42 else f"{said[:40]}…'"
