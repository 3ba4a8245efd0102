"""A figure of a period, and how it stands to those of earlier ones. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from api.procedures.procedure import Row
from api.procedures.refusals import StepRefused
from config.catalogue.words import Words

KIND = "figure"
TOPICS = ("congress", "economy", "livelihood", "environment", "law", "finance", "other")
_LAST_MONTHS: Mapping[str, tuple[int, int]] = {
    **{f"m{n:02}": (n, 1) for n in range(1, 13)},
    **{f"q{n}": (3 * n, 3) for n in range(1, 5)},
    **{f"h{n}": (6 * n, 6) for n in range(1, 3)},
    **{f"c{n:02}": (n, n) for n in (2, 4, 5, 7, 8, 9, 10, 11)},
    "year": (12, 12),
}
"""The last month of a span, and how many it has."""
SPANS = tuple(_LAST_MONTHS)
"""Months, quarters, halves, the months of a year so far (累计: ``c09`` is January to September),
whole years.
"""
NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
YEAR = re.compile(r"(19|2\d)\d\d", re.ASCII)
LONGEST_NAME, LONGEST_MEASURE, LONGEST_NUMBER, LONGEST_SOURCE = 100, 20, 24, 100


@dataclass(frozen=True, slots=True)
class Change:
    """From an earlier value to a later one: the difference, and the part of the earlier one that
    it is, None where that is none above zero.
    """

    earlier: Decimal
    difference: Decimal
    part: Decimal | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as lists show it, with its change since the period before and since the same
    period of the year before; None where nobody knows that value. ``corrected`` says whether it
    had another value.
    """

    row: Row
    before: Change | None
    year_before: Change | None
    corrected: bool


class FigureRefused(StepRefused):
    """A field of a figure that does not hold; ``key`` ends the words."""

    status = 422

    def __init__(self, field: str, key: str, fault: str, remedy: str) -> None:
        super().__init__(f"{field}: {fault}; {remedy}", field=field, why=key)
        self.field, self.key = field, key

    def said(self, words: Words) -> str:
        """With the remedy."""
        return words(f"duty.figures.wrong-{self.key}")

    def wrong(self, words: Words) -> Mapping[str, str]:
        """At its field."""
        return {self.field: self.said(words)}


def checked(given: Mapping[str, str]) -> None:
    """Hold numbers and year against their form.

    Raises:
        FigureRefused
    """
    for name in ("value", "before", "year_before"):
        if (said := given.get(name, "")) and not NUMBER.fullmatch(said):
            remedy = "give digits, with a point before decimals: 1234.5"
            raise FigureRefused(name, "number", f"{said[:40]!r} is no number", remedy)
    year = given.get("year", "")
    if year and not YEAR.fullmatch(year):
        raise FigureRefused("year", "year", f"{year[:40]!r} is no year", "give four digits")


def plain_number(text: str) -> str:
    """A number as people type it, without the commas of thousands and in ASCII."""
    return unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "").strip()


def order_of(year: str, span: str) -> tuple[int, int, int]:
    """Orders periods: by their end, and of those that end together by their length."""
    last, months = _LAST_MONTHS[span]
    return int(year), last, months


def period_before(year: str, span: str) -> tuple[str, str] | None:
    """The period just before one of the same length; None of a year so far, which has none."""
    if span.startswith("c"):
        return None
    earlier = str(int(year) - 1)
    if span == "year":
        return earlier, span
    same = [of for of in SPANS if of[0] == span[0]]
    at = same.index(span)
    return (year, same[at - 1]) if at else (earlier, same[-1])


def change(value: str, earlier: str | None) -> Change | None:
    """From an earlier value; None where it is unknown."""
    if not earlier:
        return None
    before = Decimal(earlier)
    difference = Decimal(value) - before
    return Change(before, difference, difference / before if before > 0 else None)


def compared(rows: Sequence[Row]) -> Sequence[Figure]:
    """Figures with their changes, those of an indicator together and the newest first: what was
    typed as an earlier value goes before what is published of that period.
    """
    known = {
        (row["topic"], row["name"], row["measure"], row["year"], row["span"]): row["value"]
        for row in rows
    }

    def value_of(row: Row, period: tuple[str, str] | None) -> str | None:
        own = (row["topic"], row["name"], row["measure"])
        return known.get((*own, *period)) if period else None

    found = []
    for row in rows:
        year, span = row["year"], row["span"]
        before = row["before"] or value_of(row, period_before(year, span))
        year_before = row["year_before"] or value_of(row, (str(int(year) - 1), span))
        value = row["value"]
        found.append(
            Figure(row, change(value, before), change(value, year_before), row["version"] > 1)
        )
    return found
