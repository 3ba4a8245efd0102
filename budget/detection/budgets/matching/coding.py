"""Texts of several tables as the same numbers, years and months of days, exact sums by number."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from budget.detection.books import NO_DAY, Texts

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
NO_YEAR = -1
MONTHS = 12


def plain(text: str) -> str:
    """A text in one width, without blanks at its ends."""
    return unicodedata.normalize("NFKC", text).strip()


def bare(text: str) -> str:
    """Letters and digits alone, in one width and case: a number or a name as people retype it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


class Codebook:
    """Numbers texts from 0 as they come; texts that ``plain`` makes equal have one number."""

    def __init__(self, spelt: Callable[[str], str] = plain) -> None:
        self._spelt = spelt
        self._codes: dict[str, int] = {}
        self.texts: list[str] = []
        """The texts by their numbers."""

    def __len__(self) -> int:
        return len(self.texts)

    def spelt(self, text: str) -> str:
        """A text as it stands for all that are equal to it."""
        return self._spelt(text)

    def code(self, text: str) -> int:
        """The number of a text, a new one where it is new."""
        spelt = self._spelt(text)
        if spelt not in self._codes:
            self._codes[spelt] = len(self.texts)
            self.texts.append(spelt)
        return self._codes[spelt]

    def codes(self, texts: Iterable[str]) -> Ints:
        """The numbers of some texts."""
        known: dict[str, int] = {}
        found = []
        for text in texts:
            if text not in known:
                known[text] = self.code(text)
            found.append(known[text])
        return np.array(found, dtype=np.int64)

    def column(self, texts: Texts) -> Ints:
        """The numbers of a column; what is missing has the number of the empty text."""
        return self.codes((*texts.values, ""))[texts.codes]


def units(names: Mapping[str, str]) -> Codebook:
    """Numbers units, the same for the code and the name of one (``names`` by codes)."""
    codes = {plain(name): code for code, name in names.items()}
    return Codebook(lambda text: codes.get(plain(text), plain(text)))


def calendar(days: NDArray[np.int32], first_month: int = 1) -> tuple[Ints, Ints]:
    """The budget year and the month in it, 0 to 11, of days; :data:`NO_YEAR` where there is none.

    A year that begins in ``first_month`` is named for the calendar year in which it begins.
    """
    dated = days != NO_DAY
    months = np.where(dated, days, 0).astype("datetime64[D]").astype("datetime64[M]")
    since = months.astype(np.int64) - (first_month - 1)
    return np.where(dated, since // MONTHS + 1970, NO_YEAR), since % MONTHS


def sums(cents: Ints, at: Ints, size: int) -> Ints:
    """The sum of the amounts at each of ``size`` numbers, exact."""
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, at, cents)
    return total


def column(values: Iterable[int]) -> Ints:
    """Whole numbers of rows as a column."""
    return np.fromiter(values, dtype=np.int64)


class Grouped:
    """Rows by the number they have, for those who ask for the rows of some numbers."""

    def __init__(self, at: Ints) -> None:
        self._order = np.argsort(at, kind="stable")
        self._sorted = at[self._order]

    def rows(self, number: int) -> Ints:
        """The rows that have a number, in ascending order."""
        first, last = np.searchsorted(self._sorted, [number, number + 1])
        return self._order[first:last]


BASIC = "basic"
"""The project among the facts of money without one: it is of basic expenditure."""


def project_fact(project: str) -> str:
    """A project as it stands among facts."""
    return project or BASIC


def percent(part: float, whole: float) -> float:
    """A share in percent to a tenth, 0 of nothing."""
    return round(100 * part / whole, 1) if whole else 0.0


def iso(day: int) -> str:
    """A day as people write it in files, empty without one."""
    return "" if day == NO_DAY else str(np.datetime64(day, "D"))
